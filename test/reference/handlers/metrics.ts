import {
  binEdges,
  calibrationBins,
  expectedCalibrationError,
  maximumCalibrationError,
  type BinStrategy,
  type CalibrationBin,
} from '#shared/core/metrics/calibration-bins.ts'
import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  type ConfusionCounts,
  confusionAt,
  falseNegativeRate,
  falsePositiveRate,
  fBeta,
  gMean,
  jaccard,
  matthewsCorrelation,
  negativePredictiveValue,
  precision,
  recall,
  specificity,
  youdenJ,
} from '#shared/core/metrics/confusion.ts'
import {
  brierReference,
  brierScore,
  brierSkill,
  logLoss,
  prevalence,
} from '#shared/core/metrics/probability.ts'
import {
  averagePrecision,
  countsAtThresholds,
  measureAtK,
  precisionAtRecall,
  precisionRecallCurve,
  recallAtPrecision,
  rocAuc,
  rocCurve,
  type ThresholdCounts,
  trapezoidPrecisionRecallArea,
} from '#shared/core/metrics/ranking.ts'
import type { GoldenHandlers } from '../handlers.ts'

type Expected = Readonly<Record<string, unknown>>

interface Samples {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
  readonly weights: Float64Array | null
  readonly counts: ThresholdCounts
}

/** What we measure for one key of `expect`, shaped like the wanted value. */
type Measure = (samples: Samples, want: unknown) => unknown

export const metrics: GoldenHandlers = {
  metrics: ({ input, expect }, check) => {
    const yTrue = Uint8Array.from(input['y'] as number[])
    const scores = Float64Array.from(input['score'] as number[])
    const weight = input['weight'] as number[] | null | undefined
    const weights = weight ? Float64Array.from(weight) : null
    const samples = { yTrue, scores, weights, counts: countsAtThresholds(yTrue, scores, weights) }
    for (const [key, want] of Object.entries(expect)) {
      if (key === 'undefined') continue
      const measure = MEASURES[key]
      if (measure === undefined) check.notYet(key)
      // With one class only, the reference does not take the trapezoid: null is "not computed".
      else if (key === 'pr_auc_trapezoid' && want === null) continue
      else check.close(key, measure(samples, want), want)
    }
  },
}

const MEASURES: Readonly<Record<string, Measure>> = {
  thresholds: ({ yTrue, scores, weights }, want) =>
    (want as { threshold: number }[]).map(({ threshold }) => ({
      threshold,
      ...ratesOf(confusionAt(yTrue, scores, weights, threshold)),
    })),
  roc_auc: ({ counts }) => rocAuc(counts).value,
  gini: ({ counts }) => {
    const { value } = rocAuc(counts)
    return value === null ? null : 2 * value - 1
  },
  average_precision: ({ counts }) => averagePrecision(counts).value,
  roc_curve: ({ counts }) => {
    const { thresholds, truePositiveRate, falsePositiveRate } = rocCurve(counts)
    return { thresholds, tpr: truePositiveRate, fpr: falsePositiveRate }
  },
  pr_curve: ({ counts }) => {
    const curve = precisionRecallCurve(counts)
    return {
      thresholds: curve.thresholds.toReversed(),
      precision: [...curve.precision.toReversed(), 1],
      recall: curve.recall === null ? null : [...curve.recall.toReversed(), 0],
    }
  },
  pr_auc_trapezoid: ({ counts }) => trapezoidPrecisionRecallArea(counts).value,
  at_k: ({ yTrue, scores }, want) =>
    (want as { k: number }[]).map(({ k }) => {
      const at = measureAtK(yTrue, scores, k)
      return {
        k,
        precision_stable: at.precisionStable,
        recall_stable: at.recallStable,
        precision_expected: at.precisionExpected,
        recall_expected: at.recallExpected,
        lift_expected: at.liftExpected,
        tied_at_cut: at.tiedAtCut,
      }
    }),
  recall_at_precision: ({ counts }, want) =>
    (want as { precision: number }[]).map((wanted) => {
      const point = recallAtPrecision(counts, wanted.precision)
      return {
        precision: wanted.precision,
        recall: point.recall,
        threshold: point.threshold,
        attained_precision: point.attainedPrecision,
      }
    }),
  precision_at_recall: ({ counts }, want) =>
    (want as { recall: number }[]).map((wanted) => {
      const point = precisionAtRecall(counts, wanted.recall)
      return {
        recall: wanted.recall,
        precision: point.precision,
        threshold: point.threshold,
        attained_recall: point.attainedRecall,
      }
    }),
  prevalence: ({ yTrue, weights }) => prevalence(yTrue, weights).value,
  brier: ({ yTrue, scores, weights }) => brierScore(yTrue, scores, weights).value,
  brier_reference: ({ yTrue, weights }) => brierReference(yTrue, weights).value,
  brier_skill: ({ yTrue, scores, weights }) => brierSkill(yTrue, scores, weights).value,
  'log_loss_eps_2p-52': ({ yTrue, scores, weights }) => logLoss(yTrue, scores, weights).value,
  'log_loss_eps_1e-15': ({ yTrue, scores, weights }) =>
    logLoss(yTrue, scores, weights, 1e-15).value,
  quantile10_edges: ({ scores }) => binEdges(scores, 'quantile', 10),
  ...binMeasures('width', 'width10'),
  ...binMeasures('quantile', 'quantile10'),
  ...binMeasures('equal-count', 'equal_count10'),
  calibration_curve_uniform: (samples) => calibrationCurve(binsOf(samples, 'width')),
  calibration_curve_quantile: (samples) => calibrationCurve(binsOf(samples, 'quantile')),
}

function binMeasures(strategy: BinStrategy, name: string): Record<string, Measure> {
  return {
    [`ece_${name}`]: (samples) => expectedCalibrationError(binsOf(samples, strategy)).value,
    [`mce_${name}`]: (samples) => maximumCalibrationError(binsOf(samples, strategy)).value,
    [`bins_${name}`]: (samples) =>
      binsOf(samples, strategy).map((bin) => [bin.weight, bin.meanProbability, bin.observed]),
  }
}

function binsOf({ yTrue, scores, weights }: Samples, strategy: BinStrategy): CalibrationBin[] {
  return calibrationBins(yTrue, scores, weights, strategy, 10)
}

/** scikit-learn leaves empty bins out. */
function calibrationCurve(bins: readonly CalibrationBin[]): Expected {
  const filled = bins.filter((bin) => bin.count > 0)
  return {
    prob_true: filled.map((bin) => bin.observed),
    prob_pred: filled.map((bin) => bin.meanProbability),
  }
}

function ratesOf(confusion: ConfusionCounts): Expected {
  return {
    ...confusion,
    accuracy: accuracy(confusion),
    precision: precision(confusion),
    recall: recall(confusion),
    specificity: specificity(confusion),
    npv: negativePredictiveValue(confusion),
    false_positive_rate: falsePositiveRate(confusion),
    false_negative_rate: falseNegativeRate(confusion),
    f1: fBeta(confusion, 1),
    f0_5: fBeta(confusion, 0.5),
    f2: fBeta(confusion, 2),
    mcc: matthewsCorrelation(confusion),
    balanced_accuracy: balancedAccuracy(confusion),
    kappa: cohenKappa(confusion),
    gmean: gMean(confusion),
    youden_j: youdenJ(confusion),
    jaccard: jaccard(confusion),
  }
}
