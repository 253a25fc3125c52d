import { describe, expect, it } from 'vitest'
import { pairedEquivalence } from '#shared/core/decision/paired-equivalence.ts'
import { savingsOfDecisions } from '#shared/core/decision/savings.ts'
import { costCurve, savings } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'

describe('pairedEquivalence', () => {
  const stream = createStream(4, 'costs')
  const second = Float64Array.from({ length: 3000 }, () => stream.uniform() * 10)
  const judge = (shift: number, noise: number, zone: number) =>
    pairedEquivalence(
      second.map((cost) => cost + shift + noise * (stream.uniform() - 0.5)),
      second,
      zone,
      {
        ...{ weights: null, groups: null, draws: 300 },
        ...{ stream: createStream(1, 'draws'), checkpoint: noCheckpoint },
      },
    )!

  it('finds what is cheaper, the same, and not yet known', () => {
    const better = judge(-0.5, 2, 100)
    expect(better).toMatchObject({ verdict: 'better', rowsNeeded: null })
    expect(better.difference / -500).toBeCloseTo(1, 1)
    expect(judge(0.5, 2, 100).verdict).toBe('worse')
    expect(judge(0, 2, 100).verdict).toBe('equal')
    const unknown = judge(0.05, 12, 1)
    expect(unknown.verdict).toBe('undecided')
    expect(unknown.rowsNeeded!).toBeGreaterThan(3000)
  })

  it('has the 90 % interval inside the 95 % one: they rest on the same draws', () => {
    const { interval90, interval95 } = judge(0.1, 5, 1)
    expect(interval90.lower).toBeGreaterThan(interval95.lower)
    expect(interval90.upper).toBeLessThan(interval95.upper)
  })
})

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
