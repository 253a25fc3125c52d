import { describe, expect, it } from 'vitest'
import { plainBoostingKernels } from '#shared/core/kernels/boosting.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitGradientBoosting } from '#shared/core/models/gradient-boosting.ts'
import type { GradientBoostingModel } from '#shared/core/models/gradient-boosting.ts'
import { predictLogits } from '#shared/core/models/model.ts'
import type { EarlyStoppingChoice, GradientBoostingChoice } from '#shared/core/plan/plan.ts'
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

const fit = (train: TrainingSet, choice: Partial<GradientBoostingChoice> = {}) =>
  fitGradientBoosting(
    { ...defaults, ...choice },
    train,
    plainBoostingKernels,
    noCheckpoint,
    createStream(1, 'trees'),
  )

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
    gain: new Float32Array(4),
    categorySet: new Int32Array(4).fill(-1),
    categorySets: new Uint32Array(0),
  }
  // 0.1 itself is a little below its float32; the float64 next above 0.1 rounds to the same.
  const X = matrixOf([
    [9, 0.1],
    [9, 0.10000000000000002],
    [9, 0.11],
    [9, NaN],
  ])
  const plain = plainBoostingKernels.sumOfTrees(trees, 10, X, noCheckpoint)
  expect([...plain]).toEqual([11.5, 11.5, 12.5, 12.5])
  const other = plainBoostingKernels.sumOfTrees(
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

describe('leaf-wise growth', () => {
  const leavesOf = ({ trees: { feature, roots } }: GradientBoostingModel): number =>
    feature.filter((f) => f < 0).length / roots.length

  it('keeps to maxLeaves, and gets the same tree as depth-wise growth when there is no limit', () => {
    const train = makeSamples({ nSamples: 900, nFeatures: 4 })
    const choice = { growth: 'leaf', iterations: 3, maxDepth: 4 } as const
    expect(leavesOf(fit(train, { ...choice, maxLeaves: 7 }).model)).toBe(7)
    expect(fit(train, { ...choice, maxLeaves: 1000 }).model).toEqual(
      fit(train, { iterations: 3, maxDepth: 4 }).model,
    )
  })

  it('splits the node of highest gain first', () => {
    // The first split parts at 10. On the left a second one gains much, on the right nothing.
    const rows = upTo(400).map((i) => [i % 20])
    const yTrue = Uint8Array.from(rows, ([x]) => (x! < 5 || x! === 17 ? 1 : 0))
    const { model } = fit(
      { X: matrixOf(rows), yTrue, weights: null },
      { growth: 'leaf', maxLeaves: 3, iterations: 1 },
    )
    const gains = model.trees.gain.filter((gain) => gain > 0)
    expect(gains).toHaveLength(2)
    expect(gains[0]).toBeGreaterThan(gains[1]!)
  })
})

describe('drawing rows and columns', () => {
  const train = makeSamples({ nSamples: 600, nFeatures: 6 })

  it('uses other samples for every tree, and the same ones for the same stream', () => {
    const drawn = fit(train, { rowShare: 0.5 }).model
    expect(fit(train, { rowShare: 0.5 }).model).toEqual(drawn)
    expect(fit(train).model).not.toEqual(drawn)
    const { feature, threshold, roots } = drawn.trees
    const firstSplits = new Set([...roots].map((root) => `${feature[root]!} ${threshold[root]!}`))
    expect(firstSplits.size).toBeGreaterThan(10)
  })

  it('splits each tree on its share of the features', () => {
    const { trees } = fit(train, { columnShare: 0.34 }).model
    trees.roots.forEach((root, tree) => {
      const end = trees.roots[tree + 1] ?? trees.feature.length
      const used = new Set(trees.feature.slice(root, end).filter((feature) => feature >= 0))
      expect(used.size).toBeLessThanOrEqual(2)
    })
    expect(new Set(trees.feature).size).toBe(7)
  })

  it('updates the logits of samples that are not drawn', () => {
    const { model, trainingLogits } = fit(train, { rowShare: 0.3 })
    expect(predictLogits(model, train.X)).toEqual(trainingLogits)
  })
})

it('keeps to the directions that it is given', () => {
  const { X, yTrue } = makeSamples({ nSamples: 800, nFeatures: 3 })
  const featureNames = ['a', 'b', 'c']
  const directions = { a: 1, b: -1 }
  const choice: Partial<GradientBoostingChoice> = {
    minChildWeight: 0.5,
    monotone: [
      { column: 'a', direction: 'increasing' },
      { column: 'b', direction: 'decreasing' },
    ],
  }
  const swings = (model: GradientBoostingModel, column: 'a' | 'b'): number => {
    const feature = featureNames.indexOf(column)
    let against = 0
    for (const i of upTo(60)) {
      const at = [...X.values.subarray(3 * i, 3 * i + 3)]
      const line = upTo(41).map((k) => at.with(feature, (k - 20) / 8))
      const logits = predictLogits(model, matrixOf(line))
      for (const k of upTo(40)) {
        if (directions[column] * (logits[k + 1]! - logits[k]!) < 0) against++
      }
    }
    return against
  }
  const given = { X, yTrue, weights: null, featureNames }
  for (const growth of ['depth', 'leaf'] as const) {
    const { model } = fit(given, { ...choice, growth })
    expect([swings(model, 'a'), swings(model, 'b')]).toEqual([0, 0])
  }
  const free = fit(given, { minChildWeight: 0.5 }).model
  expect(swings(free, 'a') + swings(free, 'b')).toBeGreaterThan(0)
  expect(() => fit({ X, yTrue, weights: null }, choice)).toThrow('monotone must name')
})

it('focal loss with gamma 0 and alpha ½ is log loss with halved weights', () => {
  const train = makeSamples({ nSamples: 500, nFeatures: 4 })
  // Started at 0 like focal loss: the two classes are given the same weight.
  const positives = train.yTrue.reduce((sum, label) => sum + label, 0)
  const weights = Float64Array.from(train.yTrue, (label) =>
    label === 1 ? 250 / positives : 250 / (500 - positives),
  )
  const focal = fit({ ...train, weights }, { loss: { kind: 'focal', gamma: 0, alpha: 0.5 } })
  const halved = fit({ ...train, weights: weights.map((weight) => weight / 2) })
  focal.trainingLogits.forEach((logit, i) => {
    expect(logit).toBeCloseTo(halved.trainingLogits[i]!, 6)
  })
})

describe('early stopping', () => {
  const { X, yTrue } = makeSamples({ nSamples: 500, nFeatures: 8 })
  const train = { X, yTrue, weights: null }
  const iterations = 400

  it.each<EarlyStoppingChoice['metric']>([
    { kind: 'log_loss' },
    { kind: 'average_precision' },
    { kind: 'cost', falsePositive: 1, falseNegative: 10 },
  ])('ends before all iterations are done and keeps the best of them: $kind', (metric) => {
    const earlyStopping = { validationShare: 0.3, patience: 15, metric }
    const { model, report } = fit(train, { iterations, earlyStopping })
    expect(report.converged).toBe(true)
    expect(report.iterations).toBeLessThan(iterations - 15)
    expect(model.trees.roots).toHaveLength(report.iterations)
  })

  it('says so when it did not come', () => {
    const earlyStopping = {
      validationShare: 0.3,
      patience: 15,
      metric: { kind: 'log_loss' },
    } as const
    expect(fit(train, { iterations: 5, earlyStopping }).report).toEqual({
      iterations: 5,
      converged: false,
    })
  })

  it('holds nothing out of a class that has too few', () => {
    const few = { ...train, yTrue: yTrue.map((_, i) => (i < 8 ? 1 : 0)) }
    const earlyStopping = {
      validationShare: 0.3,
      patience: 1,
      metric: { kind: 'log_loss' },
    } as const
    expect(fit(few, { earlyStopping }).model).toEqual(fit(few).model)
  })
})
