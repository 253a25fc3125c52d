import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { sortNumbers } from '#shared/core/math/sort-numbers.ts'

const stream = createStream(1, 'sort numbers')
const tables: Readonly<Record<string, (i: number) => number>> = {
  uniform: () => stream.uniform(),
  'of both signs': () => stream.uniform() - 0.5,
  'of all sizes': () => (stream.uniform() - 0.5) * 10 ** stream.below(300),
  'with few values': () => stream.below(5) - 2,
  'that agree in their leading bits': () => 1e9 + stream.uniform(),
  'that descend': (i) => -i,
  'with zeros of both signs, infinite and tiny ones': (i) =>
    [0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1, -1][i % 8]!,
  constant: () => 3,
}

describe('sortNumbers', () => {
  it.each(Object.keys(tables))('puts numbers in order: %s', (name) => {
    for (const n of [0, 1, 2, 2047, 2048, 10_000]) {
      const values = Float64Array.from({ length: n }, (_, i) => tables[name]!(i))
      expect(sortNumbers(values.slice())).toEqual(values.slice().sort())
    }
  })

  it('sorts a part of a buffer where it lies', () => {
    const whole = Float64Array.from({ length: 6001 }, () => stream.uniform())
    const before = whole.slice()
    const part = whole.subarray(1, 5001)
    expect(sortNumbers(part)).toBe(part)
    expect(whole).toEqual(
      Float64Array.of(before[0]!, ...before.slice(1, 5001).sort(), ...before.slice(5001)),
    )
  })
})
