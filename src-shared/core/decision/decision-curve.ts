import { pow } from '../math/elementary.ts'
import { candidateAt } from './read-curve.ts'
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
    const lowest = candidateAt(curve.thresholds, thresholdProbability)
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

const N_STEPS = 32
/** How far beyond what is marked the odds go on, as a factor. */
const BEYOND = 8

/**
 * Threshold probabilities to look at: 33 of equal steps in log-odds, from an eighth of the odds of the
 * prevalence, or of the Bayes threshold where that is lower, to eight times those of the higher of the
 * two, and the Bayes threshold itself. Beyond, one decision is right for nearly everybody: far below
 * the prevalence acting on all, far above both acting on none.
 *
 * @param prevalence In (0, 1).
 * @param bayes      In (0, 1); null where costs give no single one.
 * @returns Increasing, each in (0, 1).
 */
export function thresholdProbabilities(prevalence: number, bayes: number | null): number[] {
  const marked = [prevalence, ...(bayes === null ? [] : [bayes])].map((p) => p / (1 - p))
  const lowest = Math.min(...marked) / BEYOND
  const ratio = (Math.max(...marked) * BEYOND) / lowest
  const steps = Array.from({ length: N_STEPS + 1 }, (_, i) => {
    const odds = lowest * pow(ratio, i / N_STEPS)
    return odds / (1 + odds)
  })
  const all = [...steps, ...(bayes === null ? [] : [bayes])]
  return [...new Set(all)].filter((p) => p > 0 && p < 1).sort((a, b) => a - b)
}
