/**
 * Reads decimal numbers out of bytes, as exactly as `Number()` and much faster.
 *
 * `Number()` returns the double nearest to the decimal, ties to even. A decimal with D significant
 * digits and `scale` places after the point is N / 10^scale with an integer N < 10^D. Three cases:
 *
 * 1. N < 2^53 and scale ≤ 22: N and 10^scale are doubles without error, and one IEEE division (or
 *    multiplication, for a negative scale) rounds once. That is the answer.
 * 2. N up to 18 digits, 1 ≤ scale ≤ 22: N is kept as high · 10^m + low, both parts below 10^9. The
 *    quotient is computed as q + correction with a relative error near 2^-103 (`divideWide`). If
 *    q + correction rounds to the same double when the correction is a little larger and a little
 *    smaller, that double is the answer (Ziv's test).
 * 3. Everything else, some one value in 10^12 of case 2 included, is handed back as NaN, and the
 *    caller asks `Number()` itself.
 *
 * Digits are gathered nine at a time in 32-bit integers, because integer arithmetic has a shorter
 * latency than floating point and this loop is where reading a numeric file spends its time.
 *
 * Source: Clinger (1990), "How to Read Floating Point Numbers Accurately" (case 1); Dekker (1971),
 * "A Floating-Point Technique for Extending the Available Precision" (exact product and quotient);
 * Ziv (1991), "Fast Evaluation of Elementary Mathematical Functions with Correctly Rounded Last
 * Bit" (the test).
 */
const ZERO = 48
const MINUS = 45
const PLUS = 43
const COMMA = 44
const LOWER_E = 101

const SPLITTER = 134217729 // 2^27 + 1 cuts a double into two halves of 26 bits
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const powersHigh = powersOfTen.map(upperHalf)
const powersLow = powersOfTen.map((power, exponent) => power - powersHigh[exponent]!)

export class NumberScanner {
  /** Where the last number ended: the index of the first byte after it. */
  end = 0

  /**
   * Reads the number that starts at `start`.
   *
   * @param bytes  Must hold some byte that is not a digit after the number.
   * @param point  The decimal point: 46 ('.'), or 44 (',') for numbers such as 1,5, which then
   *   need a digit on both sides of the comma and take no exponent.
   * @returns The value, or NaN where no number starts or the careful way is needed: leading zeros,
   *   integers beyond 2^53, overflow, more than 18 digits, an undecided rounding. `end` only means
   *   something when the result is not NaN.
   */
  scan(bytes: Uint8Array, start: number, point: number): number {
    let i = start
    const first = bytes[i]!
    if (first === MINUS || first === PLUS) i++

    const integerStart = i
    let high = 0
    let digit = 0
    while ((digit = bytes[i]! ^ ZERO) < 10) {
      high = (Math.imul(high, 10) + digit) | 0
      i++
    }
    const nInteger = i - integerStart
    let low = 0
    let nLow = 0
    if (nInteger > 1) {
      if (bytes[integerStart] === ZERO) return NaN
      if (nInteger > 9) {
        if (nInteger > 18) return NaN
        // `high` has wrapped around: gather again in two parts.
        high = digitsValue(bytes, integerStart, integerStart + 9)
        low = digitsValue(bytes, integerStart + 9, i)
        nLow = nInteger - 9
      }
    }

    let scale = 0
    if (bytes[i] === point) {
      i++
      const decimalsStart = i
      let room = 9 - nInteger
      if (high === 0) {
        // Zeros before the first significant digit take no room.
        while (bytes[i] === ZERO) i++
        room = 9
      }
      const stop = i + room
      while (i < stop && (digit = bytes[i]! ^ ZERO) < 10) {
        high = (Math.imul(high, 10) + digit) | 0
        i++
      }
      const lowStart = i
      while ((digit = bytes[i]! ^ ZERO) < 10) {
        low = (Math.imul(low, 10) + digit) | 0
        i++
      }
      nLow += i - lowStart
      scale = i - decimalsStart
      if (nLow > 9) return NaN
      if (point === COMMA && (nInteger === 0 || scale === 0)) return NaN
    }
    if (nInteger + scale === 0) return NaN

    if ((bytes[i]! | 32) === LOWER_E) {
      if (point === COMMA) return NaN
      i++
      const sign = bytes[i]!
      if (sign === MINUS || sign === PLUS) i++
      const exponentStart = i
      let exponent = 0
      while ((digit = bytes[i]! ^ ZERO) < 10 && i < exponentStart + 3) {
        exponent = exponent * 10 + digit
        i++
      }
      if (i === exponentStart) return NaN
      scale += sign === MINUS ? exponent : -exponent
    }
    this.end = i

    if (scale > 22 || scale < -22) return NaN
    const magnitude = nLow === 0 ? high : high * powersOfTen[nLow]! + low
    let value: number
    if (magnitude < 9007199254740992) {
      if (scale === 0) value = magnitude
      else value = scale > 0 ? magnitude / powersOfTen[scale]! : magnitude * powersOfTen[-scale]!
    } else {
      if (scale < 1) return NaN
      value = divideWide(high, nLow, low, scale)
    }
    return first === MINUS ? -value : value
  }
}

/** The value of at most nine digits. */
function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i]! - ZERO)
  return value
}

/**
 * (high · 10^m + low) / 10^scale rounded once, or NaN where the test cannot tell which way.
 *
 * All steps but two are exact: the product and the sum of the numerator, the product of quotient
 * and divisor, and the remainder. What is rounded stays below 2^-103 of the result; next to a
 * rounding boundary the correction is about 2^-54 of it, so widening it by 10^-13 covers the error
 * a hundredfold. Far from a boundary the correction may be tiny, but then it does not matter.
 *
 * @param high   Integer below 10^9, as `low`.
 * @param m      In [0, 9].
 * @param scale  In [1, 22].
 */
function divideWide(high: number, m: number, low: number, scale: number): number {
  const power = powersOfTen[m]!
  const product = high * power
  const productError = exactProductError(high, powersHigh[m]!, powersLow[m]!, product)

  const numerator = product + low
  const carried = numerator - product
  const numeratorError = product - (numerator - carried) + (low - carried) + productError

  const divisor = powersOfTen[scale]!
  const quotient = numerator / divisor
  const back = quotient * divisor
  const backError = exactProductError(quotient, powersHigh[scale]!, powersLow[scale]!, back)
  const correction = (numerator - back - backError + numeratorError) / divisor

  const value = quotient + correction
  return quotient + correction * 1.0000000000001 === value &&
    quotient + correction * 0.9999999999999 === value
    ? value
    : NaN
}

/** a · b − product, exactly, where `product` is a · b rounded and b comes in halves (Dekker). */
function exactProductError(a: number, bHigh: number, bLow: number, product: number): number {
  const aHigh = upperHalf(a)
  const aLow = a - aHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/** The upper 26 bits of a double. */
function upperHalf(value: number): number {
  const scaled = SPLITTER * value
  return scaled - (scaled - value)
}
