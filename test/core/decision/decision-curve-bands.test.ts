import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionCurveBands } from '#shared/core/decision/decision-curve-bands.ts'
import { decisionCurve, thresholdProbabilities } from '#shared/core/decision/decision-curve.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { createStream } from '#shared/core/math/random.ts'
import { meanInterval } from '#shared/core/metrics/mean-interval.ts'
import { weightedSamples } from '../../support/samples.ts'

const level = 0.95
const thresholds = [0.5, 0.1, 0.25]
const costs = {
  ...{ truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 1, constant: true },
}

function made(n: number, name: string): { yTrue: Uint8Array; probabilities: Float64Array } {
  const stream = createStream(9, name)
  const probabilities = Float64Array.from({ length: n }, () => {
    const u = stream.uniform()
    return Math.round(200 * u ** 9) / 200
  })
  const yTrue = Uint8Array.from(probabilities, (p) => (stream.uniform() < p ? 1 : 0))
  return { yTrue, probabilities }
}

/** What single samples bring at a threshold, over nobody and over everybody. */
function worths(
  { yTrue, probabilities }: { readonly yTrue: Uint8Array; readonly probabilities: Float64Array },
  threshold: number,
): readonly [Float64Array, Float64Array] {
  const odds = threshold / (1 - threshold)
  const alerted = Float64Array.from(yTrue, (y) => (y === 1 ? 1 : -odds))
  return [
    alerted.map((worth, i) => (probabilities[i]! >= threshold ? worth : 0)),
    alerted.map((worth, i) => (probabilities[i]! >= threshold ? 0 : -worth)),
  ]
}

const any = weightedSamples({ bothClasses: true })

describe('decisionCurveBands', () => {
  it('lie around the curve, narrower with more samples, in the order asked for', () => {
    const widths = [400, 6400].map((n) => {
      const samples = { ...made(n, `bands ${n}`), weights: null }
      const bands = decisionCurveBands({ ...samples, groups: null, thresholds, level })
      decisionCurve(costCurve({ ...samples, costs }), thresholds).forEach((point, i) => {
        const { netBenefit: own, gainOverAll: over } = bands[i]!
        expect(own!.lower).toBeLessThan(point.netBenefit)
        expect(own!.upper).toBeGreaterThan(point.netBenefit)
        expect(over!.lower).toBeLessThan(point.netBenefit - point.treatAll)
        expect(over!.upper).toBeGreaterThan(point.netBenefit - point.treatAll)
      })
      return bands[1]!.netBenefit!.upper - bands[1]!.netBenefit!.lower
    })
    expect(widths[0]! / widths[1]!).toBeGreaterThan(3)
    expect(widths[0]! / widths[1]!).toBeLessThan(5.5)
  })

  it('are the interval of the mean of what single samples bring, weighed and in groups', () => {
    fc.assert(
      fc.property(
        any,
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 30 }),
        ({ yTrue, scores: probabilities, ...samples }, weighed, grouped, numbers) => {
          const weights = weighed ? samples.weights : null
          const groups = grouped
            ? Int32Array.from(yTrue, (_, i) => numbers[i % numbers.length]!)
            : null
          const bands = decisionCurveBands({
            ...{ yTrue, probabilities, weights, groups, thresholds, level },
          })
          thresholds.forEach((threshold, i) => {
            const slow = worths({ yTrue, probabilities }, threshold).map((values) =>
              meanInterval(values, weights, groups, level),
            )
            ;[bands[i]!.netBenefit, bands[i]!.gainOverAll].forEach((got, k) => {
              const want = slow[k] ?? null
              expect(got === null).toBe(want === null)
              if (got === null || want === null) return
              expect(got.lower).toBeCloseTo(want.lower, 9)
              expect(got.upper).toBeCloseTo(want.upper, 9)
              expect(got.method).toBe(want.method)
            })
          })
        },
      ),
    )
  })

  it('do not depend on the order of samples, nor on the unit of weights', () => {
    fc.assert(
      fc.property(any, ({ yTrue, scores, weights }) => {
        const once = decisionCurveBands({
          ...{ yTrue, probabilities: scores, weights, groups: null, thresholds, level },
        })
        const turned = decisionCurveBands({
          ...{ yTrue: yTrue.toReversed(), probabilities: scores.toReversed() },
          weights: weights.toReversed().map((w) => 4 * w),
          ...{ groups: null, thresholds, level },
        })
        turned.forEach(({ netBenefit }, i) => {
          const want = once[i]!.netBenefit
          if (want === null) expect(netBenefit).toBeNull()
          else expect(netBenefit!.lower).toBeCloseTo(want.lower, 9)
        })
      }),
    )
  })

  it('has none with fewer than two units, and refuses what it cannot judge', () => {
    const one = { yTrue: Uint8Array.of(1), probabilities: Float64Array.of(0.4), weights: null }
    expect(decisionCurveBands({ ...one, groups: null, thresholds: [0.2], level })).toEqual([
      { netBenefit: null, gainOverAll: null },
    ])
    expect(() => decisionCurveBands({ ...one, groups: null, thresholds: [1], level })).toThrow(
      'thresholds must lie in (0, 1), got 1',
    )
    expect(() =>
      decisionCurveBands({ ...one, groups: Int32Array.of(0, 1), thresholds: [0.2], level }),
    ).toThrow('groups must have the length of yTrue, got 2 for 1')
  })
})

describe('thresholdProbabilities', () => {
  it('go from below to beyond prevalence and Bayes threshold, the latter among them', () => {
    for (const [prevalence, bayes] of [
      [0.01, 0.2],
      [0.3, 0.001],
      [0.5, null],
      [0.999, 0.5],
    ] as const) {
      const all = thresholdProbabilities(prevalence, bayes)
      all.forEach((p, i) => {
        expect(p).toBeGreaterThan(all[i - 1] ?? 0)
        expect(p).toBeLessThan(1)
      })
      const marked = bayes === null ? [prevalence] : [prevalence, bayes]
      const odds = (p: number): number => p / (1 - p)
      expect(odds(all[0]!)).toBeCloseTo(odds(Math.min(...marked)) / 8, 9)
      expect(odds(all.at(-1)!) / odds(Math.max(...marked))).toBeCloseTo(8, 6)
      if (bayes !== null) expect(all).toContain(bayes)
    }
  })
})
