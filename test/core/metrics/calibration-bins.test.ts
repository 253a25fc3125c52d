import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binEdges,
  brierDecomposition,
  calibrationBins,
  expectedCalibrationError,
  maximumCalibrationError,
} from '#shared/core/metrics/calibration-bins.ts'
import { brierScore } from '#shared/core/metrics/probability.ts'
import { weightedSamples } from '../../support/samples.ts'

describe('calibrationBins', () => {
  it('closes bins of equal width on the right', () => {
    const probabilities = Float64Array.of(0, 0.1, 0.10000000000000002, 0.3, 1)
    const bins = calibrationBins(Uint8Array.of(0, 0, 1, 0, 1), probabilities, null, 'width', 10)
    expect(bins.map((bin) => bin.count)).toEqual([2, 1, 1, 0, 0, 0, 0, 0, 0, 1])
    expect(bins[1]).toEqual({
      count: 1,
      weight: 1,
      meanProbability: 0.10000000000000002,
      observed: 1,
    })
    expect(bins[3]).toEqual({ count: 0, weight: 0, meanProbability: null, observed: null })
  })

  it('cuts equal counts with the larger parts first', () => {
    const probabilities = Float64Array.from({ length: 13 }, (_, i) => (13 - i) / 20)
    const bins = calibrationBins(new Uint8Array(13), probabilities, null, 'equal-count', 5)
    expect(bins.map((bin) => bin.count)).toEqual([3, 3, 3, 2, 2])
    expect(bins[0]!.meanProbability).toBeCloseTo(2 / 20, 15)
  })

  it('keeps equal probabilities in one quantile bin', () => {
    const probabilities = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.9)
    expect([...binEdges(probabilities, 'quantile', 4)]).toEqual([0.2, 0.2, 0.2, 0.2, 0.9])
    const bins = calibrationBins(new Uint8Array(5), probabilities, null, 'quantile', 4)
    expect(bins.map((bin) => bin.count)).toEqual([4, 0, 0, 1])
  })

  it('weighs what is in a bin', () => {
    const bins = calibrationBins(
      Uint8Array.of(1, 0),
      Float64Array.of(0.2, 0.4),
      Float64Array.of(3, 1),
      'width',
      1,
    )
    expect(bins).toEqual([
      { count: 2, weight: 4, meanProbability: expect.closeTo(0.25, 15), observed: 0.75 },
    ])
    expect(expectedCalibrationError(bins).value).toBeCloseTo(0.5, 15)
    expect(maximumCalibrationError(bins).value).toBeCloseTo(0.5, 15)
  })

  it('has an undefined error without samples', () => {
    for (const strategy of ['width', 'quantile', 'equal-count'] as const) {
      const bins = calibrationBins(new Uint8Array(0), new Float64Array(0), null, strategy, 10)
      expect(expectedCalibrationError(bins).value).toBeNull()
      expect(maximumCalibrationError(bins).value).toBeNull()
      expect(brierDecomposition(bins)).toBeNull()
    }
  })
})

describe('brierDecomposition', () => {
  it('adds up to the Brier score when each bin holds one probability', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: false }), ({ yTrue, scores, weights }) => {
        const probabilities = scores.map((score) => Math.round(score * 9) / 10 + 0.05)
        const bins = calibrationBins(yTrue, probabilities, weights, 'width', 10)
        const parts = brierDecomposition(bins)!
        expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(
          brierScore(yTrue, probabilities, weights).value!,
          12,
        )
      }),
    )
  })
})
