import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyText } from '#main/files/csv/decimal-text.ts'
import { NumberScanner } from '#main/files/csv/scan-number.ts'

const scanner = new NumberScanner()

/** What the scanner makes of a text, or null where it hands it back or stops short of the end. */
function scan(text: string, point = '.'): number | null {
  const value = scanner.scan(new TextEncoder().encode(`${text}\0`), 0, point.charCodeAt(0))
  return Number.isNaN(value) || scanner.end !== text.length ? null : value
}

/** Asserts that a scanned text is what Number() reads, to the bit; returns whether it was scanned. */
function agrees(text: string): boolean {
  const value = scan(text)
  if (value === null) return false
  if (!Object.is(value, Number(text)))
    expect(`${text} → ${value}`).toBe(`${text} → ${Number(text)}`)
  return true
}

const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    minLength: 0,
    maxLength: count,
  })

describe('NumberScanner', () => {
  it('reads doubles in every format exactly as Number does', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(16),
        (value, places) => {
          for (const text of [
            String(value),
            value.toExponential(),
            value.toExponential(places),
            value.toPrecision(places + 1),
            (value % 1e9).toFixed(places),
          ]) {
            agrees(text)
          }
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('reads any string of digits, point and exponent exactly or not at all', () => {
    const literal = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits(12),
        fc.constantFrom('', '.'),
        digits(20),
        fc.oneof(
          fc.constant(''),
          fc.tuple(fc.constantFrom('e', 'E', 'e-', 'E+'), digits(4)).map((parts) => parts.join('')),
        ),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(literal, (text) => {
        if (agrees(text)) expect(classifyText(text).kind).toBe('number')
      }),
      { numRuns: 5000 },
    )
  })

  it('reads 17-digit numbers of ordinary size without help', () => {
    let scanned = 0
    fc.assert(
      fc.property(fc.double({ min: -999, max: 999, noNaN: true }), (value) => {
        const text = (value * (1 + 2 ** -40)).toFixed(15)
        if (agrees(text)) scanned++
      }),
      { numRuns: 1000 },
    )
    expect(scanned).toBeGreaterThan(990)
  })

  it('is exact next to the midpoint of two doubles', () => {
    // From 2^51 on neighbours lie 1/2 apart and midpoints end in .25 or .75, from 2^52 on in .5.
    // Each is tried as it is, which must round to even, and one unit of the 18th digit beside it.
    let handedBack = 0
    for (let k = 0; k < 3000; k++) {
      const lower = String(2n ** 51n + BigInt(k) * 750_599_937_895n)
      const upper = String(2n ** 52n + BigInt(k) * 1_501_199_875_790n)
      for (const end of ['24', '25', '26', '74', '75', '76']) {
        if (!agrees(`${lower}.${end}`)) handedBack++
      }
      for (const end of ['49', '5', '50', '51']) if (!agrees(`${upper}.${end}`)) handedBack++
      for (const end of ['4', '5', '6']) agrees(`${upper.slice(0, -1)}.${upper.slice(-1)}${end}`)
    }
    // Only the midpoints themselves: two of each first kind, the two spellings of the second.
    expect(handedBack).toBe(4 * 3000)
  })

  it('keeps the sign of zero', () => {
    expect(scan('-0')).toBe(-0)
    expect(scan('-0.000')).toBe(-0)
    expect(scan('+0')).toBe(0)
  })

  it('hands back what needs care and what is no number', () => {
    for (const text of [
      '',
      '-',
      '.',
      'e5',
      '1e',
      '1e400',
      '007',
      '-01',
      '0x10',
      'Infinity',
      '1 ',
      '1,5',
    ]) {
      expect([text, scan(text)]).toEqual([text, null])
    }
  })

  it('reads decimal commas between digits only', () => {
    expect(scan('1,5', ',')).toBe(1.5)
    expect(scan('-12,25', ',')).toBe(-12.25)
    expect(scan('3', ',')).toBe(3)
    for (const text of [',5', '5,', '1,5e3', '1.5'])
      expect([text, scan(text, ',')]).toEqual([text, null])
  })
})
