/** Every loss, weighting and calibrator from the plan to the results of a run. */
import { describe, expect, it } from 'vitest'
import { calibrators } from '#shared/core/calibration/calibrator.ts'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { undoTraining } from '#shared/core/pipeline/undo-training.ts'
import { defaultLosses, defaultModels, defaultWeightings } from '#shared/core/plan/default-plan.ts'
import type { CalibrationChoice, Configuration } from '#shared/core/plan/plan.ts'
import { quickPlan, smallRequest, smallTable } from '../../support/small-table.ts'

const [lr] = quickPlan(['lr']).configurations as [Configuration]
const trees = { ...defaultModels.gradient_boosting, iterations: 15, maxDepth: 3 }
const corrected: CalibrationChoice = { correction: true, calibrator: 'none' }

const table = smallTable()
const weightColumn: Column = {
  name: 'trust',
  kind: 'numeric',
  values: Float64Array.from({ length: table.nRows }, (_, i) => (i % 7) / 2),
}
const dataset = { ...table, columns: [...table.columns, weightColumn] }
const costs = {
  truePositive: 5,
  falsePositive: 5,
  trueNegative: 0,
  falseNegative: { column: 'trust' },
}

const configurations: Configuration[] = [
  lr,
  ...Object.values(defaultWeightings).map((weighting) => ({
    ...lr,
    name: `weighting-${weighting.kind}`,
    weighting,
    calibration: corrected,
  })),
  { ...lr, name: 'weighting-column', weighting: { kind: 'column', column: 'trust' } },
  ...Object.values(defaultLosses).map((loss) => ({
    ...lr,
    name: `loss-${loss.kind}`,
    model: { ...trees, loss },
    calibration: corrected,
  })),
  {
    ...lr,
    name: 'lr-adjusted',
    model: { ...defaultModels.logistic_regression, loss: defaultLosses.logit_adjusted },
    calibration: corrected,
  },
  ...Object.keys(calibrators).map((calibrator) => ({
    ...lr,
    name: `calibrator-${calibrator}`,
    calibration: { correction: false, calibrator } as CalibrationChoice,
  })),
]
const request = smallRequest({ dataset, plan: { ...quickPlan(['lr']), configurations } })
const { data } = prepareExperiment({
  ...request,
  roles: { ...request.roles, ignore: [...request.roles.ignore, 'trust'] },
  frame: { ...request.frame, costs: { ...costs, falseNegative: 100 } },
})

function runOf(name: string) {
  const configuration = configurationNamed(data.plan, name)
  const folds = [0, 1, 2].map((fold) => runFold(data, configuration, fold, noCheckpoint))
  const outOfFold = layOutOfFold(folds, data.yTrue.length)
  return {
    folds,
    outOfFold,
    result: evaluateRun(data, configuration, outOfFold, noCheckpoint).result,
  }
}

const plain = runOf('lr')

describe.each(configurations.slice(1).map(({ name }) => name))('%s', (name) => {
  const { folds, outOfFold, result } = runOf(name)

  it('runs to results, with probabilities', () => {
    for (const p of outOfFold.probabilities) expect(p >= 0 && p <= 1).toBe(true)
    expect(result.metrics.averagePrecision).toBeGreaterThan(0)
    expect(result.calibration.correction === null).toBe(outOfFold.corrected === null)
  })

  it('fits nothing on the samples that it judges', () => {
    const configuration = configurationNamed(data.plan, name)
    const turned = {
      ...data,
      yTrue: data.yTrue.map((y, i) => (data.folds[i] === 1 ? 1 - y : y)),
    }
    const again = runFold(turned, configuration, 1, noCheckpoint)
    expect(again.calibrator).toEqual(folds[1]!.calibrator)
    expect(again.tunedThreshold).toEqual(folds[1]!.tunedThreshold)
    expect(again.training).toEqual(folds[1]!.training)
  })

  it('says how many samples the weights leave, where there are any', () => {
    const isWeighted = name.startsWith('weighting') && name !== 'weighting-none'
    for (const { effectiveSamples } of folds.map(({ training }) => training)) {
      expect(effectiveSamples !== undefined).toBe(isWeighted)
    }
  })
})

it('weighting by costs with one cost per class is weighting by class', () => {
  const byCost = runOf('weighting-costs').outOfFold.scores
  const { data: other } = prepareExperiment({
    ...request,
    roles: { ...request.roles, ignore: [...request.roles.ignore, 'trust'] },
    plan: {
      ...request.plan,
      configurations: [
        { ...lr, name: 'w', weighting: { kind: 'custom', negative: 5, positive: 95 } },
      ],
    },
  })
  const folds = [0, 1, 2].map((fold) =>
    runFold(other, configurationNamed(other.plan, 'w'), fold, noCheckpoint),
  )
  const byClass = layOutOfFold(folds, other.yTrue.length).scores
  byClass.forEach((score, i) => {
    expect(score).toBeCloseTo(byCost[i]!, 9)
  })
})

it('undoes logit adjustment to the probabilities of plain log loss', () => {
  const adjusted = runOf('lr-adjusted').outOfFold
  adjusted.corrected!.forEach((p, i) => {
    expect(p).toBeCloseTo(plain.outOfFold.scores[i]!, 9)
  })
  expect(runOf('lr-adjusted').result.calibration.correction).toBe('logit adjustment and prior odds')
})

it('undoes focal loss and then the prior odds', () => {
  const prevalence = { shown: 0.5, natural: 0.5 }
  const model = { ...trees, loss: { kind: 'focal', gamma: 2, alpha: 0.5 } as const }
  const [p] = undoTraining(model, Float64Array.of(0.1536), prevalence)
  expect(p).toBeCloseTo(0.01, 4)
  expect(runOf('loss-focal').result.calibration.correction).toBe('focal inverse and prior odds')
})

it('refuses a weight column that is none, or is missing', () => {
  const prepare = (column: string) =>
    prepareExperiment({
      ...request,
      plan: {
        ...request.plan,
        configurations: [{ ...lr, name: 'w', weighting: { kind: 'column', column } }],
      },
    })
  expect(() => prepare('nowhere')).toThrow(
    'weighting names "nowhere", which is not a numeric column of the data',
  )
  const text = table.columns.find(({ kind }) => kind === 'categorical')!.name
  expect(() => prepare(text)).toThrow(`weighting names "${text}", which is not a numeric column`)
})
