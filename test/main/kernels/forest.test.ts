/** The compiled kernels of classification trees give the bits of the plain ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { ModelChoice, TreeGrowth } from '#shared/core/plan/plan.ts'
import { makeSamples, matrixOf } from '../../core/models/make-samples.ts'

const compiled = createKernelEngine(await loadKernels())

function fitWith(engine: Engine, choice: ModelChoice, train: TrainingSet) {
  return fitModel(choice, train, noCheckpoint, { engine, stream: createStream(4, 'fit') })
}

function expectAlike(choice: ModelChoice, train: TrainingSet): void {
  const ours = fitWith(compiled, choice, train)
  expect(ours).toEqual(fitWith(plainEngine, choice, train))
  expect(predictLogits(ours.model, train.X, noCheckpoint, compiled)).toEqual(
    predictLogits(ours.model, train.X),
  )
}

const choices: readonly ModelChoice[] = [
  defaultModels.decision_tree,
  { ...defaultModels.random_forest, trees: 5 },
  { ...defaultModels.balanced_random_forest, trees: 5 },
  { ...defaultModels.balanced_bagging, trees: 3 },
  { ...defaultModels.self_paced_ensemble, trees: 4 },
  { ...defaultModels.easy_ensemble, members: 2, rounds: 6 },
  { ...defaultModels.rus_boost, rounds: 6 },
  { ...defaultModels.isolation_forest, trees: 5 },
]

/** Numbers, one feature in three with missing values, and five 0/1 features that exclude each other. */
function mixedSamples(nSamples: number): TrainingSet {
  const { X, yTrue } = makeSamples({ nSamples, nFeatures: 6 })
  const stream = createStream(2, 'mixed')
  const rows = Array.from({ length: nSamples }, (_, i) => {
    const numbers = [...X.values.subarray(6 * i, 6 * i + 6)].map((x, k) =>
      k % 3 === 0 && stream.below(4) === 0 ? NaN : x,
    )
    const level = stream.below(6)
    return [...numbers, ...[0, 1, 2, 3, 4].map((k) => (k === level ? 1 : 0))]
  })
  return { X: matrixOf(rows), yTrue, weights: null }
}

describe.each(choices)('$kind', (choice) => {
  it.each([40, 97, 300, 3000])('has the same bits on %i samples', (nSamples) => {
    const train = mixedSamples(nSamples)
    const stream = createStream(5, 'weights')
    const weights = Float64Array.from(train.yTrue, () => 3 * stream.uniform())
    expectAlike(choice, train)
    expectAlike(choice, { ...train, weights })
    expectAlike(choice, { ...train, weights: weights.map((weight) => Math.floor(weight)) })
  })
})

it('trees of other shapes have the same bits', () => {
  const train = mixedSamples(700)
  const shapes: readonly Partial<TreeGrowth>[] = [
    { criterion: 'entropy' },
    { criterion: 'entropy', features: 'log2', maxDepth: null },
    { maxDepth: 1 },
    { minLeafWeight: 30, maxDepth: null },
    { bins: 4, maxDepth: null },
    { features: 'all', maxDepth: null, minLeafWeight: 0 },
  ]
  for (const shape of shapes) {
    expectAlike({ ...defaultModels.decision_tree, ...shape }, train)
    expectAlike({ ...defaultModels.random_forest, trees: 3, ...shape }, train)
  }
})

it('hostile values have the same bits', () => {
  const value = fc.oneof(
    fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1e300, -1e300, 5e-324, 1, 1 + 1e-12),
    fc.integer({ min: -3, max: 3 }),
  )
  const sample = fc.tuple(fc.tuple(value, value, value), fc.nat(1), fc.constantFrom(0, 0.5, 1, 2))
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 60 }),
      fc.constantFrom(...choices.filter(({ kind }) => kind !== 'isolation_forest')),
      (samples, choice) => {
        fc.pre(samples.some(([, , weight]) => weight > 0))
        expectAlike(choice, {
          X: matrixOf(samples.map(([row]) => row)),
          yTrue: Uint8Array.from(samples, ([, y]) => y),
          weights: Float64Array.from(samples, ([, , weight]) => weight),
        })
      },
    ),
    { numRuns: 150 },
  )
})

it('memory is given back when a fit is cancelled', () => {
  const train = mixedSamples(500)
  for (const choice of choices) {
    let left = 6
    const cancel = (): void => {
      if (--left === 0) throw new Cancelled()
    }
    const means = { engine: compiled, stream: createStream(4, 'fit') }
    expect(() => fitModel(choice, train, cancel, means)).toThrow(Cancelled)
    expectAlike(choice, train)
  }
})
