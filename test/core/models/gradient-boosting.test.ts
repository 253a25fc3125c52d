import { describe, expect, it } from 'vitest'
import { plainBoostingKernels } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import { sumOfTrees } from '#shared/core/models/tree-ensemble.ts'
import { predictLogits } from '#shared/core/models/model.ts'
import type { Matrix, TrainingSet } from '#shared/core/models/model.ts'
import { makeSamples, matrixOf, takeFeatures, takeSamples, upTo } from './make-samples.ts'

const defaults = {
  iterations: 30,
  maxDepth: 6,
  learningRate: 0.1,
  lambda: 1,
  minChildWeight: 1,
  bins: 256,
}

const fit = (train: TrainingSet, choice: Partial<typeof defaults> = {}) =>
  fitGradientBoosting({ ...defaults, ...choice }, train, plainBoostingKernels, noCheckpoint)

/** Numeric, one-hot, constant and gappy features side by side. */
function mixedSamples(nSamples: number): TrainingSet {
  const { X, yTrue } = makeSamples({ nSamples, nFeatures: 4 })
  const rows = upTo(nSamples).map((i) => {
    const numeric = [...X.values.subarray(4 * i, 4 * i + 4)]
    if (i % 5 === 0) numeric[1] = NaN
    const letter = (i * 31) % 3
    return [...numeric, 7, ...upTo(3).map((k) => (k === letter ? 1 : 0)), i % 11]
  })
  return { X: matrixOf(rows), yTrue, weights: null }
}

it('makes one split as the formulas say', () => {
  // Base logit 0, so g = ±½ and h = ¼ each. Cut between 2 and 3: left G = ½ · 2, H = ½.
  const train = {
    X: matrixOf([[1], [2], [3], [4]]),
    yTrue: Uint8Array.of(0, 0, 1, 1),
    weights: null,
  }
  const choice = { iterations: 1, maxDepth: 1, minChildWeight: 0.5 }
  const { model } = fit(train, choice)
  expect(model.baseLogit).toBe(0)
  expect([...model.trees.feature]).toEqual([0, -1, -1])
  expect(model.trees.threshold[0]).toBe(2.5)
  expect(predictLogits(model, matrixOf([[2.5], [2.6]]))).toEqual(
    Float64Array.of(Math.fround((-0.1 * 1) / 1.5), Math.fround(0.1 / 1.5)),
  )
})

it('scores training samples through thresholds exactly as it binned them', () => {
  for (const bins of [256, 12, 3]) {
    const train = mixedSamples(900)
    const { model, trainingLogits } = fit(train, { bins })
    expect(predictLogits(model, train.X)).toEqual(trainingLogits)
  }
})

it('learns what no single feature shows', () => {
  const rows = upTo(400).map((i) => [i % 2, (i >> 1) % 2, (i * 7) % 10])
  const yTrue = Uint8Array.from(rows, ([a, b]) => (a === b ? 1 : 0))
  // Exclusive or: no first split would gain anything if all four cells were equally full.
  const kept = upTo(400).filter((i) => i % 4 !== 1 || i > 100)
  const train = takeSamples({ X: matrixOf(rows), yTrue, weights: null }, kept)
  const { model } = fit(train, { iterations: 100 })
  const logits = predictLogits(model, train.X)
  expect(kept.every((_, i) => logits[i]! > 0 === (train.yTrue[i] === 1))).toBe(true)
})

it('gives the same bits whatever the order of samples', () => {
  const train = mixedSamples(700)
  const shuffled = takeSamples(
    train,
    upTo(700).map((i) => (i * 311) % 700),
  )
  expect(fit(shuffled).model).toEqual(fit(train).model)
})

it('gives the same bits for a whole weight and for as many repetitions', () => {
  const train = mixedSamples(400)
  const weights = Float64Array.from(upTo(400), (i) => i % 4)
  const repeated = takeSamples(
    train,
    upTo(400).flatMap((i) => new Array<number>(i % 4).fill(i)),
  )
  expect(fit({ ...train, weights }).model).toEqual(fit(repeated).model)
  // Also where bins are few, so that cuts depend on the weights.
  const few = { bins: 9 }
  expect(fit({ ...train, weights }, few).model).toEqual(fit(repeated, few).model)
})

it('gives the same trees whether or not one-hot features share a column', () => {
  const train = mixedSamples(600)
  const together = fit(train).model
  // With numeric features between the 0/1 features, and these turned around, nothing is shared.
  const order = [5, 0, 6, 1, 7, 2, 3, 4, 8]
  const turned: Matrix = { ...train.X, values: train.X.values.slice() }
  for (const i of upTo(600)) {
    for (const k of [5, 6, 7]) turned.values[9 * i + k] = 1 - train.X.values[9 * i + k]!
  }
  const apart = fit({ ...train, X: takeFeatures(turned, order) }).model
  const logits = predictLogits(together, train.X)
  predictLogits(apart, takeFeatures(turned, order)).forEach((logit, i) => {
    expect(logit).toBeCloseTo(logits[i]!, 9)
  })
})

describe('missing values', () => {
  it('go where they fit better', () => {
    const rows = upTo(300).map((i) => [i % 3 === 0 ? NaN : i % 3])
    const positiveWhere = (test: (i: number) => boolean): Uint8Array =>
      Uint8Array.from(upTo(300), (i) => (test(i) ? 1 : 0))
    const query = matrixOf([[NaN], [1], [2]])
    const likeOnes = fit({
      X: matrixOf(rows),
      yTrue: positiveWhere((i) => i % 3 === 2),
      weights: null,
    })
    const [missing, one, two] = predictLogits(likeOnes.model, query)
    expect(missing).toBe(one)
    expect(missing).toBeLessThan(two!)
    const alone = fit({
      X: matrixOf(rows),
      yTrue: positiveWhere((i) => i % 3 === 0),
      weights: null,
    })
    const [other, first, second] = predictLogits(alone.model, query)
    expect(first).toBe(second)
    expect(other).toBeGreaterThan(first!)
  })

  it('go with the heavier child where none was seen', () => {
    const X = matrixOf(upTo(100).map((i) => [i]))
    const yTrue = Uint8Array.from(upTo(100), (i) => (i < 20 ? 1 : 0))
    const { model } = fit({ X, yTrue, weights: null }, { maxDepth: 1 })
    const [missing, heavier] = predictLogits(model, matrixOf([[NaN], [60]]))
    expect(missing).toBe(heavier)
  })
})

it('keeps at least minChildWeight in every leaf, and no more than maxDepth levels', () => {
  const train = makeSamples({ nSamples: 500, nFeatures: 3 })
  const { model } = fit(train, { iterations: 1, maxDepth: 3, minChildWeight: 4 })
  const { trees } = model
  const isLeaf = [...trees.feature].map((feature) => feature < 0)
  const hessianOfOne = (() => {
    const p = 1 / (1 + Math.exp(-model.baseLogit))
    return p * (1 - p)
  })()
  const counts = new Map<number, number>()
  for (const i of upTo(500)) {
    let node = trees.roots[0]!
    let depth = 0
    while (!isLeaf[node]) {
      const x = train.X.values[3 * i + trees.feature[node]!]!
      node = x <= trees.threshold[node]! ? trees.left[node]! : trees.right[node]!
      depth++
    }
    expect(depth).toBeLessThanOrEqual(3)
    counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  expect(counts.size).toBeGreaterThan(2)
  for (const count of counts.values()) {
    expect(count * hessianOfOne).toBeGreaterThanOrEqual(4 - 1e-9)
  }
})

it('walks trees by float32, left at the threshold, missing as told', () => {
  const trees = {
    roots: Int32Array.of(0, 3),
    feature: Int32Array.of(1, -1, -1, -1),
    threshold: Float32Array.of(0.1, 0, 0, 0),
    missingLeft: Uint8Array.of(0, 0, 0, 0),
    left: Int32Array.of(1, -1, -1, -1),
    right: Int32Array.of(2, -1, -1, -1),
    value: Float32Array.of(0, 1, 2, 0.5),
  }
  // 0.1 itself is a little below its float32; the float64 next above 0.1 rounds to the same.
  const X = matrixOf([
    [9, 0.1],
    [9, 0.10000000000000002],
    [9, 0.11],
    [9, NaN],
  ])
  const plain = sumOfTrees(trees, 10, X, noCheckpoint)
  expect([...plain]).toEqual([11.5, 11.5, 12.5, 12.5])
  const other = sumOfTrees(
    { ...trees, missingLeft: Uint8Array.of(1, 0, 0, 0) },
    10,
    X,
    noCheckpoint,
  )
  expect([...other]).toEqual([11.5, 11.5, 12.5, 11.5])
})

it('refuses hyperparameters out of their range', () => {
  const train = makeSamples({ nSamples: 20, nFeatures: 1 })
  for (const [name, value] of [
    ['iterations', -1],
    ['maxDepth', 0],
    ['learningRate', 0],
    ['lambda', -1],
    ['minChildWeight', NaN],
    ['bins', 257],
  ] as const) {
    expect(() => fit(train, { [name]: value })).toThrow(`${name} must be`)
  }
})
