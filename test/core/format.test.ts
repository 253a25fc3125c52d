import { describe, expect, it } from 'vitest'
import {
  formatMoney,
  formatMoneyWithInterval,
  formatNumber,
  formatTogether,
  formatWithInterval,
  withCurrency,
} from '#shared/core/format.ts'

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

describe('formatMoney', () => {
  it.each([
    [0, '€0'],
    [3.14159, '€3.14'],
    [41.23, '€41.2'],
    [999.4, '€999'],
    [999.6, '€1,000'],
    [6261, '€6,261'],
    [-44, '−€44'],
    [9994, '€9,994'],
    [43_960, '€44.0k'],
    [243_210, '€243k'],
    [999_400, '€999k'],
    [999_600, '€1.00M'],
    [-1_089_000, '−€1.09M'],
    [2.5e9, '€2.50bn'],
    [Infinity, '€∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatMoney(value, '€')).toBe(text)
  })

  it('writes bare numbers without a currency', () => {
    expect(formatMoney(243_210, null)).toBe('243,000')
    expect(formatMoneyWithInterval(3.14159, { lower: 0.41, upper: 5.93 }, null)).toBe(
      '3.14 [0.41, 5.93]',
    )
  })

  it('writes intervals in one manner', () => {
    expect(formatMoneyWithInterval(-3.14159, { lower: -5.93, upper: 0.41 }, '€')).toBe(
      '−€3.14 [−€5.93, €0.41]',
    )
    expect(formatMoneyWithInterval(12_345, { lower: 8_000, upper: 17_000 }, 'CHF')).toBe(
      'CHF\u00a012.3k [CHF\u00a08,000, CHF\u00a017.0k]',
    )
  })

  it('keeps words at a distance and symbols close, after the sign', () => {
    expect(withCurrency('−5', 'kr.')).toBe('−kr.\u00a05')
    expect(withCurrency('+5', '$')).toBe('+$5')
    expect(withCurrency('5', ' ')).toBe('5')
  })
})
