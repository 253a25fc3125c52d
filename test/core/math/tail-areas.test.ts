import { expect, it } from 'vitest'
import { chiSquareTail, studentTails } from '#shared/core/math/tail-areas.ts'

const within = (got: number, want: number, tolerance: number): void => {
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance * want)
}

// scipy 1.10.1: stats.chi2.sf(x, degrees)
it.each([
  [0.5, 1, 0.47950012218695337],
  [10, 5, 0.07523524614651217],
  [250, 3, 6.543750030967994e-54],
  [1500, 1000, 1.0454640385980825e-22],
  [0.001, 4, 0.9999998750416589],
  [80, 100, 0.9296649333406051],
])('chi-square beyond %f with %i degrees', (x, degrees, want) => {
  within(chiSquareTail(x, degrees), want, 1e-10)
})

// scipy 1.10.1: 2 * stats.t.sf(abs(t), degrees)
it.each([
  [1, 1, 0.49999999999999956],
  [0.1, 3, 0.9266523488008058],
  [2.5, 10, 0.031446844236608776],
  [-6.9, 998, 9.2273495803031e-12],
  [0.001, 50, 0.9992060947755017],
  [40, 5, 1.8411962171772952e-7],
  [12, 200_000, 3.647523700755828e-33],
])('t beyond %f with %i degrees', (t, degrees, want) => {
  within(studentTails(t, degrees), want, 1e-9)
})

it('knows the ends, and refuses what is none', () => {
  expect(chiSquareTail(0, 3)).toBe(1)
  expect(chiSquareTail(Infinity, 3)).toBe(0)
  expect(studentTails(0, 7)).toBe(1)
  expect(studentTails(-Infinity, 7)).toBe(0)
  expect(() => chiSquareTail(-1, 3)).toThrow(RangeError)
  expect(() => chiSquareTail(1, 0)).toThrow(RangeError)
  expect(() => studentTails(NaN, 3)).toThrow(RangeError)
})
