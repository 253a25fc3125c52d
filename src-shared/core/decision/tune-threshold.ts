import type { Commitment } from '../frame/frame.ts'
import { precision, recall } from '../metrics/confusion.ts'
import { formatNumber, formatTogether } from '../format.ts'
import { meetsConstraints, per1000, type Constraints } from './operating-point.ts'
import { costCurve, tiedMinima, type CostCurve, type ScoredSamples } from './threshold-curves.ts'

/** A threshold chosen on samples with known labels. */
export interface TunedThreshold {
  /** Positive when the probability is ≥ this: a score that occurred, or Infinity for no alerts. */
  readonly value: number
  /** False when no threshold keeps to all constraints. */
  readonly feasible: boolean
  /** By how much they are missed, in words; null when feasible. */
  readonly shortfall: string | null
}

/** What the threshold gives on the samples it was chosen on: optimistic, they chose it. */
export interface TuningFit {
  readonly meanCost: number
  readonly alertShare: number
  readonly precision: number | null
  readonly recall: number | null
}

/**
 * The threshold of least total cost that keeps to the constraints.
 *
 * Looks at Infinity (no alerts) and every distinct score. Among those that keep both the
 * commitment and the largest share of alerts, the cheapest wins; of equally cheap ones the highest
 * threshold, which alerts least. When none keeps both, the share of alerts is kept (it stands for
 * people, who cannot be made more), and the threshold comes as close to the commitment as it can;
 * of equally close ones the cheapest, then the highest. A threshold without alerts keeps no
 * commitment to precision, which is then undefined.
 *
 * The choice fits the samples given: judge it on others.
 *
 * @throws RangeError when there are no samples, lengths differ, a score is NaN, the weights do not
 *   add up to more than 0, or a constraint lies outside its range.
 *
 * Degenerate: all scores equal leaves two candidates, all alerts or none; without positive samples
 * recall is undefined, so that a commitment to it cannot be kept.
 */
export function tuneThreshold({
  constraints,
  ...samples
}: ScoredSamples & { readonly constraints: Constraints }): TunedThreshold & TuningFit {
  checkConstraints(constraints)
  const { commitment, maxAlertShare } = constraints
  const curve = costCurve(samples)
  const all = Int32Array.from(curve.thresholds, (_, i) => i)
  const withinCapacity = all.filter((i) =>
    meetsConstraints(fitAt(curve, i), { commitment: null, maxAlertShare }),
  )
  if (commitment === null) return choose(curve, withinCapacity, null)
  const feasible = withinCapacity.filter((i) => meetsConstraints(fitAt(curve, i), constraints))
  if (feasible.length > 0) return choose(curve, feasible, null)
  // Undefined counts as less than any share, so that it is chosen only where nothing is defined.
  const missedBy = Float64Array.from(all, (i) => 1 - (fitAt(curve, i)[commitment.measure] ?? -1))
  const closest = tiedMinima(missedBy, withinCapacity)
  return choose(
    curve,
    closest,
    describeShortfall(commitment, curve, maxAlertShare, fitAt(curve, closest[0]!)),
  )
}

function checkConstraints({ commitment, maxAlertShare }: Constraints): void {
  if (commitment !== null && !(commitment.atLeast > 0 && commitment.atLeast <= 1)) {
    throw new RangeError(`commitment.atLeast must lie in (0, 1], got ${commitment.atLeast}`)
  }
  if (maxAlertShare !== null && !(maxAlertShare >= 0)) {
    throw new RangeError(`maxAlertShare must be at least 0, got ${maxAlertShare}`)
  }
}

function fitAt(curve: CostCurve, i: number): TuningFit {
  const tp = curve.tp[i]!
  const fp = curve.fp[i]!
  const confusion = { tp, fp, tn: curve.negatives - fp, fn: curve.positives - tp }
  const total = curve.positives + curve.negatives
  return {
    meanCost: curve.totalCost[i]! / total,
    alertShare: (tp + fp) / total,
    precision: precision(confusion),
    recall: recall(confusion),
  }
}

function choose(
  curve: CostCurve,
  candidates: Int32Array,
  shortfall: string | null,
): TunedThreshold & TuningFit {
  const best = tiedMinima(curve.totalCost, candidates)[0]!
  return {
    value: curve.thresholds[best]!,
    feasible: shortfall === null,
    shortfall,
    ...fitAt(curve, best),
  }
}

/** Why no threshold keeps the commitment, and how far it is out of reach. */
function describeShortfall(
  commitment: Commitment,
  curve: CostCurve,
  maxAlertShare: number | null,
  closest: TuningFit,
): string {
  const { measure } = commitment
  const target = `${measure} ${formatNumber(commitment.atLeast)}`
  if (measure === 'recall' && curve.positives === 0) {
    return `${target} cannot be kept: without positive cases recall is undefined`
  }
  const reached = closest[measure]
  // Candidates are in order of their alerts: the first that keeps the commitment needs fewest.
  const enough = curve.thresholds.findIndex((_, i) =>
    meetsConstraints(fitAt(curve, i), { commitment, maxAlertShare: null }),
  )
  if (enough < 0) {
    const best = reached === null ? 'no alert at all' : `${measure} ${formatNumber(reached)}`
    const within = maxAlertShare === null ? '' : ' within the capacity'
    return `${target} is out of reach at every threshold; the closest${within} is ${best}`
  }
  const limit = per1000(maxAlertShare ?? 1)
  const needed = per1000(fitAt(curve, enough).alertShare)
  const [neededText, limitText, excess] = formatTogether(needed, limit, needed - limit)
  const within =
    reached === null
      ? 'within it there is no alert at all'
      : `within it ${measure} reaches ${formatNumber(reached)}`
  return `${target} needs ${neededText!} alerts per 1,000 cases; the capacity allows ${limitText!}: ${excess!} too many; ${within}`
}
