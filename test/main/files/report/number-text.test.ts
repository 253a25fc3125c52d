import { describe, expect, it } from 'vitest'
import {
  amountText,
  amountWithInterval,
  countText,
  durationText,
  fixedText,
  frequencyText,
  moneyText,
  percentInterval,
  percentText,
  plural,
  thresholdText,
  timeText,
} from '#main/files/report/number-text.ts'

const THIN = '\u202f'

describe('numbers of the report', () => {
  it('writes counts in full', () => {
    expect([0, 999, 1000, 5412, 1234567].map(countText)).toEqual([
      '0',
      '999',
      '1,000',
      '5,412',
      '1,234,567',
    ])
  })

  it('writes money with three significant digits, changes with their sign', () => {
    expect(moneyText(215_775)).toBe('216,000')
    expect(moneyText(6)).toBe('6')
    expect(moneyText(44.04, { sign: true })).toBe('+44')
    expect(moneyText(-1935, { sign: true })).toBe('\u22121,940')
    expect(moneyText(0, { sign: true })).toBe('0')
  })

  it('writes money in a currency with its symbol, and shortens it', () => {
    expect(moneyText(215_775, { currency: '€' })).toBe('€216k')
    expect(moneyText(-1935, { sign: true, currency: '€' })).toBe('\u2212€1,935')
    expect(moneyText(44.04, { sign: true, currency: '€' })).toBe('+€44')
    expect(amountText(2657.6, { currency: '£' })).toBe('£2,658')
    expect(
      amountWithInterval(3.14159, { lower: -0.4, upper: 5.93 }, { sign: true, currency: '€' }),
    ).toEqual(['+€3.14', '[\u2212€0.40, +€5.93]'])
  })

  it('gives an amount and its interval the same decimals', () => {
    expect(amountText(2657.6)).toBe('2,658')
    expect(amountWithInterval(3.14159, { lower: -0.4, upper: 5.93 }, { sign: true })).toEqual([
      '+3.14',
      '[\u22120.40, +5.93]',
    ])
    expect(amountWithInterval(12, null)).toEqual(['12.0', null])
  })

  it('writes frequencies with as many digits as say something', () => {
    expect([0.343, 3, 26.66, 294.2, 1234.5].map(frequencyText)).toEqual([
      '0.343',
      '3',
      '26.7',
      '294',
      '1,235',
    ])
  })

  it('writes shares in percent, small ones with more digits', () => {
    expect([0, 0.835, 0.0017, 1].map(percentText)).toEqual([
      `0.0${THIN}%`,
      `83.5${THIN}%`,
      `0.17${THIN}%`,
      `100.0${THIN}%`,
    ])
  })

  it('does not let rounding make a share whole', () => {
    expect(percentText(0.99996)).toBe(`>${THIN}99.9${THIN}%`)
  })

  it('writes intervals of shares without the sign', () => {
    expect(percentInterval({ lower: 0.8, upper: 0.866 })).toBe('[80.0, 86.6]')
    expect(percentInterval({ lower: 0.001, upper: 0.004 })).toBe('[0.10, 0.40]')
  })

  it.each([
    [0, '0'],
    [1, '1'],
    [0.5, '0.500'],
    [0.158_12, '0.158'],
    [0.040_816, '0.0408'],
    [0.003_333, '0.00333'],
    [0.999_87, '0.99987'],
    [2e-9, '2.00e\u22129'],
    [1.5, 'above 1 (no alert)'],
    [Infinity, 'above 1 (no alert)'],
  ])('writes the threshold %d as %s', (value, text) => {
    expect(thresholdText(value)).toBe(text)
  })

  it('never writes minus zero', () => {
    expect(fixedText(-0.001, 2)).toBe('0.00')
    expect(fixedText(-1.5, 2)).toBe('\u22121.50')
  })

  it('writes times and durations', () => {
    expect(timeText('2026-11-20T16:22:09.118Z')).toBe('20 Nov 2026, 16:22 UTC')
    expect(timeText('yesterday')).toBe('yesterday')
    expect(timeText('2026-13-20T16:22:09Z')).toBe('2026-13-20T16:22:09Z')
    expect([0.412, 59.94, 84.2, 3605].map(durationText)).toEqual([
      '0.412 s',
      '59.9 s',
      '1 min 24 s',
      '60 min 05 s',
    ])
    expect([plural(1, 'row'), plural(2, 'row')]).toEqual(['1 row', '2 rows'])
  })
})
