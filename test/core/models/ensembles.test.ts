import { describe, expect, it } from 'vitest'
import { plainEngine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { isolationScores, splitsOf } from '#shared/core/models/isolation-forest.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import type { Matrix } from '#shared/core/models/model.ts'
import { drawByHardness } from '#shared/core/models/self-paced-ensemble.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { makeSamples, matrixOf, upTo } from './make-samples.ts'

describe('drawing by hardness', () => {
  // 900 easy samples near 0 and 100 hard ones near 1.
  const hardness = Float64Array.from(upTo(1000), (i) => (i < 900 ? 0.01 : 0.99))
  const hardOnes = (pace: number): number =>
    drawByHardness(hardness, 100, 2, pace, createStream(1, 'draw')).filter((i) => i >= 900).length

  it('draws each once, ascending, as many as asked for or as there are', () => {
    for (const count of [0, 1, 99, 1000, 5000]) {
      const drawn = drawByHardness(hardness, count, 20, 0.5, createStream(2, 'draw'))
      expect(drawn).toHaveLength(Math.min(count, 1000))
      expect([...drawn]).toEqual([...new Set(drawn)].sort((a, b) => a - b))
    }
  })

  it('goes from shares in proportion to 1 / hardness to equal ones', () => {
    expect(hardOnes(0)).toBe(1) // 0.01 : 0.99 of 100
    expect(hardOnes(1)).toBe(50)
    expect(hardOnes(0.5)).toBeGreaterThan(25) // tan(π / 4) = 1: 1 / 1.01 against 1 / 1.99
    expect(hardOnes(0.5)).toBeLessThan(40)
  })

  it('takes equal hardness for one step', () => {
    const drawn = drawByHardness(new Float64Array(50), 10, 20, 0, createStream(3, 'draw'))
    expect(drawn).toHaveLength(10)
  })
})

describe('an isolation forest', () => {
  it('counts the splits of a search as harmonic numbers do', () => {
    expect(splitsOf(1)).toBe(0)
    expect(splitsOf(2)).toBe(1)
    // 2 · H(255) − 2 · 255 / 256 with H(255) = 6.1204387128…, summed as fractions
    expect(splitsOf(256)).toBeCloseTo(2 * 6.1204387128 - 510 / 256, 8)
  })

  it('finds what is alone, with and without missing values', () => {
    const { X } = makeSamples({ nSamples: 300, nFeatures: 3 })
    const values = X.values.map((x, at) => (at % 11 === 0 ? NaN : x))
    const far = [200, 201, 202].flatMap((i) => [3 * i, 3 * i + 1, 3 * i + 2])
    for (const at of far) values[at] = at % 2 === 0 ? 30 : -30
    const yTrue = Uint8Array.from(upTo(300), (i) => (i >= 200 && i <= 202 ? 1 : 0))
    const set = { X: { ...X, values }, yTrue, weights: null }
    for (const reference of ['all', 'negatives'] as const) {
      const { model } = fitModel(
        { ...defaultModels.isolation_forest, reference },
        set,
        noCheckpoint,
      )
      if (model.kind !== 'isolation_forest') throw new TypeError(model.kind)
      const scores = isolationScores(model, set.X, noCheckpoint, plainEngine)
      const least = Math.min(...scores.subarray(200, 203))
      expect(scores.filter((score) => score >= least)).toHaveLength(3)
      expect(Math.max(...scores)).toBeLessThanOrEqual(1)
    }
  })
})

describe('naive Bayes', () => {
  it('is right where its assumptions hold', () => {
    // Two normal classes, one feature: the logit is a line with slope 2 / 1².
    const stream = createStream(1, 'bayes')
    const yTrue = Uint8Array.from(upTo(40_000), (i) => i % 2)
    const rows = upTo(40_000).map((i) => {
      const bell = upTo(12).reduce((sum) => sum + stream.uniform(), -6)
      return [bell + (i % 2 === 1 ? 1 : -1)]
    })
    const { model } = fitModel(
      defaultModels.gaussian_naive_bayes,
      { X: matrixOf(rows), yTrue, weights: null },
      noCheckpoint,
    )
    const logits = predictLogits(model, matrixOf([[-1], [0], [0.5]]))
    expect(logits[0]).toBeCloseTo(-2, 1)
    expect(logits[1]).toBeCloseTo(0, 1)
    expect(logits[2]).toBeCloseTo(1, 1)
  })

  it('lets a missing value say nothing', () => {
    const { X, yTrue } = makeSamples({ nSamples: 500, nFeatures: 3 })
    const choice = defaultModels.gaussian_naive_bayes
    const fitOn = (set: Matrix) => fitModel(choice, { X: set, yTrue, weights: null }, noCheckpoint)
    const first = matrixOf(upTo(500).map((i) => [X.values[3 * i]!]))
    const { model } = fitOn(X)
    const { model: alone } = fitOn(first)
    const p = predictProbabilities(model, matrixOf([[0.7, NaN, NaN]]))
    expect(p[0]).toBeCloseTo(predictProbabilities(alone, matrixOf([[0.7]]))[0]!, 6)
  })
})
