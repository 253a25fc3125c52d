import { describe, expect, it } from 'vitest'
import { fitSigmoid, predictSigmoid } from '#shared/core/calibration/sigmoid.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Scores and labels of a known sigmoid: P(1) = 1 / (1 + exp(−1.5·s + 2)). */
function drawn(nSamples: number): { scores: Float64Array; yTrue: Uint8Array } {
  const random = createStream(11, 'sigmoid')
  const scores = Float64Array.from({ length: nSamples }, () => 6 * random.uniform() - 2)
  const yTrue = Uint8Array.from(scores, (s) =>
    random.uniform() < 1 / (1 + Math.exp(-1.5 * s + 2)) ? 1 : 0,
  )
  return { scores, yTrue }
}

describe('fitSigmoid', () => {
  it('finds the curve that drew the labels', () => {
    const { scores, yTrue } = drawn(20_000)
    const { a, b } = fitSigmoid(scores, yTrue, null)
    expect(Math.abs(a + 1.5)).toBeLessThan(0.1)
    expect(Math.abs(b - 2)).toBeLessThan(0.15)
  })

  it('ends where the derivatives of its objective vanish', () => {
    const { scores, yTrue } = drawn(300)
    for (const stretch of [1, 1e-6, 1e6]) {
      const stretched = scores.map((s) => stretch * (s + 100))
      const fit = fitSigmoid(stretched, yTrue, null)
      const probabilities = predictSigmoid(fit, stretched)
      let byB = 0
      let byA = 0
      probabilities.forEach((p, i) => {
        const missed = p - (yTrue[i] === 1 ? fit.targetPositive : fit.targetNegative)
        byB += missed
        byA += missed * scores[i]!
      })
      expect(Math.abs(byA) + Math.abs(byB)).toBeLessThan(1e-10)
    }
  })

  it('with equal scores or one class gives the mean target', () => {
    const constant = fitSigmoid(Float64Array.of(0.1, 0.1, 0.1), Uint8Array.of(1, 0, 0), null)
    expect(constant.a).toBe(0)
    const mean = (2 / 3 + 2 * (1 / 4)) / 3
    expect(predictSigmoid(constant, Float64Array.of(-5, 0.1, 9))).toEqual(
      new Float64Array(3).fill(predictSigmoid(constant, Float64Array.of(0))[0]!),
    )
    expect(predictSigmoid(constant, Float64Array.of(0))[0]).toBeCloseTo(mean, 14)
    const negatives = fitSigmoid(Float64Array.of(1, 2, 3), new Uint8Array(3), null)
    expect(negatives.a).toBe(0)
    expect(predictSigmoid(negatives, Float64Array.of(7))[0]).toBeCloseTo(1 / 5, 14)
  })

  it('stays finite for separated classes and far-off scores', () => {
    const separated = fitSigmoid(Float64Array.of(-1e6, -1, 1, 1e6), Uint8Array.of(0, 0, 1, 1), null)
    expect(Number.isFinite(separated.a)).toBe(true)
    expect(separated.a).toBeLessThan(0)
    const outlier = fitSigmoid(Float64Array.of(0, 1, 2, 1e12), Uint8Array.of(0, 1, 0, 1), null)
    expect(Number.isFinite(outlier.a) && Number.isFinite(outlier.b)).toBe(true)
  })

  it('refuses what it cannot fit', () => {
    const one = Float64Array.of(1)
    const y = Uint8Array.of(1)
    expect(() => fitSigmoid(one, Uint8Array.of(1, 0), null)).toThrow(RangeError)
    expect(() => fitSigmoid(Float64Array.of(Infinity), y, null)).toThrow('got Infinity at 0')
    expect(() => fitSigmoid(one, y, Float64Array.of(-1))).toThrow(RangeError)
    expect(() => fitSigmoid(one, y, Float64Array.of(0))).toThrow('weight above 0, got none')
    expect(() => fitSigmoid(new Float64Array(0), new Uint8Array(0), null)).toThrow(RangeError)
  })
})
