/**
 * ROC AUCs of one or several scores on the same samples, with the variances and covariances that
 * intervals and paired tests are made of.
 *
 * The AUC is the mean over all pairs of a positive and a negative of ψ = 1, ½ or 0, as the positive
 * scores higher, the same or lower. Its structural components are the means of ψ over the negatives
 * for each positive, and over the positives for each negative; their sample covariances, divided by
 * the two class counts, add up to the covariance of the AUCs. Components are read off ranks instead
 * of pairs.
 *
 * Source: DeLong, DeLong and Clarke-Pearson (1988), "Comparing the Areas under Two or More Correlated
 * Receiver Operating Characteristic Curves"; Sun and Xu (2014), "Fast Implementation of DeLong's
 * Algorithm", for the ranks.
 */
import { logit, sigmoid } from '../math/elementary.ts'
import { normalCdf, normalQuantile } from '../math/normal.ts'
import { argsortAscending } from '../math/order.ts'
import { blockSum } from '../math/sum.ts'
import { checkSamples } from '../metrics/check-samples.ts'
import type { Interval } from '../metrics/interval.ts'
import { NO_NEGATIVES, NO_POSITIVES } from '../metrics/measured.ts'

export interface AucCovariance {
  /** ROC AUC of each score. */
  readonly auc: readonly number[]
  /** Their covariance matrix; null when a class has a single sample, which has no variance. */
  readonly covariance: readonly (readonly number[])[] | null
  readonly positives: number
  readonly negatives: number
}

/**
 * ROC AUCs with DeLong's covariance matrix.
 *
 * @param yTrue  0 or 1 per sample, length nSamples.
 * @param scores One array of length nSamples per competitor, no NaN. Samples are not weighted.
 * @returns `reason` where a class is missing: then no AUC exists.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * O(nSamples log nSamples) a score. Deterministic.
 */
export function delongCovariance(
  yTrue: Uint8Array,
  scores: readonly Float64Array[],
): AucCovariance | { readonly reason: string } {
  for (const values of scores) checkSamples(yTrue, values, null)
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const negatives = yTrue.length - positives
  if (positives === 0) return { reason: NO_POSITIVES }
  if (negatives === 0) return { reason: NO_NEGATIVES }
  const components = scores.map((values) => structuralComponents(yTrue, values, positives))
  const auc = components.map(({ ofPositives }) => blockSum(ofPositives) / positives)
  const covariance =
    positives < 2 || negatives < 2
      ? null
      : components.map((a, i) =>
          components.map(
            (b, j) =>
              covarianceOf(a.ofPositives, b.ofPositives, auc[i]!, auc[j]!) / positives +
              covarianceOf(a.ofNegatives, b.ofNegatives, auc[i]!, auc[j]!) / negatives,
          ),
        )
  return { auc, covariance, positives, negatives }
}

interface Components {
  /** Per positive, in sample order: share of negatives that score lower (ties count ½). */
  readonly ofPositives: Float64Array
  /** Per negative: share of positives that score higher (ties count ½). */
  readonly ofNegatives: Float64Array
}

function structuralComponents(
  yTrue: Uint8Array,
  scores: Float64Array,
  positives: number,
): Components {
  const negatives = yTrue.length - positives
  const order = argsortAscending(scores)
  const share = new Float64Array(yTrue.length)
  let negativesBelow = 0
  let positivesBelow = 0
  for (let start = 0; start < order.length;) {
    let end = start
    let tiedPositives = 0
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      tiedPositives += yTrue[order[end]!]!
      end++
    }
    const tiedNegatives = end - start - tiedPositives
    for (let rank = start; rank < end; rank++) {
      const i = order[rank]!
      share[i] =
        yTrue[i] === 1
          ? (negativesBelow + tiedNegatives / 2) / negatives
          : (positives - positivesBelow - tiedPositives / 2) / positives
    }
    negativesBelow += tiedNegatives
    positivesBelow += tiedPositives
    start = end
  }
  return {
    ofPositives: share.filter((_, i) => yTrue[i] === 1),
    ofNegatives: share.filter((_, i) => yTrue[i] === 0),
  }
}

function covarianceOf(a: Float64Array, b: Float64Array, meanA: number, meanB: number): number {
  return blockSum(a.map((value, i) => (value - meanA) * (b[i]! - meanB))) / (a.length - 1)
}

/**
 * Interval of a ROC AUC from its standard error.
 *
 * `logit`: symmetric on the scale of log-odds, so that it stays within (0, 1) and keeps its
 * coverage near the ends. `wald`: symmetric about the AUC; its limits may leave [0, 1].
 *
 * @param auc           In [0, 1].
 * @param standardError ≥ 0.
 * @returns null for the logit of an AUC of 0 or 1, or without a standard error: all scores of one
 *   class lie above the other, and how far from 1 the truth may be can't be read off them.
 */
export function aucInterval(
  auc: number,
  standardError: number,
  level: number,
  scale: 'logit' | 'wald',
): Interval | null {
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  const z = normalQuantile((1 + level) / 2)
  if (scale === 'wald') {
    const reach = z * standardError
    return { lower: auc - reach, upper: auc + reach, level, method: 'DeLong' }
  }
  if (!(auc > 0 && auc < 1 && standardError > 0)) return null
  const reach = (z * standardError) / (auc * (1 - auc))
  return {
    lower: sigmoid(logit(auc) - reach),
    upper: sigmoid(logit(auc) + reach),
    level,
    method: 'DeLong, logit',
  }
}

export interface PairedAucTest {
  /** AUC of the first score minus that of the second. */
  readonly difference: number
  readonly standardError: number
  /** Null, with the p-value, where the standard error is 0. */
  readonly z: number | null
  readonly pValue: number | null
  readonly interval: Interval
}

/** Two-sided test, and interval, of the difference between two correlated ROC AUCs. */
export function pairedAucTest(
  { auc, covariance }: AucCovariance,
  first: number,
  second: number,
  level = 0.95,
): PairedAucTest | null {
  if (covariance === null) return null
  const variance =
    covariance[first]![first]! + covariance[second]![second]! - 2 * covariance[first]![second]!
  const standardError = Math.sqrt(Math.max(0, variance))
  const difference = auc[first]! - auc[second]!
  const z = standardError > 0 ? difference / standardError : null
  const reach = normalQuantile((1 + level) / 2) * standardError
  return {
    difference,
    standardError,
    z,
    pValue: z === null ? null : 2 * normalCdf(-Math.abs(z)),
    interval: { lower: difference - reach, upper: difference + reach, level, method: 'DeLong' },
  }
}

/**
 * Standard error of a ROC AUC from the AUC and the class counts alone, as if scores were
 * exponential in both classes: for planning, when no scores exist yet, and for published figures.
 *
 * @param auc In [0, 1].
 * @throws RangeError when an argument lies outside its range.
 *
 * Source: Hanley and McNeil (1982), "The Meaning and Use of the Area under a ROC Curve".
 */
export function hanleyMcNeilError(auc: number, positives: number, negatives: number): number {
  if (!(auc >= 0 && auc <= 1)) throw new RangeError(`auc must lie in [0, 1], got ${auc}`)
  if (!(positives >= 1 && negatives >= 1)) {
    throw new RangeError(`both classes need samples, got ${positives} and ${negatives}`)
  }
  const twoAbove = auc / (2 - auc) // a negative below two positives
  const twoBelow = (2 * auc * auc) / (1 + auc) // a positive above two negatives
  const variance =
    auc * (1 - auc) +
    (positives - 1) * (twoAbove - auc * auc) +
    (negatives - 1) * (twoBelow - auc * auc)
  return Math.sqrt(Math.max(0, variance) / positives / negatives)
}
