import { describe, expect, it } from 'vitest'
import { plainEngine as plain } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel, predictProbabilities } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { DecisionTreeChoice } from '#shared/core/plan/plan.ts'
import { makeSamples, matrixOf, upTo } from './make-samples.ts'

const unbounded: DecisionTreeChoice = {
  ...defaultModels.decision_tree,
  maxDepth: null,
  minLeafWeight: 0,
}

/** Shares of positives in the leaves of a tree that tries every cut of every feature on values. */
function slowTree(
  { X, yTrue, weights }: TrainingSet,
  { criterion, maxDepth, minLeafWeight }: DecisionTreeChoice,
): Float64Array {
  const shares = new Float64Array(X.nSamples)
  const sumsOf = (samples: readonly number[]): readonly [number, number] => {
    const total = samples.reduce((sum, i) => sum + weights![i]!, 0)
    return [total, samples.reduce((sum, i) => sum + (yTrue[i] === 1 ? weights![i]! : 0), 0)]
  }
  const impurity = (samples: readonly number[]): number => {
    const [total, positive] = sumsOf(samples)
    const p = positive / total
    if (criterion === 'gini') return total * (1 - p * p - (1 - p) * (1 - p))
    const nats = (share: number): number => (share > 0 ? -share * Math.log(share) : 0)
    return total * (nats(p) + nats(1 - p))
  }
  const grow = (samples: readonly number[], depth: number): void => {
    const [total, positive] = sumsOf(samples)
    let best: { left: number[]; right: number[]; impurity: number } | null = null
    const mayBeSplit = positive > 0 && positive < total && depth < (maxDepth ?? Infinity)
    for (let feature = 0; mayBeSplit && feature < X.nFeatures; feature++) {
      const valueOf = (i: number): number => X.values[i * X.nFeatures + feature]!
      for (const cut of new Set(samples.map(valueOf))) {
        const left = samples.filter((i) => valueOf(i) <= cut)
        const right = samples.filter((i) => valueOf(i) > cut)
        if (right.length === 0) continue
        if (Math.min(sumsOf(left)[0], sumsOf(right)[0]) < minLeafWeight) continue
        const worth = impurity(left) + impurity(right)
        if (best === null || worth < best.impurity - 1e-9) best = { left, right, impurity: worth }
      }
    }
    if (best === null) {
      for (const i of samples) shares[i] = positive / total
      return
    }
    grow(best.left, depth + 1)
    grow(best.right, depth + 1)
  }
  grow(upTo(X.nSamples), 0)
  return shares
}

describe('a decision tree', () => {
  // Weights of many digits: no two splits are worth the same unless they part the samples alike.
  const stream = createStream(1, 'weights')
  const base = makeSamples({ nSamples: 180, nFeatures: 4 })
  const train = { ...base, weights: Float64Array.from(base.yTrue, () => 0.5 + stream.uniform()) }

  it.each<[string, Partial<DecisionTreeChoice>]>([
    ['Gini, depth 3', { maxDepth: 3 }],
    ['entropy, depth 3', { maxDepth: 3, criterion: 'entropy' }],
    ['Gini, leaves of 5', { maxDepth: null, minLeafWeight: 5 }],
    ['entropy, leaves of 9', { criterion: 'entropy', minLeafWeight: 9 }],
  ])('is that of every cut tried on values: %s', (_, part) => {
    const choice = { ...unbounded, ...part }
    const { model } = fitModel(choice, train, noCheckpoint)
    const want = slowTree(train, choice)
    predictProbabilities(model, train.X).forEach((p, i) => {
      expect(Math.abs(p - Math.min(Math.max(want[i]!, 0.004), 0.996))).toBeLessThan(2.5e-3)
    })
  })

  it('parts what two features tell apart only together', () => {
    const corners = [0, 1, 2, 3].flatMap((k) => upTo(5).map(() => [k & 1, k >> 1]))
    const X = matrixOf(corners)
    const yTrue = Uint8Array.from(corners, ([a, b]) => a! ^ b!)
    const { model } = fitModel(unbounded, { X, yTrue, weights: null }, noCheckpoint)
    const p = predictProbabilities(model, X)
    expect(p.every((value, i) => Math.abs(value - yTrue[i]!) < 0.03)).toBe(true)
  })

  it('sends missing values where they belong', () => {
    const rows = upTo(60).map((i) => [i % 3 === 0 ? NaN : i % 7])
    const yTrue = Uint8Array.from(rows, ([x]) => (Number.isNaN(x) ? 1 : 0))
    const { model } = fitModel(unbounded, { X: matrixOf(rows), yTrue, weights: null }, noCheckpoint)
    const p = predictProbabilities(model, matrixOf([[NaN], [-5], [3], [100]]))
    expect(p[0]).toBeGreaterThan(0.98)
    for (const other of p.subarray(1)) expect(other).toBeLessThan(0.02)
  })
})

describe('forests', () => {
  const train = makeSamples({ nSamples: 600, nFeatures: 5, offset: -3 })
  const meanOf = (choice: Parameters<typeof fitModel>[0]): number => {
    const p = predictProbabilities(fitModel(choice, train, noCheckpoint).model, train.X)
    return p.reduce((sum, value) => sum + value, 0) / p.length
  }

  it('are as sure on average as there are positives, balanced ones far surer', () => {
    const prevalence = train.yTrue.reduce((sum, y) => sum + y, 0) / 600
    expect(
      Math.abs(meanOf({ ...defaultModels.random_forest, trees: 40 }) - prevalence),
    ).toBeLessThan(0.03)
    for (const kind of ['balanced_random_forest', 'balanced_bagging'] as const) {
      expect(meanOf({ ...defaultModels[kind], trees: 40 })).toBeGreaterThan(2 * prevalence)
    }
  })

  it('have trees that differ, and others for another seed', () => {
    const grow = (seed: number) =>
      fitModel({ ...defaultModels.random_forest, trees: 2 }, train, noCheckpoint, {
        engine: plain,
        stream: createStream(seed, 'forest'),
      }).model
    expect(grow(1)).toEqual(grow(1))
    expect(grow(1)).not.toEqual(grow(2))
    const one = grow(1)
    if (!('trees' in one)) throw new TypeError(one.kind)
    const second = one.trees.roots[1]!
    expect(one.trees.threshold.slice(0, 9)).not.toEqual(
      one.trees.threshold.slice(second, second + 9),
    )
  })
})
