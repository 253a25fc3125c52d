/**
 * How much of a distribution lies beyond a value.
 *
 * Both are incomplete integrals: a series where it converges fast, else a continued fraction by
 * Lentz's method, each to the last digits.
 *
 * Source: Press, Teukolsky, Vetterling and Flannery (2007), "Numerical Recipes", sections 6.2 and
 * 6.4; ln Γ by Lanczos (1964) with g = 7 and 9 terms.
 */
import { exp, ln, log1p } from './elementary.ts'

const MOST_STEPS = 100_000
const TINY = 1e-300 // stands for a denominator of 0

/**
 * Probability that a chi-square variable exceeds x.
 *
 * @param degrees Degrees of freedom, > 0.
 * @throws RangeError when x is negative or NaN, or degrees not above 0.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x >= 0)) throw new RangeError(`x must be at least 0, got ${x}`)
  if (!(degrees > 0)) throw new RangeError(`degrees must be above 0, got ${degrees}`)
  if (x === 0) return 1
  if (x === Infinity) return 0
  const a = degrees / 2
  const half = x / 2
  const front = exp(a * ln(half) - half - lnGamma(a))
  if (half < a + 1) {
    let term = 1 / a
    let sum = term
    for (let k = 1; k < MOST_STEPS && term > sum * Number.EPSILON; k++) {
      term *= half / (a + k)
      sum += term
    }
    return 1 - front * sum
  }
  const fraction = continuedFraction(
    half + 1 - a,
    (k) => -k * (k - a),
    (k) => half + 2 * k + 1 - a,
  )
  return front / fraction
}

/**
 * Probability that a variable of Student's t distribution is further from 0 than t, on either side.
 *
 * @param degrees Degrees of freedom, > 0.
 * @throws RangeError when t is NaN or degrees not above 0.
 */
export function studentTails(t: number, degrees: number): number {
  if (Number.isNaN(t)) throw new RangeError('t must be a number, got NaN')
  if (!(degrees > 0)) throw new RangeError(`degrees must be above 0, got ${degrees}`)
  const squares = t * t
  if (squares === Infinity) return 0
  return incompleteBeta(
    degrees / 2,
    0.5,
    degrees / (degrees + squares),
    squares / (degrees + squares),
  )
}

/** I_x(a, b), given 1 − x too, since that may have been lost by rounding. */
function incompleteBeta(a: number, b: number, x: number, rest: number): number {
  if (x <= 0) return 0
  if (rest <= 0) return 1
  const lnX = x < 0.5 ? ln(x) : log1p(-rest)
  const lnRest = rest < 0.5 ? ln(rest) : log1p(-x)
  const front = exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * lnX + b * lnRest)
  if (x >= (a + 1) / (a + b + 2)) return 1 - (front * betaFraction(b, a, rest)) / b
  return (front * betaFraction(a, b, x)) / a
}

function betaFraction(a: number, b: number, x: number): number {
  const numerator = (k: number): number => {
    const m = Math.floor(k / 2)
    return k % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
  }
  return 1 / continuedFraction(1, numerator, () => 1)
}

/** first + n(1) / (d(1) + n(2) / (d(2) + …)). */
function continuedFraction(
  first: number,
  numerator: (k: number) => number,
  denominator: (k: number) => number,
): number {
  let value = first === 0 ? TINY : first
  let c = value
  let d = 0
  for (let k = 1; k < MOST_STEPS; k++) {
    d = denominator(k) + numerator(k) * d
    c = denominator(k) + numerator(k) / c
    if (d === 0) d = TINY
    if (c === 0) c = TINY
    d = 1 / d
    value *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return value
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const

/** ln Γ(x) for x > 0. */
function lnGamma(x: number): number {
  const shifted = x - 1
  let sum: number = LANCZOS[0]
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k]! / (shifted + k)
  const t = shifted + 7.5
  return 0.918938533204672741 + (shifted + 0.5) * ln(t) - t + ln(sum) // ½ ln 2π
}
