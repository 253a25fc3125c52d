/** From the out-of-fold predictions of one run to everything that is said of it. */
import { calibrationStage } from '../calibration/receipt.ts'
import type { CalibrationReceipt } from '../calibration/receipt.ts'
import {
  constraintsOf,
  decide,
  intervalPer1000,
  judgeDecisions,
  operatingPoint,
} from '../decision/operating-point.ts'
import type { OperatingPoint, ThresholdRule } from '../decision/operating-point.ts'
import { tuneThreshold } from '../decision/tune-threshold.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { meanInterval } from '../metrics/mean-interval.ts'
import { measureRun } from '../metrics/run-metrics.ts'
import { isUntreated } from '../plan/plan.ts'
import type { Configuration } from '../plan/plan.ts'
import type { ConfigurationResult } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'
import { thresholdsBy } from './run-decisions.ts'
import { atPrevalenceInUse } from './run-fold.ts'
import { solverAnswer } from './solver-answer.ts'
import { metricIntervals } from './metric-intervals.ts'
import { runImportance } from './run-importance.ts'
import { runInsight } from './run-insight.ts'
import { runMeasures } from './run-measures.ts'
import { foundHyperparameters, gateResult, ruleLayerResult } from './stage-results.ts'
import { joinPassports } from './synthetic-passport.ts'
import { thresholdUnderRules } from '../rules/rule-layer.ts'
import { correctionInWords } from './undo-training.ts'

/** What one rule decided on every sample: what runs are compared on. */
export interface RunDecisions {
  readonly rule: ThresholdRule
  /** 1 = called positive, length nSamples. */
  readonly decisions: Uint8Array
}

export interface RunEvaluation {
  readonly result: ConfigurationResult
  readonly decisions: readonly RunDecisions[]
}

const level = 0.95

/**
 * Metrics, intervals, operating points and calibration receipt of one run.
 *
 * Threshold rules are judged on out-of-fold probabilities; the tuned one with the threshold that
 * each fold's own training set gave (the nested estimate).
 */
export function evaluateRun(
  data: ExperimentData,
  configuration: Configuration,
  predictions: OutOfFold,
  checkpoint: Checkpoint,
): RunEvaluation {
  const { yTrue, decisionWeights: weights, costs } = data
  const { probabilities } = predictions
  const { metrics, undefinedMetrics } = measureRun(yTrue, probabilities, weights)
  const intervals = metricIntervals(data, probabilities, level, partOf(checkpoint, 0, 0.5))

  const rules = (['half', 'bayes', 'tuned', 'prevalence'] as const).map((rule) => ({
    rule,
    threshold: thresholdsBy(rule, data, predictions),
  }))
  const { rules: layer = [] } = configuration
  const tunedOnAll = tuneThreshold({
    yTrue,
    probabilities,
    weights,
    costs,
    constraints: constraintsOf(data),
  })
  const toUse =
    layer.length === 0
      ? tunedOnAll
      : { ...tunedOnAll, value: thresholdUnderRules(tunedOnAll.value) }
  const shownThreshold = (rule: ThresholdRule, threshold: number | Float64Array): number | null => {
    if (rule === 'tuned') return toUse.value
    if (typeof threshold === 'number') return threshold
    return costs.constant ? threshold[0]! : null
  }

  const judged = rules.map(({ rule, threshold }) => {
    const decisions = decide(probabilities, threshold)
    const judgement = judgeDecisions({ yTrue, decisions, weights, costs })
    const costPer1000Interval = intervalPer1000(
      meanInterval(judgement.costPerSample, weights, data.groups, level),
    )
    const point = operatingPoint({
      rule,
      threshold: shownThreshold(rule, threshold),
      judgement,
      costPer1000Interval,
      casesPerDay: data.casesPerDay,
    })
    return { rule, decisions, judgement, point }
  })
  const importance = runImportance(
    data.features.map(({ name }) => name),
    predictions.importances,
  )
  const gate = gateResult(predictions.gates)
  const synthetic = joinPassports(predictions.trainings.flatMap(({ passport }) => passport ?? []))
  const tuned = judged.find(({ rule }) => rule === 'tuned')!
  const calibration = receiptOf(data, configuration, predictions)
  const stage = calibration.stages.at(-1)!

  return {
    result: {
      name: configuration.name,
      untreated: isUntreated(configuration),
      configuration,
      metrics,
      undefinedMetrics,
      intervals,
      measures: runMeasures(
        data,
        { ...tuned, probabilities, metrics, undefinedMetrics, intervals, stage },
        partOf(checkpoint, 0.5, 0.9),
      ),
      threshold: {
        value: toUse.value,
        rule: ruleInWords(data),
        fittedOn:
          'all out-of-fold probabilities; judged with thresholds from inside each training set',
        perFold: predictions.thresholds,
        feasible: toUse.feasible,
        shortfall: toUse.shortfall,
      },
      confusion: tuned.point.confusion,
      costPer1000: tuned.point.costPer1000,
      costPer1000Interval: tuned.point.costPer1000Interval,
      operatingPoints: judged
        .map(({ point }): OperatingPoint => point)
        .filter(({ rule }) => rule !== 'prevalence'),
      solver: solverAnswer(data, predictions, toUse.value, partOf(checkpoint, 0.9, 1)),
      calibration,
      training: {
        perFold: predictions.trainings.map(({ notes: _, ...facts }) => facts),
        notes: [
          ...trainingNotes(predictions),
          ...(layer.length === 0
            ? []
            : ['Where rules decide, the probability is 1 or 0: a decision, not an estimate.']),
        ],
      },
      importance,
      importanceReason:
        importance === null ? 'average precision is undefined on the samples judged' : null,
      ...(layer.length === 0 ? {} : { rules: ruleLayerResult(data, layer) }),
      ...(gate === null ? {} : { gate }),
      ...(synthetic === null ? {} : { synthetic }),
      ...(predictions.searches.length === 0
        ? {}
        : { search: predictions.searches.map(foundHyperparameters) }),
      ...runInsight(
        data.features.map(({ name }) => name),
        configuration.insight ?? {},
        predictions.insights,
      ),
      ...(configuration.insight?.gradientFlow === true ? { gradientFlow: predictions.flows } : {}),
    },
    decisions: judged.map(({ rule, decisions }) => ({ rule, decisions })),
  }
}

function ruleInWords(data: ExperimentData): string {
  const { commitments, maxAlertShare, alertsSetBy } = constraintsOf(data)
  const conditions = [
    ...commitments.map(({ measure, atLeast }) => `${measure} at least ${atLeast}`),
    ...(maxAlertShare === null
      ? []
      : [`alerts within ${alertsSetBy === 'review hours' ? 'the review hours' : 'capacity'}`]),
  ]
  return conditions.length === 0 ? 'least cost' : `least cost with ${conditions.join(' and ')}`
}

/** Calibration at the prevalence in use, before and after each repair. */
function receiptOf(
  data: ExperimentData,
  configuration: Configuration,
  { scores, corrected, probabilities, calibratorKinds }: OutOfFold,
): CalibrationReceipt {
  const stageOf = (
    stage: 'raw' | 'corrected' | 'recalibrated',
    values: Float64Array,
  ): CalibrationReceipt['stages'][number] =>
    calibrationStage(stage, data.yTrue, values, data.decisionWeights)
  const kinds = [...new Set(calibratorKinds.filter((kind) => kind !== null))]
  return {
    correction: corrected === null ? null : correctionInWords(configuration),
    calibrator: kinds.length === 0 ? null : kinds.join(' and '),
    stages: [
      stageOf('raw', atPrevalenceInUse(data, scores)),
      ...(corrected === null ? [] : [stageOf('corrected', atPrevalenceInUse(data, corrected))]),
      ...(configuration.calibration.calibrator === 'none'
        ? []
        : [stageOf('recalibrated', probabilities)]),
    ],
  }
}

function trainingNotes({ trainings }: OutOfFold): string[] {
  const notes = new Set(trainings.flatMap((training) => training.notes))
  const stopped = trainings.filter((training) => !training.converged).length
  return [
    ...notes,
    ...(stopped === 0
      ? []
      : [
          `The fit stopped at its bound before converging in ${stopped} of ${trainings.length} folds.`,
        ]),
  ]
}
