import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameDraft } from '#shared/contract/work.ts'
import { decide, judgeDecisions } from '#shared/core/decision/operating-point.ts'
import {
  capacityThreshold,
  decisionOf,
  figuresAt,
  foldSpreadAt,
  steppedThreshold,
} from '../../../src-renderer/views/threshold/decision-figures.ts'
import { thresholdDataOf } from './made-threshold-data.ts'

const frame: FrameDraft = {
  costs: {
    truePositive: 3,
    falsePositive: 5,
    trueNegative: 0.25,
    falseNegative: { column: 'amount' },
  },
  casesPerDay: 200,
  capacity: null,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: '€',
}

const samples = fc
  .array(
    fc.record({
      y: fc.boolean(),
      score: fc.integer({ min: 0, max: 20 }).map((value) => value / 20),
      amount: fc.double({ min: 0, max: 1000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => ({
    yTrue: Uint8Array.from(rows, ({ y }) => Number(y)),
    probabilities: Float64Array.from(rows, ({ score }) => score),
    amounts: Float64Array.from(rows, ({ amount }) => amount),
  }))

describe('figures at a threshold', () => {
  it('are those of the decisions themselves, for every cell of the outcomes', () => {
    fc.assert(
      fc.property(
        samples,
        fc.constantFrom(0, 0.05, 0.31, 0.5, 0.999, 1, Infinity),
        ({ yTrue, probabilities, amounts }, threshold) => {
          const costs = {
            truePositive: 3,
            falsePositive: 5,
            trueNegative: 0.25,
            falseNegative: amounts,
            constant: false,
          }
          const data = thresholdDataOf(yTrue, probabilities, costs, { casesPerDay: 200 })
          const figures = figuresAt(decisionOf(data, frame), threshold)
          const decisions = decide(probabilities, threshold)
          const judged = judgeDecisions({ yTrue, decisions, weights: null, costs })
          expect(figures.caught).toBe(judged.confusion.tp)
          expect(figures.alarms).toBe(judged.confusion.fp)
          expect(figures.recall).toEqual(judged.recall)
          expect(figures.precision).toEqual(judged.precision)
          expect(figures.alertsPerDay).toBeCloseTo(judged.alertShare * 200, 9)
          expect(figures.cost).toBeCloseTo(judged.meanCost * 200 * 30, 4)
          const missed = amounts.reduce(
            (sum, amount, i) => sum + (yTrue[i] === 1 && decisions[i] === 0 ? amount : 0),
            0,
          )
          expect(figures.outcomeCosts?.falseNegative).toBeCloseTo(missed, 6)
          expect(figures.outcomeCosts?.truePositive).toBe(3 * judged.confusion.tp)
          expect(figures.outcomeCosts?.trueNegative).toBe(0.25 * judged.confusion.tn)
        },
      ),
    )
  })

  it('leave the money of single outcomes open where two costs differ from case to case', () => {
    const amounts = Float64Array.of(10, 20, 30)
    const data = thresholdDataOf(Uint8Array.of(1, 0, 1), Float64Array.of(0.9, 0.5, 0.1), {
      truePositive: 0,
      falsePositive: amounts,
      trueNegative: 0,
      falseNegative: amounts,
      constant: false,
    })
    const both: FrameDraft = {
      ...frame,
      costs: {
        truePositive: 0,
        falsePositive: { column: 'fee' },
        trueNegative: 0,
        falseNegative: { column: 'amount' },
      },
    }
    const figures = figuresAt(decisionOf(data, both), 0.5)
    expect(figures.outcomeCosts).toBeNull()
    expect(figures.costPer1000).toBeCloseTo((1000 * (20 + 30)) / 3, 9)
  })

  it('assume costs by the prevalence, without a currency, where none are stated', () => {
    const data = thresholdDataOf(Uint8Array.of(1, 0, 0, 0), Float64Array.of(0.9, 0.5, 0.4, 0.1), {
      truePositive: 0,
      falsePositive: 0.25,
      trueNegative: 0,
      falseNegative: 0.75,
      constant: true,
    })
    const decision = decisionOf(data, { ...frame, costs: null })
    expect(decision.currency).toBeNull()
    expect(figuresAt(decision, 0.45).outcomeCosts).toEqual({
      truePositive: 0,
      falsePositive: 0.25,
      trueNegative: 0,
      falseNegative: 0,
    })
  })

  it('move the interval of precision to the prevalence in use', () => {
    const data = thresholdDataOf(Uint8Array.of(1, 1, 0, 0), Float64Array.of(0.9, 0.8, 0.7, 0.1), {
      truePositive: 0,
      falsePositive: 1,
      trueNegative: 0,
      falseNegative: 9,
      constant: true,
    })
    // One case in ten is positive: a negative stands for nine times as many as a positive.
    const rarer = {
      ...data,
      prevalenceInUse: 0.1,
      curve: {
        ...data.curve,
        tp: data.curve.tp.map((value) => 0.2 * value),
        fp: data.curve.fp.map((value) => 1.8 * value),
        weightOfPositives: 0.4,
        weightOfNegatives: 3.6,
      },
    }
    const inData = figuresAt(decisionOf(data, frame), 0.6)
    const inUse = figuresAt(decisionOf(rarer, frame), 0.6)
    expect(inUse.precision).toBeCloseTo(0.4 / (0.4 + 1.8), 12)
    for (const end of ['lower', 'upper'] as const) {
      const p = inData.precisionInterval![end]
      expect(inUse.precisionInterval![end]).toBeCloseTo(p / (p + 9 * (1 - p)), 12)
    }
  })
})

describe('steps between thresholds', () => {
  const data = thresholdDataOf(Uint8Array.of(1, 0, 1, 0), Float64Array.of(0.8, 0.6, 0.4, 0.2), {
    truePositive: 0,
    falsePositive: 1,
    trueNegative: 0,
    falseNegative: 9,
    constant: true,
  })
  const decision = decisionOf(data, frame)

  it('go from one distinct score to the next and back, and stop at the ends', () => {
    const seen: number[] = [Infinity]
    for (let i = 0; i < 6; i++) {
      seen.push(steppedThreshold(data.curve, figuresAt(decision, seen.at(-1)!), -1, null))
    }
    expect(seen).toEqual([Infinity, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2])
    const up = steppedThreshold(data.curve, figuresAt(decision, 0.35), 1, null)
    expect(up).toBe(0.6) // 0.4 would alert on the same cases as 0.35
  })

  it('go on to the next score where a step of the scale changes no decision', () => {
    const at = figuresAt(decision, 0.5)
    expect(steppedThreshold(data.curve, at, 1, 0.55)).toBe(0.8)
    expect(steppedThreshold(data.curve, at, 1, 0.7)).toBe(0.7)
    expect(steppedThreshold(data.curve, at, -1, 0.45)).toBe(0.4)
    expect(steppedThreshold(data.curve, at, -1, 0.3)).toBe(0.3)
  })
})

describe('limits and folds', () => {
  it('find the lowest threshold within the capacity', () => {
    const scores = Float64Array.of(0.8, 0.6, 0.4, 0.2)
    const costs = {
      truePositive: 0,
      falsePositive: 1,
      trueNegative: 0,
      falseNegative: 9,
      constant: true,
    }
    const of = (capacity: number | null): number | null =>
      capacityThreshold(
        thresholdDataOf(Uint8Array.of(1, 0, 1, 0), scores, costs, { casesPerDay: 100, capacity }),
      )
    expect(of(null)).toBeNull()
    expect(of(0)).toBe(Infinity)
    expect(of(50)).toBe(0.6)
    expect(of(74)).toBe(0.6)
    expect(of(100)).toBe(0.2)
  })

  it('read the spread of the folds at the threshold below', () => {
    const data = thresholdDataOf(Uint8Array.of(1, 0), Float64Array.of(0.8, 0.6), {
      truePositive: 0,
      falsePositive: 1,
      trueNegative: 0,
      falseNegative: 9,
      constant: true,
    })
    const decision = decisionOf(data, frame)
    expect(foldSpreadAt(decision, 0.6)).toEqual({ low: 2, high: 5 })
    expect(foldSpreadAt(decision, 0.9)).toEqual({ low: 3, high: 6 })
    expect(foldSpreadAt(decision, Infinity)).toBeNull()
    expect(foldSpreadAt(decision, 0.05)).toBeNull()
  })
})
