import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { ExperimentRefused, prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { parsePlan } from '#shared/contract/schemas.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

const [plain] = quickPlan(['lr']).configurations
const calibrated = { correction: false, calibrator: 'sigmoid' } as const
const ruled: Configuration = {
  ...plain!,
  name: 'ruled',
  calibration: calibrated,
  rules: [
    { when: 'country = "at" and speed < 0', then: 'pass' },
    { when: 'speed > 1.2', then: 'alert' },
  ],
}
const staged: Configuration = {
  ...plain!,
  name: 'staged',
  model: {
    ...defaultModels.two_stage,
    filter: { ...defaultModels.gradient_boosting, iterations: 8, maxDepth: 3 },
  },
}
const withBoth = (changes: Partial<Configuration> = {}): ReturnType<typeof prepareExperiment> =>
  prepareExperiment(
    smallRequest({
      plan: { ...quickPlan(['lr']), configurations: [{ ...ruled, ...changes }, staged] },
    }),
  )
const { data, experimentFacts } = withBoth()

function outOfFold(of: ExperimentData, configuration: Configuration): OutOfFold {
  const folds = [0, 1, 2].map((fold) => runFold(of, configuration, fold, noCheckpoint))
  return layOutOfFold(folds, of.yTrue.length)
}

describe('rules before a model', () => {
  const predictions = outOfFold(data, ruled)
  const { result, decisions } = evaluateRun(data, ruled, predictions, noCheckpoint)
  const speed = data.features.find(({ name }) => name === 'speed')!
  const country = data.features.find(({ name }) => name === 'country')!
  const speedOf = (i: number): number => (speed.kind === 'numeric' ? speed.values[i]! : NaN)
  const isPassed = (i: number): boolean =>
    country.kind === 'categorical' && country.codes[i] === 0 && speedOf(i) < 0
  const isAlerted = (i: number): boolean => !isPassed(i) && speedOf(i) > 1.2

  it('decide whatever the model says and whichever threshold is taken', () => {
    for (const { decisions: taken } of decisions) {
      taken.forEach((decision, i) => {
        if (isAlerted(i)) expect(decision).toBe(1)
        if (isPassed(i)) expect(decision).toBe(0)
      })
    }
  })

  it('are measured alone, one by one and together', () => {
    const samples = [...data.yTrue.keys()]
    const alerted = samples.filter(isAlerted)
    const caught = alerted.filter((i) => data.yTrue[i] === 1).length
    const { rules } = result
    expect(rules!.alone).toEqual({
      recall: caught / 40,
      precision: caught / alerted.length,
      alertsPer1000: (1000 * alerted.length) / 400,
      // A missed positive costs 10, a false alarm 1.
      costPer1000: (1000 * (10 * (40 - caught) + alerted.length - caught)) / 400,
    })
    const passed = samples.filter(isPassed)
    expect(rules!.perRule).toMatchObject([
      { then: 'pass', samples: passed.length },
      { then: 'alert', samples: alerted.length, positives: caught },
    ])
    expect(rules!.handedOn.samples).toBe(400 - passed.length - alerted.length)
    expect(result.training.notes.join(' ')).toContain('Where rules decide')
    expect(result.untreated).toBe(false)
  })

  it('leave model and scores as they are, and the calibrator to what they hand on', () => {
    const without = { ...plain!, calibration: calibrated }
    const others = outOfFold(data, without)
    expect(predictions.scores).toEqual(others.scores)
    const i = [...data.yTrue.keys()].find((k) => !isAlerted(k) && !isPassed(k))!
    expect(predictions.probabilities[i]).not.toBe(others.probabilities[i])
    expect(evaluateRun(data, without, others, noCheckpoint).result).not.toHaveProperty('rules')
  })

  it('that decide everything are obeyed as well', () => {
    for (const then of ['alert', 'pass'] as const) {
      const all: Configuration = { ...ruled, rules: [{ when: 'speed > -99', then }] }
      const evaluation = evaluateRun(data, all, outOfFold(data, all), noCheckpoint)
      const tuned = evaluation.decisions.find(({ rule }) => rule === 'tuned')!
      expect(new Set(tuned.decisions)).toEqual(new Set([then === 'alert' ? 1 : 0]))
    }
  })

  it('are refused before anything runs, with the place', () => {
    const rules = [{ when: 'speed > 1 and weight > 2', then: 'alert' }] as const
    expect(() => withBoth({ rules })).toThrow(ExperimentRefused)
    expect(() => withBoth({ rules })).toThrow(
      `rule 1: there is no column "weight" among speed, distance, amount, country`,
    )
    expect(() => withBoth({ rules })).toThrow('at character 15')
  })

  it('come from the JSON of a plan', () => {
    const text = JSON.stringify({
      version: 1,
      configurations: [
        {
          name: 'a',
          model: { kind: 'two_stage', gate_recall: 0.9 },
          rules: [{ when: 'a > 1', then: 'hand_on' }],
        },
      ],
    })
    const [configuration] = parsePlan(text, 'plan').configurations
    expect(configuration!.model).toEqual({ ...defaultModels.two_stage, gateRecall: 0.9 })
    expect(configuration!.rules).toEqual([{ when: 'a > 1', then: 'hand_on' }])
    expect(isUntreated(configuration!)).toBe(false)
    expect(isUntreated({ ...configuration!, rules: [] })).toBe(true)
  })
})

describe('two stages in a run', () => {
  it('add what the gate does by itself', () => {
    expect(experimentFacts.notes.join(' ')).not.toContain('staged')
    const predictions = outOfFold(data, staged)
    const { result } = evaluateRun(data, staged, predictions, noCheckpoint)
    const { gate } = result
    const tuned = result.operatingPoints.find(({ rule }) => rule === 'tuned')!
    expect(gate!.recall!).toBeGreaterThanOrEqual(tuned.recall!)
    expect(gate!.alertsPer1000).toBeGreaterThan(tuned.alertsPer1000)
    const positives = (gate!.recall! * 40) / 400
    expect(gate!.precision!).toBeCloseTo((1000 * positives) / gate!.alertsPer1000, 9)
    const falseAlarms = gate!.alertsPer1000 - 1000 * positives
    expect(gate!.costPer1000).toBeCloseTo(falseAlarms + 10 * 1000 * (0.1 - positives), 9)
  })
})
