import { normalQuantile } from '../math/normal.ts'
import type { Interval } from './interval.ts'

/**
 * Confidence interval of a proportion that keeps its coverage near 0 and 1.
 *
 * With p = successes / trials, n = trials and z the normal quantile of (1 + level) / 2:
 *
 *     (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 *
 * @param successes In [0, trials].
 * @param level     In (0, 1).
 * @returns null when there are no trials.
 * @throws RangeError when `successes` or `level` lies outside its range.
 *
 * Source: Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
 */
export function wilsonInterval(successes: number, trials: number, level: number): Interval | null {
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`successes must lie in [0, trials], got ${successes} of ${trials}`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  if (trials === 0) return null
  const z = normalQuantile((1 + level) / 2)
  const share = successes / trials
  const shrink = (z * z) / trials
  const centre = share + shrink / 2
  const reach = z * Math.sqrt((share * (1 - share)) / trials + shrink / (4 * trials))
  return {
    lower: successes === 0 ? 0 : (centre - reach) / (1 + shrink),
    upper: successes === trials ? 1 : (centre + reach) / (1 + shrink),
    level,
    method: 'Wilson',
  }
}
