import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytes,
  cents,
  chance,
  count,
  dateTime,
  duration,
  interval,
  money,
  moneyInterval,
  percent,
  plain,
  points,
  rate,
  recently,
  threshold,
  wilson,
} from '../../src-renderer/format/numbers.ts'

const texts = (pairs: readonly (readonly [string, string])[]): void => {
  for (const [shown, wanted] of pairs) expect(shown).toBe(wanted)
}

describe('numbers', () => {
  it('shows counts in full', () => {
    texts([
      [count(5412), '5,412'],
      [count(-1_234_567), '−1,234,567'],
      [count(-0.4), '0'],
      [count(null), '–'],
      [count(NaN), '–'],
      [count(1e21), '1,000,000,000,000,000,000,000'],
    ])
  })

  it('shows totals of money with three significant digits', () => {
    texts([
      [money(243_400, '€'), '€243k'],
      [money(1_093_000, '€'), '€1.09M'],
      [money(6261.4, '€'), '€6,261'],
      [money(44_020, '€', { sign: true }), '+\u2060€44.0k'],
      [money(-196_000, '€'), '−\u2060€196k'],
      [money(9999.6, '€'), '€10.0k'],
      [money(999_600, '€'), '€1.00M'],
      [money(99_960, '€'), '€100k'],
      [money(400, '€'), '€400'],
      [money(0.425, '€'), '€0.42'],
      [money(6, 'CHF'), 'CHF\u00a06'],
      [money(6, null), '6'],
      [money(0, '€', { sign: true }), '€0'],
      [money(null, '€'), '–'],
      [money(Infinity, '€'), '€∞'],
      [moneyInterval(171_000, 315_000, '€'), '[€171k, €315k]'],
    ])
  })

  it('shows the money of one case to the cent', () => {
    texts([
      [cents(1284.5, '€'), '€1,284.50'],
      [cents(-3, '€'), '−\u2060€3.00'],
      [cents(-0.001, '€'), '€0.00'],
    ])
  })

  it('shows shares and their differences', () => {
    texts([
      [percent(0.835), '83.5\u202f%'],
      [percent(undefined), '–'],
      [points(0.12), '+12.0\u202fpp'],
      [points(-0.0321), '−3.2\u202fpp'],
      [points(0.0001), '0.0\u202fpp'],
      [chance(0.99999), '> 99.9\u202f%'],
      [chance(0.00001), '< 0.1\u202f%'],
      [chance(1), '100.0\u202f%'],
      [chance(0.5), '50.0\u202f%'],
    ])
  })

  it('shows metrics with their intervals', () => {
    texts([
      [rate(0.6149), '0.61'],
      [rate(0.0251, 3), '0.025'],
      [rate(-0.001), '0.00'],
      [interval(0.55, 0.67), '[0.55, 0.67]'],
      [interval(null, 0.67), '[–, 0.67]'],
    ])
  })

  it('shows thresholds with three significant digits', () => {
    texts([
      [threshold(0.158), '0.158'],
      [threshold(0.0408), '0.0408'],
      [threshold(0.0033), '0.00330'],
      [threshold(0.00031), '0.000310'],
      [threshold(0), '0'],
      [threshold(1), '1'],
      [threshold(Infinity), 'above all scores'],
      [threshold(4e-9), '4.00e−9'],
    ])
  })

  it('never rounds a threshold below 1 up to it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1 - 1e-12, noNaN: true }), (value) => {
        expect(Number(threshold(value))).toBeLessThan(1)
      }),
    )
  })

  it('shows numbers of a column', () => {
    texts([
      [plain(1234), '1,234'],
      [plain(123_456_789), '123,456,789'],
      [plain(0.001234567), '0.001235'],
      [plain(-2.5), '−2.5'],
      [plain(0), '0'],
      [plain(-0), '0'],
      [plain(1e-9), '1.000e−9'],
      [plain(2.5e20), '2.500e+20'],
      [plain(-Infinity), '−∞'],
      [plain(1e-6), '0.000001'],
    ])
  })

  it('shows spans, sizes and moments', () => {
    texts([
      [duration(0.04), '< 0.1 s'],
      [duration(0.42), '0.4 s'],
      [duration(3), '3 s'],
      [duration(40.4), '40 s'],
      [duration(59.7), '1 min'],
      [duration(3900), '1 h 5 min'],
      [duration(7199), '2 h'],
      [duration(86_400 * 3), '3 days'],
      [bytes(0), '0 bytes'],
      [bytes(412 * 2 ** 20), '412 MB'],
      [bytes(4 * 2 ** 30), '4 GB'],
      [bytes(1.5 * 2 ** 20), '1.5 MB'],
      [bytes(2 ** 20 - 1), '1 MB'],
      [dateTime(new Date(2026, 10, 20, 16, 2)), '20 Nov 2026, 16:02'],
      [dateTime('nonsense'), '–'],
      [recently(new Date(2026, 10, 20, 9, 41), new Date(2026, 10, 20, 23)), 'Today, 09:41'],
      [recently(new Date(2026, 10, 19, 9, 41), new Date(2026, 10, 20, 23)), '19 Nov 2026'],
    ])
  })

  it('knows nothing of a rate without trials', () => {
    expect(wilson(0, 0)).toEqual({ lower: 0, upper: 1 })
    // 411 of 492: 80.0 to 86.6 %.
    expect(wilson(411, 492).lower).toBeCloseTo(0.8, 3)
    expect(wilson(411, 492).upper).toBeCloseTo(0.866, 3)
  })

  it('shows no number as an empty text or with a bare minus', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const formats = [count, percent, points, rate, threshold, plain, duration, bytes]
        for (const format of formats) {
          expect(format(value)).not.toMatch(/^$|NaN|undefined|-\d|^−0(\.0*)?\s*%?$/)
        }
        expect(money(value, '€')).not.toMatch(/NaN|undefined|-\d/)
      }),
    )
  })
})
