/**
 * Reading a curve at a threshold: light enough to run with every move of a slider, and all that a
 * page needs of the core to show what a threshold does.
 */

/** What every candidate threshold catches, alarms and costs. */
export interface CountedCurve {
  /** Strictly decreasing, Infinity first. Element i of every array belongs to candidate i. */
  readonly thresholds: Float64Array
  /** Positive cases with an alert, and negative ones: counts, not weighted. */
  readonly caught: Float64Array
  readonly alarms: Float64Array
  /** Their weight at the prevalence in use. */
  readonly tp: Float64Array
  readonly fp: Float64Array
  /** Weighted sum of costs over all cases. */
  readonly totalCost: Float64Array
  readonly weightOfPositives: number
  readonly weightOfNegatives: number
  /** True when neighbouring candidates were joined; values at those that stay are exact. */
  readonly joined: boolean
}

/** The figures at one threshold. Rates, costs and `…Per1000` are at the prevalence in use. */
export interface CurveReading {
  /** Candidate that decides like the threshold. */
  index: number
  caught: number
  alarms: number
  tp: number
  fp: number
  /** Weighted sum over all cases. */
  totalCost: number
  costPer1000: number
  alertsPer1000: number
  /** Null without a positive of positive weight, or without an alert. */
  recall: number | null
  precision: number | null
}

/**
 * The candidate that decides as `threshold` does: the last one that is not below it. An alert is
 * given from a threshold on, so between two candidates decisions are those of the higher one.
 *
 * @param thresholds Strictly decreasing, Infinity first.
 *
 * O(log of their number), no allocation.
 */
export function candidateAt(thresholds: Float64Array, threshold: number): number {
  let low = 0
  let high = thresholds.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (thresholds[middle]! >= threshold) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * What a threshold catches, alarms and costs.
 *
 * @param into Written to and returned; given again with every move, nothing is allocated.
 */
export function readCurve(
  curve: CountedCurve,
  threshold: number,
  into: CurveReading = emptyReading(),
): CurveReading {
  const { weightOfPositives, weightOfNegatives } = curve
  const total = weightOfPositives + weightOfNegatives
  const i = candidateAt(curve.thresholds, threshold)
  const tp = curve.tp[i]!
  const alerts = tp + curve.fp[i]!
  into.index = i
  into.caught = curve.caught[i]!
  into.alarms = curve.alarms[i]!
  into.tp = tp
  into.fp = curve.fp[i]!
  into.totalCost = curve.totalCost[i]!
  into.costPer1000 = (into.totalCost / total) * 1000
  into.alertsPer1000 = (alerts / total) * 1000
  into.recall = weightOfPositives > 0 ? tp / weightOfPositives : null
  into.precision = alerts > 0 ? tp / alerts : null
  return into
}

export function emptyReading(): CurveReading {
  return {
    index: 0,
    caught: 0,
    alarms: 0,
    tp: 0,
    fp: 0,
    totalCost: 0,
    costPer1000: 0,
    alertsPer1000: 0,
    recall: null,
    precision: null,
  }
}
