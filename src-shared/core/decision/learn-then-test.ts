/**
 * A threshold whose promise holds on new data with a stated confidence.
 *
 * The threshold that keeps "recall at least 85 %" on the samples it was chosen on keeps it on new
 * ones in about half of all cases. Here one set of samples only suggests an order of thresholds,
 * and another one, which nothing has seen, tests them in that order, each by an exact binomial
 * test, until the first that does not pass. Since the order was fixed beforehand, the chance that
 * any threshold that passed breaks the promise is at most δ, without a correction for how many
 * were tested. It holds for cases like those of the second set, drawn one by one.
 *
 * Source: Angelopoulos, Bates, Candès, Jordan and Lei (2021), "Learn then Test: Calibrating Predictive
 * Algorithms to Achieve Risk Control", section 2.3 (fixed sequence testing).
 */
import { ln } from '../math/elementary.ts'
import { binomialTails } from '../math/incomplete-beta.ts'
import { argsortAscending } from '../math/order.ts'
import { checkSamples } from '../metrics/check-samples.ts'
import { countsAtThresholds, type ThresholdCounts } from '../metrics/ranking.ts'
import { candidateAt } from './read-curve.ts'

/** `recall` and `precision` at least, `alert share` (of all cases) at most. */
export interface Promised {
  readonly measure: 'recall' | 'precision' | 'alert share'
  /** In (0, 1). */
  readonly limit: number
}

export interface LabelledScores {
  /** 0 or 1 per sample. */
  readonly yTrue: Uint8Array
  /** One per sample, no NaN. */
  readonly scores: Float64Array
}

export interface Guarantee {
  /** The chosen threshold; null when not even the first passed: nothing can be promised. */
  readonly threshold: number | null
  /** Thresholds that passed, in the order tested: the promise holds for all of them at once. */
  readonly passed: readonly number[]
  /** Largest p-value of the promises at the chosen threshold, at most δ. */
  readonly pValue: number | null
  readonly confidence: number
  /** How many positives of the second set would do if all were caught; null without a recall. */
  readonly positivesNeeded: number | null
  readonly positives: number
}

const MOST_CANDIDATES = 200

/**
 * The cheapest threshold for which all promises are guaranteed.
 *
 * @param learning    Samples that suggest the order; may be those the threshold was tuned on.
 * @param calibration Samples that nothing was fitted or chosen on.
 * @param delta       Accepted chance that a promise is broken, in (0, 1).
 * @param cost        Cost of a threshold, e.g. read off the learning samples; the least among those
 *   that passed is chosen. Without it the one of fewest alerts, the highest, is.
 * @throws RangeError when a value lies outside its range or no promise is given.
 */
export function learnThenTest({
  learning,
  calibration,
  promises,
  delta,
  cost = (threshold) => -threshold,
}: {
  readonly learning: LabelledScores
  readonly calibration: LabelledScores
  readonly promises: readonly Promised[]
  readonly delta: number
  readonly cost?: (threshold: number) => number
}): Guarantee {
  if (promises.length === 0) throw new RangeError('a guarantee needs a promise, got none')
  for (const { measure, limit } of promises) {
    if (!(limit > 0 && limit < 1)) {
      throw new RangeError(`the limit of ${measure} must lie in (0, 1), got ${limit}`)
    }
  }
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta must lie in (0, 1), got ${delta}`)
  checkSamples(learning.yTrue, learning.scores, null)
  const sequence = orderToTest(learning, promises, delta)
  const counts = countsAtThresholds(calibration.yTrue, calibration.scores, null)
  const passed: { threshold: number; pValue: number }[] = []
  for (const threshold of sequence) {
    const pValue = pValueAt(counts, threshold, promises)
    if (pValue > delta) break
    passed.push({ threshold, pValue })
  }
  let chosen: { threshold: number; pValue: number } | null = null
  for (const candidate of passed) {
    if (chosen === null || cost(candidate.threshold) < cost(chosen.threshold)) chosen = candidate
  }
  const recall = promises.find(({ measure }) => measure === 'recall')
  return {
    threshold: chosen?.threshold ?? null,
    passed: passed.map(({ threshold }) => threshold),
    pValue: chosen?.pValue ?? null,
    confidence: 1 - delta,
    positivesNeeded: recall === undefined ? null : Math.ceil(ln(delta) / ln(recall.limit)),
    positives: counts.positives,
  }
}

/**
 * Thresholds in the order of how surely they keep the promises on the learning samples, the surest
 * first; among those that look equally sure, higher ones first. Up to 200, spread over the positives,
 * where rates change, and over all samples.
 */
function orderToTest(
  { yTrue, scores }: LabelledScores,
  promises: readonly Promised[],
  delta: number,
): number[] {
  const counts = countsAtThresholds(yTrue, scores, null)
  const all = counts.thresholds
  const positions = new Set<number>()
  for (let k = 0; k < MOST_CANDIDATES / 2; k++) {
    const share = k / (MOST_CANDIDATES / 2 - 1)
    positions.add(Math.round(share * (all.length - 1)))
    const caught = Math.ceil(share * counts.positives)
    const at = counts.truePositives.findIndex((tp) => tp >= caught)
    if (at >= 0) positions.add(at)
  }
  const candidates = [...positions].filter((i) => i >= 0 && i < all.length).sort((a, b) => a - b)
  const pValues = Float64Array.from(candidates, (i) => pValueAt(counts, all[i]!, promises))
  // The surest may lie far from where a test is lost: from it the sequence walks on to less sure
  // ones. What fails even here would only end the sequence.
  return Array.from(argsortAscending(pValues))
    .filter((rank) => pValues[rank]! <= Math.max(0.5, delta))
    .map((rank) => all[candidates[rank]!]!)
}

/** The largest p-value of "this promise is broken" over the promises. */
function pValueAt(
  counts: ThresholdCounts,
  threshold: number,
  promises: readonly Promised[],
): number {
  const { tp, fp } = alertsAt(counts, threshold)
  return Math.max(
    ...promises.map(({ measure, limit }) => {
      switch (measure) {
        case 'recall':
          // So few misses although the miss rate is 1 − limit.
          return binomialTails(counts.positives - tp, counts.positives, 1 - limit).lower
        case 'precision':
          // So many hits among the alerts although only `limit` of them should be.
          return tp === 0 ? 1 : binomialTails(tp - 1, tp + fp, limit).upper
        case 'alert share':
          return binomialTails(tp + fp, counts.positives + counts.negatives, limit).lower
      }
    }),
  )
}

function alertsAt(counts: ThresholdCounts, threshold: number): { tp: number; fp: number } {
  const { thresholds, truePositives, falsePositives } = counts
  if (thresholds.length === 0 || thresholds[0]! < threshold) return { tp: 0, fp: 0 }
  const at = candidateAt(thresholds, threshold)
  return { tp: truePositives[at]!, fp: falsePositives[at]! }
}
