import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitIsotonic, predictIsotonic } from '#shared/core/calibration/isotonic.ts'

interface Point {
  readonly x: number
  readonly y: number
  readonly weight: number
}

/** Coarse numbers, so that ties and equal means come up. */
const point: fc.Arbitrary<Point> = fc.record({
  x: fc.integer({ min: -4, max: 4 }),
  y: fc.integer({ min: 0, max: 3 }),
  weight: fc.integer({ min: 1, max: 3 }),
})
const points = fc.array(point, { minLength: 1, maxLength: 25 })

const fitOf = (sample: readonly Point[]) =>
  fitIsotonic(
    Float64Array.from(sample, ({ x }) => x),
    sample.map(({ y }) => y),
    Float64Array.from(sample, ({ weight }) => weight),
  )

/**
 * The fit at every distinct x by its closed form: the largest, over starts up to here, of the
 * smallest, over ends from here, of the weighted means in between.
 */
function minMaxFit(sample: readonly Point[]): Map<number, number> {
  const xs = [...new Set(sample.map(({ x }) => x))].sort((a, b) => a - b)
  const meanBetween = (from: number, to: number): number => {
    const inside = sample.filter(({ x }) => x >= from && x <= to)
    const weight = inside.reduce((sum, p) => sum + p.weight, 0)
    return inside.reduce((sum, p) => sum + p.weight * p.y, 0) / weight
  }
  return new Map(
    xs.map((here) => {
      const starts = xs.filter((x) => x <= here)
      const ends = xs.filter((x) => x >= here)
      return [
        here,
        Math.max(...starts.map((from) => Math.min(...ends.map((to) => meanBetween(from, to))))),
      ]
    }),
  )
}

describe('fitIsotonic', () => {
  it('agrees with the min-max formula', () => {
    fc.assert(
      fc.property(points, (sample) => {
        const fit = fitOf(sample)
        for (const [x, want] of minMaxFit(sample)) {
          expect(predictIsotonic(fit, Float64Array.of(x))[0]).toBeCloseTo(want, 10)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the ends of blocks as knots and nothing between', () => {
    const fit = fitIsotonic(Float64Array.of(4, 1, 2, 3, 5), [0, 1, 0, 1, 2], null)
    // 1 pools with 2 (mean ½), 3 with 4 (mean ½): one block from 1 to 4.
    expect([...fit.x]).toEqual([1, 4, 5])
    expect([...fit.y]).toEqual([0.5, 0.5, 2])
  })

  it('takes a weight for so many repetitions, and none for absence', () => {
    fc.assert(
      fc.property(points, fc.array(point, { maxLength: 3 }), (sample, absent) => {
        const repeated = sample.flatMap((p) => new Array<Point>(p.weight).fill({ ...p, weight: 1 }))
        const withAbsent = [...absent.map((p) => ({ ...p, weight: 0 })), ...sample]
        expect(fitOf(repeated)).toEqual(fitOf(sample))
        expect(fitOf(withAbsent)).toEqual(fitOf(sample))
      }),
    )
  })

  it('refuses what is not a number or has no weight', () => {
    expect(() => fitIsotonic(Float64Array.of(NaN), [1], null)).toThrow('x and y must be finite')
    expect(() => fitIsotonic(Float64Array.of(1), [Infinity], null)).toThrow(RangeError)
    expect(() => fitIsotonic(Float64Array.of(1), [1], Float64Array.of(0))).toThrow('got none')
    expect(() => fitIsotonic(new Float64Array(0), [], null)).toThrow('got none')
    expect(() => fitIsotonic(Float64Array.of(1), [1], Float64Array.of(-1))).toThrow('got -1 at 0')
    expect(() => fitIsotonic(Float64Array.of(1, 2), [1], null)).toThrow('got 2, 1 and none')
  })
})

describe('predictIsotonic', () => {
  it('is constant outside the knots and never decreases', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 }),
        fc.array(number),
        (pairs, queries) => {
          const fit = fitIsotonic(
            Float64Array.from(pairs, ([x]) => x),
            pairs.map(([, y]) => y),
            null,
          )
          const sorted = Float64Array.from([-1e10, ...queries, ...fit.x, 1e10]).sort()
          const predicted = predictIsotonic(fit, sorted)
          expect(predicted).toEqual(predicted.toSorted())
          expect(predicted[0]).toBe(fit.y[0])
          expect(predicted.at(-1)).toBe(fit.y.at(-1))
          expect(predictIsotonic(fit, fit.x)).toEqual(fit.y)
        },
      ),
    )
  })
})
