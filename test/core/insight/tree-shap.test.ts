import { describe, expect, it } from 'vitest'
import { linearTerms, nodeCover, treeShap } from '#shared/core/insight/tree-shap.ts'
import { sumOfTrees } from '#shared/core/kernels/trees.ts'
import type { TreeEnsemble } from '#shared/core/kernels/trees.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { RandomStream } from '#shared/core/math/random.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { Matrix } from '#shared/core/models/model.ts'
import { createTreeBuilder } from '#shared/core/models/tree-ensemble.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { makeSamples, matrixOf, upTo } from '../models/make-samples.ts'

/** A tree of random splits, some on categories, some leaves early; features repeat on a path. */
function growAtRandom(
  builder: ReturnType<typeof createTreeBuilder>,
  stream: RandomStream,
  nFeatures: number,
  depth: number,
): number {
  if (depth === 0 || stream.below(6) === 0) return builder.addLeaf(2 * stream.uniform() - 1)
  const feature = stream.below(nFeatures)
  const missingLeft = stream.below(2) === 1
  const node =
    feature === 0
      ? builder.addCategorySplit(
          0,
          Uint32Array.of(stream.uint32(), 0, 0, 0, 0, 0, 0, 0),
          missingLeft,
          1,
        )
      : builder.addSplit(feature, 4 * stream.uniform() - 2, missingLeft, 1)
  const left = growAtRandom(builder, stream, nFeatures, depth - 1)
  const right = growAtRandom(builder, stream, nFeatures, depth - 1)
  builder.link(node, left, right)
  return node
}

function randomTrees(seed: number, nFeatures: number, depth: number, nTrees = 3): TreeEnsemble {
  const stream = createStream(seed, 'random trees')
  const builder = createTreeBuilder()
  for (let t = 0; t < nTrees; t++) {
    builder.startTree()
    growAtRandom(builder, stream, nFeatures, depth)
  }
  return builder.finish(nTrees)
}

/** Codes in feature 0, numbers in the others, some missing. */
function randomSamples(seed: number, nSamples: number, nFeatures: number): Matrix {
  const stream = createStream(seed, 'random samples')
  return matrixOf(
    upTo(nSamples).map(() =>
      upTo(nFeatures).map((j) => {
        if (stream.below(8) === 0) return NaN
        return j === 0 ? stream.below(32) : 4 * stream.uniform() - 2
      }),
    ),
  )
}

const rowOf = ({ values, nFeatures }: Matrix, i: number): Float64Array =>
  values.slice(i * nFeatures, (i + 1) * nFeatures)

/** Expected logit when the features in the set `known` (bits) are known, straight from the words. */
function expectation(
  trees: TreeEnsemble,
  cover: Float64Array,
  sample: Float64Array,
  known: number,
): number {
  const below = (node: number): number => {
    const feature = trees.feature[node]!
    if (feature < 0) return trees.value[node]!
    const [left, right] = [trees.left[node]!, trees.right[node]!]
    if ((known >> feature) & 1) {
      // The leaf that a sample takes is told by a tree of this one split.
      const builder = createTreeBuilder()
      builder.startTree()
      const set = trees.categorySet[node]!
      const missing = trees.missingLeft[node] === 1
      const split =
        set >= 0
          ? builder.addCategorySplit(
              feature,
              trees.categorySets.slice(8 * set, 8 * set + 8),
              missing,
              0,
            )
          : builder.addSplit(feature, trees.threshold[node]!, missing, 0)
      builder.link(split, builder.addLeaf(1), builder.addLeaf(0))
      const one = { values: sample, nSamples: 1, nFeatures: sample.length }
      return sumOfTrees(builder.finish(1), 0, one, noCheckpoint)[0] === 1
        ? below(left)
        : below(right)
    }
    const whole = cover[node]!
    const share = whole > 0 ? cover[left]! / whole : 0.5
    return share * below(left) + (1 - share) * below(right)
  }
  return trees.roots.reduce((sum, root) => sum + below(root), 0)
}

/** Shapley values by all subsets. */
function bruteForce(trees: TreeEnsemble, cover: Float64Array, sample: Float64Array): number[] {
  const n = sample.length
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  const v = upTo(2 ** n).map((known) => expectation(trees, cover, sample, known))
  const sizeOf = (set: number): number => upTo(n).filter((j) => (set >> j) & 1).length
  return upTo(n).map((j) =>
    upTo(2 ** n)
      .filter((set) => ((set >> j) & 1) === 0)
      .reduce((sum, set) => {
        const size = sizeOf(set)
        const share = (factorial(size) * factorial(n - size - 1)) / factorial(n)
        return sum + share * (v[set | (1 << j)]! - v[set]!)
      }, 0),
  )
}

describe('treeShap', () => {
  it.each([
    [1, 3, 2, 40],
    [2, 4, 3, 40],
    [3, 3, 6, 40], // deeper than features: every path splits on one again
    [4, 5, 5, 200],
    [5, 5, 5, 4], // many nodes where no background sample comes
    [6, 2, 7, 1],
  ])(
    'is the Shapley value of the conditional expectation: seed %i',
    (seed, nFeatures, depth, nBackground) => {
      const trees = randomTrees(seed, nFeatures, depth)
      const weights = Float64Array.from(upTo(nBackground), (i) => 1 + (i % 3))
      const cover = nodeCover(
        trees,
        randomSamples(seed, nBackground, nFeatures),
        weights,
        noCheckpoint,
      )
      const X = randomSamples(seed + 100, 12, nFeatures)
      const { values, expected } = treeShap(trees, 0.5, cover, X, noCheckpoint)
      expect(expected).toBeCloseTo(0.5 + expectation(trees, cover, rowOf(X, 0), 0), 9)
      upTo(12).forEach((i) => {
        const want = bruteForce(trees, cover, rowOf(X, i))
        want.forEach((value, j) => {
          expect(values[i * nFeatures + j]).toBeCloseTo(value, 9)
        })
      })
    },
  )

  it('adds up to the logits of boosting, missing values and 20 features included', () => {
    const train = makeSamples({ nSamples: 800, nFeatures: 20 })
    const values = train.X.values.map((x, at) => (at % 13 === 0 ? NaN : x))
    const X = { ...train.X, values }
    const choice = { ...defaultModels.gradient_boosting, iterations: 30 }
    const { model } = fitModel(choice, { ...train, X }, noCheckpoint)
    if (model.kind !== 'gradient_boosting') throw new Error('not boosting')
    const cover = nodeCover(model.trees, X, null, noCheckpoint)
    model.trees.roots.forEach((root) => {
      expect(cover[root]).toBe(800)
    })
    const few = { values: values.slice(0, 20 * 50), nSamples: 50, nFeatures: 20 }
    const { values: phi, expected } = treeShap(
      model.trees,
      model.baseLogit,
      cover,
      few,
      noCheckpoint,
    )
    const logits = predictLogits(model, few)
    upTo(50).forEach((i) => {
      const sum = phi
        .subarray(20 * i, 20 * i + 20)
        .reduce((total, value) => total + value, expected)
      expect(sum).toBeCloseTo(logits[i]!, 9)
    })
    const all = predictLogits(model, X)
    expect(expected).toBeCloseTo(all.reduce((sum, z) => sum + z, 0) / 800, 9)
  })

  it('has nothing to give where there are no trees', () => {
    const none = createTreeBuilder().finish(0)
    const X = randomSamples(1, 3, 2)
    const cover = nodeCover(none, X, null, noCheckpoint)
    expect(treeShap(none, -2, cover, X, noCheckpoint)).toEqual({
      values: new Float64Array(6),
      expected: -2,
    })
  })
})

describe('linearTerms', () => {
  it('are distances from the mean sample, and add up to the logits', () => {
    const model = { coefficients: Float64Array.of(2, -1), intercept: 0.5 }
    const background = matrixOf([
      [0, 0],
      [2, 4],
    ])
    const { values, expected } = linearTerms(model, background, matrixOf([[3, 3]]))
    expect([...values]).toEqual([4, -1])
    expect(expected).toBe(0.5)
    expect(expected + values[0]! + values[1]!).toBe(0.5 + 6 - 3)
  })
})
