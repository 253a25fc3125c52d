import { describe, expect, it } from 'vitest'
import {
  hiddenPositiveRate,
  planControlSample,
} from '#shared/core/label-quality/hidden-positives.ts'
import { drawBinomial } from '#shared/core/math/binomial.ts'
import { createStream } from '#shared/core/math/random.ts'

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
