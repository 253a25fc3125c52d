import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameDraft } from '#shared/contract/work.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import { decisionOf, figuresAt } from '../../../src-renderer/views/threshold/decision-figures.ts'
import {
  capacityLine,
  closestThreshold,
  costLines,
  isoCosts,
  keptZone,
  niceStep,
  precisionRecallLine,
  scoreBins,
  thresholdForRecall,
} from '../../../src-renderer/views/threshold/drawn-curves.ts'
import {
  logOdds,
  placeOf,
  probabilityOf,
  scaleOf,
  thresholdAt,
  tickText,
  ticksOf,
} from '../../../src-renderer/views/threshold/threshold-scale.ts'
import { thresholdDataOf } from './made-threshold-data.ts'

const costs = {
  truePositive: 0,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 9,
  constant: true,
}
const frame: FrameDraft = {
  costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 9 },
  casesPerDay: null,
  capacity: null,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: null,
}
const rows = fc.array(
  fc.tuple(
    fc.boolean(),
    fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)),
  ),
  { minLength: 1, maxLength: 80 },
)
const made = (cases: [boolean, number][], more = {}): ReturnType<typeof thresholdDataOf> =>
  thresholdDataOf(
    Uint8Array.from(cases, ([y]) => Number(y)),
    Float64Array.from(cases, ([, score]) => score),
    costs,
    more,
  )

describe('the scale', () => {
  it('has two ends and every mark inside, whatever the scores', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (cases, tuned) => {
        const scale = scaleOf(made(cases, { tuned }))
        expect(scale.low).toBeLessThan(scale.high)
        for (const mark of [0.5, tuned]) {
          expect(logOdds(mark)).toBeGreaterThanOrEqual(scale.low)
          expect(logOdds(mark)).toBeLessThanOrEqual(scale.high)
        }
        expect(ticksOf(scale)).toContain(0)
      }),
    )
  })

  it('gives back a threshold to three digits, and open ends', () => {
    const scale = { low: -9, high: 9 }
    expect(thresholdAt(scale, -9)).toBe(0)
    expect(thresholdAt(scale, 9)).toBe(Infinity)
    expect(thresholdAt(scale, logOdds(0.15834))).toBe(0.158)
    expect(thresholdAt(scale, logOdds(0.99871))).toBe(0.99871)
    for (const place of [-8.7, -3.3, 0, 2.1, 8.9]) {
      expect(placeOf(scale, thresholdAt(scale, place))).toBeCloseTo(place, 2)
    }
  })

  it('writes its ticks as a person would', () => {
    expect([0.001, 0.05, 0.5, 0.98, 0.9999].map((p) => tickText(logOdds(p)))).toEqual([
      ...['0.001', '0.05', '0.5', '0.98', '0.9999'],
    ])
  })
})

describe('what is drawn', () => {
  it('has every case in one bin, and those from an edge on to its right', () => {
    fc.assert(
      fc.property(rows, (cases) => {
        const data = made(cases)
        const scale = scaleOf(data)
        const { edges, positives, negatives } = scoreBins(data, scale, 12)
        const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
        expect(sum(positives)).toBe(data.positives)
        expect(sum(negatives)).toBe(data.negatives)
        for (let i = 1; i < 12; i++) {
          const from = cases.filter(([y, score]) => y && logOdds(score) >= edges[i]!).length
          expect(sum(positives.slice(i))).toBe(from)
        }
      }),
    )
  })

  it('has the tuned threshold as its least cost within the scale', () => {
    fc.assert(
      fc.property(rows, (cases) => {
        const yTrue = Uint8Array.from(cases, ([y]) => Number(y))
        const probabilities = Float64Array.from(cases, ([, score]) => score)
        const constraints = { commitments: [], maxAlertShare: null }
        const samples = { yTrue, probabilities, weights: null, costs }
        const { value } = tuneThreshold({ ...samples, constraints })
        const data = made(cases, { tuned: value })
        const decision = decisionOf(data, frame)
        const lines = costLines(decision, scaleOf(data))
        const least = figuresAt(decision, value).cost
        if (value > 1e-6 && value < 1 - 1e-6) expect(lines.least).toBeCloseTo(least, 6)
        else expect(lines.least).toBeGreaterThanOrEqual(least - 1e-6)
        expect(lines.axis.max).toBeGreaterThan(lines.axis.min)
        expect(Number.isFinite(lines.axis.step)).toBe(true)
        lines.total.forEach((cost, i) => {
          expect(cost).toBeCloseTo(lines.missed![i]! + lines.handled![i]!, 6)
        })
      }),
    )
  })

  it('goes through every point of precision and recall to within a pixel, each at its threshold', () => {
    fc.assert(
      fc.property(rows, (cases) => {
        const data = made(cases)
        const line = precisionRecallLine(data)
        const decision = decisionOf(data, frame)
        line.thresholds.forEach((threshold, i) => {
          const { recall, precision } = figuresAt(decision, threshold)
          expect([recall, precision]).toEqual(line.points[i])
        })
        const [point] = line.points
        if (point === undefined) return
        expect(line.thresholds).toContain(closestThreshold(line, point[0], point[1]))
      }),
    )
  })

  it('draws lines of equal cost on which the cost is equal', () => {
    const cases = Array.from({ length: 400 }, (_, i): [boolean, number] => [
      i % 9 === 0,
      ((i * 37) % 400) / 400,
    ])
    const data = made(cases)
    const decision = decisionOf(data, frame)
    const lines = costLines(decision, scaleOf(data))
    const levels = isoCosts(decision, lines.axis, lines.least)
    expect(levels.length).toBeGreaterThan(0)
    for (const { cost, points } of levels) {
      for (const [recall, precision] of points) {
        const tp = data.prevalenceInUse * recall
        const fp = (tp * (1 - precision)) / precision
        expect(1000 * (9 * (data.prevalenceInUse - tp) + fp)).toBeCloseTo(cost, 6)
      }
    }
    expect(
      isoCosts(
        decisionOf(data, {
          ...frame,
          costs: { ...frame.costs!, falseNegative: { column: 'amount' } },
        }),
        lines.axis,
        lines.least,
      ),
    ).toEqual([])
  })

  it('bounds where all limits are kept', () => {
    const cases: [boolean, number][] = [
      [true, 0.9],
      [false, 0.1],
    ]
    const zoneOf = (more: object): readonly [number, number][] | null => keptZone(made(cases, more))
    expect(zoneOf({})).toBeNull()
    const recall = { measure: 'recall', atLeast: 0.8 }
    expect(zoneOf({ commitments: [recall] })).toEqual([
      [0.8, 1],
      [1, 1],
      [1, 0],
      [0.8, 0],
    ])
    // Half of the cases are positive; alerts on a quarter of them reach a recall of one half.
    const limited = { casesPerDay: 100, capacity: 25 }
    expect(zoneOf({ commitments: [recall], ...limited })).toBeNull()
    expect(capacityLine(made(cases, limited))).toEqual([
      [0, 0],
      [0.5, 1],
    ])
    expect(
      zoneOf({ commitments: [{ measure: 'precision', atLeast: 0.5 }], ...limited })?.map(
        ([, precision]) => precision,
      ),
    ).toEqual([1, 1, 1, 0.5, 0.5])
    // The same from hours: 25 alerts at 12 minutes are 5 hours.
    const hours = { casesPerDay: 100, minutesPerAlert: 12, reviewHoursPerDay: 5 }
    expect(capacityLine(made(cases, hours))).toEqual(capacityLine(made(cases, limited)))
    const precision = { measure: 'precision', atLeast: 0.5 }
    expect(zoneOf({ commitments: [recall, precision] })).toEqual([
      [0.8, 1],
      [1, 1],
      [1, 0.5],
      [0.8, 0.5],
    ])
  })

  it('finds the highest threshold that reaches a recall', () => {
    const data = made([
      [true, 0.9],
      [false, 0.8],
      [true, 0.7],
      [true, 0.2],
    ])
    expect([0.1, 1 / 3, 0.5, 2 / 3, 1].map((recall) => thresholdForRecall(data, recall))).toEqual([
      ...[0.9, 0.9, 0.7, 0.7, 0.2],
    ])
    expect(thresholdForRecall(made([[false, 0.5]]), 0.5)).toBeNull()
  })

  it('takes round steps', () => {
    expect([0.9, 1.3, 3, 7, 130_000].map(niceStep)).toEqual([1, 2, 5, 10, 200_000])
    expect(niceStep(0)).toBe(1)
    expect(probabilityOf(0)).toBe(0.5)
  })
})
