import type { Interval } from './interval.ts'
import { meanInterval } from './mean-interval.ts'
import { wilsonInterval } from './wilson.ts'

/**
 * Interval of a share of samples: of those in `among`, how many are in `of`.
 *
 * Wilson's where the weighted share is what the counts say and every sample is a unit; else that of
 * a mean, which knows weights and groups.
 *
 * @param of      1 where the sample counts, length nSamples.
 * @param among   How much of the sample is among those that the share is of, in [0, 1], mostly 0 or 1;
 *   null means all.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @param groups  As for `meanInterval`.
 * @returns Null when nothing is in `among`, or all of it in one group.
 */
export function rateInterval({
  of,
  among,
  weights,
  groups,
  level,
}: {
  readonly of: Uint8Array
  readonly among: Uint8Array | Float64Array | null
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly level: number
}): Interval | null {
  let count = 0
  let trials = 0
  let part = 0
  let whole = 0
  for (let i = 0; i < of.length; i++) {
    const share = among === null ? 1 : among[i]!
    const weight = share * (weights === null ? 1 : weights[i]!)
    trials += share
    whole += weight
    if (of[i] !== 1) continue
    count += share
    part += weight
  }
  if (!(whole > 0)) return null
  const isPlain = Math.abs(part / whole - count / trials) <= 1e-9 // rounding, as sums of weights have
  if (isPlain && groups === null) return wilsonInterval(Math.min(count, trials), trials, level)
  const masked = Float64Array.from(of, (_, i) => (among?.[i] ?? 1) * (weights?.[i] ?? 1))
  return meanInterval(Float64Array.from(of), masked, groups, level)
}
