import { checkSamples } from './check-samples.ts'

/** Sums of sample weights (counts when there are none) by truth and decision. */
export interface ConfusionCounts {
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/**
 * What decisions at one threshold get right and wrong: positive where the score is at least the
 * threshold.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param scores  Length nSamples, no NaN.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function confusionAt(
  yTrue: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
  threshold: number,
): ConfusionCounts {
  checkSamples(yTrue, scores, weights)
  let tp = 0
  let fp = 0
  let tn = 0
  let fn = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    if (scores[i]! >= threshold) {
      if (yTrue[i] === 1) tp += weight
      else fp += weight
    } else if (yTrue[i] === 1) fn += weight
    else tn += weight
  }
  return { tp, fp, tn, fn }
}

// Every rate below is null where its denominator is 0.

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** Share of right decisions; of little use alone when one class is rare. */
export const accuracy = ({ tp, fp, tn, fn }: ConfusionCounts): number | null =>
  ratio(tp + tn, tp + fp + tn + fn)

/** Share of called positives that are positive. */
export const precision = ({ tp, fp }: ConfusionCounts): number | null => ratio(tp, tp + fp)

/** Share of positives that are called. */
export const recall = ({ tp, fn }: ConfusionCounts): number | null => ratio(tp, tp + fn)

/** Share of negatives that are left alone. */
export const specificity = ({ tn, fp }: ConfusionCounts): number | null => ratio(tn, tn + fp)

/** Share of negatives among what is left alone. */
export const negativePredictiveValue = ({ tn, fn }: ConfusionCounts): number | null =>
  ratio(tn, tn + fn)

/** Share of positives among what is left alone. */
export const falseOmissionRate = ({ tn, fn }: ConfusionCounts): number | null => ratio(fn, tn + fn)

export const falsePositiveRate = ({ tn, fp }: ConfusionCounts): number | null => ratio(fp, tn + fp)

export const falseNegativeRate = ({ tp, fn }: ConfusionCounts): number | null => ratio(fn, tp + fn)

/** True positives among all that are positive or called so. */
export const jaccard = ({ tp, fp, fn }: ConfusionCounts): number | null => ratio(tp, tp + fp + fn)

/**
 * Harmonic mean of precision and recall, recall counting beta² times as much:
 * (1 + b²) tp / ((1 + b²) tp + b² fn + fp).
 *
 * Defined as soon as there is a positive or a called positive, even where precision or recall
 * alone is not.
 */
export function fBeta({ tp, fp, fn }: ConfusionCounts, beta: number): number | null {
  const square = beta * beta
  return ratio((1 + square) * tp, (1 + square) * tp + square * fn + fp)
}

/**
 * Correlation of truth and decision, in [−1, 1]; null when all samples, or all decisions, are of
 * one class.
 *
 * Source: Matthews (1975), "Comparison of the predicted and observed secondary structure of T4
 * phage lysozyme".
 */
export function matthewsCorrelation({ tp, fp, tn, fn }: ConfusionCounts): number | null {
  // Two roots rather than one: the product of four sums of large weights may overflow.
  const truth = Math.sqrt(tp + fn) * Math.sqrt(tn + fp)
  const decided = Math.sqrt(tp + fp) * Math.sqrt(tn + fn)
  if (truth === 0 || decided === 0) return null
  return Math.max(-1, Math.min(1, (tp / truth) * (tn / decided) - (fp / truth) * (fn / decided)))
}

/** Mean of recall and specificity; null when a class is missing. */
export function balancedAccuracy(confusion: ConfusionCounts): number | null {
  const rates = bothRates(confusion)
  return rates && (rates.recall + rates.specificity) / 2
}

/** Geometric mean of recall and specificity; null when a class is missing. */
export function gMean(confusion: ConfusionCounts): number | null {
  const rates = bothRates(confusion)
  return rates && Math.sqrt(rates.recall * rates.specificity)
}

/** Youden's J, recall + specificity − 1, in [−1, 1]; null when a class is missing. */
export function youdenJ(confusion: ConfusionCounts): number | null {
  const rates = bothRates(confusion)
  return rates && rates.recall + rates.specificity - 1
}

/**
 * Index of balanced accuracy: recall · specificity · (1 + dominance · (recall − specificity)), so
 * that of two equally balanced decisions the one that favours the positive class scores higher.
 * Null when a class is missing.
 *
 * @param dominance Weight of the difference, ≥ 0; 0 leaves the square of the G-mean.
 *
 * Source: García, Mollineda and Sánchez (2009), "Index of Balanced Accuracy: A Performance Measure
 * for Skewed Class Distributions".
 */
export function indexOfBalancedAccuracy(
  confusion: ConfusionCounts,
  dominance = 0.1,
): number | null {
  const rates = bothRates(confusion)
  if (rates === null) return null
  const { recall, specificity } = rates
  return recall * specificity * (1 + dominance * (recall - specificity))
}

function bothRates(confusion: ConfusionCounts): { recall: number; specificity: number } | null {
  const recalled = recall(confusion)
  const spared = specificity(confusion)
  return recalled === null || spared === null ? null : { recall: recalled, specificity: spared }
}

/**
 * Cohen's kappa: agreement of truth and decision beyond what their shares alone would give, at
 * most 1; null when both know one and the same class only.
 *
 * Source: Cohen (1960), "A Coefficient of Agreement for Nominal Scales".
 */
export function cohenKappa({ tp, fp, tn, fn }: ConfusionCounts): number | null {
  const total = tp + fp + tn + fn
  if (total === 0) return null
  const disagreementByChance =
    ((tp + fn) / total) * ((tn + fn) / total) + ((tn + fp) / total) * ((tp + fp) / total)
  return disagreementByChance > 0 ? 1 - (fp + fn) / total / disagreementByChance : null
}
