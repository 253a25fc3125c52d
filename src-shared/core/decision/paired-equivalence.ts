import type { Checkpoint } from '../math/checkpoint.ts'
import { partOf } from '../math/checkpoint.ts'
import { createStream, type RandomStream } from '../math/random.ts'
import { bootstrapWeightedMean } from '../metrics/bootstrap.ts'
import type { Interval } from '../metrics/interval.ts'
import {
  practicalEquivalence,
  type PracticalEquivalence,
} from '../statistics/practical-equivalence.ts'
import type { SharedSamples } from './compare-runs.ts'
import { per1000, weightedMean } from './operating-point.ts'

export interface PairedEquivalence extends PracticalEquivalence {
  /** First less second in cost per 1,000 cases; below 0 the first is cheaper. */
  readonly difference: number
  readonly interval90: Interval
  readonly interval95: Interval
}

/**
 * Whether one way to decide is cheaper than another by more than the user cares about, on the same
 * samples. "Better" means that the first is cheaper.
 *
 * @param first, second Cost of the decision taken on each sample, length nSamples.
 * @param zonePer1000   Differences within ± this, in cost per 1,000 cases, count as equal; ≥ 0.
 * @param stream        One number is taken from it; both intervals rest on the same draws.
 * @returns null where the bootstrap gives no interval.
 * @throws RangeError when lengths differ.
 */
export function pairedEquivalence(
  first: Float64Array,
  second: Float64Array,
  zonePer1000: number,
  {
    weights,
    groups,
    draws,
    stream,
    checkpoint,
  }: SharedSamples & { readonly stream: RandomStream; readonly checkpoint: Checkpoint },
): PairedEquivalence | null {
  if (first.length !== second.length) {
    throw new RangeError(
      `pairedEquivalence needs costs of the same samples, got ${first.length} and ${second.length}`,
    )
  }
  const differences = first.map((cost, i) => cost - second[i]!)
  const seed = stream.uint32()
  const intervalAt = (level: number, part: Checkpoint): Interval | null => {
    const own = createStream(seed, 'equivalence')
    const mean = bootstrapWeightedMean(differences, weights, groups, draws, level, own, part)
    return mean && { ...mean, lower: per1000(mean.lower), upper: per1000(mean.upper) }
  }
  const interval90 = intervalAt(0.9, partOf(checkpoint, 0, 0.5))
  const interval95 = intervalAt(0.95, partOf(checkpoint, 0.5, 1))
  if (interval90 === null || interval95 === null) return null
  const difference = per1000(weightedMean(differences, weights))
  const judged = practicalEquivalence({
    difference,
    interval90,
    interval95,
    zone: zonePer1000,
    nSamples: first.length,
    lowerIsBetter: true,
  })
  return { ...judged, difference, interval90, interval95 }
}
