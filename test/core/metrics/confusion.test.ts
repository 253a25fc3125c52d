import { describe, expect, it } from 'vitest'
import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  confusionAt,
  falseNegativeRate,
  falseOmissionRate,
  falsePositiveRate,
  fBeta,
  gMean,
  jaccard,
  matthewsCorrelation,
  negativePredictiveValue,
  precision,
  recall,
  specificity,
  youdenJ,
} from '#shared/core/metrics/confusion.ts'

describe('confusionAt', () => {
  const yTrue = Uint8Array.of(1, 0, 1, 0, 1)
  const scores = Float64Array.of(0.9, 0.5, 0.5, 0.2, 0.1)

  it('calls positive what reaches the threshold exactly', () => {
    expect(confusionAt(yTrue, scores, null, 0.5)).toEqual({ tp: 2, fp: 1, tn: 1, fn: 1 })
    expect(confusionAt(yTrue, scores, null, Infinity)).toEqual({ tp: 0, fp: 0, tn: 2, fn: 3 })
  })

  it('sums weights', () => {
    const weights = Float64Array.of(1, 2, 4, 8, 16)
    expect(confusionAt(yTrue, scores, weights, 0.5)).toEqual({ tp: 5, fp: 2, tn: 8, fn: 16 })
  })

  it('refuses what does not belong together', () => {
    expect(() => confusionAt(yTrue, Float64Array.of(1), null, 0.5)).toThrow('5 labels, 1 scores')
    expect(() => confusionAt(Uint8Array.of(2), Float64Array.of(1), null, 0.5)).toThrow(
      'yTrue must hold 0 and 1, got 2 at 0',
    )
    expect(() => confusionAt(Uint8Array.of(1), Float64Array.of(NaN), null, 0.5)).toThrow('got NaN')
    expect(() =>
      confusionAt(Uint8Array.of(1), Float64Array.of(1), Float64Array.of(-1), 0.5),
    ).toThrow('weights must be finite and at least 0, got -1 at 0')
  })
})

describe('rates', () => {
  it('agrees with values worked out by hand', () => {
    const confusion = { tp: 6, fp: 2, tn: 9, fn: 3 }
    expect(accuracy(confusion)).toBe(15 / 20)
    expect(precision(confusion)).toBe(6 / 8)
    expect(recall(confusion)).toBe(6 / 9)
    expect(specificity(confusion)).toBe(9 / 11)
    expect(negativePredictiveValue(confusion)).toBe(9 / 12)
    expect(falseOmissionRate(confusion)).toBe(3 / 12)
    expect(falsePositiveRate(confusion)).toBe(2 / 11)
    expect(falseNegativeRate(confusion)).toBe(3 / 9)
    expect(jaccard(confusion)).toBe(6 / 11)
    expect(fBeta(confusion, 1)).toBe(12 / 17)
    expect(fBeta(confusion, 2)).toBe(30 / 44)
    expect(balancedAccuracy(confusion)).toBeCloseTo((6 / 9 + 9 / 11) / 2, 15)
    expect(gMean(confusion)).toBeCloseTo(Math.sqrt((6 / 9) * (9 / 11)), 15)
    expect(youdenJ(confusion)).toBeCloseTo(6 / 9 + 9 / 11 - 1, 15)
    expect(matthewsCorrelation(confusion)).toBeCloseTo(48 / Math.sqrt(8 * 9 * 11 * 12), 15)
    // Observed agreement 0.75, by chance (9·8 + 11·12) / 400 = 0.51.
    expect(cohenKappa(confusion)).toBeCloseTo((0.75 - 0.51) / 0.49, 14)
  })

  it('is null, never NaN, where a denominator is 0', () => {
    const nothingCalled = { tp: 0, fp: 0, tn: 5, fn: 2 }
    expect(precision(nothingCalled)).toBeNull()
    expect(matthewsCorrelation(nothingCalled)).toBeNull()
    expect(fBeta(nothingCalled, 1)).toBe(0)
    expect(cohenKappa(nothingCalled)).toBe(0)

    const noPositives = { tp: 0, fp: 1, tn: 5, fn: 0 }
    for (const rate of [recall, falseNegativeRate, balancedAccuracy, gMean, youdenJ]) {
      expect(rate(noPositives)).toBeNull()
    }

    const empty = { tp: 0, fp: 0, tn: 0, fn: 0 }
    for (const rate of [accuracy, jaccard, cohenKappa, specificity, negativePredictiveValue]) {
      expect(rate(empty)).toBeNull()
    }
    expect(fBeta(empty, 1)).toBeNull()
    expect(cohenKappa({ tp: 4, fp: 0, tn: 0, fn: 0 })).toBeNull()
  })

  it('survives very large weights', () => {
    const huge = { tp: 6e300, fp: 2e300, tn: 9e300, fn: 3e300 }
    expect(matthewsCorrelation(huge)).toBeCloseTo(48 / Math.sqrt(8 * 9 * 11 * 12), 12)
    expect(cohenKappa(huge)).toBeCloseTo((0.75 - 0.51) / 0.49, 12)
  })
})
