import { describe, expect, it } from 'vitest'
import { decisionCurve } from '#shared/core/decision/decision-curve.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'

const free = {
  truePositive: 0,
  falsePositive: 0,
  trueNegative: 0,
  falseNegative: 0,
  constant: true,
}
const yTrue = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 1)
const probabilities = Float64Array.of(0.9, 0.8, 0.5, 0.5, 0.3, 0.2, 0.2, 0.1, 0.1, 0.05)
const curve = costCurve({ yTrue, probabilities, weights: null, costs: free })

describe('decisionCurve', () => {
  it('counts from its definition, ties with the threshold included', () => {
    // At 0.5: 2 true and 2 false positives of 10, odds 1. At 0.25: one false positive more, odds ⅓.
    const [half, quarter] = decisionCurve(curve, [0.5, 0.25])
    expect(half!.netBenefit).toBeCloseTo(0, 12)
    expect(quarter!.netBenefit).toBeCloseTo(0.2 - 0.3 / 3, 12)
    expect(quarter!.treatAll).toBeCloseTo(0.3 - 0.7 / 3, 12)
    expect(quarter!.interventionsAvoidedPer100).toBeCloseTo(10, 9)
  })

  it('is the benefit of acting on nobody above the highest score', () => {
    expect(decisionCurve(curve, [0.95])[0]!.netBenefit).toBe(0)
  })

  it('says the same as the cost curve: net benefit is the cost saved at Bayes costs', () => {
    for (const threshold of [0.07, 0.2, 0.4, 0.85]) {
      // Costs under which `threshold` is the Bayes threshold, a missed positive costing 1 in all.
      const costs = { ...free, falsePositive: threshold / (1 - threshold), falseNegative: 1 }
      const priced = costCurve({ yTrue, probabilities, weights: null, costs })
      const last = [...priced.thresholds].findLastIndex((candidate) => candidate >= threshold)
      const saved = (priced.totalCost[0]! - priced.totalCost[last]!) / yTrue.length
      expect(decisionCurve(curve, [threshold])[0]!.netBenefit).toBeCloseTo(saved, 12)
    }
  })

  it('refuses 0 and 1', () => {
    expect(() => decisionCurve(curve, [0])).toThrow('thresholds must lie in (0, 1), got 0')
    expect(() => decisionCurve(curve, [1])).toThrow(RangeError)
  })
})
