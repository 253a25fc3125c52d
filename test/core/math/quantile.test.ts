import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quantileSorted } from '#shared/core/math/quantile.ts'

it('interpolates as numpy.percentile does by default', () => {
  const sorted = [1, 2, 4, 8]
  const got = [0, 0.1, 0.5, 0.9, 1].map((q) => quantileSorted(sorted, q))
  expect(got).toEqual([1, 1.3, 3, 6.800000000000001, 8]) // np.quantile(sorted, q)
  expect(quantileSorted([3], 0.7)).toBe(3)
})

it('lies between its neighbours and never falls', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 2,
    maxLength: 2,
  })
  fc.assert(
    fc.property(values, shares, (items, [a, b]) => {
      const sorted = Float64Array.from(items).sort()
      const [low, high] = a! < b! ? [a!, b!] : [b!, a!]
      expect(quantileSorted(sorted, low)).toBeLessThanOrEqual(quantileSorted(sorted, high))
      expect(quantileSorted(sorted, low)).toBeGreaterThanOrEqual(sorted[0]!)
      expect(quantileSorted(sorted, high)).toBeLessThanOrEqual(sorted.at(-1)!)
    }),
  )
})

it('refuses what has no quantile', () => {
  expect(() => quantileSorted([], 0.5)).toThrow('at least one value')
  expect(() => quantileSorted([1], 1.1)).toThrow('q must lie in [0, 1], got 1.1')
})
