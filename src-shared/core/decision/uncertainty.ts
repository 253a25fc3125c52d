/**
 * What if costs and prevalence are not what was stated, as data: how far each doubt moves the cost of
 * the recommended decision, which run is best at which ratio of costs, and from which threshold
 * probabilities on acting on it is worth anything.
 */
import type { Interval } from '../metrics/interval.ts'
import type { Alerted } from './lower-envelope.ts'
import type { ThresholdRule } from './operating-point.ts'
import type { Doubt, UncertainInput } from './tornado.ts'

export interface CostUncertainty {
  /** The run that is recommended, the rule it decides by, and its threshold to use. */
  readonly name: string
  readonly rule: ThresholdRule
  /** Null where every case has its own. */
  readonly threshold: number | null
  /** What is doubted, in percent up and down. */
  readonly doubt: Doubt
  /** FN:FP as stated, in what wrong decisions waste; null where costs give no one ratio. */
  readonly ratio: number | null
  /** One input moved at a time, the widest first; null with a reason. */
  readonly tornado: {
    readonly costPer1000: number
    readonly bars: readonly DoubtedInput[]
  } | null
  readonly tornadoReason: string | null
  /** Which run is cheapest from one ratio to the next, each with its best threshold; null with a reason. */
  readonly bestByRatio: readonly RatioStretch[] | null
  readonly bestByRatioReason: string | null
  /** The same where the prevalence is not known either; null with a reason. */
  readonly map: UncertaintyMap | null
  readonly mapReason: string | null
  /** Of the recommended run, then of the untreated reference where that is another; null with a reason. */
  readonly decisionCurves: readonly NetBenefitCurve[] | null
  readonly decisionCurvesReason: string | null
  /** All of it in words. */
  readonly sentences: readonly string[]
}

export interface DoubtedInput {
  readonly input: UncertainInput
  readonly low: number
  readonly likely: number
  readonly high: number
  /** Cost per 1,000 cases with the threshold kept. */
  readonly atLowPer1000: number
  readonly atHighPer1000: number
  /** With the cheapest threshold of the run there; limits of the frame are not looked at. */
  readonly solvedAtLowPer1000: number
  readonly solvedAtHighPer1000: number
  /** |high − low| of what it costs with the threshold kept. */
  readonly swingPer1000: number
  readonly changesThreshold: boolean
}

export interface RatioStretch {
  /** Null where no run is needed: nobody, or everybody, gets an alert. */
  readonly name: string | null
  readonly alerts: Alerted
  readonly from: number
  /** Null where it goes on without end. */
  readonly to: number | null
}

export interface UncertaintyMap {
  readonly ratios: readonly number[]
  readonly prevalences: readonly number[]
  /** Row by prevalence, column by ratio. */
  readonly cells: readonly (readonly MapCell[])[]
}

/** What is cheapest at one ratio and prevalence. */
export interface MapCell {
  readonly name: string | null
  readonly alerts: Alerted
  /** In probabilities of the run at the prevalence in use. */
  readonly threshold: number
  /** What 1,000 cases cost above right decisions, in false alarms. */
  readonly falseAlarmsPer1000: number
}

/** Of 1,000 cases, in true positives: a caught positive is worth 1, a false alarm the odds less. */
export interface NetBenefitPoint {
  readonly thresholdProbability: number
  /** Of alerting from there on; nobody's is 0. Intervals are pointwise, of 95 %. */
  readonly netBenefitPer1000: number
  readonly netBenefitPer1000Interval: Interval | null
  readonly alertAllPer1000: number
  /** Over alerting on everybody, paired on the same cases. */
  readonly gainOverAllPer1000: number
  readonly gainOverAllPer1000Interval: Interval | null
  /** Alerts fewer than on everybody, per 100 cases, at the same net benefit. */
  readonly alertsAvoidedPer100: number
}

/** Neighbouring threshold probabilities that were looked at, both ends included. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface NetBenefitCurve {
  readonly name: string
  /** By increasing threshold probability. */
  readonly points: readonly NetBenefitPoint[]
  /** Where acting on the run beats alerting on everybody and on nobody. */
  readonly better: readonly Stretch[]
  /** Where it does so for certain: both intervals lie above 0. */
  readonly certain: readonly Stretch[]
}
