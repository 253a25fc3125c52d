import { argsortDescending } from '../math/order.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from './interval.ts'
import { meanInterval } from './mean-interval.ts'
import { rateInterval } from './rate-interval.ts'
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

/** Samples in the order of their scores, highest first, for as many shares as there are to take. */
export interface RankedSamples {
  readonly scores: Float64Array
  /** ≥ 0 per sample; null means 1 each. */
  readonly weights: Float64Array | null
  readonly order: Int32Array
}

export function rankSamples(scores: Float64Array, weights: Float64Array | null): RankedSamples {
  return { scores, weights, order: argsortDescending(scores) }
}

/**
 * How much of each sample is taken when the given share of the (weighted) samples is, highest scores
 * first: 1, 0, or for samples that tie at the cut the part that there is room for.
 *
 * @param share In (0, 1].
 * @throws RangeError when `share` lies outside (0, 1].
 */
export function takenAtShare(
  { scores, weights, order }: RankedSamples,
  share: number,
): Float64Array {
  checkShare(share)
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
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
 * Intervals of precision and recall among the given share of samples, highest scores first.
 *
 * The cut gives way: another positive above it pushes a sample below, which is a positive as often as
 * samples near the cut are. So both vary otherwise than at a fixed threshold, by the chance p that a
 * sample at the cut is positive (taken from the ranks around it): with what found = y·taken −
 * p·(taken − share), their tangents are recall + (found − recall·y) / prevalence and precision +
 * (found − precision·share) / share. That of precision is no narrower than Wilson's, which knows how
 * little a few samples say.
 *
 * @param groups As for `meanInterval`.
 * @returns null for both without a positive or anything taken, or with fewer than two units.
 */
export function atShareIntervals(
  yTrue: Uint8Array,
  ranked: RankedSamples,
  groups: Int32Array | null,
  share: number,
  level: number,
): { readonly precision: Interval | null; readonly recall: Interval | null } {
  const { weights } = ranked
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const taken = takenAtShare(ranked, share)
  const more = takenAtShare(ranked, Math.min(1, share * NEAR))
  const less = takenAtShare(ranked, share / NEAR)
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
  if (!(positives > 0 && near > 0)) return { precision: null, recall: null }
  const recall = found / positives
  const prevalence = positives / total
  const precision = found / (share * total)
  const chance = nearPositives / near
  const tangentOf = (
    value: number,
    base: (i: number) => number,
    whole: number,
  ): Interval | null => {
    const tangent = taken.map(
      (part, i) => value + (yTrue[i]! * part - chance * (part - share) - value * base(i)) / whole,
    )
    const interval = meanInterval(tangent, weights, groups, level)
    return interval && within(0, 1, interval)
  }
  const rate = rateInterval({ of: yTrue, among: taken, weights, groups, level })
  const cut = tangentOf(precision, () => share, share)
  return {
    precision:
      cut === null || rate === null
        ? null
        : {
            ...rate,
            lower: Math.min(rate.lower, cut.lower),
            upper: Math.max(rate.upper, cut.upper),
            method: `${rate.method}, no narrower than with a cut that gives way`,
          },
    recall: tangentOf(recall, (i) => yTrue[i]!, prevalence),
  }
}

function within(least: number, most: number, interval: Interval): Interval {
  const { lower, upper } = interval
  return { ...interval, lower: Math.max(least, lower), upper: Math.min(most, upper) }
}

function checkShare(share: number): void {
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must lie in (0, 1], got ${share}`)
}
