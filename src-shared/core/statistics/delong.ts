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
import { exp, logit, sigmoid } from '../math/elementary.ts'
import { normalCdf, normalQuantile } from '../math/normal.ts'
import { argsortAscending } from '../math/order.ts'
import { studentQuantile } from '../math/student-t.ts'
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

// Positives at which DeLong's variance counts as much as that of normal scores.
const POSITIVES_TO_TRUST = 10
// A variance known from few positives is less sure than a normal quantile takes it to be: so much of
// the few more, as Student's quantile would. Both constants are from test/simulations/auc-worlds.ts.
const WIDER_FOR_FEW = 5
const BISECTIONS = 60

/**
 * Interval of a ROC AUC that keeps its coverage with few positives.
 *
 * The standard error of a high AUC falls as the AUC rises, so that samples which happen to look too
 * good also look too certain: with 20 positives and an AUC of 0.94 the other two intervals hold the
 * truth in 85 to 89 % of samples. Here the limits are the AUCs from which the measured one is just z
 * standard errors away, each with the standard error that it would have itself: that of normal scores
 * of equal spread, corrected by how DeLong's compares with it at the measured AUC, the less so
 * the fewer positives there are, and a little wider where they are few. Within [0, 1]; at an AUC of
 * 1 there is a lower limit too.
 *
 * @param auc           In [0, 1].
 * @param standardError DeLong's, ≥ 0.
 * @returns null with fewer than two samples in a class.
 *
 * Source: the score interval is that of Newcombe (2006), "Confidence Intervals for an Effect Size
 * Measure Based on the Mann-Whitney Statistic, Part 2", with another variance; test/simulations
 * shows its coverage.
 */
export function aucScoreInterval(
  auc: number,
  standardError: number,
  positives: number,
  negatives: number,
  level: number,
): Interval | null {
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  if (!(auc >= 0 && auc <= 1)) throw new RangeError(`auc must lie in [0, 1], got ${auc}`)
  if (positives < 2 || negatives < 2) return null
  const z = normalQuantile((1 + level) / 2)
  const few = Math.min(positives, negatives)
  const normal = normalScoresVariance(auc, positives, negatives)
  const ratio = normal > 0 ? (standardError * standardError) / normal : 1
  const correction =
    ((ratio * few + POSITIVES_TO_TRUST) / (few + POSITIVES_TO_TRUST)) * (1 + WIDER_FOR_FEW / few)
  const isWithin = (truth: number): boolean => {
    const variance = correction * normalScoresVariance(truth, positives, negatives)
    return Math.abs(auc - truth) <= z * Math.sqrt(variance)
  }
  /** Where `isWithin` changes between the AUC and an end at which there is no variance. */
  const limit = (end: 0 | 1): number => {
    let inside = auc
    let outside: number = end
    for (let step = 0; step < BISECTIONS && inside !== outside; step++) {
      const middle = inside + (outside - inside) / 2
      if (isWithin(middle)) inside = middle
      else outside = middle
    }
    return inside
  }
  return { lower: limit(0), upper: limit(1), level, method: 'DeLong, score' }
}

/** Variance of a ROC AUC when scores of both classes are normal with one spread. */
function normalScoresVariance(auc: number, positives: number, negatives: number): number {
  if (!(auc > 0 && auc < 1)) return 0
  // Probability that a positive beats two negatives, ∫ φ(x) Φ(x + δ)² dx; as large as that of two
  // positives beating one negative. The trapezoid is as good as exact for so smooth a function.
  const distance = 1.4142135623730951 * normalQuantile(auc)
  const step = 0.25
  let both = 0
  for (let x = -8; x <= 8; x += step) {
    const below = normalCdf(x + distance)
    both += exp((-x * x) / 2) * below * below
  }
  both *= step / 2.5066282746310002
  const shared = Math.max(0, both - auc * auc)
  return (auc * (1 - auc) + (positives + negatives - 2) * shared) / positives / negatives
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

/**
 * Two-sided test, and interval, of the difference between two correlated ROC AUCs.
 *
 * The interval takes Student's quantile with one degree less than the rarer class has samples, since
 * the variance is estimated from these; with few positives it is a little wider than the p-value,
 * which is DeLong's own, would have it.
 *
 * @returns null with fewer than two samples in a class.
 */
export function pairedAucTest(
  { auc, covariance, positives, negatives }: AucCovariance,
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
  const degrees = Math.min(positives, negatives) - 1
  const reach = studentQuantile((1 + level) / 2, degrees) * standardError
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
