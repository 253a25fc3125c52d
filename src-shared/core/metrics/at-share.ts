import { argsortDescending } from '../math/order.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from './interval.ts'
import { meanInterval } from './mean-interval.ts'
import { type Measured, measured, NO_POSITIVES, NO_SAMPLES, undefinedBecause } from './measured.ts'
import type { ThresholdCounts } from './ranking.ts'

/** The ranks around a cut reach from the share ÷ this to the share × this. */
const NEAR = 1.5

/** Quality of the share of cases that score highest. */
export interface AtShare {
  readonly precision: Measured
  readonly recall: Measured
  /** Precision ÷ prevalence: how many times better than picking at random. */
  readonly lift: Measured
}

/**
 * Precision, recall and lift when the given share of the (weighted) cases is acted upon, highest
 * scores first; of samples that tie at the cut as much is taken as there is room for, at random.
 *
 * Weighted, and the same for a sample twice and one of weight 2; `measureAtK` counts cases instead.
 *
 * @param share In (0, 1].
 * @throws RangeError when `share` lies outside (0, 1].
 */
export function measureAtShare(counts: ThresholdCounts, share: number): AtShare {
  checkShare(share)
  const { truePositives, falsePositives, positives, negatives } = counts
  const total = positives + negatives
  if (!(total > 0)) {
    const none = undefinedBecause(NO_SAMPLES)
    return { precision: none, recall: none, lift: none }
  }
  const room = share * total
  let found = 0
  let taken = 0
  for (let i = 0; i < truePositives.length && taken < room; i++) {
    const tp = truePositives[i]! - (i === 0 ? 0 : truePositives[i - 1]!)
    const fp = falsePositives[i]! - (i === 0 ? 0 : falsePositives[i - 1]!)
    const part = Math.min(1, (room - taken) / (tp + fp))
    found += part * tp
    taken += part * (tp + fp)
  }
  const precision = found / taken
  const noPositives = undefinedBecause(NO_POSITIVES)
  return {
    precision: measured(precision),
    recall: positives > 0 ? measured(found / positives) : noPositives,
    lift: positives > 0 ? measured(precision / (positives / total)) : noPositives,
  }
}

/**
 * How much of each sample is taken when the given share of the (weighted) samples is, highest scores
 * first: 1, 0, or for samples that tie at the cut the part that there is room for.
 *
 * @param share In (0, 1].
 * @throws RangeError when `share` lies outside (0, 1].
 */
export function takenAtShare(
  scores: Float64Array,
  weights: Float64Array | null,
  share: number,
): Float64Array {
  checkShare(share)
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const order = argsortDescending(scores)
  const taken = new Float64Array(scores.length)
  let room = share * (weights === null ? scores.length : blockSum(weights))
  for (let start = 0, end = 0; start < order.length && room > 0; start = end) {
    const score = scores[order[start]!]!
    let weight = 0
    for (end = start; end < order.length && scores[order[end]!] === score; end++) {
      weight += weightOf(order[end]!)
    }
    const part = weight > 0 ? Math.min(1, room / weight) : 1
    for (let rank = start; rank < end; rank++) taken[order[rank]!] = part
    room -= weight
  }
  return taken
}

/**
 * Interval of the recall among the given share of samples, highest scores first.
 *
 * The cut gives way: another positive above it pushes a sample below, which is a positive as often as
 * samples near the cut are. So the recall varies less than that of a fixed threshold, by the chance
 * p that a sample at the cut is positive (taken from the ranks around it): its tangent is
 * recall + (y·(taken − recall) − p·(taken − share)) / prevalence.
 *
 * @param taken  As `takenAtShare` says.
 * @param groups As for `meanInterval`.
 * @returns null without a positive, or with fewer than two units.
 */
export function recallAtShareInterval(
  yTrue: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  groups: Int32Array | null,
  share: number,
  level: number,
): Interval | null {
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const taken = takenAtShare(scores, weights, share)
  const more = takenAtShare(scores, weights, Math.min(1, share * NEAR))
  const less = takenAtShare(scores, weights, share / NEAR)
  let [total, positives, found, near, nearPositives] = [0, 0, 0, 0, 0]
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weightOf(i)
    const around = weight * (more[i]! - less[i]!)
    total += weight
    near += around
    if (yTrue[i] === 0) continue
    positives += weight
    found += weight * taken[i]!
    nearPositives += around
  }
  if (!(positives > 0 && near > 0)) return null
  const recall = found / positives
  const prevalence = positives / total
  const chance = nearPositives / near
  const tangent = taken.map(
    (part, i) => recall + (yTrue[i]! * (part - recall) - chance * (part - share)) / prevalence,
  )
  const interval = meanInterval(tangent, weights, groups, level)
  return (
    interval && {
      ...interval,
      lower: Math.max(0, interval.lower),
      upper: Math.min(1, interval.upper),
    }
  )
}

function checkShare(share: number): void {
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must lie in (0, 1], got ${share}`)
}
