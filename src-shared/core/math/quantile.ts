/**
 * How a quantile is read from n sorted values. With the position counted from 0:
 *
 *     linear           q (n − 1), interpolated (the default of numpy and R)
 *     lower, higher    the value below or above q (n − 1); midpoint: half-way between them
 *     nearest          the value nearest to q (n − 1), ties to the even position
 *     inverted_cdf     the least value with a share of at least q at or below it
 *     median_unbiased  q (n + 1/3) − 2/3, interpolated
 *     hazen            q n − 1/2, interpolated
 *     weibull          q (n + 1) − 1, interpolated
 *
 * Source: Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", definitions 7, 1, 8, 5
 * and 6.
 */
export type QuantileMethod =
  | 'linear'
  | 'lower'
  | 'higher'
  | 'nearest'
  | 'midpoint'
  | 'inverted_cdf'
  | 'median_unbiased'
  | 'hazen'
  | 'weibull'

/** Position of quantile q among n values, where a method interpolates; may lie beyond the ends. */
const interpolatedAt: Partial<Record<QuantileMethod, (q: number, n: number) => number>> = {
  linear: (q, n) => q * (n - 1),
  median_unbiased: (q, n) => n * q + (1 / 3 + q / 3) - 1,
  hazen: (q, n) => n * q - 0.5,
  weibull: (q, n) => n * q + q - 1,
}

/**
 * Quantile of numbers in increasing order.
 *
 * @param sorted Increasing, at least one value.
 * @param q      In [0, 1].
 * @returns Between the least and the largest value.
 * @throws RangeError when there are no values or q lies outside [0, 1].
 */
export function quantileSorted(
  sorted: ArrayLike<number>,
  q: number,
  method: QuantileMethod = 'linear',
): number {
  const n = sorted.length
  if (n === 0) throw new RangeError('sorted must hold at least one value, got none')
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must lie in [0, 1], got ${q}`)
  const interpolated = interpolatedAt[method]
  if (interpolated !== undefined) {
    return valueAt(sorted, Math.min(Math.max(interpolated(q, n), 0), n - 1))
  }
  if (method === 'inverted_cdf') return sorted[Math.max(Math.ceil(n * q) - 1, 0)]!
  const position = q * (n - 1)
  const lower = Math.floor(position)
  const higher = Math.ceil(position)
  if (method === 'midpoint') return valueAt(sorted, (lower + higher) / 2)
  const ahead = position - lower
  const nearestIsLower = ahead < 0.5 || (ahead === 0.5 && lower % 2 === 0)
  const isLower = method === 'lower' || (method === 'nearest' && nearestIsLower)
  return sorted[isLower ? lower : higher]!
}

/** The value at a position, interpolated linearly between neighbours. */
function valueAt(sorted: ArrayLike<number>, position: number): number {
  const below = Math.floor(position)
  const fraction = position - below
  const lower = sorted[below]!
  if (fraction === 0) return lower
  const upper = sorted[below + 1]!
  // From the nearer end, so that the result never leaves [lower, upper].
  return fraction < 0.5
    ? lower + (upper - lower) * fraction
    : upper - (upper - lower) * (1 - fraction)
}
