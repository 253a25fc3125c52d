import { describe, expect, it } from 'vitest'
import {
  decide,
  judgeDecisions,
  meetsConstraints,
  operatingPoint,
} from '#shared/core/decision/operating-point.ts'

const yTrue = Uint8Array.of(1, 1, 0, 0, 0)
const decisions = Uint8Array.of(1, 0, 1, 0, 0)
const costs = {
  truePositive: 2,
  falsePositive: 3,
  trueNegative: 0,
  falseNegative: Float64Array.of(90, 40, 90, 90, 90),
  constant: false,
}

describe('decide', () => {
  it('calls a sample positive that reaches its threshold', () => {
    const probabilities = Float64Array.of(0, 0.5, 0.6, 1)
    expect([...decide(probabilities, 0.5)]).toEqual([0, 1, 1, 1])
    expect([...decide(probabilities, Infinity)]).toEqual([0, 0, 0, 0])
    expect([...decide(probabilities, Float64Array.of(0, 0.51, 0.6, 2))]).toEqual([1, 0, 1, 0])
  })
})

describe('judgeDecisions', () => {
  it('charges every sample for its own decision', () => {
    const judgement = judgeDecisions({ yTrue, decisions, weights: null, costs })
    expect([...judgement.costPerSample]).toEqual([2, 40, 3, 0, 0])
    expect(judgement).toMatchObject({
      confusion: { tp: 1, fp: 1, tn: 2, fn: 1 },
      precision: 0.5,
      recall: 0.5,
      alertShare: 0.4,
      meanCost: 9,
    })
  })

  it('weighs rates and mean cost, but counts samples', () => {
    const weights = Float64Array.of(3, 1, 1, 5, 0)
    const judgement = judgeDecisions({ yTrue, decisions, weights, costs })
    expect(judgement).toMatchObject({
      confusion: { tp: 1, fp: 1, tn: 2, fn: 1 },
      precision: 0.75,
      recall: 0.75,
      alertShare: 0.4,
      meanCost: 4.9,
    })
  })

  it('says null for precision without alerts and for recall without positives', () => {
    const silent = new Uint8Array(5)
    expect(judgeDecisions({ yTrue, decisions: silent, weights: null, costs }).precision).toBeNull()
    const none = judgeDecisions({ yTrue: silent, decisions, weights: null, costs })
    expect(none.recall).toBeNull()
    expect(none.precision).toBe(0)
  })

  it('refuses weights without any weight', () => {
    const judge = (): unknown =>
      judgeDecisions({ yTrue, decisions, weights: new Float64Array(5), costs })
    expect(judge).toThrow(/weights must add up to more than 0/)
  })
})

it('writes an operating point in the units of the frame', () => {
  const judgement = judgeDecisions({ yTrue, decisions, weights: null, costs })
  const shared = { rule: 'tuned', threshold: 0.3, judgement, costPer1000Interval: null } as const
  expect(operatingPoint({ ...shared, casesPerDay: 50 })).toMatchObject({
    alertsPer1000: 400,
    costPer1000: 9000,
    alertsPerDay: 20,
    costPerMonth: 13_500, // 9 a case, 50 cases a day, 30 days
  })
  expect(operatingPoint({ ...shared, casesPerDay: null })).toMatchObject({
    alertsPerDay: null,
    costPerMonth: null,
  })
})

describe('meetsConstraints', () => {
  const judged = { precision: 0.5, recall: 0.7 + 0.1, alertShare: 0.1 + 0.2 }

  it('allows for rounding, and for nothing more', () => {
    const recall = { measure: 'recall', atLeast: 0.8 } as const
    expect(meetsConstraints(judged, { commitments: [recall], maxAlertShare: 0.3 })).toBe(true)
    expect(meetsConstraints(judged, { commitments: [recall], maxAlertShare: 0.2999 })).toBe(false)
    expect(
      meetsConstraints(judged, {
        commitments: [{ ...recall, atLeast: 0.801 }],
        maxAlertShare: null,
      }),
    ).toBe(false)
  })

  it('asks for every commitment', () => {
    const recall = { measure: 'recall', atLeast: 0.8 } as const
    const kept = (precision: number): boolean =>
      meetsConstraints(judged, {
        commitments: [recall, { measure: 'precision', atLeast: precision }],
        maxAlertShare: null,
      })
    expect(kept(0.5)).toBe(true)
    expect(kept(0.51)).toBe(false)
  })

  it('holds that an undefined measure keeps no commitment', () => {
    const commitments = [{ measure: 'precision', atLeast: 0.1 }] as const
    expect(
      meetsConstraints({ ...judged, precision: null }, { commitments, maxAlertShare: null }),
    ).toBe(false)
  })
})
