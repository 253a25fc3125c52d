import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BLOCK,
  PASS,
  REVIEW,
  bayesThreeWay,
  solveThreeWay,
} from '#shared/core/decision/three-way.ts'

const costs = { truePositive: 0, falsePositive: 20, trueNegative: 0, falseNegative: 50 }
const review = { costPerReview: 2, recall: 1, specificity: 1, maxShare: 1 }

describe('solveThreeWay', () => {
  it('is the cheapest of all pairs of cuts that the headcount can work', () => {
    const share = fc.integer({ min: 0, max: 4 }).map((quarters) => quarters / 4)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1), fc.nat(9), fc.integer({ min: 1, max: 3 })), {
          minLength: 1,
          maxLength: 14,
        }),
        fc.record({
          costPerReview: fc.integer({ min: 0, max: 8 }),
          recall: share,
          specificity: share,
          maxShare: share,
        }),
        fc.constantFrom(null, 0.5, 0.9),
        (rows, terms, minBlockPrecision) => {
          const total = rows.reduce((sum, [, , weight]) => sum + weight, 0)
          const cuts = [Infinity, ...new Set(rows.map(([, score]) => score))].sort((a, b) => b - a)
          let least = Infinity
          for (const block of cuts) {
            const blocked = rows.filter(([, score]) => score >= block)
            const weightOf = (among: typeof rows): number =>
              among.reduce((sum, [, , weight]) => sum + weight, 0)
            const right = weightOf(blocked.filter(([y]) => y === 1))
            if (minBlockPrecision !== null && right < minBlockPrecision * weightOf(blocked))
              continue
            for (const look of cuts.filter((cut) => cut <= block)) {
              const seen = rows.filter(([, score]) => score < block && score >= look)
              if (weightOf(seen) > terms.maxShare * total + 1e-9) continue
              const cost = rows.reduce((sum, [y, score, weight]) => {
                if (score >= block) return sum + weight * (y === 1 ? 0 : 20)
                if (score < look) return sum + weight * (y === 1 ? 50 : 0)
                const after = y === 1 ? (1 - terms.recall) * 50 : (1 - terms.specificity) * 20
                return sum + weight * (terms.costPerReview + after)
              }, 0)
              least = Math.min(least, cost)
            }
          }
          const point = solveThreeWay({
            yTrue: Uint8Array.from(rows, ([y]) => y),
            probabilities: Float64Array.from(rows, ([, score]) => score),
            weights: Float64Array.from(rows, ([, , weight]) => weight),
            costs,
            review: terms,
            minBlockPrecision,
          })
          expect(point.meanCost).toBeCloseTo(least / total, 9)
          expect(point.reviewShare).toBeLessThanOrEqual(terms.maxShare + 1e-9)
          expect(point.reviewFrom).toBeLessThanOrEqual(point.blockFrom)
          expect(point.withoutReview.meanCost).toBeGreaterThanOrEqual(point.meanCost - 1e-9)
        },
      ),
    )
  })

  it('fills the headcount and says that more would help', () => {
    const yTrue = Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 0, 0, 0)
    const probabilities = Float64Array.from(yTrue, (_, i) => 1 - i / 10)
    const at = (maxShare: number) =>
      solveThreeWay({
        yTrue,
        probabilities,
        weights: null,
        costs,
        review: { ...review, maxShare },
      })
    expect(at(0).reviewShare).toBe(0)
    expect(at(0).meanCost).toBeCloseTo(at(0).withoutReview.meanCost, 12)
    expect(at(0.2)).toMatchObject({ headcountBinds: true })
    expect(at(1)).toMatchObject({ headcountBinds: false, recall: 1 })
    expect(at(1).meanCost).toBeLessThan(at(0.2).meanCost)
  })
})

describe('bayesThreeWay', () => {
  it('decides each case for what it costs', () => {
    // Review costs 2. Passing costs 50 p, cheaper below 0.04; blocking 20 (1 − p), from 0.9 on.
    const decided = bayesThreeWay(Float64Array.of(0.03, 0.04, 0.05, 0.89, 0.91), costs, review)
    expect([...decided]).toEqual([PASS, PASS, REVIEW, REVIEW, BLOCK])
  })

  it('leaves reviews out when they cost more than they are worth', () => {
    const dear = { ...review, costPerReview: 30 }
    const decided = bayesThreeWay(Float64Array.of(0.1, 0.5, 0.9), costs, dear)
    expect([...decided]).toEqual([PASS, BLOCK, BLOCK])
    expect(() => bayesThreeWay(Float64Array.of(0.5), costs, { ...review, recall: 2 })).toThrow(
      'review.recall must lie in [0, 1], got 2',
    )
  })
})
