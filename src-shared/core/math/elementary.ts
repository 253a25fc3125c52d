/**
 * Exponentials, logarithms and powers with the same bits on every JavaScript engine.
 *
 * The language leaves the last bits of `Math.exp` and its relatives to the engine, so a result
 * that went through them could change with the version of Node or Electron. The functions here use
 * only +, −, ×, ÷ and comparison, which IEEE 754 fixes to the bit. They agree with the exact
 * value to about one unit in the last place, over the whole range of doubles.
 *
 * All follow one pattern. The argument is reduced with ln 2 split into a high part, whose products
 * with small integers are exact, and a low part, which is carried along; what is left is small
 * enough for a short rational or polynomial approximation.
 *
 * Source: the reductions and minimax coefficients of Sun's fdlibm (1993), e_exp, e_log, s_log1p
 * and s_expm1; `pow` is built differently, on double-double arithmetic after Dekker (1971), "A
 * Floating-Point Technique for Extending the Available Precision".
 */

const LN2_HIGH = 6.9314718036912381649e-1 // its last 21 bits are 0: k · LN2_HIGH is exact
const LN2_LOW = 1.90821492927058770002e-10
const INVERSE_LN2 = 1.442695040888963387
const LARGEST_EXPONENT_OF_E = 709.782712893383973096 // e to anything above is Infinity
const SMALLEST_EXPONENT_OF_E = -745.13321910194110842 // e to anything below rounds to 0

/** 2^k for all k that doubles know, −1074 to 1023, at index k + 1074; all of them exact. */
const POWERS_OF_TWO = new Float64Array(2098)
for (let k = 0, power = 1; k <= 1023; k++, power *= 2) POWERS_OF_TWO[k + 1074] = power
for (let k = 0, power = 1; k >= -1074; k--, power /= 2) POWERS_OF_TWO[k + 1074] = power

// One double seen as its two 32-bit halves, to take exponents out of logarithms.
const asDouble = new Float64Array(1)
const asWords = new Int32Array(asDouble.buffer)
asDouble[0] = 1
const HIGH_WORD = asWords[1] === 0x3ff00000 ? 1 : 0

const TWO_54 = 18014398509481984
const HALF_SQRT2_HIGH_WORD = 0x3fe6a09e // upper half of √½, which parts one k from the next

/** The k for which x · 2^−k lies in [√½, √2); x a positive finite number that is not subnormal. */
function exponentOf(x: number): number {
  asDouble[0] = x
  return ((asWords[HIGH_WORD]! + (0x3ff00000 - HALF_SQRT2_HIGH_WORD)) >> 20) - 0x3ff
}

/** y · 2^k, rounded once, for y of magnitude near 1 and k from −1075 to 1024. */
function scaleByPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * 2 * POWERS_OF_TWO[k + 1073]!
  if (k < -1074) return y * 0.5 * POWERS_OF_TWO[k + 1075]!
  return y * POWERS_OF_TWO[k + 1074]!
}

/** e to the power x. Infinity from 709.79 on, 0 below −745.13, NaN for NaN. */
export function exp(x: number): number {
  if (x > LARGEST_EXPONENT_OF_E) return Infinity
  if (x < SMALLEST_EXPONENT_OF_E) return 0
  // e^x = 2^k e^r with |r| <= ln(2)/2, and e^r = 1 + 2r/(R(r) − r) for an even function R.
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  return x === x ? scaleByPowerOfTwo(y, k) : NaN
}

/** (ln(1 + f) − f + f²/2) / s with s = f / (2 + f) minus f²/2, for 1 + f in [√½, √2]. */
function logarithmTail(s: number): number {
  const z = s * s
  const w = z * z
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  return even + odd
}

/** Natural logarithm. −Infinity at 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  let k = 0
  if (x < 2.2250738585072014e-308) {
    // A subnormal number has no exponent of its own.
    x *= TWO_54
    k = -54
  }
  // x = 2^k (1 + f) with 1 + f in [√½, √2).
  const own = exponentOf(x)
  k += own
  const f = x * POWERS_OF_TWO[1074 - own]! - 1
  const s = f / (2 + f)
  const halfSquare = 0.5 * f * f
  return s * (halfSquare + logarithmTail(s)) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH
}

/** ln(1 + x), accurate for x near 0 too. −Infinity at −1, NaN below. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  if (x > -1.1102230246251565e-16 && x < 1.1102230246251565e-16) return x
  let k = 0
  let correction = 0
  let f = x
  if (x <= -0.2928932188134524 || x >= 0.41421356237309503) {
    // 1 + x rounds; what the rounding lost comes back as a first-order correction.
    const u = 1 + x
    k = exponentOf(u)
    correction = k < 54 ? (k >= 2 ? 1 - (u - x) : x - (u - 1)) / u : 0
    f = u * POWERS_OF_TWO[1074 - k]! - 1
  }
  const s = f / (2 + f)
  const halfSquare = 0.5 * f * f
  return (
    s * (halfSquare + logarithmTail(s)) + (k * LN2_LOW + correction) - halfSquare + f + k * LN2_HIGH
  )
}

/** e^x − 1, accurate for x near 0 too. Infinity from 709.79 on, −1 far below 0. */
export function expm1(x: number): number {
  if (x > LARGEST_EXPONENT_OF_E) return Infinity
  if (x < -38.816242111356935) return -1 // 56 ln 2: e^x is less than half an ulp of 1
  if (x > -5.551115123125783e-17 && x < 5.551115123125783e-17) return x
  if (x !== x) return NaN
  const k =
    x > -0.34657359027997264 && x < 0.34657359027997264 ? 0 : Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const lost = high - r - low
  const half = 0.5 * r
  const halfSquare = r * half
  const r1 =
    1 +
    halfSquare *
      (-3.33333333333331316428e-2 +
        halfSquare *
          (1.58730158725481460165e-3 +
            halfSquare *
              (-7.93650757867487942473e-5 +
                halfSquare * (4.00821782732936239552e-6 - halfSquare * 2.01099218183624371326e-7))))
  const t = 3 - r1 * half
  let e = halfSquare * ((r1 - t) / (6 - r * t))
  if (k === 0) return r - (r * e - halfSquare)
  e = r * (e - lost) - lost - halfSquare
  if (k === -1) return 0.5 * (r - e) - 0.5
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e)
  if (k <= -2 || k > 56) return scaleByPowerOfTwo(1 - (e - r), k) - 1
  const inverse = POWERS_OF_TWO[1074 - k]!
  const y = k < 20 ? 1 - inverse - (e - r) : r - (e + inverse) + 1
  return scaleByPowerOfTwo(y, k)
}

const SPLITTER = 134217729 // 2^27 + 1: splits 53 bits into two halves whose products are exact

/** What rounding took from the product a · b = `product`: their sum is the exact product. */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a
  const aHigh = aSplit - (aSplit - a)
  const aLow = a - aHigh
  const bSplit = SPLITTER * b
  const bHigh = bSplit - (bSplit - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

/**
 * x to the power y, with the special cases of `Math.pow`: x^0 is 1 even for NaN, and a negative x
 * is fine where y is an integer.
 *
 * For x > 0 this is e^(y ln x). As y ln x reaches 700, ln x is needed to 64 bits, so it is carried
 * as a sum of two doubles: with x = 2^k m and s = (m − 1)/(m + 1),
 *
 *     ln m = 2s + 2s³ (1/3 + s²/5 + s⁴/7 + …)
 *
 * where s, s² and the 1/3 are double-doubles, and the rest of the series a double.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1
  if (x !== x || y !== y) return NaN
  if (y === 1) return x
  if (y === 2) return x * x
  if (y === Infinity || y === -Infinity) {
    const magnitude = Math.abs(x)
    if (magnitude === 1) return NaN
    return magnitude > 1 === y > 0 ? Infinity : 0
  }
  let sign = 1
  if (x < 0 || Object.is(x, -0)) {
    const isInteger = Math.floor(y) === y
    if (x < 0 && x !== -Infinity && !isInteger) return NaN
    if (isInteger && y % 2 !== 0) sign = -1
    x = -x
  }
  if (x === 1) return sign
  if (x === 0) return y > 0 ? sign * 0 : sign * Infinity
  if (x === Infinity) return y > 0 ? sign * Infinity : sign * 0

  let k = 0
  if (x < 2.2250738585072014e-308) {
    x *= TWO_54
    k = -54
  }
  const own = exponentOf(x)
  k += own
  const m = x * POWERS_OF_TWO[1074 - own]!

  // s = (m − 1)/(m + 1): numerator exact, denominator as high + low, quotient corrected once.
  const numerator = m - 1
  const denominator = m + 1
  const denominatorLow = m - (denominator - 1)
  const s = numerator / denominator
  const back = s * denominator
  const sLow =
    (numerator - back - productError(s, denominator, back) - s * denominatorLow) / denominator
  const square = s * s
  const squareLow = productError(s, s, square) + 2 * s * sLow
  const rest = square * seriesRest(square)
  const third = 0.3333333333333333 + rest
  const thirdLow = rest - (third - 0.3333333333333333) + 1.850371707708594e-17 // 1/3 minus its double
  const scaled = square * third
  const scaledLow = productError(square, third, scaled) + square * thirdLow + squareLow * third
  const tail = s * scaled
  const tailLow = productError(s, scaled, tail) + s * scaledLow + sLow * scaled

  // ln x = k ln 2 + 2 (s + tail), summed from large to small with every rounding kept.
  const a = k * LN2_HIGH
  const b = 2 * s
  const sum = a + b
  const bigger = Math.abs(a) >= Math.abs(b)
  let low = bigger ? b - (sum - a) : a - (sum - b)
  const c = 2 * tail
  const log = sum + c
  low += Math.abs(sum) >= Math.abs(c) ? c - (log - sum) : sum - (log - c)
  low += k * LN2_LOW + 2 * (sLow + tailLow)
  // k · LN2_LOW was rounded too: what it lost goes into the low part.
  const logHigh = log + low
  const logLow = low - (logHigh - log) + productError(k, LN2_LOW, k * LN2_LOW)

  const exponent = y * logHigh
  if (exponent > LARGEST_EXPONENT_OF_E + 1) return sign * Infinity
  if (exponent < SMALLEST_EXPONENT_OF_E - 1) return sign * 0
  const exponentLow = productError(y, logHigh, exponent) + y * logLow
  return sign * expOfSum(exponent, exponentLow)
}

/** 1/5 + z/7 + z²/9 + …, for z = s² in [0, 0.0295]; up to z¹² what is left out is below 2^−64. */
function seriesRest(z: number): number {
  let sum = z * (1 / 29) + 1 / 27
  sum = sum * z + 1 / 25
  sum = sum * z + 1 / 23
  sum = sum * z + 1 / 21
  sum = sum * z + 1 / 19
  sum = sum * z + 1 / 17
  sum = sum * z + 1 / 15
  sum = sum * z + 1 / 13
  sum = sum * z + 1 / 11
  sum = sum * z + 1 / 9
  sum = sum * z + 1 / 7
  return sum * z + 1 / 5
}

/** e^(x + low) for |low| far below 1: only the reduced argument sees `low`, so nothing overflows. */
function expOfSum(x: number, low: number): number {
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  // What is left of x lies within ln(2)/2 of 0, so beyond these 2^k alone decides.
  if (k > 1024) return Infinity
  if (k < -1075) return 0
  const reduced = exp(x - k * LN2_HIGH)
  const rest = low - k * LN2_LOW
  return scaleByPowerOfTwo(reduced + reduced * (rest + 0.5 * rest * rest), k)
}

/** 1 / (1 + e^−x), in [0, 1]; tiny values keep their digits. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x))
  const e = exp(x)
  return e / (1 + e)
}

/** ln(1 + e^x), without overflow: the exponential is only taken of numbers ≤ 0. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}

/** ln(p / (1 − p)) for p in [0, 1]: −Infinity at 0, Infinity at 1, NaN outside. */
export function logit(p: number): number {
  // Near ½ the quotient is near 1, and its logarithm would lose the digits of p − ½.
  if (p > 0.25 && p < 0.75) return log1p((2 * p - 1) / (1 - p))
  return ln(p / (1 - p))
}
