import { describe, expect, it } from 'vitest'
import { bayesThreshold, bayesThresholds } from '#shared/core/decision/bayes-threshold.ts'

const costs = { truePositive: 5, falsePositive: 5, trueNegative: 0, falseNegative: 200 }

describe('bayesThreshold', () => {
  it('is where both decisions cost the same', () => {
    const threshold = bayesThreshold(costs)
    expect(threshold).toBe(0.025)
    const withAlert = threshold * costs.truePositive + (1 - threshold) * costs.falsePositive
    const without = threshold * costs.falseNegative + (1 - threshold) * costs.trueNegative
    expect(withAlert).toBeCloseTo(without, 12)
  })

  it('refuses costs without a threshold and names them', () => {
    expect(() => bayesThreshold({ ...costs, falsePositive: 0 })).toThrow(
      'falsePositive (0) must cost more than trueNegative (0)',
    )
    expect(() => bayesThreshold({ ...costs, falseNegative: 4 })).toThrow(
      'falseNegative (4) must cost more than truePositive (5)',
    )
    expect(() => bayesThreshold({ ...costs, falseNegative: Infinity })).toThrow(
      /falseNegative.*finite/,
    )
  })
})

describe('bayesThresholds', () => {
  it('is the formula per sample, Infinity where the regrets do not add up to more than 0', () => {
    const thresholds = bayesThresholds(
      { ...costs, falseNegative: Float64Array.of(200, 5, 0, -10), constant: false },
      4,
    )
    // Regrets 5 and 195; 5 and 0; 5 and −5; 5 and −15.
    expect([...thresholds]).toEqual([0.025, 1, Infinity, Infinity])
  })

  it('agrees with the constant threshold', () => {
    expect([...bayesThresholds({ ...costs, constant: true }, 2)]).toEqual([0.025, 0.025])
  })
})
