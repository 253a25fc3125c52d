import { expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { trainingMargins } from '#shared/core/pipeline/training-margins.ts'
import { smallRequest } from '../../support/small-table.ts'

it('averages what the folds say of the samples they trained on', () => {
  const folds = Int32Array.of(0, 1, 2, 0)
  const results = [
    { fold: 0, margins: Float32Array.of(1, 2) },
    { fold: 1, margins: Float32Array.of(5, NaN, 7) },
    { fold: 2 },
  ]
  expect(trainingMargins(folds, results)).toEqual(Float64Array.of(5, 1, 2, 7))
  expect(trainingMargins(folds, [{ fold: 0 }])).toBeNull()
})

it('is known of every sample of a boosted run, and of the kept ones when some are left out', () => {
  const { data } = prepareExperiment(smallRequest())
  const margins = (name: string): Float64Array =>
    trainingMargins(
      data.folds,
      [0, 1, 2].map((fold) =>
        runFold(data, configurationNamed(data.plan, name), fold, noCheckpoint),
      ),
    )!
  expect(margins('gbdt').every(Number.isFinite)).toBe(true)
  const under = margins('gbdt_random_under')
  data.yTrue.forEach((y, i) => {
    if (y === 1) expect(under[i]).not.toBeNaN()
  })
  expect(under.some(Number.isNaN)).toBe(true)
  expect(runFold(data, configurationNamed(data.plan, 'lr'), 0, noCheckpoint).flow).toBeUndefined()
})
