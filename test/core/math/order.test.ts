import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argsortAscending, argsortDescending } from '#shared/core/math/order.ts'

const POOL = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-310,
  -1e-310,
  Infinity,
  -Infinity,
  NaN,
  5e-324,
  0.30000000000000004,
]

/** What the functions promise, by comparisons alone; NaN last either way. */
function plainOrder(values: Float64Array, direction: 1 | -1): number[] {
  return [...values.keys()].sort((i, j) => {
    const a = values[i]!
    const b = values[j]!
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return a === b ? 0 : direction * (a - b > 0 ? 1 : -1)
  })
}

describe('argsort', () => {
  const value = fc.oneof(fc.constantFrom(...POOL), fc.double())
  // On both sides of the length from which radix sorting is used.
  for (const [minLength, maxLength, numRuns] of [
    [0, 40, 100],
    [512, 900, 30],
  ] as const) {
    it(`orders ${minLength} to ${maxLength} values with ties in place and NaN last`, () => {
      fc.assert(
        fc.property(fc.array(value, { minLength, maxLength, size: 'max' }), (items) => {
          const values = Float64Array.from(items)
          expect([...argsortAscending(values)]).toEqual(plainOrder(values, 1))
          expect([...argsortDescending(values)]).toEqual(plainOrder(values, -1))
        }),
        { numRuns },
      )
    })
  }

  it('orders long arrays on which most digits agree', () => {
    const values = Float64Array.from({ length: 3000 }, (_, i) => 1 + ((i * 7919) % 3000) / 4096)
    expect([...argsortAscending(values)]).toEqual(plainOrder(values, 1))
    expect([...argsortDescending(new Float64Array(3000).fill(0.25))]).toEqual([
      ...Array(3000).keys(),
    ])
  })
})
