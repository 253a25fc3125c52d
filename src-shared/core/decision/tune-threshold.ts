import type { Commitment } from '../frame/frame.ts'
import type { AlertLimit } from '../frame/limits.ts'
import { precision, recall } from '../metrics/confusion.ts'
import { formatNumber, formatTogether } from '../format.ts'
import { meetsConstraints, per1000, type Constraints } from './operating-point.ts'
import { relaxationsOf, type Requirement } from './solve-operating-point.ts'
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
 * Looks at Infinity (no alerts) and every distinct score. Among those that keep all commitments
 * and the largest share of alerts, the cheapest wins; of equally cheap ones the highest threshold,
 * which alerts least. When none keeps them all, the share of alerts is kept (it stands for people,
 * who cannot be made more), and the largest relative shortfall of a commitment is made as small as
 * it can be; of equally close ones the cheapest, then the highest. A threshold without alerts keeps
 * no commitment to precision, which is then undefined.
 *
 * The choice fits the samples given: judge it on others.
 *
 * @throws RangeError when there are no samples, lengths differ, a score is NaN, the weights do not
 *   add up to more than 0, or a constraint lies outside its range.
 *
 * Degenerate: all scores equal leaves two candidates, all alerts or none; without positive samples
 * recall is undefined, so that a commitment to it cannot be kept and only others come into how
 * close a threshold is.
 */
export function tuneThreshold({
  constraints,
  ...samples
}: ScoredSamples & { readonly constraints: Constraints }): TunedThreshold & TuningFit {
  checkConstraints(constraints)
  const { commitments, maxAlertShare } = constraints
  const curve = costCurve(samples)
  const all = Int32Array.from(curve.thresholds, (_, i) => i)
  const withinLimit = all.filter((i) =>
    meetsConstraints(fitAt(curve, i), { commitments: [], maxAlertShare }),
  )
  if (commitments.length === 0) return choose(curve, withinLimit, null)
  const feasible = withinLimit.filter((i) => meetsConstraints(fitAt(curve, i), constraints))
  if (feasible.length > 0) return choose(curve, feasible, null)
  const closest = tiedMinima(worstShortfalls(curve, commitments), withinLimit)
  return choose(curve, closest, describeShortfall(constraints, curve, fitAt(curve, closest[0]!)))
}

function checkConstraints({ commitments, maxAlertShare }: Constraints): void {
  for (const { measure, atLeast } of commitments) {
    if (!(atLeast > 0 && atLeast <= 1)) {
      throw new RangeError(`the committed ${measure} must lie in (0, 1], got ${atLeast}`)
    }
  }
  if (maxAlertShare !== null && !(maxAlertShare >= 0)) {
    throw new RangeError(`maxAlertShare must be at least 0, got ${maxAlertShare}`)
  }
}

/** At each candidate how far the commitment that is missed most is missed, relative to its limit. */
function worstShortfalls(curve: CostCurve, commitments: readonly Commitment[]): Float64Array {
  const worst = new Float64Array(curve.thresholds.length)
  for (const { measure, atLeast } of commitments) {
    // What no threshold defines tells none from another.
    if (measure === 'recall' && curve.positives === 0) continue
    for (let i = 0; i < worst.length; i++) {
      const reached = fitAt(curve, i)[measure]
      const missing = reached === null ? WORSE_THAN_NONE : 1 - reached / atLeast
      worst[i] = Math.max(worst[i]!, missing)
    }
  }
  return worst
}

/** Undefined counts as less than any rate, so that it is chosen only where nothing is defined. */
const WORSE_THAN_NONE = 2

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

/** What cannot be kept, and how far it is out of reach. */
function describeShortfall(constraints: Constraints, curve: CostCurve, closest: TuningFit): string {
  const { commitments } = constraints
  if (curve.positives === 0) {
    const asked = commitments.find(({ measure }) => measure === 'recall')
    if (asked !== undefined) {
      return `${targetText(asked)} cannot be kept: without positive cases recall is undefined`
    }
  }
  const [only, ...others] = commitments
  return others.length === 0
    ? describeOne(only!, constraints, curve, closest)
    : describeTogether(constraints, curve, closest)
}

function describeOne(
  commitment: Commitment,
  { maxAlertShare, alertsSetBy }: Constraints,
  curve: CostCurve,
  closest: TuningFit,
): string {
  const { measure } = commitment
  const target = targetText(commitment)
  const reached = closest[measure]
  // Candidates are in order of their alerts: the first that keeps the commitment needs fewest.
  const enough = curve.thresholds.findIndex((_, i) =>
    meetsConstraints(fitAt(curve, i), { commitments: [commitment], maxAlertShare: null }),
  )
  if (enough < 0) {
    const best = reached === null ? 'no alert at all' : `${measure} ${formatNumber(reached)}`
    const within = maxAlertShare === null ? '' : ` within ${limitName(alertsSetBy)}`
    return `${target} is out of reach at every threshold; the closest${within} is ${best}`
  }
  const limit = per1000(maxAlertShare ?? 1)
  const needed = per1000(fitAt(curve, enough).alertShare)
  const [neededText, limitText, excess] = formatTogether(needed, limit, needed - limit)
  const within =
    reached === null
      ? 'within it there is no alert at all'
      : `within it ${measure} reaches ${formatNumber(reached)}`
  return `${target} needs ${neededText!} alerts per 1,000 cases; ${limitName(alertsSetBy)} ${alertsSetBy === 'review hours' ? 'allow' : 'allows'} ${limitText!}: ${excess!} too many; ${within}`
}

/** Several commitments: what each would have to be for all others to be kept. */
function describeTogether(
  { commitments, maxAlertShare, alertsSetBy }: Constraints,
  curve: CostCurve,
  closest: TuningFit,
): string {
  const requirements: Requirement[] = [
    ...commitments.map(({ measure, atLeast }) => ({ kind: measure, limit: atLeast })),
    ...(maxAlertShare === null ? [] : [{ kind: 'alerts' as const, limit: maxAlertShare }]),
  ]
  const within =
    maxAlertShare === null
      ? ''
      : ` within ${limitName(alertsSetBy)} (${formatNumber(per1000(maxAlertShare))} alerts per 1,000 cases)`
  const whole = `${commitments.map(targetText).join(' and ')} cannot be kept together${within}`
  const relaxations = relaxationsOf({
    curve,
    goal: 'cost',
    requirements,
    // Alerts are shares of cases here.
    workload: { casesPerDay: 1, minutesPerAlert: null },
  })
  if (relaxations.length === 0) {
    const reached = commitments.map(({ measure }) => {
      const value = closest[measure]
      return value === null ? `no ${measure}` : `${measure} ${formatNumber(value)}`
    })
    return `${whole}, and relaxing one limit is not enough; the closest has ${reached.join(' and ')}`
  }
  const ways = relaxations.map(({ requirement: { kind, limit }, attainable }) =>
    kind === 'alerts'
      ? `${formatNumber(per1000(attainable))} alerts per 1,000 (${formatNumber(per1000(attainable - limit))} more)`
      : `${kind} ${formatNumber(attainable)} (${formatNumber(limit - attainable)} less)`,
  )
  return `${whole}; the least that would have to give way: ${ways.join(', or ')}`
}

function targetText({ measure, atLeast }: Commitment): string {
  return `${measure} ${formatNumber(atLeast)}`
}

function limitName(setBy: AlertLimit['setBy'] = 'alerts'): string {
  return setBy === 'alerts' ? 'the capacity' : 'the review hours'
}
