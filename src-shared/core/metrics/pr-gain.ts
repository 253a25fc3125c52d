import {
  type Measured,
  measured,
  NO_NEGATIVES,
  NO_POSITIVES,
  undefinedBecause,
} from './measured.ts'
import type { ThresholdCounts } from './ranking.ts'

/** Precision and recall on a scale where deciding "positive" for all is 0 and perfection is 1. */
export interface PrecisionRecallGain {
  /** Non-decreasing along falling thresholds; below 0 where recall is below the prevalence. */
  readonly recallGain: Float64Array
  readonly precisionGain: Float64Array
}

/**
 * The precision-recall-gain curve: with prevalence π, precision gain 1 − π/(1 − π) · FP/TP and recall
 * gain 1 − π/(1 − π) · FN/TP, at every distinct score; −Infinity without a true positive.
 *
 * @returns null when a class is missing.
 *
 * Source: Flach and Kull (2015), "Precision-Recall-Gain Curves: PR Analysis Done Right".
 */
export function precisionRecallGain(counts: ThresholdCounts): PrecisionRecallGain | null {
  const { truePositives, falsePositives, positives, negatives } = counts
  if (!(positives > 0 && negatives > 0)) return null
  const odds = positives / negatives
  return {
    recallGain: truePositives.map((tp) =>
      tp > 0 ? 1 - (odds * (positives - tp)) / tp : -Infinity,
    ),
    precisionGain: truePositives.map((tp, i) =>
      tp > 0 ? 1 - (odds * falsePositives[i]!) / tp : -Infinity,
    ),
  }
}

/**
 * Area under the precision-recall-gain curve over recall gains of 0 to 1. At most 1; about 0 for
 * scores without information, below for worse ones. Unlike average precision it may be interpolated
 * linearly and averaged over data sets of different prevalence.
 *
 * Undefined when a class is missing.
 */
export function precisionRecallGainArea(counts: ThresholdCounts): Measured {
  const { truePositives, falsePositives, positives, negatives } = counts
  if (!(positives > 0)) return undefinedBecause(NO_POSITIVES)
  if (!(negatives > 0)) return undefinedBecause(NO_NEGATIVES)
  const odds = positives / negatives
  const gains = (tp: number, fp: number): [number, number] => [
    1 - (odds * (positives - tp)) / tp,
    1 - (odds * fp) / tp,
  ]
  // Recall gain is 0 where recall is the prevalence: there the curve is cut.
  const tpAtZero = positives * (positives / (positives + negatives))
  let area = 0
  let tpBefore = 0
  let fpBefore = 0
  let before: [number, number] | null = null
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i]!
    const fp = falsePositives[i]!
    if (tp >= tpAtZero && tp > tpBefore) {
      if (before === null) {
        const part = (tpAtZero - tpBefore) / (tp - tpBefore)
        before = gains(tpAtZero, fpBefore + (fp - fpBefore) * part)
      }
      const here = gains(tp, fp)
      area += ((here[0] - before[0]) * (here[1] + before[1])) / 2
      before = here
    } else if (before !== null) before = gains(tp, fp)
    tpBefore = tp
    fpBefore = fp
  }
  return measured(area)
}
