import { describe, expect, it } from 'vitest'
import { plainBoostingKernels } from '#shared/core/kernels/boosting.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import { predictLogits } from '#shared/core/models/model.ts'
import type { Matrix, TrainingSet } from '#shared/core/models/model.ts'
import type { GradientBoostingChoice } from '#shared/core/plan/plan.ts'
import { matrixOf, takeSamples, upTo } from './make-samples.ts'

const defaults = {
  iterations: 20,
  maxDepth: 6,
  learningRate: 0.1,
  lambda: 1,
  minChildWeight: 1,
  bins: 256,
}

const fit = (train: TrainingSet, choice: Partial<GradientBoostingChoice> = {}) =>
  fitGradientBoosting(
    { ...defaults, ...choice },
    train,
    plainBoostingKernels,
    noCheckpoint,
    createStream(1, 'trees'),
  )

const logitsAfter = (train: TrainingSet, X: Matrix, choice = {}): Float64Array =>
  predictLogits(fit(train, choice).model, X)

/** A number, a category of many effects with some values missing, a category of none. */
function samplesWith(nCategories: number, nSamples = 1500): TrainingSet {
  const stream = createStream(nCategories, 'categories')
  const effects = upTo(nCategories).map(() => 4 * (stream.uniform() - 0.5))
  const rows = upTo(nSamples).map(() => [
    stream.uniform(),
    stream.below(9) === 0 ? NaN : stream.below(nCategories),
    stream.below(12),
  ])
  const yTrue = Uint8Array.from(rows, ([x, category]) => {
    const logit = 2 * x! - 1.5 + (effects[category!] ?? 0.5)
    return stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  })
  return { X: matrixOf(rows), yTrue, weights: null, isCategorical: [false, true, true] }
}

const train = samplesWith(20)

/** The codes of the second feature named anew. */
function renamed(X: Matrix, codeOf: (code: number) => number): Matrix {
  const values = X.values.map((value, at) =>
    at % 3 === 1 && !Number.isNaN(value) ? codeOf(value) : value,
  )
  return { ...X, values }
}

it('parts categories by what they say, in one split', () => {
  // Even codes are mostly positive, odd ones mostly negative: no threshold parts them.
  const rows = upTo(800).map((i) => [i % 8])
  const yTrue = Uint8Array.from(rows, ([code], i) => Number((code! % 2 === 0) !== (i % 17 === 0)))
  const given = { X: matrixOf(rows), yTrue, weights: null, isCategorical: [true] }
  const { model } = fit(given, { iterations: 1, maxDepth: 1 })
  const { trees } = model
  expect([...trees.feature]).toEqual([0, -1, -1])
  const left = upTo(8).filter((code) => (trees.categorySets[0]! >>> code) & 1)
  expect(left).toEqual([0, 2, 4, 6])
  expect(trees.value[1]!).toBeGreaterThan(0)
  expect(trees.value[2]!).toBeLessThan(0)
})

it('finds what one 0/1 feature per category finds, where a node has few of them', () => {
  const rows = upTo(600).map((i) => [(i * 7) % 3, (i * 31) % 101])
  const stream = createStream(3, 'few')
  const yTrue = Uint8Array.from(rows, ([code, x]) =>
    stream.uniform() < (0.2 + 0.3 * code! + x! / 400) % 1 ? 1 : 0,
  )
  const oneHot = matrixOf(rows.map(([code, x]) => [...upTo(3).map((k) => Number(k === code)), x!]))
  const native = { X: matrixOf(rows), yTrue, weights: null, isCategorical: [true, false] }
  // The same partitions are on offer; sums are exact, so the same bits come out.
  expect(logitsAfter(native, native.X)).toEqual(
    logitsAfter({ X: oneHot, yTrue, weights: null }, oneHot),
  )
})

it('does not go by the order of codes', () => {
  for (const nCategories of [3, 20, 200]) {
    // 7 has no factor in common with any of these.
    const given = samplesWith(nCategories, 900)
    // Weights of many digits, so that no two categories have the same sums.
    const weights = Float64Array.from(upTo(900), (i) => 0.5 + ((i * 0.6180339887) % 1))
    const weighted = { ...given, weights }
    const X = renamed(given.X, (code) => (code * 7 + 3) % nCategories)
    expect(logitsAfter({ ...weighted, X }, X)).toEqual(logitsAfter(weighted, given.X))
  }
})

it('does not depend on the order of samples, and takes a weight of 2 for a sample twice', () => {
  const plain = logitsAfter(train, train.X)
  const order = upTo(1500).map((i) => (i * 211) % 1500)
  expect(logitsAfter(takeSamplesOf(order), train.X)).toEqual(plain)
  const weights = Float64Array.from(upTo(1500), (i) => i % 3)
  const repeated = upTo(1500).flatMap((i) => new Array<number>(i % 3).fill(i))
  expect(logitsAfter({ ...train, weights }, train.X)).toEqual(
    logitsAfter(takeSamplesOf(repeated), train.X),
  )
})

function takeSamplesOf(rows: readonly number[]): TrainingSet {
  return { ...takeSamples(train, rows), isCategorical: train.isCategorical! }
}

describe('a category that training did not see', () => {
  it('goes where missing values go', () => {
    const { model } = fit(train)
    const unseen = renamed(train.X, () => 77)
    const missing = renamed(train.X, () => NaN)
    const other = renamed(train.X, () => 254)
    expect(predictLogits(model, unseen)).toEqual(predictLogits(model, other))
    // 77 lies beyond all codes of a node, so that the set decides as for missing values.
    expect(predictLogits(model, unseen)).toEqual(predictLogits(model, missing))
  })

  it('goes where more weight is, without missing values', () => {
    const rows = upTo(90).map((i) => [i % 3])
    const yTrue = Uint8Array.from(rows, ([code]) => Number(code === 1))
    const given = { X: matrixOf(rows), yTrue, weights: null, isCategorical: [true] }
    const { model } = fit(given, { iterations: 1, maxDepth: 1 })
    const [zero, , unseen, missing, strange] = predictLogits(
      model,
      matrixOf([[0], [1], [9], [NaN], [1e9]]),
    )
    expect([unseen, missing, strange]).toEqual([zero, zero, zero])
  })
})

it('gains nothing from categories that say nothing', () => {
  const stream = createStream(8, 'noise')
  const rows = upTo(3000).map(() => [stream.below(150)])
  const yTrue = Uint8Array.from(rows, () => Number(stream.below(5) === 0))
  const given = { X: matrixOf(rows), yTrue, weights: null, isCategorical: [true] }
  const { model } = fit(given, { iterations: 1, maxDepth: 1 })
  const { trees } = model
  // At most one rare category is told from the others; no group of them is made.
  const left = predictLogits(model, matrixOf(upTo(150).map((code) => [code])))
  const sizes = upTo(150).filter((code) => left[code] === left[0]).length
  expect(trees.feature[0]! < 0 || sizes === 1 || sizes >= 149).toBe(true)
})

it('uses 255 categories, and refuses codes that are none', () => {
  const many = samplesWith(255, 4000)
  expect(fit(many).model.trees.categorySets.length).toBeGreaterThan(0)
  for (const code of [255, -1, 0.5, Infinity]) {
    const X = renamed(train.X, () => code)
    expect(() => fit({ ...train, X })).toThrow('codes of categories must be whole numbers')
  }
})

it('refuses a direction for categories, and keeps to those of numbers beside them', () => {
  const named = { ...train, featureNames: ['x', 'a', 'b'] }
  const rising = (column: string) => ({ monotone: [{ column, direction: 'increasing' as const }] })
  expect(() => fit(named, rising('a'))).toThrow('monotone must name numeric columns')
  const { model } = fit(named, rising('x'))
  for (const code of [NaN, 0, 7, 19]) {
    const logits = predictLogits(model, matrixOf(upTo(50).map((k) => [k / 50, code, 3])))
    logits.forEach((logit, k) => {
      if (k > 0) expect(logit).toBeGreaterThanOrEqual(logits[k - 1]!)
    })
  }
})

it('draws features of categories as it draws others', () => {
  const split = (columnShare: number) =>
    new Set(fit(train, { columnShare, iterations: 30 }).model.trees.feature)
  expect(split(0.34).size).toBe(4) // all three and the leaves
  const { X } = train
  const constant = { ...X, values: X.values.map((value, at) => (at % 3 === 0 ? value : 5)) }
  expect([...fit({ ...train, X: constant }).model.trees.feature]).not.toContain(1)
})

it('survives being cloned, and forgets the sets of trees that early stopping drops', () => {
  const { model } = fit(train)
  expect(predictLogits(structuredClone(model), train.X)).toEqual(predictLogits(model, train.X))
  const earlyStopping = {
    validationShare: 0.3,
    patience: 2,
    metric: { kind: 'log_loss' as const },
  }
  const { trees } = fit(train, { earlyStopping, iterations: 200, learningRate: 0.9 }).model
  expect(trees.categorySets.length).toBe(8 * (Math.max(...trees.categorySet) + 1))
})
