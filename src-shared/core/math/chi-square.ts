import { exp } from './elementary.ts'
import { deviance, stirlingError } from './gamma.ts'
import type { Tails } from './incomplete-beta.ts'
import { solveOnLogScale } from './solve-on-log-scale.ts'

const TWO_PI = 6.283185307179586
const SMALLEST = 1e-300
const MOST_TERMS = 1_000_000

/**
 * Probability that a chi-square variable lies below `statistic`, and above it. Small tails keep
 * their digits.
 *
 * @param statistic ≥ 0.
 * @param degrees   Degrees of freedom, > 0.
 * @throws RangeError when an argument lies outside its range.
 *
 * Source: the series and the continued fraction of the incomplete gamma function, Abramowitz and
 * Stegun (1964), 6.5.29 and 6.5.31.
 */
export function chiSquareTails(statistic: number, degrees: number): Tails {
  if (!(statistic >= 0)) throw new RangeError(`statistic must be at least 0, got ${statistic}`)
  if (!(degrees > 0 && degrees < Infinity)) {
    throw new RangeError(`degrees must be finite and above 0, got ${degrees}`)
  }
  if (statistic === 0) return { lower: 0, upper: 1 }
  if (statistic === Infinity) return { lower: 1, upper: 0 }
  const a = degrees / 2
  const x = statistic / 2
  // x^a e^−x / Γ(a + 1)
  const front = exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(TWO_PI * a)
  if (x < a + 1) {
    const lower = Math.min(1, front * gammaSeries(a, x))
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, front * a * gammaFraction(a, x))
  return { lower: 1 - upper, upper }
}

/** Σ xᵏ / ((a + 1) … (a + k)). */
function gammaSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k <= MOST_TERMS; k++) {
    term *= x / (a + k)
    sum += term
    if (term < sum * 1e-17) return sum
  }
  throw new RangeError(`chiSquareTails did not converge at ${2 * x} of ${2 * a} degrees`)
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / SMALLEST
  let d = 1 / b
  let value = d
  for (let k = 1; k <= MOST_TERMS; k++) {
    const factor = -k * (k - a)
    b += 2
    d = factor * d + b
    if (Math.abs(d) < SMALLEST) d = SMALLEST
    c = b + factor / c
    if (Math.abs(c) < SMALLEST) c = SMALLEST
    d = 1 / d
    value *= d * c
    if (Math.abs(d * c - 1) < 3e-16) return value
  }
  throw new RangeError(`chiSquareTails did not converge at ${2 * x} of ${2 * a} degrees`)
}

/**
 * The value below which a chi-square variable falls with probability p.
 *
 * @param p       In [0, 1]; 1 gives Infinity.
 * @param degrees Degrees of freedom, > 0.
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must lie in [0, 1], got ${p}`)
  if (p === 0) return 0
  if (p === 1) return Infinity
  const byLower = p <= 0.5
  return solveOnLogScale({
    tail: (at) => {
      const { lower, upper } = chiSquareTails(at, degrees)
      return byLower ? lower : upper
    },
    target: byLower ? p : 1 - p,
    increasing: byLower,
    start: degrees,
    limit: Infinity,
  })
}
