/**
 * What is said of one run beside others: estimates with intervals, and its curves. From stored
 * predictions; what an evaluation has found out already is taken from there, so that one number has
 * one interval.
 */
import { calibrationStage } from '../calibration/receipt.ts'
import { pairedDifference } from '../decision/compare-runs.ts'
import {
  constraintsOf,
  intervalPer1000,
  judgeDecisions,
  per1000,
} from '../decision/operating-point.ts'
import type { Judgement } from '../decision/operating-point.ts'
import { rateInterval } from '../metrics/rate-interval.ts'
import { tuneThreshold } from '../decision/tune-threshold.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { calibrationBins } from '../metrics/calibration-bins.ts'
import type { Interval } from '../metrics/interval.ts'
import { meanInterval } from '../metrics/mean-interval.ts'
import { NO_POSITIVES } from '../metrics/measured.ts'
import { measureRun } from '../metrics/run-metrics.ts'
import type { MeasureName } from '../metrics/measure-list.ts'
import type { ConfigurationResult, RunCurves, RunMeasure } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'
import { metricIntervals } from './metric-intervals.ts'
import { runCurves } from './run-curves.ts'
import { runMeasures } from './run-measures.ts'
import { decisionsBy } from './run-decisions.ts'

/** A number with its interval, or why there is none. */
export interface Estimate {
  readonly value: number | null
  readonly interval: Interval | null
  readonly reason: string | null
}

/** Decisions of the tuned threshold, each by a threshold that has not seen its sample. */
export interface NestedEstimates {
  readonly costPer1000: Estimate
  readonly recall: Estimate
  readonly precision: Estimate
  readonly alertsPer1000: Estimate
}

export interface ThresholdToUse {
  readonly value: number
  readonly feasible: boolean
  readonly shortfall: string | null
}

export interface JudgedRun extends NestedEstimates {
  readonly threshold: ThresholdToUse
  readonly averagePrecision: Estimate
  readonly rocAuc: Estimate
  readonly brier: Estimate
  /** Of a logistic recalibration of the probabilities: 1 is right. */
  readonly calibrationSlope: Estimate
  readonly measures: readonly RunMeasure[]
  readonly curves: RunCurves
  /** Ten bins of equal count, lowest probabilities first; empty ones are left out. */
  readonly reliability: readonly {
    readonly meanProbability: number
    readonly observed: number
    readonly count: number
  }[]
}

const LEVEL = 0.95
const N_BINS = 10

/** @param known What the evaluation of the run said; null when it has none yet. */
export function judgeRun(
  data: ExperimentData,
  predictions: OutOfFold,
  known: ConfigurationResult | null,
  checkpoint: Checkpoint,
): JudgedRun {
  const { yTrue, decisionWeights: weights } = data
  const { probabilities } = predictions
  const measures = measuresOf(data, predictions, known, checkpoint)
  const metric = (name: MeasureName): Estimate => {
    const { value, interval, reason } = measures.find(({ measure }) => measure === name)!
    return { value, interval, reason }
  }
  return {
    ...nestedEstimates(data, predictions),
    threshold: thresholdToUse(data, predictions, known),
    averagePrecision: metric('averagePrecision'),
    rocAuc: metric('rocAuc'),
    brier: metric('brier'),
    calibrationSlope: metric('calibrationSlope'),
    measures,
    curves: runCurves(data, predictions),
    reliability: calibrationBins(yTrue, probabilities, weights, 'equal-count', N_BINS).flatMap(
      ({ count, meanProbability, observed }) =>
        meanProbability === null || observed === null ? [] : [{ count, meanProbability, observed }],
    ),
  }
}

/** Cost and rates at the tuned thresholds of the folds. */
export function nestedEstimates(data: ExperimentData, predictions: OutOfFold): NestedEstimates {
  const { yTrue, decisionWeights: weights, groups } = data
  const { decisions, judgement } = nestedJudgement(data, predictions)
  const rate = (of: Uint8Array, among: Uint8Array | null): Interval | null =>
    rateInterval({ of, among, weights, groups, level: LEVEL })
  const estimate = (
    value: number | null,
    interval: Interval | null,
    reason: string | null = null,
  ): Estimate => ({
    value,
    interval: value === null ? null : interval,
    reason: value === null ? reason : null,
  })
  return {
    costPer1000: estimate(
      per1000(judgement.meanCost),
      intervalPer1000(meanInterval(judgement.costPerSample, weights, groups, LEVEL)),
    ),
    recall: estimate(judgement.recall, rate(decisions, yTrue), NO_POSITIVES),
    precision: estimate(judgement.precision, rate(yTrue, decisions), 'no case got an alert'),
    alertsPer1000: estimate(per1000(judgement.alertShare), intervalPer1000(rate(decisions, null))),
  }
}

/** The threshold to use, fitted on all out-of-fold probabilities. */
export function thresholdToUse(
  data: ExperimentData,
  { probabilities }: OutOfFold,
  known: ConfigurationResult | null,
): ThresholdToUse {
  if (known !== null) {
    const { value, feasible, shortfall } = known.threshold
    return { value, feasible, shortfall }
  }
  const { value, feasible, shortfall } = tuneThreshold({
    yTrue: data.yTrue,
    probabilities,
    weights: data.decisionWeights,
    costs: data.costs,
    constraints: constraintsOf(data),
  })
  return { value, feasible, shortfall }
}

/** How much dearer a run is than another per 1,000 cases. */
export interface PairedGap {
  readonly costPer1000: number
  /** Of 95 %. */
  readonly interval: Interval | null
  /** Of 90 %: what lies in it is equal at 5 % on either side. */
  readonly interval90: Interval | null
}

/**
 * How much dearer a run is than another per 1,000 cases, decision for decision at their tuned
 * thresholds; as in the ledger of an experiment.
 */
export function differenceBetween(
  data: ExperimentData,
  run: OutOfFold,
  other: OutOfFold,
): PairedGap {
  const costs = nestedJudgement(data, run).judgement.costPerSample
  const others = nestedJudgement(data, other).judgement.costPerSample
  const at = (level: number): ReturnType<typeof pairedDifference> =>
    pairedDifference(costs, others, {
      weights: data.decisionWeights,
      groups: data.groups,
      level,
    })
  return { ...at(LEVEL), interval90: at(0.9).interval }
}

/** Decisions of a run, each by a threshold that has not seen its sample. */
export function nestedJudgement(
  data: ExperimentData,
  predictions: OutOfFold,
): { readonly decisions: Uint8Array; readonly judgement: Judgement } {
  const { yTrue, decisionWeights: weights, costs } = data
  const decisions = decisionsBy('tuned', data, predictions)
  return { decisions, judgement: judgeDecisions({ yTrue, decisions, weights, costs }) }
}

/** All measures, known or newly computed in the manner of the evaluation. */
function measuresOf(
  data: ExperimentData,
  predictions: OutOfFold,
  known: ConfigurationResult | null,
  checkpoint: Checkpoint,
): readonly RunMeasure[] {
  if (known?.measures !== undefined) return known.measures
  const { probabilities } = predictions
  const judged = known ?? {
    ...measureRun(data.yTrue, probabilities, data.decisionWeights),
    intervals: metricIntervals(data, probabilities, LEVEL, partOf(checkpoint, 0, 0.5)),
  }
  const stage =
    known?.calibration.stages.at(-1) ??
    calibrationStage('raw', data.yTrue, probabilities, data.decisionWeights)
  return runMeasures(
    data,
    { ...judged, ...nestedJudgement(data, predictions), probabilities, stage },
    partOf(checkpoint, 0.5, 1),
  )
}
