import { describe, expect, it } from 'vitest'
import { savingsOfDecisions } from '#shared/core/decision/savings.ts'
import { costCurve, savings } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'

describe('savingsOfDecisions', () => {
  const yTrue = Uint8Array.of(1, 0, 1, 0, 0, 0)
  const costs = {
    truePositive: 1,
    falsePositive: 1,
    trueNegative: 0,
    falseNegative: 5,
    constant: true,
  }

  it('is the savings of the best threshold where it decides so', () => {
    const probabilities = Float64Array.of(0.9, 0.8, 0.6, 0.3, 0.2, 0.1)
    const samples = { yTrue, probabilities, weights: null, costs }
    const { value } = tuneThreshold({
      ...samples,
      constraints: { commitments: [], maxAlertShare: null },
    })
    const decisions = Uint8Array.from(probabilities, (p) => (p >= value ? 1 : 0))
    expect(savingsOfDecisions(yTrue, decisions, null, costs).value).toBeCloseTo(
      savings(costCurve(samples))!,
      12,
    )
    // All alike: 6 for an alert on each, 10 for none.
    expect(savingsOfDecisions(yTrue, new Uint8Array(6), null, costs).value).toBeCloseTo(-4 / 6, 12)
  })

  it('is undefined where nothing can be saved', () => {
    const free = { ...costs, falseNegative: 0 }
    expect(savingsOfDecisions(yTrue, new Uint8Array(6), null, free)).toEqual({
      value: null,
      reason: 'deciding every case alike costs nothing',
    })
  })
})
