/**
 * Measures of how well scores rank positives above negatives.
 *
 * All of them are read off one table, made in one pass: for every distinct score as a threshold,
 * from the highest down, how many positives and negatives reach it. Ties and weights are settled
 * there and nowhere else. A threshold calls a sample positive when its score is at least as high.
 */
import { argsortDescending } from '../math/order.ts'
import { checkSamples } from './check-samples.ts'
import {
  type Measured,
  measured,
  NO_NEGATIVES,
  NO_POSITIVES,
  undefinedBecause,
} from './measured.ts'

/** Element i of the three arrays belongs to the i-th highest distinct score. */
export interface ThresholdCounts {
  /** The distinct scores of samples of positive weight, strictly decreasing. */
  readonly thresholds: Float64Array
  /** Weight of the positives that reach the threshold, non-decreasing. */
  readonly truePositives: Float64Array
  /** Weight of the negatives that reach the threshold, non-decreasing. */
  readonly falsePositives: Float64Array
  /** Weight of all positives. */
  readonly positives: number
  /** Weight of all negatives. */
  readonly negatives: number
}

/**
 * Cumulative counts at every distinct score.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param scores  Higher means more likely positive, length nSamples, no NaN.
 * @param weights ≥ 0 per sample; null means 1 each. Samples of weight 0 make no threshold.
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function countsAtThresholds(
  yTrue: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
): ThresholdCounts {
  checkSamples(yTrue, scores, weights)
  const nSamples = yTrue.length
  const order = argsortDescending(scores)
  const thresholds = new Float64Array(nSamples)
  const truePositives = new Float64Array(nSamples)
  const falsePositives = new Float64Array(nSamples)
  let last = -1
  let tp = 0
  let fp = 0
  for (let rank = 0; rank < nSamples; rank++) {
    const i = order[rank]!
    const weight = weights === null ? 1 : weights[i]!
    if (weight === 0) continue
    if (yTrue[i] === 1) tp += weight
    else fp += weight
    if (last < 0 || scores[i]! !== thresholds[last]!) {
      last += 1
      thresholds[last] = scores[i]!
    }
    truePositives[last] = tp
    falsePositives[last] = fp
  }
  return {
    thresholds: thresholds.slice(0, last + 1),
    truePositives: truePositives.slice(0, last + 1),
    falsePositives: falsePositives.slice(0, last + 1),
    positives: tp,
    negatives: fp,
  }
}

/** Precision and recall as the threshold falls. */
export interface PrecisionRecallCurve {
  /** Strictly decreasing. */
  readonly thresholds: Float64Array
  /** At each threshold; in [0, 1]. */
  readonly precision: Float64Array
  /** At each threshold, non-decreasing; null when no sample is positive. */
  readonly recall: Float64Array | null
}

/** The points of the precision-recall curve, without the artificial one at recall 0. */
export function precisionRecallCurve(counts: ThresholdCounts): PrecisionRecallCurve {
  const { thresholds, truePositives, falsePositives, positives } = counts
  return {
    thresholds,
    precision: truePositives.map((tp, i) => tp / (tp + falsePositives[i]!)),
    recall: positives > 0 ? truePositives.map((tp) => tp / positives) : null,
  }
}

/** True against false positive rate as the threshold falls from Infinity, where both are 0. */
export interface RocCurve {
  /** First Infinity, then every distinct score, decreasing. */
  readonly thresholds: Float64Array
  /** Non-decreasing from 0 to 1; null when no sample is positive. */
  readonly truePositiveRate: Float64Array | null
  /** Non-decreasing from 0 to 1; null when no sample is negative. */
  readonly falsePositiveRate: Float64Array | null
}

/** The points of the ROC curve, one for every distinct score and one where nothing is called. */
export function rocCurve(counts: ThresholdCounts): RocCurve {
  const { thresholds, truePositives, falsePositives, positives, negatives } = counts
  const fromInfinity = new Float64Array(thresholds.length + 1)
  fromInfinity[0] = Infinity
  fromInfinity.set(thresholds, 1)
  return {
    thresholds: fromInfinity,
    truePositiveRate: positives > 0 ? sharesFromZero(truePositives, positives) : null,
    falsePositiveRate: negatives > 0 ? sharesFromZero(falsePositives, negatives) : null,
  }
}

function sharesFromZero(cumulative: Float64Array, total: number): Float64Array {
  const shares = new Float64Array(cumulative.length + 1)
  for (let i = 0; i < cumulative.length; i++) shares[i + 1] = cumulative[i]! / total
  return shares
}

/**
 * Average precision: the area under the precision-recall curve taken as steps,
 * Σ (recall_i − recall_(i−1)) · precision_i. In (0, 1], higher is better; the prevalence is what
 * scores without information get.
 *
 * The step is never interpolated: a straight line between two points promises precisions that no
 * threshold reaches. Undefined without positives.
 *
 * Source: Davis and Goadrich (2006), "The Relationship Between Precision-Recall and ROC Curves".
 */
export function averagePrecision(counts: ThresholdCounts): Measured {
  const { truePositives, falsePositives, positives } = counts
  if (positives === 0) return undefinedBecause(NO_POSITIVES)
  let sum = 0
  let before = 0
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i]!
    if (tp === before) continue
    sum += (tp - before) * (tp / (tp + falsePositives[i]!))
    before = tp
  }
  return measured(sum / positives)
}

/**
 * Area under the precision-recall curve with straight lines between its points, from (recall 0,
 * precision 1) on. Optimistic; only there to explain numbers of other tools.
 */
export function trapezoidPrecisionRecallArea(counts: ThresholdCounts): Measured {
  const { precision, recall } = precisionRecallCurve(counts)
  if (recall === null) return undefinedBecause(NO_POSITIVES)
  let area = 0
  for (let i = 0; i < precision.length; i++) {
    const [recallBefore, precisionBefore] = i === 0 ? [0, 1] : [recall[i - 1]!, precision[i - 1]!]
    area += ((recall[i]! - recallBefore) * (precision[i]! + precisionBefore)) / 2
  }
  return measured(area)
}

/**
 * ROC AUC: probability that a random positive scores above a random negative, ties counting half.
 * In [0, 1], ½ without information. Undefined unless both classes are there.
 *
 * Source: Hanley and McNeil (1982), "The Meaning and Use of the Area under a ROC Curve".
 */
export function rocAuc(counts: ThresholdCounts): Measured {
  const { truePositives, falsePositives, positives, negatives } = counts
  if (positives === 0) return undefinedBecause(NO_POSITIVES)
  if (negatives === 0) return undefinedBecause(NO_NEGATIVES)
  let area = 0
  let tpBefore = 0
  let fpBefore = 0
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i]!
    const fp = falsePositives[i]!
    area += (fp - fpBefore) * ((tp + tpBefore) / 2)
    tpBefore = tp
    fpBefore = fp
  }
  return measured(area / positives / negatives)
}

/** A rate that falls short of its target by less is taken to reach it: sums of weights round. */
export const TARGET_TOLERANCE = 1e-12

/** A point chosen on the precision-recall curve. */
export interface RecallAtPrecision {
  /** 0 when no threshold is precise enough. */
  readonly recall: number
  /** null when no threshold is precise enough. */
  readonly threshold: number | null
  readonly attainedPrecision: number | null
}

/**
 * The largest recall over all thresholds whose precision is at least `target`; equal recalls go to
 * the higher precision, then to the higher threshold.
 *
 * Optimistic on the data that the threshold is chosen on.
 *
 * @param target In [0, 1].
 */
export function recallAtPrecision(counts: ThresholdCounts, target: number): RecallAtPrecision {
  const { thresholds, truePositives, falsePositives, positives } = counts
  let best = -1
  let bestPrecision = 0
  for (let i = 0; positives > 0 && i < thresholds.length; i++) {
    const tp = truePositives[i]!
    const precision = tp / (tp + falsePositives[i]!)
    if (!(precision >= target - TARGET_TOLERANCE)) continue
    if (best < 0 || tp > truePositives[best]! || precision > bestPrecision) {
      best = i
      bestPrecision = precision
    }
  }
  if (best < 0) return { recall: 0, threshold: null, attainedPrecision: null }
  return {
    recall: truePositives[best]! / positives,
    threshold: thresholds[best]!,
    attainedPrecision: bestPrecision,
  }
}

/** A point chosen on the precision-recall curve; all null when no sample is positive. */
export interface PrecisionAtRecall {
  readonly precision: number | null
  readonly threshold: number | null
  readonly attainedRecall: number | null
}

/**
 * The largest precision over all thresholds whose recall is at least `target`; equal precisions
 * go to the higher recall, then to the higher threshold.
 *
 * Optimistic on the data that the threshold is chosen on.
 *
 * @param target In [0, 1].
 */
export function precisionAtRecall(counts: ThresholdCounts, target: number): PrecisionAtRecall {
  const { thresholds, truePositives, falsePositives, positives } = counts
  let best = -1
  let bestPrecision = 0
  for (let i = 0; positives > 0 && i < thresholds.length; i++) {
    const tp = truePositives[i]!
    if (!(tp / positives >= target - TARGET_TOLERANCE)) continue
    const precision = tp / (tp + falsePositives[i]!)
    const sameButMore = precision === bestPrecision && best >= 0 && tp > truePositives[best]!
    if (best < 0 || precision > bestPrecision || sameButMore) {
      best = i
      bestPrecision = precision
    }
  }
  if (best < 0) return { precision: null, threshold: null, attainedRecall: null }
  return {
    precision: bestPrecision,
    threshold: thresholds[best]!,
    attainedRecall: truePositives[best]! / positives,
  }
}

/** Quality of the k samples that score highest. */
export interface AtK {
  /** Ties at the cut go to the lower sample index. */
  readonly precisionStable: number
  /** null when no sample is positive; so for the other recall and the lift. */
  readonly recallStable: number | null
  /** Mean over random orders of the samples that tie at the cut. */
  readonly precisionExpected: number
  readonly recallExpected: number | null
  /** precisionExpected ÷ prevalence. */
  readonly liftExpected: number | null
  /** True when the samples with the score at the cut are not all among the first k. */
  readonly tiedAtCut: boolean
}

/**
 * Precision, recall and lift when the k highest scores are acted upon. Unweighted: k counts cases
 * that somebody has to look at.
 *
 * @param k An integer in [1, nSamples].
 * @throws RangeError when k lies outside its range, lengths differ or a score is NaN.
 */
export function measureAtK(yTrue: Uint8Array, scores: Float64Array, k: number): AtK {
  checkSamples(yTrue, scores, null)
  const nSamples = yTrue.length
  if (!Number.isInteger(k) || k < 1 || k > nSamples) {
    throw new RangeError(`k must be an integer in [1, ${nSamples}], got ${k}`)
  }
  const order = argsortDescending(scores)
  const cut = scores[order[k - 1]!]!
  let positives = 0
  let foundStable = 0
  let above = 0
  let foundAbove = 0
  let tied = 0
  let foundTied = 0
  for (let rank = 0; rank < nSamples; rank++) {
    const i = order[rank]!
    const y = yTrue[i]!
    positives += y
    if (rank < k) foundStable += y
    if (scores[i]! > cut) {
      above += 1
      foundAbove += y
    } else if (scores[i] === cut) {
      tied += 1
      foundTied += y
    }
  }
  const foundExpected = foundAbove + ((k - above) * foundTied) / tied
  return {
    precisionStable: foundStable / k,
    recallStable: positives > 0 ? foundStable / positives : null,
    precisionExpected: foundExpected / k,
    recallExpected: positives > 0 ? foundExpected / positives : null,
    liftExpected: positives > 0 ? foundExpected / k / (positives / nSamples) : null,
    tiedAtCut: above + tied > k,
  }
}
