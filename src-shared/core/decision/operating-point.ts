import type { SampleCosts } from '../frame/sample-costs.ts'
import type { Commitment } from '../frame/frame.ts'
import { alertLimit, maxAlertShare } from '../frame/limits.ts'
import type { AlertLimit, FrameLimits } from '../frame/limits.ts'
import { blockSum } from '../math/sum.ts'
import { precision, recall } from '../metrics/confusion.ts'
import type { Interval } from '../metrics/interval.ts'
import { costReader } from './bayes-threshold.ts'

/** Counts of samples (unweighted) that the decisions of a run put in each cell. */
export interface Confusion {
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/** A way to turn probabilities into decisions. */
export type ThresholdRule = 'half' | 'bayes' | 'tuned' | 'prevalence'

export interface OperatingPoint {
  /**
   * `half`: 0.5. `bayes`: from the costs. `tuned`: least cost on validation samples. `prevalence`:
   * the share of positives, which is what adjusting logits after training comes to.
   */
  readonly rule: ThresholdRule
  /** Null where each sample has its own threshold (per-row costs). */
  readonly threshold: number | null
  readonly confusion: Confusion
  readonly precision: number | null
  readonly recall: number | null
  /** Shares and costs at the prevalence in use. */
  readonly alertsPer1000: number
  readonly costPer1000: number
  readonly costPer1000Interval: Interval | null
  readonly alertsPerDay: number | null
  readonly costPerMonth: number | null
}

/** What the decision has to keep to, apart from being cheap. */
export interface Constraints {
  readonly commitments: readonly Commitment[]
  /** Largest share of cases with an alert, in [0, 1]: alerts allowed ÷ cases per day. */
  readonly maxAlertShare: number | null
  /** What that share stands for, for sentences; a number of alerts where it is left out. */
  readonly alertsSetBy?: AlertLimit['setBy']
}

/** What the limits of a frame ask of decisions on samples. */
export function constraintsOf(limits: FrameLimits): Constraints {
  const setBy = alertLimit(limits)?.setBy
  return {
    commitments: limits.commitments,
    maxAlertShare: maxAlertShare(limits),
    ...(setBy === undefined ? {} : { alertsSetBy: setBy }),
  }
}

/** Decisions held against the truth. */
export interface Judgement {
  readonly confusion: Confusion
  /** Weighted; null when nothing was called positive. */
  readonly precision: number | null
  /** Weighted; null when no sample is positive. */
  readonly recall: number | null
  /** Weighted share of samples called positive, in [0, 1]. */
  readonly alertShare: number
  /** Weighted mean cost of a sample. */
  readonly meanCost: number
  /** Cost of the decision taken on each sample, not weighted, length nSamples. */
  readonly costPerSample: Float64Array
}

/** A share or a cost computed with weighted sums is off by rounding; less than this is no breach. */
const SHARE_TOLERANCE = 1e-12

const DAYS_PER_MONTH = 30

/**
 * One decision per sample: 1 where its probability reaches the threshold.
 *
 * @param threshold One for all samples, or one per sample; Infinity never gives an alert.
 */
export function decide(probabilities: Float64Array, threshold: number | Float64Array): Uint8Array {
  const thresholdOf = costReader(threshold)
  return Uint8Array.from(probabilities, (probability, i) => (probability >= thresholdOf(i) ? 1 : 0))
}

/**
 * What decisions caught, missed, alarmed and cost.
 *
 * @param yTrue     0 or 1 per sample, length nSamples.
 * @param decisions 1 = called positive, length nSamples.
 * @param weights   ≥ 0 per sample; null means 1 each.
 * @throws RangeError when lengths differ, or the weights do not add up to more than 0.
 */
export function judgeDecisions({
  yTrue,
  decisions,
  weights,
  costs,
}: {
  readonly yTrue: Uint8Array
  readonly decisions: Uint8Array
  readonly weights: Float64Array | null
  readonly costs: SampleCosts
}): Judgement {
  if (decisions.length !== yTrue.length) {
    throw new RangeError(
      `judgeDecisions needs one decision per sample, got ${decisions.length} for ${yTrue.length} samples`,
    )
  }
  const costPerSample = costOfDecisions(yTrue, decisions, costs)
  return {
    ...rates(yTrue, decisions, weights),
    meanCost: weightedMean(costPerSample, weights),
    costPerSample,
  }
}

function costOfDecisions(
  yTrue: Uint8Array,
  decisions: Uint8Array,
  costs: SampleCosts,
): Float64Array {
  const truePositive = costReader(costs.truePositive)
  const falsePositive = costReader(costs.falsePositive)
  const trueNegative = costReader(costs.trueNegative)
  const falseNegative = costReader(costs.falseNegative)
  return Float64Array.from(yTrue, (y, i) => {
    if (decisions[i] === 1) return y === 1 ? truePositive(i) : falsePositive(i)
    return y === 1 ? falseNegative(i) : trueNegative(i)
  })
}

/**
 * Σ w·v / Σ w.
 *
 * @param weights ≥ 0 per value; null means 1 each.
 * @throws RangeError when the weights do not add up to more than 0.
 */
export function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  const total = weights === null ? values.length : blockSum(weights)
  if (!(total > 0)) throw new RangeError(`the weights must add up to more than 0, got ${total}`)
  return blockSum(weights === null ? values : values.map((value, i) => value * weights[i]!)) / total
}

/**
 * Confusion and rates of decisions without their costs.
 *
 * Degenerate: precision is null when nothing (of positive weight) was called positive, recall when
 * no sample is positive.
 */
export function rates(
  yTrue: Uint8Array,
  decisions: Uint8Array,
  weights: Float64Array | null,
): Pick<Judgement, 'confusion' | 'precision' | 'recall' | 'alertShare'> {
  // Indexed by 2·truth + decision: tn, fp, fn, tp.
  const counts: Cells = [0, 0, 0, 0]
  const weighted: Cells = [0, 0, 0, 0]
  for (let i = 0; i < yTrue.length; i++) {
    const cell = 2 * yTrue[i]! + decisions[i]!
    counts[cell]! += 1
    weighted[cell]! += weights === null ? 1 : weights[i]!
  }
  const rated = confusionOf(weighted)
  const alerts = rated.tp + rated.fp
  const total = alerts + rated.fn + rated.tn
  return {
    confusion: confusionOf(counts),
    precision: precision(rated),
    recall: recall(rated),
    alertShare: total > 0 ? alerts / total : 0,
  }
}

type Cells = [number, number, number, number]

function confusionOf([tn, fp, fn, tp]: Cells): Confusion {
  return { tp, fp, tn, fn }
}

/**
 * Whether decisions keep to the constraints on the samples they were judged on. A measure that is
 * undefined keeps no commitment.
 */
export function meetsConstraints(
  judgement: Pick<Judgement, 'precision' | 'recall' | 'alertShare'>,
  constraints: Pick<Constraints, 'commitments' | 'maxAlertShare'>,
): boolean {
  const most = constraints.maxAlertShare
  if (most !== null && judgement.alertShare > most + SHARE_TOLERANCE) return false
  return constraints.commitments.every(({ measure, atLeast }) => {
    const measured = judgement[measure]
    return measured !== null && measured >= atLeast - SHARE_TOLERANCE
  })
}

/** The line of a results table: a judgement in the units people plan with. */
export function operatingPoint({
  rule,
  threshold,
  judgement,
  costPer1000Interval,
  casesPerDay,
}: {
  readonly rule: ThresholdRule
  /** Null where each sample has its own threshold. */
  readonly threshold: number | null
  readonly judgement: Judgement
  readonly costPer1000Interval: Interval | null
  readonly casesPerDay: number | null
}): OperatingPoint {
  const { confusion, precision, recall, alertShare } = judgement
  const costPer1000 = per1000(judgement.meanCost)
  return {
    rule,
    threshold,
    confusion,
    precision,
    recall,
    alertsPer1000: per1000(alertShare),
    costPer1000,
    costPer1000Interval,
    alertsPerDay: casesPerDay === null ? null : alertShare * casesPerDay,
    costPerMonth: casesPerDay === null ? null : per1000ToMonth(costPer1000, casesPerDay),
  }
}

/** From per case to per 1,000 cases. */
export function per1000(perCase: number): number {
  return perCase * 1000
}

/** The interval of a mean cost or share, from per case to per 1,000 cases. */
export function intervalPer1000(interval: Interval | null): Interval | null {
  return interval && { ...interval, lower: per1000(interval.lower), upper: per1000(interval.upper) }
}

/** From per 1,000 cases to per month of 30 days. */
export function per1000ToMonth(value: number, casesPerDay: number): number {
  return (value / 1000) * casesPerDay * DAYS_PER_MONTH
}
