import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestByRatio,
  gridAround,
  hullPoints,
  lowerEnvelope,
  mapOfRatioAndPrevalence,
  type RatedPoint,
} from '#shared/core/decision/lower-envelope.ts'
import { solveOperatingPoint } from '#shared/core/decision/solve-operating-point.ts'
import type { Requirement } from '#shared/core/decision/solve-operating-point.ts'
import { explainThresholdGap } from '#shared/core/decision/threshold-gap.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { thresholdStability } from '#shared/core/decision/threshold-stability.ts'
import { DEFAULT_DOUBT, costPerCase, doubtedFrame, tornado } from '#shared/core/decision/tornado.ts'
import { transferPrevalence } from '#shared/core/decision/transfer-prevalence.ts'
import { prevalenceWeights } from '#shared/core/frame/sample-costs.ts'
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

  it('gives no run the credit where nobody or everybody is alerted', () => {
    const curve = costCurve({
      ...{ yTrue: Uint8Array.of(0, 1, 1, 0), probabilities: Float64Array.of(0.9, 0.8, 0.7, 0.1) },
      ...{ weights: null, costs },
    })
    const stretches = bestByRatio(lowerEnvelope(hullPoints('A', curve), 0.1))
    expect(stretches[0]).toMatchObject({ name: null, alerts: 'nobody', from: 0 })
    expect(stretches[1]).toMatchObject({ name: 'A', alerts: 'some' })
    const oneScore = costCurve({
      ...{ yTrue: Uint8Array.of(1, 0, 0), probabilities: new Float64Array(3).fill(0.3) },
      ...{ weights: null, costs },
    })
    expect(bestByRatio(lowerEnvelope(hullPoints('A', oneScore), 1 / 2))).toEqual([
      { name: null, alerts: 'nobody', from: 0, to: 1 },
      { name: null, alerts: 'everybody', from: 1, to: Infinity },
    ])
  })

  it('has what is stated in the middle of the map, at any prevalence', () => {
    for (const prevalence of [0.001, 0.1, 0.7, 0.99]) {
      const { ratios, prevalences } = gridAround(5, prevalence)
      expect([ratios[3], prevalences[3]]).toEqual([5, prevalence])
      expect(prevalences.every((one, i) => one > (prevalences[i - 1] ?? 0) && one < 1)).toBe(true)
    }
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

  it('has no bars for ranges of no width', () => {
    const { likely, bars } = tornado(
      chosen,
      [],
      doubtedFrame(costs, 0.02, { misses: 0, alarms: 0, prevalence: 0 }),
    )
    expect(bars).toEqual([])
    expect(likely).toBeCloseTo(0.02 * 0.2 * 12 + 0.98 * 0.1, 12)
    const ends = doubtedFrame({ ...costs, falsePositive: -4 }, 0.9, DEFAULT_DOUBT)
    expect(ends.prevalence.high).toBeLessThan(1)
    expect(ends.falsePositive).toEqual({ low: -6, likely: -4, high: -2 })
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
  const samples = calibrated(4000, 'transfer')
  const prevalence = samples.yTrue.reduce((sum, y) => sum + y, 0) / 4000
  const curve = costCurve({ ...samples, weights: null, costs })
  const workload = { casesPerDay: 100, minutesPerAlert: null }
  const at = (newPrevalence: number, requirements: readonly Requirement[] = []) =>
    transferPrevalence({ curve, costs, newPrevalence, threshold: 0.1, requirements, workload })

  it('changes nothing at the old prevalence', () => {
    const { kept, solved, moved } = at(prevalence)
    const plain = solveOperatingPoint({ curve, goal: 'cost', requirements: [], workload })
    if (!solved.feasible || !plain.feasible) throw new Error()
    expect(solved.chosen.threshold).toBe(plain.chosen.threshold)
    expect(solved.chosen.meanCost).toBeCloseTo(plain.chosen.meanCost, 10)
    expect(kept.threshold).toBe(0.1)
    for (const p of [0, 0.003, 0.4, 0.99, 1, Infinity]) {
      if (p === Infinity) expect(moved(p)).toBe(p)
      else expect(moved(p)).toBeCloseTo(p, 12)
    }
  })

  it('is what samples weighed to the new prevalence, with moved probabilities, say', () => {
    for (const newPrevalence of [prevalence / 10, 0.3]) {
      const { kept, solved, moved } = at(newPrevalence)
      const weights = prevalenceWeights(samples.yTrue, null, newPrevalence)
      const posterior = samples.probabilities.map(moved)
      const slow = costCurve({ ...samples, probabilities: posterior, weights, costs })
      const plain = solveOperatingPoint({ curve: slow, goal: 'cost', requirements: [], workload })
      if (!solved.feasible || !plain.feasible) throw new Error()
      expect(moved(solved.chosen.threshold)).toBeCloseTo(plain.chosen.threshold, 12)
      expect(solved.chosen.meanCost).toBeCloseTo(plain.chosen.meanCost, 10)
      expect(solved.chosen.recall!).toBeCloseTo(plain.chosen.recall!, 10)
      expect(solved.chosen.precision!).toBeCloseTo(plain.chosen.precision!, 10)
      expect(kept.meanCost).toBeGreaterThanOrEqual(solved.chosen.meanCost - 1e-12)
    }
  })

  it('keeps what the frame asks, and says what the old threshold breaks there', () => {
    const free = at(0.3)
    if (!free.solved.feasible) throw new Error()
    const limit = free.solved.chosen.alertsPerDay! / 2
    const { solved, kept, broken } = at(0.3, [{ kind: 'alerts', limit }])
    if (!solved.feasible) throw new Error()
    expect(solved.chosen.alertsPerDay!).toBeLessThanOrEqual(limit)
    expect(solved.priceOfRequirements).toBeGreaterThan(0)
    expect(kept.alertsPerDay!).toBeGreaterThan(limit)
    expect(broken).toEqual([
      { requirement: { kind: 'alerts', limit }, attained: kept.alertsPerDay },
    ])
    const impossible = at(0.3, [
      { kind: 'alerts', limit: 1 },
      { kind: 'recall', limit: 0.9 },
    ])
    expect(impossible.solved.feasible).toBe(false)
  })

  it('refuses a missing class and a prevalence that has no odds', () => {
    expect(() => at(0)).toThrow('newPrevalence must lie in (0, 1), got 0')
    const none = { ...curve, positives: 0 }
    const common = { costs, newPrevalence: 0.1, threshold: 0.1, requirements: [], workload }
    expect(() => transferPrevalence({ curve: none, ...common })).toThrow('needs both classes')
  })
})
