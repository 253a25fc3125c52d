/** Losses, weightings and calibrators as a plan asks for them. */
import { describe, expect, it } from 'vitest'
import { parsePlan } from '#shared/contract/schemas.ts'
import { calibrators } from '#shared/core/calibration/calibrator.ts'
import { losses } from '#shared/core/losses/losses.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import {
  defaultLosses,
  defaultModels,
  defaultWeightings,
  withUntreated,
} from '#shared/core/plan/default-plan.ts'
import { isUntreated, withLogLoss } from '#shared/core/plan/plan.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'

const read = (configuration: object) =>
  parsePlan(
    JSON.stringify({
      version: 1,
      configurations: [{ name: 'a', model: { kind: 'gradient_boosting' }, ...configuration }],
    }),
    'plan',
  )

const messagesOf = (configuration: object): string[] =>
  checkPlan(read(configuration), { positives: 500, negatives: 5000 }).map(({ message }) => message)

describe('losses', () => {
  it.each(Object.keys(defaultLosses) as (keyof typeof losses)[])(
    '%s is taken with its defaults, by the models that have it',
    (kind) => {
      for (const model of Object.keys(defaultModels) as ModelChoice['kind'][]) {
        const asked = { model: { kind: model, loss: { kind } } }
        if ((losses[kind].models as readonly string[]).includes(model)) {
          expect(read(asked).configurations[0]!.model).toMatchObject({ loss: defaultLosses[kind] })
          expect(messagesOf(asked)).toEqual([])
        } else {
          expect(() => read(asked)).toThrow('loss')
        }
      }
    },
  )

  it.each([
    [{ kind: 'focal', gamma: -1 }, 'gamma must be 0 to 20, got -1'],
    [{ kind: 'focal', alpha: 1 }, 'alpha must be between 0 and 1, got 1'],
    [{ kind: 'logit_adjusted', tau: -1 }, 'tau must be 0 to 10, got -1'],
    [{ kind: 'ldam', max_margin: -1 }, 'max_margin must be 0 to 100, got -1'],
    [{ kind: 'ldam', scale: 0 }, 'scale must be above 0 and at most 100, got 0'],
    [{ kind: 'ldam', deferral: 2 }, 'deferral must be 0 to 1, got 2'],
    [{ kind: 'ldam', beta: 1 }, 'beta must be at least 0 and below 1, got 1'],
    [{ kind: 'hard_mining', share: 0 }, 'share must be above 0 and at most 1, got 0'],
    [{ kind: 'self_paced', start_share: 0 }, 'start_share must be above 0 and at most 1, got 0'],
    [{ kind: 'self_paced', pace: -0.1 }, 'pace must be 0 to 1, got -0.1'],
  ])('%j is refused', (loss, message) => {
    for (const kind of ['gradient_boosting', 'multilayer_perceptron']) {
      if (kind === 'multilayer_perceptron' || loss.kind !== 'none') {
        expect(messagesOf({ model: { kind, loss } })).toEqual([message])
      }
    }
  })

  it('are a treatment, and beside them stands the model without', () => {
    const plan = read({ model: { kind: 'gradient_boosting', loss: { kind: 'ldam' } } })
    expect(isUntreated(plan.configurations[0]!)).toBe(false)
    const { plan: completed, added } = withUntreated(plan)
    expect(added).toEqual(['gbdt'])
    expect(completed.configurations[0]!.model).toEqual(defaultModels.gradient_boosting)
  })

  it('are said once: a perceptron takes either a loss or a focusing parameter', () => {
    const model = { kind: 'multilayer_perceptron', loss: { kind: 'focal' }, focal_gamma: 2 }
    expect(messagesOf({ model })).toEqual([
      'focal_gamma must be left out where a loss is named, got 2',
    ])
    const focal = { ...defaultModels.multilayer_perceptron, focalGamma: 2, focalAlpha: 0.25 }
    expect(withLogLoss(focal)).toEqual(defaultModels.multilayer_perceptron)
  })
})

describe('weightings', () => {
  it.each(Object.values(defaultWeightings))('$kind is taken', (weighting) => {
    expect(read({ weighting }).configurations[0]!.weighting).toEqual(weighting)
    expect(messagesOf({ weighting })).toEqual([])
  })

  it.each([
    [{ kind: 'effective_number', beta: 1 }, 'beta must be at least 0 and below 1, got 1'],
    [{ kind: 'custom', positive: 0 }, 'positive must be a finite number above 0, got 0'],
    [
      { kind: 'custom', positive: 2, negative: -1 },
      'negative must be a finite number above 0, got -1',
    ],
  ])('%j is refused', (weighting, message) => {
    expect(messagesOf({ weighting })).toEqual([message])
  })

  it('of a column needs its name', () => {
    const weighting = { kind: 'column', column: 'w' }
    expect(read({ weighting }).configurations[0]!.weighting).toEqual(weighting)
    expect(() => read({ weighting: { kind: 'column' } })).toThrow('column')
  })
})

it.each(['none', 'auto', ...Object.keys(calibrators)])('calibrator %s is taken', (calibrator) => {
  const calibration = { correction: true, calibrator }
  expect(read({ calibration }).configurations[0]!.calibration).toEqual(calibration)
})
