import { describe, expect, it } from 'vitest'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultLosses, defaultModels, defaultPlan } from '#shared/core/plan/default-plan.ts'
import {
  offeredBy,
  referenceKind,
  remedies,
  remedyOf,
  untreatedRemedy,
} from '#shared/core/plan/ladder.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import { samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import { weightings } from '#shared/core/weighting/weighting.ts'

const ground = { weightColumns: ['days'] }
const offered = remedies.flatMap((remedy) =>
  remedy.models.flatMap((kind) => {
    const configuration = offeredBy(remedy, kind, ground)
    return configuration === null ? [] : [{ remedy, kind, configuration }]
  }),
)

describe('the ladder', () => {
  it('has every member of every registry', () => {
    const kindsOf = (family: string): string[] =>
      remedies.filter((one) => one.family === family).map(({ card }) => card.kind)
    expect([...kindsOf('under'), ...kindsOf('over')].sort()).toEqual(
      Object.keys(samplingKinds).sort(),
    )
    expect(kindsOf('weights').sort()).toEqual(Object.keys(weightings).sort())
    expect([...kindsOf('losses'), 'log_loss'].sort()).toEqual(Object.keys(defaultLosses).sort())
    const models = new Set(remedies.flatMap((remedy) => remedy.models))
    expect([...models].sort()).toEqual(Object.keys(defaultModels).sort())
  })

  it('begins with doing nothing but to choose a threshold', () => {
    expect(remedies[0]).toBe(untreatedRemedy)
    for (const { remedy, configuration } of offered) {
      const isItsOwnReference = referenceKind(configuration.model.kind) === null
      expect(isUntreated(configuration)).toBe(remedy === untreatedRemedy || isItsOwnReference)
    }
  })

  it('knows its remedies again in what they make, and each makes something else', () => {
    for (const { remedy, configuration } of offered) expect(remedyOf(configuration)).toBe(remedy)
    const names = offered.map(({ configuration }) => configuration.name)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(remedies.map(({ id }) => id)).size).toBe(remedies.length)
  })

  it('makes nothing that a plan refuses', () => {
    const facts = { positives: 400, negatives: 9000, weightColumns: ground.weightColumns }
    for (const { configuration, remedy } of offered) {
      const refused = checkPlan({ ...defaultPlan(), configurations: [configuration] }, facts)
        .filter(({ severity }) => severity === 'refused')
        .map(({ message }) => message)
      // A rule has to be written.
      if (remedy.family === 'rules') expect(refused).toHaveLength(1)
      else expect(refused, configuration.name).toEqual([])
    }
  })

  it('says in a sentence why a remedy does not apply to a model', () => {
    const reasons = remedies.flatMap((remedy) =>
      remedy.models.flatMap((kind) => {
        const treated = remedy.treat(kind, { weightColumns: [] })
        return typeof treated === 'string' ? [treated] : []
      }),
    )
    expect(reasons.length).toBeGreaterThan(10)
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/)
    expect(reasons).toContain('No column of numbers is there to take weights from.')
    expect(reasons).toContain("Random forest can't be fitted to this loss.")
  })
})

it('a column of weights that is not there is refused by its name', () => {
  const weighted = offered.find(({ remedy }) => remedy.id === 'weights.column')!.configuration
  const facts = { positives: 400, negatives: 9000, weightColumns: ['hours'] }
  const messages = checkPlan({ ...defaultPlan(), configurations: [weighted] }, facts)
  expect(messages.map(({ message }) => message)).toEqual([
    'weighting names "days", which is not a numeric column of the data',
  ])
})
