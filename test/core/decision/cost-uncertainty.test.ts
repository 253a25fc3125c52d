import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionCurveBands } from '#shared/core/decision/decision-curve-bands.ts'
import { decisionCurve } from '#shared/core/decision/decision-curve.ts'
import {
  bestByRatio,
  hullPoints,
  lowerEnvelope,
  mapOfRatioAndPrevalence,
  type RatedPoint,
} from '#shared/core/decision/lower-envelope.ts'
import { solveOperatingPoint } from '#shared/core/decision/solve-operating-point.ts'
import { explainThresholdGap } from '#shared/core/decision/threshold-gap.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { thresholdStability } from '#shared/core/decision/threshold-stability.ts'
import { costPerCase, tornado } from '#shared/core/decision/tornado.ts'
import { transferPrevalence } from '#shared/core/decision/transfer-prevalence.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { weightedSamples } from '../../support/samples.ts'

const costs = {
  truePositive: 0,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 12,
  constant: true,
}

/** Calibrated scores at prevalence about 0.1. */
function calibrated(n: number, name: string): { yTrue: Uint8Array; probabilities: Float64Array } {
  const stream = createStream(9, name)
  const probabilities = Float64Array.from({ length: n }, () => {
    const u = stream.uniform()
    return Math.round(200 * u ** 9) / 200
  })
  return {
    yTrue: Uint8Array.from(probabilities, (p) => (stream.uniform() < p ? 1 : 0)),
    probabilities,
  }
}

const eighths = fc.nat(8).map((value) => value / 8)
const point = fc.record({
  name: fc.constantFrom('A', 'B', 'C'),
  threshold: fc.constant(null),
  truePositiveRate: eighths,
  falsePositiveRate: eighths,
})

describe('lowerEnvelope', () => {
  it('is the minimum of all lines at every ratio', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (points, prevalence) => {
          const pieces = lowerEnvelope(points, prevalence)
          const costAt = (at: RatedPoint, ratio: number): number =>
            (1 - prevalence) * at.falsePositiveRate + ratio * prevalence * (1 - at.truePositiveRate)
          expect(pieces[0]!.from).toBe(0)
          expect(pieces.at(-1)!.to).toBe(Infinity)
          pieces.forEach(({ point: best, from, to }, i) => {
            expect(to).toBeGreaterThan(from)
            if (i > 0) expect(from).toBe(pieces[i - 1]!.to)
            for (const ratio of [from, to === Infinity ? from + 1000 : to]) {
              const least = Math.min(...points.map((other) => costAt(other, ratio)))
              expect(costAt(best, ratio)).toBeCloseTo(least, 9)
            }
          })
        },
      ),
    )
  })

  it('tells from which ratio on the other is best', () => {
    const at = (name: string, truePositiveRate: number, falsePositiveRate: number): RatedPoint => ({
      name,
      threshold: 0.5,
      truePositiveRate,
      falsePositiveRate,
    })
    // At prevalence 0.1: 0.9 · 0.02 + 0.1 r · 0.5 against 0.9 · 0.2 + 0.1 r · 0.1: equal at 4.05.
    const pieces = lowerEnvelope([at('A', 0.5, 0.02), at('B', 0.9, 0.2)], 0.1)
    const [a, b] = bestByRatio(pieces)
    expect(a).toMatchObject({ name: 'A', from: 0 })
    expect(b!.name).toBe('B')
    expect(b!.from).toBeCloseTo(4.05, 10)
  })

  it('needs only the hull of a curve', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        const curve = costCurve({ yTrue, probabilities: scores, weights, costs })
        const all = Array.from(curve.thresholds, (threshold, i) => ({
          name: 'A',
          threshold,
          truePositiveRate: curve.tp[i]! / curve.positives,
          falsePositiveRate: curve.fp[i]! / curve.negatives,
        }))
        const hull = hullPoints('A', curve)
        expect(hull.length).toBeLessThanOrEqual(all.length)
        const ratios = [0, 0.1, 1, 7, 200]
        const full = mapOfRatioAndPrevalence(all, ratios, [0.01, 0.4])
        const fromHull = mapOfRatioAndPrevalence(hull, ratios, [0.01, 0.4])
        full.cost.forEach((value, i) => expect(fromHull.cost[i]).toBeCloseTo(value, 12))
      }),
    )
  })
})

describe('tornado', () => {
  const chosen = { name: 'A', threshold: 0.3, truePositiveRate: 0.8, falsePositiveRate: 0.1 }
  const exactly = (value: number) => ({ low: value, likely: value, high: value })
  const frame = {
    truePositive: exactly(0),
    falsePositive: { low: 4, likely: 5, high: 10 },
    trueNegative: exactly(0),
    falseNegative: { low: 50, likely: 100, high: 300 },
    prevalence: { low: 0.01, likely: 0.02, high: 0.03 },
  }

  it('moves one input at a time, the widest first', () => {
    const { likely, bars } = tornado(chosen, [], frame)
    // 0.02 · 0.2 · 100 + 0.98 · 0.1 · 5
    expect(likely).toBeCloseTo(0.89, 12)
    expect(bars.map(({ input }) => input)).toEqual(['falseNegative', 'falsePositive', 'prevalence'])
    expect(bars[0]).toMatchObject({ changesThreshold: false })
    expect(bars[0]!.atHigh - bars[0]!.atLow).toBeCloseTo(0.02 * 0.2 * 250, 12)
  })

  it('says where another threshold would be cheaper', () => {
    const all = { name: 'A', threshold: 0.1, truePositiveRate: 1, falsePositiveRate: 0.3 }
    const { bars } = tornado(chosen, [all], frame)
    const byInput = new Map(bars.map((bar) => [bar.input, bar]))
    expect(byInput.get('falseNegative')).toMatchObject({ changesThreshold: true })
    expect(byInput.get('falseNegative')!.solvedAtHigh).toBeLessThan(
      byInput.get('falseNegative')!.atHigh,
    )
    expect(costPerCase(all, { ...costs, falsePositive: 1, prevalence: 0.5 })).toBeCloseTo(0.15, 12)
    expect(() =>
      tornado(chosen, [], { ...frame, falsePositive: { low: 4, likely: 3, high: 9 } }),
    ).toThrow('falsePositive must have low ≤ likely ≤ high, got 4, 3 and 9')
  })
})

describe('decisionCurveBands', () => {
  it('lie around the curve, narrower with more samples, in the order asked for', () => {
    const thresholds = [0.5, 0.1, 0.25]
    const widths = [400, 6400].map((n) => {
      const samples = calibrated(n, `bands ${n}`)
      const bands = decisionCurveBands({
        ...samples,
        thresholds,
        draws: 300,
        level: 0.95,
        stream: createStream(1, 'bands'),
        checkpoint: noCheckpoint,
      })
      const curve = decisionCurve(costCurve({ ...samples, weights: null, costs }), thresholds)
      bands.forEach(({ lower, upper }, i) => {
        expect(lower).toBeLessThan(curve[i]!.netBenefit)
        expect(upper).toBeGreaterThan(curve[i]!.netBenefit)
      })
      return bands[1]!.upper - bands[1]!.lower
    })
    expect(widths[0]! / widths[1]!).toBeGreaterThan(3)
    expect(widths[0]! / widths[1]!).toBeLessThan(5.5)
  })
})

describe('how firm a threshold is', () => {
  const samples = { ...calibrated(4000, 'firm'), weights: null, costs }

  it('spreads over draws, and being wrong costs something', () => {
    const stability = thresholdStability(samples, 200, createStream(2, 'spread'), noCheckpoint)
    expect(stability.lower!).toBeLessThanOrEqual(stability.threshold)
    expect(stability.upper!).toBeGreaterThanOrEqual(stability.threshold)
    expect(stability.meanRegret).toBeGreaterThan(0)
    expect(stability.regretAtLower!).toBeGreaterThanOrEqual(0)
    expect(stability.regretAtUpper!).toBeGreaterThanOrEqual(0)
    expect(stability.noAlertShare).toBe(0)
    // The Bayes threshold of calibrated scores, 1 / 13, is inside.
    expect(stability.lower!).toBeLessThanOrEqual(1 / 13 + 0.005)
    expect(stability.upper!).toBeGreaterThanOrEqual(1 / 13 - 0.005)
  })

  it('draws the same distribution whether or not samples are alike', () => {
    const perRow = {
      ...samples,
      costs: { ...costs, falseNegative: new Float64Array(4000).fill(12), constant: false },
    }
    const cells = thresholdStability(samples, 300, createStream(3, 'a'), noCheckpoint)
    const rows = thresholdStability(perRow, 300, createStream(3, 'b'), noCheckpoint)
    expect(rows.threshold).toBe(cells.threshold)
    expect(Math.abs(rows.meanRegret / cells.meanRegret - 1)).toBeLessThan(0.3)
  })

  it('explains the gap to the analytic threshold', () => {
    expect(explainThresholdGap(samples, 0.0801, 0.0802)).toMatchObject({
      ...{ reason: 'none', samples: 0, extraCost: 0 },
      sentence: 'Both thresholds decide every case alike.',
    })
    expect(explainThresholdGap(samples, 1 / 13, 0.12).reason).toBe('noise')
    // Probabilities a third of what they should be: 1 / 13 is too high a cut.
    const low = { ...samples, probabilities: samples.probabilities.map((p) => p / 3) }
    const gap = explainThresholdGap(low, 1 / 13, 1 / 39)
    expect(gap.reason).toBe('calibration')
    expect(gap.observed! / gap.promised!).toBeGreaterThan(2)
    expect(gap.extraCost).toBeGreaterThan(0)
    expect(gap.sentence).toContain('not calibrated there')
  })
})

describe('transferPrevalence', () => {
  it('solves anew: lower prevalence, lower probabilities, fewer alerts; the same at the old one', () => {
    const samples = calibrated(4000, 'transfer')
    const prevalence = samples.yTrue.reduce((sum, y) => sum + y, 0) / 4000
    const at = (newPrevalence: number) =>
      transferPrevalence({
        ...samples,
        weights: null,
        costs,
        newPrevalence,
        goal: 'cost',
        requirements: [],
        workload: { casesPerDay: 100, minutesPerAlert: null },
      })
    const same = at(prevalence)
    same.posterior.forEach((p, i) => expect(p).toBeCloseTo(samples.probabilities[i]!, 10))
    const low = at(prevalence / 10)
    const curve = costCurve({ ...samples, weights: null, costs })
    const plain = solveOperatingPoint({
      curve,
      goal: 'cost',
      requirements: [],
      workload: { casesPerDay: 100, minutesPerAlert: null },
    })
    if (!low.solved.feasible || !plain.feasible || !same.solved.feasible) throw new Error()
    expect(same.solved.chosen.meanCost).toBeCloseTo(plain.chosen.meanCost, 10)
    expect(low.solved.chosen.alertsPerDay!).toBeLessThan(same.solved.chosen.alertsPerDay! / 2)
    const weight = low.weights!.reduce((sum, w) => sum + w, 0)
    const positive = low.weights!.reduce((sum, w, i) => sum + w * samples.yTrue[i]!, 0)
    expect(positive / weight).toBeCloseTo(prevalence / 10, 10)
  })
})
