import { exp, ln, log1p } from '../math/elementary.ts'
import type { Interval } from '../metrics/interval.ts'

/**
 * Exact (Clopper-Pearson) confidence interval of a proportion.
 *
 * Its lower limit is the rate at which seeing so many successes or more has probability
 * (1 − level)/2, its upper one that at which seeing so many or fewer has. It covers the true rate at
 * least as often as it says, for every rate and number of trials; the price is width. For rates near
 * 0, where what nobody found is counted, approximate intervals cover too little.
 *
 * @param successes Whole, in [0, trials].
 * @param level     In (0, 1).
 * @returns Null when there are no trials.
 * @throws RangeError when an argument lies outside its range.
 *
 * Limits are found by bisection to the last bit of a double, 1,100 steps at most.
 *
 * Source: Clopper and Pearson (1934), "The Use of Confidence or Fiducial Limits Illustrated in the
 * Case of the Binomial", Biometrika 26.
 */
export function exactInterval(successes: number, trials: number, level: number): Interval | null {
  if (!Number.isSafeInteger(trials) || trials < 0) {
    throw new RangeError(`trials must be a non-negative integer, got ${trials}`)
  }
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(`successes must be an integer in [0, ${trials}], got ${successes}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  if (trials === 0) return null
  const tail = (1 - level) / 2
  return {
    lower:
      successes === 0
        ? 0
        : crossing((p) => probabilityOfAtMost(trials - successes, trials, 1 - p) >= tail),
    upper:
      successes === trials ? 1 : crossing((p) => probabilityOfAtMost(successes, trials, p) < tail),
    level,
    method: 'exact (Clopper-Pearson)',
  }
}

/** Where a statement that is false at 0 and true at 1 turns true. */
function crossing(isTrue: (p: number) => boolean): number {
  let below = 0
  let above = 1
  for (let step = 0; step < MAX_BISECTIONS; step++) {
    const middle = (below + above) / 2
    if (middle <= below || middle >= above) break
    if (isTrue(middle)) above = middle
    else below = middle
  }
  return (below + above) / 2
}

const MAX_BISECTIONS = 1100 // from 1 down to the smallest double

/**
 * P(X ≤ k) for a binomial X, n trials of probability p in (0, 1).
 *
 * Terms are summed outward from the largest one that counts, each a ratio of the one before, so that
 * nothing under- or overflows: the largest alone goes through logarithms.
 */
export function probabilityOfAtMost(k: number, n: number, p: number): number {
  if (k >= n) return 1
  const mode = Math.floor((n + 1) * p)
  const start = Math.min(k, mode)
  const odds = p / (1 - p)
  let sum = 1
  for (let i = start, term = 1; i > 0; i--) {
    term *= i / ((n - i + 1) * odds)
    sum += term
    if (term < 1e-18 * sum) break
  }
  for (let i = start, term = 1; i < k; i++) {
    term *= ((n - i) * odds) / (i + 1)
    sum += term
    if (term < 1e-18 * sum) break
  }
  return Math.min(1, sum * exp(lnBinomial(n, start) + start * ln(p) + (n - start) * log1p(-p)))
}

/** ln of the number of ways to choose k of n. */
function lnBinomial(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k)
}

const SMALL_FACTORIALS = 32

/** ln n!, by its product for small n, else by Stirling's series to the term in n⁻⁷. */
function lnFactorial(n: number): number {
  if (n < SMALL_FACTORIALS) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return ln(product)
  }
  const square = n * n
  const rest = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n
  return (n + 0.5) * ln(n) - n + 0.9189385332046728 + rest // ½ ln 2π
}
