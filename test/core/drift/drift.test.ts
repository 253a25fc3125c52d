import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { chiSquareTest, fisherExactTest } from '#shared/core/drift/contingency.ts'
import { kolmogorovSmirnov } from '#shared/core/drift/kolmogorov-smirnov.ts'
import { mannWhitney } from '#shared/core/drift/mann-whitney.ts'
import { blackBoxShift, estimatePrior } from '#shared/core/drift/prior-shift.ts'
import {
  countInBins,
  driftEdges,
  jensenShannon,
  jensenShannonDistance,
  populationStability,
  totalVariation,
} from '#shared/core/drift/share-distances.ts'
import { scaledWasserstein, wassersteinDistance } from '#shared/core/drift/wasserstein.ts'

const numbers = fc
  .array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 7 })
  .map((values) => Float64Array.from(values))

/** Every way to say which of the pooled values are the reference. */
function relabellings(n: number, m: number): number[][] {
  const ways: number[][] = []
  const choose = (start: number, chosen: readonly number[]): void => {
    if (chosen.length === n) ways.push([...chosen])
    else for (let i = start; i < n + m; i++) choose(i + 1, [...chosen, i])
  }
  choose(0, [])
  return ways
}

describe('kolmogorovSmirnov', () => {
  it('has the p-value of all relabellings of different values', () => {
    for (const [n, m] of [
      [1, 1],
      [3, 5],
      [4, 4],
      [6, 3],
    ] as const) {
      const pool = Array.from({ length: n + m }, (_, i) => i)
      const statistics = relabellings(n, m).map((chosen) => {
        const rest = pool.filter((i) => !chosen.includes(i))
        return kolmogorovSmirnov(Float64Array.from(chosen), Float64Array.from(rest))
      })
      for (const { statistic, pValue } of statistics) {
        const extreme = statistics.filter((other) => other.statistic >= statistic - 1e-12).length
        expect(pValue).toBeCloseTo(extreme / statistics.length, 12)
      }
    }
  })

  it('finds the largest gap of the two functions, wherever the sides stand', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const share = (values: Float64Array, at: number): number =>
          values.filter((value) => value <= at).length / values.length
        const gaps = [...a, ...b].map((at) => Math.abs(share(a, at) - share(b, at)))
        const got = kolmogorovSmirnov(a, b)
        const swapped = kolmogorovSmirnov(b, a)
        expect(got.statistic).toBeCloseTo(Math.max(...gaps), 12)
        expect(swapped.statistic).toBeCloseTo(got.statistic, 12)
        expect(swapped.pValue).toBeCloseTo(got.pValue, 12)
        expect(Math.abs(share(a, got.location) - share(b, got.location))).toBeCloseTo(
          got.statistic,
          12,
        )
      }),
    )
  })

  it('is nearly the same either way on large samples', () => {
    const stream = createStream(1, 'ks')
    const draw = (shift: number): Float64Array =>
      Float64Array.from({ length: 4000 }, () => stream.uniform() + shift)
    const [a, b] = [draw(0), draw(0.02)]
    const exact = kolmogorovSmirnov(a, b, 'exact').pValue
    expect(kolmogorovSmirnov(a, b, 'asymptotic').pValue / exact).toBeCloseTo(1, 1)
    expect(() => kolmogorovSmirnov(new Float64Array(0), a)).toThrow('reference must hold at least')
  })
})

describe('distances', () => {
  it('are 0 between equals, symmetric, and within their bounds', () => {
    const counts = fc
      .array(fc.nat(9), { minLength: 5, maxLength: 5 })
      .filter((c) => c.some(Boolean))
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        for (const distance of [populationStability, jensenShannon, totalVariation]) {
          expect(distance(a, a).value).toBe(0)
          const value = distance(a, b).value!
          expect(value).toBeGreaterThanOrEqual(0)
          expect(distance(b, a).value).toBeCloseTo(value, 12)
        }
        expect(totalVariation(a, b).value).toBeLessThanOrEqual(1 + 1e-12)
        expect(jensenShannonDistance(a, b).value).toBeLessThanOrEqual(1)
      }),
    )
    expect(populationStability([0, 0], [1, 2]).value).toBeNull()
    expect(() => populationStability([1], [1, 2])).toThrow('a count for every bin, got 1 and 2')
  })

  it('Wasserstein: a shift is its own size, pairs are matched in order', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -9, max: 9 }), (values, shift) => {
        const moved = values.map((value) => value + shift)
        expect(wassersteinDistance(values, moved)).toBeCloseTo(Math.abs(shift), 12)
        const other = values.map((value, i) => value * 2 - i)
        const [a, b] = [values.toSorted(), other.toSorted()]
        const matched = a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
        expect(wassersteinDistance(values, other)).toBeCloseTo(matched, 12)
      }),
    )
    expect(scaledWasserstein(Float64Array.of(2, 2), Float64Array.of(3)).reason).toContain(
      'one value',
    )
  })

  it('bins by deciles of the reference, closed on the right', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i)
    const edges = driftEdges(values, 'decile')
    expect([...edges]).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90])
    expect([...countInBins(values, edges)]).toEqual([11, 10, 10, 10, 10, 10, 10, 10, 10, 10])
    expect(driftEdges(Float64Array.of(3, 3), 'width')).toHaveLength(0)
  })
})

describe('counts', () => {
  it('Fisher: the p-value of all tables with the same margins', () => {
    const choose = (n: number, k: number): number => {
      let product = 1
      for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i
      return k < 0 || k > n ? 0 : product
    }
    const cell = fc.nat(6)
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const test = fisherExactTest([a, b], [c, d])
        if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) {
          expect(test).toBeNull()
          return
        }
        const probability = (x: number): number =>
          (choose(a + b, x) * choose(c + d, a + c - x)) / choose(a + b + c + d, a + c)
        let p = 0
        for (let x = 0; x <= a + c; x++) {
          if (probability(x) <= probability(a) * (1 + 1e-9)) p += probability(x)
        }
        expect(test!.pValue).toBeCloseTo(Math.min(1, p), 10)
      }),
    )
  })

  it('chi-square: grows with the difference, null where there is nothing to compare', () => {
    expect(chiSquareTest([10, 20], [20, 40])!.statistic).toBeCloseTo(0, 12)
    expect(chiSquareTest([10, 20], [20, 10])!.pValue).toBeLessThan(0.05)
    expect(chiSquareTest([3, 2], [4, 1])!.isWellFilled).toBe(false)
    expect(chiSquareTest([5, 0], [7, 0])).toBeNull()
    expect(() => chiSquareTest([1, -1], [1, 1])).toThrow('at least 0, got -1')
  })

  it('Mann-Whitney counts pairs', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        let pairs = 0
        for (const x of a) for (const y of b) pairs += x > y ? 1 : x === y ? 0.5 : 0
        const test = mannWhitney(a, b)
        if (new Set([...a, ...b]).size === 1) expect(test).toBeNull()
        else expect(test!.u).toBeCloseTo(pairs, 12)
      }),
    )
  })
})

describe('prior shift', () => {
  /** Labels at a prevalence, with the calibrated probability of a world of prevalence 0.1. */
  function world(prevalence: number, n: number): { y: Uint8Array; p: Float64Array } {
    const stream = createStream(5, 'world', Math.round(prevalence * 1000))
    const y = new Uint8Array(n)
    const p = Float64Array.from(y, (_, i) => {
      y[i] = stream.uniform() < prevalence ? 1 : 0
      // Positives are twice as often in the upper of two strata per half: ratios 6 and ¼.
      const isHigh = stream.uniform() < (y[i] === 1 ? 0.8 : 0.2)
      const odds = (0.1 / 0.9) * (isHigh ? 4 : 0.25)
      return odds / (1 + odds)
    })
    return { y, p }
  }

  it.each([0.02, 0.1, 0.4])('both ways find prevalence %d within its noise', (prevalence) => {
    const old = world(0.1, 20_000)
    const fresh = world(prevalence, 20_000)
    const called = (p: Float64Array): Uint8Array => Uint8Array.from(p, (v) => (v > 0.2 ? 1 : 0))
    const em = estimatePrior(fresh.p, 0.1)
    expect(em.converged).toBe(true)
    expect(Math.abs(em.prevalence - prevalence)).toBeLessThan(0.025)
    const shift = blackBoxShift(old.y, called(old.p), called(fresh.p))!
    expect(Math.abs(shift.prevalence - prevalence)).toBeLessThan(0.025)
    const mean = em.posterior.reduce((sum, q) => sum + q, 0) / em.posterior.length
    expect(mean).toBeCloseTo(em.prevalence, 10)
  })

  it('weights stand for repetition', () => {
    const p = Float64Array.of(0.1, 0.4, 0.7)
    const weighted = estimatePrior(p, 0.2, Float64Array.of(1, 0, 2))
    const repeated = estimatePrior(Float64Array.of(0.1, 0.7, 0.7), 0.2)
    expect(weighted.prevalence).toBeCloseTo(repeated.prevalence, 12)
  })

  it('says when nothing can be said', () => {
    expect(
      blackBoxShift(Uint8Array.of(0, 1, 0, 1), Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1)),
    ).toBeNull()
    expect(blackBoxShift(Uint8Array.of(0, 0), Uint8Array.of(1, 0), Uint8Array.of(1))).toBeNull()
    expect(() => estimatePrior(Float64Array.of(1.2), 0.1)).toThrow('must lie in [0, 1], got 1.2')
  })
})
