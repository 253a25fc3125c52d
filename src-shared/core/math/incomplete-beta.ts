import { exp, ln, log1p } from './elementary.ts'
import { deviance, stirlingError } from './gamma.ts'
import { solveOnLogScale } from './solve-on-log-scale.ts'

const TWO_PI = 6.283185307179586
const SMALLEST = 1e-300 // stands for 0 where a fraction must not be divided by it
const MOST_TERMS = 1_000_000 // some √max(a, b) are needed: enough for 10¹⁰

/** The two parts of a distribution around a point; they add up to 1. */
export interface Tails {
  readonly lower: number
  readonly upper: number
}

/**
 * Γ(n + 1) / (Γ(a + 1) Γ(b + 1)) · p^a · q^b with n = a + b: for whole numbers the probability of
 * a successes and b failures.
 *
 * @param a, b ≥ 0, not both 0.
 * @param p, q In [0, 1]; q = 1 − p is given too, so that neither loses digits near 1.
 *
 * Source: Loader (2000), "Fast and Accurate Computation of Binomial Probabilities".
 */
export function binomialTerm(a: number, b: number, p: number, q: number): number {
  if (p === 0) return a === 0 ? 1 : 0
  if (q === 0) return b === 0 ? 1 : 0
  const n = a + b
  if (a === 0) return exp(n * (p < 0.5 ? log1p(-p) : ln(q)))
  if (b === 0) return exp(n * (q < 0.5 ? log1p(-q) : ln(p)))
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * p) - deviance(b, n * q)
  return exp(exponent) * Math.sqrt(n / a / (TWO_PI * b))
}

/**
 * Regularised incomplete beta function: probability that a Beta(a, b) variable lies below x, and
 * above it. Small tails keep their digits, about 13 of them.
 *
 * @param x, y  In [0, 1]; y = 1 − x is given too, so that neither loses digits near 1.
 * @param a, b  > 0.
 * @throws RangeError when a or b is not above 0, or the fraction does not converge (beyond 10¹⁰).
 *
 * About √max(a, b) steps at worst.
 *
 * Source: the continued fraction of Abramowitz and Stegun (1964), 26.5.8, evaluated from the front
 * after Lentz (1976).
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): Tails {
  if (!(a > 0 && b > 0 && a < Infinity && b < Infinity)) {
    throw new RangeError(`a and b must be finite and above 0, got ${a} and ${b}`)
  }
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (!(y > 0)) return { lower: 1, upper: 0 }
  // x^a y^b / B(a, b), by way of the binomial term.
  const front = binomialTerm(a, b, x, y) * (b / (a + b)) * a
  if (x <= (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (front * betaFraction(x, a, b)) / a)
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, (front * betaFraction(y, b, a)) / b)
  return { lower: 1 - upper, upper }
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < 3e-16) return value
  }
  throw new RangeError(`incompleteBeta did not converge at x ${x}, a ${a}, b ${b}`)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value
}

/**
 * The x below which a Beta(a, b) variable falls with probability p.
 *
 * @param p In [0, 1].
 * @throws RangeError when p lies outside [0, 1], or a or b is not above 0.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (p === 0) return 0
  if (p === 1) return 1
  const byLower = p <= 0.5
  const x = solveOnLogScale({
    tail: (at) => {
      const { lower, upper } = incompleteBeta(at, 1 - at, a, b)
      return byLower ? lower : upper
    },
    target: byLower ? p : 1 - p,
    increasing: byLower,
    start: a / (a + b),
    limit: 1,
  })
  return Math.min(1, x)
}

/**
 * Probability of at most k successes, and of more, among n trials of probability p.
 *
 * @param k An integer; below 0 nothing is at most k, from n on everything is.
 * @throws RangeError when n is not a non-negative integer or p lies outside [0, 1].
 */
export function binomialTails(k: number, n: number, p: number): Tails {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`n must be a non-negative integer, got ${n}`)
  }
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (k < 0) return { lower: 0, upper: 1 }
  if (k >= n) return { lower: 1, upper: 0 }
  return incompleteBeta(1 - p, p, n - k, k + 1)
}
