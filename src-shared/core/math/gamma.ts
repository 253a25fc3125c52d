import { ln } from './elementary.ts'

const HALF_LN_2PI = 0.9189385332046727
const SERIES_FROM = 16 // the series below has 16 digits from here on

/**
 * What Stirling's formula leaves of a factorial: ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π.
 *
 * Falls from Infinity at 0 towards 1 / 12x. Densities are built from it, because the large parts
 * of their logarithms, which would cancel with a loss of digits, never appear.
 *
 * @param x > 0.
 *
 * Source: Loader (2000), "Fast and Accurate Computation of Binomial Probabilities".
 */
export function stirlingError(x: number): number {
  if (x < SERIES_FROM) return lnGamma(x + 1) - (x + 0.5) * ln(x) + x - HALF_LN_2PI
  return stirlingSeries(x)
}

function stirlingSeries(x: number): number {
  const square = x * x
  const inner = 1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square
  return (1 / 12 - (1 / 360 - (1 / 1260 - inner / square) / square) / square) / x
}

/**
 * ln Γ(x), to about 15 digits of max(1, |ln Γ(x)|).
 *
 * @param x > 0.
 * @throws RangeError when x is not above 0.
 */
export function lnGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`x must be above 0, got ${x}`)
  // Γ(x) = Γ(x + k) / (x (x + 1) … (x + k − 1)), and from 16 on Stirling's series holds.
  let shifted = x
  let product = 1
  while (shifted < SERIES_FROM) {
    product *= shifted
    shifted += 1
  }
  const large = (shifted - 0.5) * ln(shifted) - shifted + HALF_LN_2PI + stirlingSeries(shifted)
  return large - ln(product)
}

/**
 * x ln(x / mean) + mean − x, at least 0: the deviance of a count x from its mean, halved.
 *
 * @param x    ≥ 0.
 * @param mean > 0.
 *
 * Source: Loader (2000), as above.
 */
export function deviance(x: number, mean: number): number {
  if (x === 0) return mean
  const difference = x - mean
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * ln(x / mean) - difference
  // Near the mean the two parts cancel: a series in v = (x − mean) / (x + mean).
  const v = difference / (x + mean)
  const square = v * v
  let sum = difference * v
  let term = 2 * x * v
  for (let j = 1; j < 1000; j++) {
    term *= square
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}
