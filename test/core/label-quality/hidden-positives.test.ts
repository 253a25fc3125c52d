import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { exactInterval, probabilityOfAtMost } from '#shared/core/label-quality/exact-interval.ts'
import {
  hiddenPositiveRate,
  planControlSample,
} from '#shared/core/label-quality/hidden-positives.ts'
import { drawBinomial } from '#shared/core/math/binomial.ts'
import { createStream } from '#shared/core/math/random.ts'

describe('exactInterval', () => {
  it.each([
    // scipy 1.10.1: binomtest(k, n).proportion_ci(0.95, method='exact')
    [0, 200, 0, 0.018275340355148807],
    [1, 200, 0.0001265810280094039, 0.027541898457558386],
    [5, 500, 0.003254721407030504, 0.023181388069659612],
    [4, 2000, 0.0005451931252070058, 0.005112808605346166],
    [25, 500, 0.03261518014932359, 0.0729276216504791],
    [250, 500, 0.45528556932422715, 0.5447144306757727],
    [500, 500, 0.9926493899480923, 1],
  ])('of %i of %i is that of scipy', (successes, trials, lower, upper) => {
    const interval = exactInterval(successes, trials, 0.95)!
    expect(interval.lower).toBeCloseTo(lower, 11)
    expect(interval.upper).toBeCloseTo(upper, 11)
  })

  it('mirrors when successes and failures change places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (trials, draw) => {
        const successes = draw % (trials + 1)
        const one = exactInterval(successes, trials, 0.9)!
        const other = exactInterval(trials - successes, trials, 0.9)!
        expect(one.lower).toBeCloseTo(1 - other.upper, 10)
        expect(one.lower).toBeLessThanOrEqual(successes / trials)
        expect(one.upper).toBeGreaterThanOrEqual(successes / trials)
      }),
      { numRuns: 50 },
    )
  })

  it('knows nothing without trials and refuses the impossible', () => {
    expect(exactInterval(0, 0, 0.95)).toBeNull()
    expect(() => exactInterval(3, 2, 0.95)).toThrow('successes')
    expect(() => exactInterval(1, 2, 1)).toThrow('level')
  })
})

describe('probabilityOfAtMost', () => {
  it('sums the terms of the distribution', () => {
    const terms = [0.3 ** 0 * 0.7 ** 5, 5 * 0.3 * 0.7 ** 4, 10 * 0.09 * 0.7 ** 3]
    expect(probabilityOfAtMost(2, 5, 0.3)).toBeCloseTo(terms[0]! + terms[1]! + terms[2]!, 14)
  })

  it('holds far out in the tails of many trials', () => {
    // scipy 1.10.1: binom.cdf(50000, 100000, 0.5)
    expect(probabilityOfAtMost(50_000, 100_000, 0.5)).toBeCloseTo(0.501261563107098, 9)
    expect(probabilityOfAtMost(100_000, 100_000, 0.5)).toBe(1)
    expect(probabilityOfAtMost(0, 100_000, 0.5)).toBe(0)
  })
})

/** Reviews that are simulated at each setting, of the sizes and rates that reviews really have. */
const REVIEWS = 2000

describe('hiddenPositiveRate', () => {
  it.each([
    [200, 0.005],
    [500, 0.01],
    [2000, 0.002],
    [500, 0.05],
  ])('covers the true rate of a control sample of %i at %f', (reviewed, rate) => {
    const stream = createStream(11, 'control sample', reviewed)
    let covered = 0
    for (let review = 0; review < REVIEWS; review++) {
      const found = drawBinomial(reviewed, rate, stream)
      const { interval } = hiddenPositiveRate([{ size: 1_000_000, reviewed, found }], 0.95)
      if (interval!.lower <= rate && rate <= interval!.upper) covered++
    }
    expect(covered / REVIEWS).toBeGreaterThanOrEqual(0.94)
  })

  it('covers within strata too', () => {
    const stream = createStream(12, 'strata')
    const rates = [0.3, 0.002] as const
    const truth = 0.02 * rates[0] + 0.98 * rates[1]
    let covered = 0
    for (let review = 0; review < REVIEWS; review++) {
      const { interval } = hiddenPositiveRate(
        [
          { size: 2000, reviewed: 100, found: drawBinomial(100, rates[0], stream) },
          { size: 98_000, reviewed: 400, found: drawBinomial(400, rates[1], stream) },
        ],
        0.95,
      )
      if (interval!.lower <= truth && truth <= interval!.upper) covered++
    }
    expect(covered / REVIEWS).toBeGreaterThanOrEqual(0.95)
  })

  it('is certain of what was judged whole', () => {
    const { rate, interval, count } = hiddenPositiveRate(
      [{ size: 50, reviewed: 50, found: 5 }],
      0.95,
    )
    expect(rate).toBe(0.1)
    expect(interval).toMatchObject({ lower: 0.1, upper: 0.1 })
    expect(count).toBeCloseTo(5, 12)
  })

  it('knows nothing of a stratum without reviews, and says so', () => {
    const { rate, interval } = hiddenPositiveRate(
      [
        { size: 50, reviewed: 50, found: 5 },
        { size: 50, reviewed: 0, found: 0 },
      ],
      0.95,
    )
    expect(rate).toBeNull()
    expect(interval).toMatchObject({ lower: 0.05, upper: 0.55 })
    expect(hiddenPositiveRate([], 0.95).interval).toBeNull()
    expect(() => hiddenPositiveRate([{ size: 1, reviewed: 2, found: 0 }], 0.95)).toThrow('found')
  })
})

describe('planControlSample', () => {
  it('spends all at random where nothing sticks out', () => {
    const { sizes, draws } = planControlSample(new Float64Array(10_000).fill(0.01), 500, 0.95)
    expect(sizes).toEqual([10_000])
    expect(draws).toEqual([500])
  })

  it('judges the doubtful ones whole where they hold most of what is hidden', () => {
    const expected = Float64Array.from({ length: 2000 }, (_, i) => (i < 100 ? 0.5 : 0))
    const { sizes, draws, expectedWidth } = planControlSample(expected, 500, 0.95)
    expect(sizes.length).toBe(2)
    expect(draws[0]).toBe(sizes[0])
    const plain = hiddenPositiveRate([{ size: 2000, reviewed: 500, found: 13 }], 0.95).interval!
    expect(expectedWidth).toBeLessThan(plain.upper - plain.lower)
  })

  it('judges everything where the budget allows it', () => {
    expect(planControlSample(new Float64Array(3), 10, 0.95).draws).toEqual([3])
  })
})
