import { expect, it } from 'vitest'
import { plainBoostingKernels } from '#shared/core/kernels/boosting.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import { gainImportance, permutationImportance } from '#shared/core/models/importance.ts'
import { predictLogits } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { matrixOf, upTo } from './make-samples.ts'

// The label is the third feature, but for one sample in eight; the first says nothing.
const stream = createStream(2, 'importance')
const rows = upTo(800).map(() => [stream.uniform(), 5, stream.uniform()])
const yTrue = Uint8Array.from(rows, ([, , x]) => (x! > 0.7 === stream.below(8) > 0 ? 1 : 0))
const X = matrixOf(rows)
const { model } = fitGradientBoosting(
  { ...defaultModels.gradient_boosting, iterations: 30, maxDepth: 2 },
  { X, yTrue, weights: null },
  plainBoostingKernels,
  noCheckpoint,
  createStream(0, 'fit'),
)

it('gain importance shares out what splits gained', () => {
  const [noise, constant, signal] = gainImportance(model)
  expect(noise! + signal!).toBeCloseTo(1, 12)
  expect(constant).toBe(0)
  expect(signal).toBeGreaterThan(0.8)
})

it('gain importance is 0 for a model without splits', () => {
  const trees = { ...model.trees, feature: model.trees.feature.map(() => -1) }
  expect([...gainImportance({ ...model, trees })]).toEqual([0, 0, 0])
})

it('permutation importance is what a measure loses', () => {
  const score = (given: typeof X): Float64Array => predictLogits(model, given)
  const measure = (scores: Float64Array): number =>
    averagePrecision(countsAtThresholds(yTrue, scores, null)).value!
  const before = X.values.slice()
  const { mean, standardDeviation } = permutationImportance(
    X,
    [[0], [1], [2]],
    score,
    measure,
    5,
    createStream(0, 'permutation'),
  )
  expect(X.values).toEqual(before)
  expect([mean[1], standardDeviation[1]]).toEqual([0, 0])
  expect(mean[2]).toBeGreaterThan(0.3)
  expect(Math.abs(mean[0]!)).toBeLessThan(0.1)
  expect(() => permutationImportance(X, [[0]], score, measure, 0, createStream(0))).toThrow(
    'repeats must be',
  )
})
