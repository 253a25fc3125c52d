/**
 * Quantile of numbers in increasing order, interpolated linearly between neighbours: at position
 * q · (n − 1), counted from 0 (the default of numpy and R).
 *
 * @param sorted Increasing, at least one value.
 * @param q      In [0, 1].
 * @throws RangeError when there are no values or q lies outside [0, 1].
 *
 * Source: Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", definition 7.
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  const last = sorted.length - 1
  if (last < 0) throw new RangeError('sorted must hold at least one value, got none')
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must lie in [0, 1], got ${q}`)
  const position = q * last
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
