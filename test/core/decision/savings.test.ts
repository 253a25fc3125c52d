import { describe, expect, it } from 'vitest'
import { savingsOfDecisions } from '#shared/core/decision/savings.ts'
import { costCurve, savings } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'

describe('savingsOfDecisions', () => {
  const savingsOf = (decisions: Uint8Array, of = costs) =>
    savingsOfDecisions({ yTrue, decisions, weights: null, groups: null, costs: of }, 0.95)

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
    expect(savingsOf(decisions).value).toBeCloseTo(savings(costCurve(samples))!, 12)
    // All alike: 6 for an alert on each, 10 for none.
    expect(savingsOf(new Uint8Array(6)).value).toBeCloseTo(-4 / 6, 12)
  })

  it('is undefined where nothing can be saved', () => {
    const free = { ...costs, falseNegative: 0 }
    expect(savingsOf(new Uint8Array(6), free)).toEqual({
      value: null,
      reason: 'deciding every case alike costs nothing',
      interval: null,
    })
  })

  it('has an interval around it, of no width for deciding all alike', () => {
    const { value, interval } = savingsOf(Uint8Array.of(1, 1, 1, 0, 0, 0))
    expect(interval!.lower).toBeLessThan(value!)
    expect(interval!.upper).toBeGreaterThan(value!)
    expect(savingsOf(new Uint8Array(6).fill(1)).interval).toMatchObject({ lower: 0, upper: 0 })
  })
})
