import { normalCdf } from '../math/normal.ts'

/** Sums of powers of differences, one difference per independent unit; those of 0 add nothing. */
export interface DifferenceSums {
  readonly sum: number
  readonly squares: number
  readonly cubes: number
  /** Σd⁶. */
  readonly sixths: number
}

/**
 * Two-sided p-value that the differences of a part add up so far from 0 although they are 0 on
 * average.
 *
 * For parts in which most units add nothing and rare ones much. Those may be missing from a part by
 * chance, twenty false alarms more and not yet the one fraud that pays for them, and the part itself
 * does not show it. So the spread counts as the larger of what the part shows and of what so many
 * units like all would have:
 *
 *     T = Σd / √max(Σd², expected)
 *
 * |T| is at most √(units that differ), and where signs are a matter of chance its tails are no heavier
 * than the normal ones, whatever the sizes. Where a few large differences stand against many small
 * ones T is skewed, γ = Σd³ / max(…)^1.5, and T + γT²/3 + γ²T³/27 + γ/6 is nearer to normal (γ less
 * what noise adds to it, as in `meanInterval`). The larger of the two p-values counts: skewness can
 * take certainty away, and never adds any.
 *
 * @param sums     Finite; scale differences to at most 1, so that sixth powers don't overflow.
 * @param expected Σd² of all, times the share of all that the part is; on the scale of `sums`.
 * @returns In [0, 1]; 1 where nothing differs.
 *
 * Source: Efron (1969), "Student's t-Test under Symmetry Conditions"; Hall (1992), "On the Removal of
 * Skewness by Transformation". The expected spread is our own; see the test for what it is good for.
 */
export function sumOnOneSide(
  { sum, squares, cubes, sixths }: DifferenceSums,
  expected: number,
): number {
  if (!(squares > 0)) return 1
  const variance = Math.max(squares, expected)
  const size = Math.abs(sum) / Math.sqrt(variance)
  const beyondNoise = cubes * cubes > sixths ? cubes - sixths / cubes : 0
  const cubed = variance * Math.sqrt(variance)
  const skewness = cubed > 0 ? (Math.sign(sum) * beyondNoise) / cubed : 0
  const bent = size + skewness * (size * size) * (1 / 3 + (skewness * size) / 27) + skewness / 6
  return Math.min(1, 2 * normalCdf(-Math.min(size, bent)))
}
