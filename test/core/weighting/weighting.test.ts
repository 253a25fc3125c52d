import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultWeightings } from '#shared/core/plan/default-plan.ts'
import type { WeightingChoice } from '#shared/core/plan/plan.ts'
import { costWeights } from '#shared/core/weighting/cost-weights.ts'
import { effectiveNumberWeights } from '#shared/core/weighting/effective-number.ts'
import { effectiveSamples, effectiveSize } from '#shared/core/weighting/effective-size.ts'
import { classWeightsOf, rowWeightsOf, weightings } from '#shared/core/weighting/weighting.ts'
import type { RowFacts } from '#shared/core/weighting/weighting.ts'

const choices: Record<keyof typeof weightings, WeightingChoice> = {
  ...defaultWeightings,
  column: { kind: 'column', column: 'w' },
}
const kinds = Object.keys(weightings) as (keyof typeof weightings)[]
const facts: RowFacts = {
  yTrue: Uint8Array.of(0, 1, 1, 0),
  costs: {
    truePositive: 5,
    falsePositive: Float64Array.of(7, 0, 0, 2),
    trueNegative: 0,
    falseNegative: Float64Array.of(0, 100, 3, 0),
    constant: false,
  },
  weightColumns: { w: Float64Array.of(1, 2, 0, 4) },
}

describe.each(kinds)('weighting %s', (kind) => {
  const choice = choices[kind]

  it('goes by class or by row, and is ≥ 0 and finite', () => {
    const byClass = classWeightsOf(choice)
    const byRow = rowWeightsOf(choice, facts)
    expect((byClass === null) !== (byRow === null)).toBe(true)
    for (const weight of byRow ?? []) expect(weight >= 0 && weight < Infinity).toBe(true)
  })

  it('leaves the total as it was, and never favours the commoner class', () => {
    const byClass = classWeightsOf(choice)
    if (byClass === null) return
    const count = fc.integer({ min: 1, max: 1e6 })
    fc.assert(
      fc.property(count, count, (negatives, positives) => {
        const { negative, positive } = byClass({ negatives, positives })
        expect(negative > 0 && positive > 0).toBe(true)
        const total = negatives * negative + positives * positive
        expect(Math.abs(total / (negatives + positives) - 1)).toBeLessThan(1e-12)
        if (kind !== 'custom' && positives < negatives) {
          expect(positive).toBeGreaterThanOrEqual(negative * (1 - 1e-12))
        }
      }),
    )
  })
})

it('weighs rows by what a wrong decision costs more, never below 0', () => {
  expect(costWeights(facts.yTrue, facts.costs)).toEqual(Float64Array.of(7, 95, 0, 2))
})

it('takes effective numbers from no weights to balanced ones', () => {
  const counts = { negatives: 9000, positives: 300 }
  const ratio = (beta: number): number => {
    const { negative, positive } = effectiveNumberWeights(counts, beta)
    return positive / negative
  }
  expect(ratio(0)).toBe(1)
  expect(ratio(1 - 1e-9)).toBeCloseTo(30, 2)
  const ratios = [0, 0.9, 0.99, 0.999, 0.9999, 0.99999].map(ratio)
  expect(ratios).toEqual(ratios.toSorted((a, b) => a - b))
  expect(() => ratio(1)).toThrow('beta')
})

it('counts samples of equal weight, whatever the unit', () => {
  expect(effectiveSize([2, 2, 2])).toBeCloseTo(3, 12)
  expect(effectiveSize([1, 0, 0])).toBe(1)
  expect(effectiveSize([])).toBe(0)
  expect(effectiveSize([1e-300, 1e-300])).toBeCloseTo(2, 12)
  // (1 + 3)² / (1 + 9)
  expect(effectiveSize([1e200, 3e200])).toBeCloseTo(1.6, 12)
})

it('calls weights extreme that leave less than a tenth', () => {
  const yTrue = new Uint8Array(1000)
  yTrue[0] = 1
  const weights = new Float64Array(1000).fill(1)
  expect(effectiveSamples(yTrue, weights)).toMatchObject({ extreme: false, positives: 1 })
  weights[0] = 999 // balanced: worth 4 · 1 · 999 / 1000 samples
  const { all, extreme, negatives } = effectiveSamples(yTrue, weights)
  expect(all).toBeCloseTo(3.996, 9)
  expect(negatives).toBeCloseTo(999, 9)
  expect(extreme).toBe(true)
})
