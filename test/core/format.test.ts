import { describe, expect, it } from 'vitest'
import { formatNumber, formatTogether, formatWithInterval } from '#shared/core/format.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [41.23, '41.2'],
    [3.1, '3.1'],
    [3, '3'],
    [10, '10'],
    [100, '100'],
    [1234, '1,230'],
    [1_234_567, '1,230,000'],
    [999.6, '1,000'],
    [9.996, '10'],
    [-0.00123, '−0.00123'],
    [-1234.5, '−1,230'],
    [0.1 + 0.2, '0.3'],
    [1.5e-9, '0.0000000015'],
    [1.5e-30, '0'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [NaN, 'n/a'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })
})

it('writes numbers that are compared with the decimals of the largest', () => {
  expect(formatTogether(3.14159, 0.412, -5.926)).toEqual(['3.14', '0.41', '−5.93'])
  expect(formatTogether(12345.6, 1, -0.4)).toEqual(['12,346', '1', '0'])
  expect(formatWithInterval(-0.3, { lower: -2.1, upper: 1.42 })).toBe('−0.30 [−2.10, 1.42]')
})
