/**
 * What is shown of one threshold, read off the curve of a run: a binary search and a few divisions,
 * so that it can follow a pointer sixty times a second.
 */
import type { ThresholdData } from '#shared/contract/decision.ts'
import { alertLimit } from '#shared/core/frame/limits.ts'
import type { FrameDraft } from '#shared/contract/work.ts'
import { readCurve } from '#shared/core/decision/read-curve.ts'
import { assumedCosts } from '#shared/core/frame/sample-costs.ts'
import type { CostSource } from '#shared/core/frame/frame.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'
import { moneyPer } from '../../format/units.ts'
import type { MoneySpan } from '../../format/units.ts'

const level = 0.95

/** A run's curve together with what its frame says about money and time. */
export interface Decision {
  readonly data: ThresholdData
  readonly costs: Readonly<Record<Outcome, CostSource>>
  /** True where nobody stated costs. */
  readonly costsAssumed: boolean
  readonly currency: string | null
  /** What amounts are stated for. */
  readonly span: MoneySpan
  /** From a weighted total over the data to that span. */
  readonly amountFactor: number
}

export type Outcome = 'truePositive' | 'falsePositive' | 'trueNegative' | 'falseNegative'

/** Weighted total by outcome. */
export type OutcomeTotals = Readonly<Record<Outcome, number>>

export interface Figures {
  readonly threshold: number
  /** Candidate of the curve whose decisions these are. */
  readonly index: number
  /** Cases of the data, not weighted. */
  readonly caught: number
  readonly alarms: number
  /** Weighted to the prevalence in use. */
  readonly tp: number
  readonly fp: number
  /** For the span of amounts. */
  readonly cost: number
  readonly costPer1000: number
  /** Weighted totals; null where more than one cost differs from case to case. */
  readonly outcomeCosts: OutcomeTotals | null
  readonly recall: number | null
  readonly recallInterval: Interval | null
  readonly precision: number | null
  readonly precisionInterval: Interval | null
  /** Share of all cases, at the prevalence in use. */
  readonly alertShare: number
  readonly alertsPerDay: number | null
  readonly alertsPer1000: number
}

export function decisionOf(data: ThresholdData, frame: FrameDraft): Decision {
  const { curve, casesPerDay } = data
  const span = moneyPer(casesPerDay)
  return {
    data,
    span,
    costs: frame.costs ?? assumedCosts(data.prevalenceInUse),
    costsAssumed: frame.costs === null,
    currency: frame.costs === null ? null : frame.currency,
    amountFactor: (span.factor * 1000) / (curve.weightOfPositives + curve.weightOfNegatives),
  }
}

/** Everything at one threshold; Infinity alerts on nobody, 0 on everybody. */
export function figuresAt(decision: Decision, threshold: number): Figures {
  const { data, amountFactor } = decision
  const { curve, positives, casesPerDay } = data
  const read = readCurve(curve, threshold)
  const alerts = read.caught + read.alarms
  const alertShare = read.alertsPer1000 / 1000
  return {
    threshold,
    index: read.index,
    caught: read.caught,
    alarms: read.alarms,
    tp: read.tp,
    fp: read.fp,
    cost: read.totalCost * amountFactor,
    costPer1000: read.costPer1000,
    outcomeCosts: outcomeCosts(decision, read),
    recall: read.recall,
    recallInterval: wilsonInterval(read.caught, positives, level),
    precision: read.precision,
    precisionInterval: atPrevalenceInUse(wilsonInterval(read.caught, alerts, level), read),
    alertShare,
    alertsPerDay: casesPerDay === null ? null : alertShare * casesPerDay,
    alertsPer1000: read.alertsPer1000,
  }
}

interface Counts {
  readonly caught: number
  readonly alarms: number
  readonly tp: number
  readonly fp: number
}

/**
 * The interval of precision in the data, moved to the prevalence in use: its odds are multiplied by
 * (tp / fp) ÷ (caught / alarms), which is the same for every threshold unless cases are weighted.
 */
function atPrevalenceInUse(interval: Interval | null, counts: Counts): Interval | null {
  const { caught, alarms, tp, fp } = counts
  if (interval === null || caught === 0 || alarms === 0 || fp === 0) return interval
  const factor = (tp * alarms) / (fp * caught)
  const move = (share: number): number => {
    const odds = factor * share
    return odds + (1 - share) === 0 ? share : odds / (odds + (1 - share))
  }
  return { ...interval, lower: move(interval.lower), upper: move(interval.upper) }
}

/**
 * What each outcome costs in total. Three of them follow from counts where their cost is the same
 * for every case, and the fourth is then what is left of the whole.
 */
function outcomeCosts(
  { data: { curve }, costs }: Decision,
  { tp, fp, totalCost }: { readonly tp: number; readonly fp: number; readonly totalCost: number },
): OutcomeTotals | null {
  const weights: OutcomeTotals = {
    truePositive: tp,
    falsePositive: fp,
    trueNegative: curve.weightOfNegatives - fp,
    falseNegative: curve.weightOfPositives - tp,
  }
  const totals = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 }
  let rest = totalCost
  let varying: Outcome | null = null
  for (const outcome of outcomes) {
    const cost = costs[outcome]
    if (typeof cost === 'number') {
      totals[outcome] = cost * weights[outcome]
      rest -= totals[outcome]
    } else if (varying === null) varying = outcome
    else return null
  }
  // What is left of large sums is not exactly 0 where no case has this outcome.
  if (varying !== null) totals[varying] = weights[varying] === 0 ? 0 : rest
  return totals
}

const outcomes = ['truePositive', 'falsePositive', 'trueNegative', 'falseNegative'] as const

/**
 * Least and greatest cost over the folds at a threshold, for the span of amounts; null beyond the
 * thresholds at which it was looked at.
 */
export function foldSpreadAt(
  { data, span }: Decision,
  threshold: number,
): { readonly low: number; readonly high: number } | null {
  const { thresholds, low, high } = data.foldSpread
  if (!(threshold >= thresholds[0]! && threshold <= thresholds[thresholds.length - 1]!)) return null
  let from = 0
  let to = thresholds.length - 1
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (thresholds[middle]! <= threshold) from = middle
    else to = middle - 1
  }
  return { low: low[from]! * span.factor, high: high[from]! * span.factor }
}

/** Most alerts that the frame allows, over the cases that arrive; null where nothing limits them. */
export function limitShare(data: ThresholdData): number | null {
  const limit = alertLimit(data)
  return data.casesPerDay === null || limit === null ? null : limit.perDay / data.casesPerDay
}

/** The lowest candidate that keeps to the most alerts allowed; null where nothing limits them. */
export function capacityThreshold(data: ThresholdData): number | null {
  const limit = limitShare(data)
  if (limit === null) return null
  const { curve } = data
  const most = limit * (curve.weightOfPositives + curve.weightOfNegatives)
  let low = 0
  let high = curve.thresholds.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (curve.tp[middle]! + curve.fp[middle]! <= most * (1 + 1e-12)) low = middle
    else high = middle - 1
  }
  return curve.thresholds[low]!
}

/**
 * The threshold one step up or down.
 *
 * @param aimed Where a step of the scale would lead; null for the next distinct score. A step that
 *   changes no decision goes on to that score.
 */
export function steppedThreshold(
  { thresholds }: ThresholdData['curve'],
  { index, threshold }: Pick<Figures, 'index' | 'threshold'>,
  direction: 1 | -1,
  aimed: number | null,
): number {
  const next = thresholds[index - direction]
  if (next === undefined) return aimed ?? threshold
  if (aimed === null) return next
  if (direction === 1) return aimed > thresholds[index]! ? aimed : next
  return aimed <= next ? aimed : next
}
