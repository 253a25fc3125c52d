import type { CostCurve } from './threshold-curves.ts'

/** What acting from one threshold probability on is worth, in true positives per sample. */
export interface NetBenefit {
  readonly thresholdProbability: number
  /** Of acting on samples with probability ≥ threshold; at most the prevalence. */
  readonly netBenefit: number
  /** Of acting on everybody, and on nobody. */
  readonly treatAll: number
  readonly treatNone: number
  /** Interventions fewer than acting on everybody, per 100 samples, at the same net benefit. */
  readonly interventionsAvoidedPer100: number
}

/**
 * Net benefit at given threshold probabilities: a decision curve.
 *
 *     net benefit = TP / n − FP / n · t / (1 − t)
 *
 * The odds t / (1 − t) say how many false alarms one true positive is worth to somebody who acts
 * from probability t on; so one curve answers for all costs at once.
 *
 * @param curve      Counts at every candidate threshold; weights are in them already.
 * @param thresholds Threshold probabilities, each in (0, 1).
 * @returns One record per threshold, in their order.
 * @throws RangeError when a threshold lies outside (0, 1).
 *
 * Source: Vickers and Elkin (2006), "Decision Curve Analysis", Medical Decision Making 26(6).
 */
export function decisionCurve(
  curve: Pick<CostCurve, 'thresholds' | 'tp' | 'fp' | 'positives' | 'negatives'>,
  thresholds: readonly number[],
): NetBenefit[] {
  const { positives, negatives } = curve
  const total = positives + negatives
  return thresholds.map((thresholdProbability) => {
    if (!(thresholdProbability > 0 && thresholdProbability < 1)) {
      throw new RangeError(`thresholds must lie in (0, 1), got ${thresholdProbability}`)
    }
    const odds = thresholdProbability / (1 - thresholdProbability)
    const lowest = lowestCandidateFrom(curve.thresholds, thresholdProbability)
    const netBenefit = (curve.tp[lowest]! - curve.fp[lowest]! * odds) / total
    const treatAll = (positives - negatives * odds) / total
    return {
      thresholdProbability,
      netBenefit,
      treatAll,
      treatNone: 0,
      interventionsAvoidedPer100: ((netBenefit - treatAll) / odds) * 100,
    }
  })
}

/** Position of the last of the decreasing candidates that is still ≥ threshold; the first is ∞. */
function lowestCandidateFrom(candidates: Float64Array, threshold: number): number {
  let low = 0
  let high = candidates.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (candidates[middle]! >= threshold) low = middle
    else high = middle - 1
  }
  return low
}
