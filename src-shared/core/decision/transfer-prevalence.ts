import type { CostMatrix } from '../frame/sample-costs.ts'
import { logit, sigmoid } from '../math/elementary.ts'
import { candidateAt } from './read-curve.ts'
import { readCandidate, shortfallsOf, solveOperatingPoint } from './solve-operating-point.ts'
import type {
  Requirement,
  Shortfall,
  SolvedPoint,
  SolvedReading,
  Workload,
} from './solve-operating-point.ts'
import type { CostCurve } from './threshold-curves.ts'

export interface Transferred {
  /** What the threshold in use does at the new prevalence, and which requirements it breaks there. */
  readonly kept: SolvedReading
  readonly broken: readonly Shortfall[]
  /** Solved anew. Thresholds, here and in `kept`, are in probabilities of the old prevalence. */
  readonly solved: SolvedPoint
  /** A probability of the old prevalence as one of the new; 0, 1 and Infinity stay. */
  readonly moved: (probability: number) => number
}

/**
 * Posterior, threshold, workload and cost at another prevalence, solved together.
 *
 * Probabilities are moved by the change of the prior odds, and caught positives and false alarms
 * weighed so that the cases have the new prevalence. Right when positives and negatives look as before
 * and only their shares change; `estimatePrior` and `blackBoxShift` of core/drift estimate the new one
 * from unlabelled cases.
 *
 * @param curve         At the old prevalence, of probabilities that are calibrated there.
 * @param newPrevalence In (0, 1).
 * @param threshold     In use, in probabilities of the old prevalence.
 * @throws RangeError when a class is missing or a value lies outside its range.
 */
export function transferPrevalence({
  curve,
  costs,
  newPrevalence,
  threshold,
  requirements,
  workload,
}: {
  readonly curve: Omit<CostCurve, 'totalCost'>
  readonly costs: CostMatrix
  readonly newPrevalence: number
  readonly threshold: number
  readonly requirements: readonly Requirement[]
  readonly workload: Workload
}): Transferred {
  if (!(newPrevalence > 0 && newPrevalence < 1)) {
    throw new RangeError(`newPrevalence must lie in (0, 1), got ${newPrevalence}`)
  }
  const total = curve.positives + curve.negatives
  if (!(curve.positives > 0 && curve.negatives > 0)) {
    throw new RangeError(
      `another prevalence needs both classes, got positive weight ${curve.positives} of ${total}`,
    )
  }
  const positives = newPrevalence * total
  const negatives = (1 - newPrevalence) * total
  const tp = curve.tp.map((weight) => (weight / curve.positives) * positives)
  const fp = curve.fp.map((weight) => (weight / curve.negatives) * negatives)
  const totalCost = tp.map(
    (caught, i) =>
      caught * costs.truePositive +
      (positives - caught) * costs.falseNegative +
      fp[i]! * costs.falsePositive +
      (negatives - fp[i]!) * costs.trueNegative,
  )
  const there: CostCurve = {
    ...{ thresholds: curve.thresholds, tp, fp, totalCost, positives, negatives },
  }
  const shift = logit(newPrevalence) - logit(curve.positives / total)
  const kept = {
    ...readCandidate(there, candidateAt(there.thresholds, threshold), workload),
    threshold,
  }
  return {
    kept,
    broken: shortfallsOf(kept, requirements),
    solved: solveOperatingPoint({ curve: there, goal: 'cost', requirements, workload }),
    moved: (p) => (p > 0 && p < 1 ? sigmoid(logit(p) + shift) : p),
  }
}
