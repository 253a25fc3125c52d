import { calibrationBins, expectedCalibrationError } from './calibration-bins.ts'
import { type Measured, measured, NO_POSITIVES, undefinedBecause } from './measured.ts'
import { precisionRecallGainArea } from './pr-gain.ts'
import { brierScore, brierSkill, logLoss } from './probability.ts'
import {
  averagePrecision,
  countsAtThresholds,
  precisionAtRecall,
  recallAtPrecision,
  rocAuc,
  type ThresholdCounts,
} from './ranking.ts'

/** The measures of a run, all on out-of-fold probabilities at the prevalence in use. */
export interface RunMetrics {
  readonly averagePrecision: number | null
  readonly rocAuc: number | null
  /** Area under the precision-recall-gain curve. */
  readonly prGainArea: number | null
  readonly brier: number | null
  readonly brierSkill: number | null
  readonly logLoss: number | null
  /** Expected calibration error over 10 bins of equal count. */
  readonly eceEqualCount10: number | null
  /** Largest recall at precision ≥ 0.5 (0.9), over all thresholds; optimistic, as it picks one. */
  readonly recallAtPrecision50: number | null
  readonly recallAtPrecision90: number | null
  /** Largest precision at recall ≥ 0.5 (0.9). */
  readonly precisionAtRecall50: number | null
  readonly precisionAtRecall90: number | null
}

export interface UndefinedMetric {
  readonly metric: keyof RunMetrics
  readonly reason: string
}

export const ECE_BINS = 10

/**
 * All measures of a run.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param probabilities In [0, 1], length nSamples.
 * @param weights       ≥ 0 per sample; null means 1 each.
 * @returns `undefinedMetrics` says why for each metric that is null.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Degenerate: with one class only, the measures that compare classes are null; without samples
 * all are. Recall at a precision that no threshold reaches is 0.
 */
export function measureRun(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): { readonly metrics: RunMetrics; readonly undefinedMetrics: readonly UndefinedMetric[] } {
  const counts = countsAtThresholds(yTrue, probabilities, weights)
  const bins = calibrationBins(yTrue, probabilities, weights, 'equal-count', ECE_BINS)
  const results: { readonly [Metric in keyof RunMetrics]: Measured } = {
    averagePrecision: averagePrecision(counts),
    rocAuc: rocAuc(counts),
    prGainArea: precisionRecallGainArea(counts),
    brier: brierScore(yTrue, probabilities, weights),
    brierSkill: brierSkill(yTrue, probabilities, weights),
    logLoss: logLoss(yTrue, probabilities, weights),
    eceEqualCount10: expectedCalibrationError(bins),
    recallAtPrecision50: measuredRecall(counts, 0.5),
    recallAtPrecision90: measuredRecall(counts, 0.9),
    precisionAtRecall50: measuredPrecision(counts, 0.5),
    precisionAtRecall90: measuredPrecision(counts, 0.9),
  }
  const metrics = mapMetrics(results, ({ value }) => value)
  const undefinedMetrics = (Object.keys(results) as (keyof RunMetrics)[]).flatMap((metric) => {
    const { reason } = results[metric]
    return reason === null ? [] : [{ metric, reason }]
  })
  return { metrics, undefinedMetrics }
}

/** Applies `change` to every metric of a record. */
function mapMetrics<From, To>(
  record: { readonly [Metric in keyof RunMetrics]: From },
  change: (value: From, metric: keyof RunMetrics) => To,
): { readonly [Metric in keyof RunMetrics]: To } {
  return {
    averagePrecision: change(record.averagePrecision, 'averagePrecision'),
    rocAuc: change(record.rocAuc, 'rocAuc'),
    prGainArea: change(record.prGainArea, 'prGainArea'),
    brier: change(record.brier, 'brier'),
    brierSkill: change(record.brierSkill, 'brierSkill'),
    logLoss: change(record.logLoss, 'logLoss'),
    eceEqualCount10: change(record.eceEqualCount10, 'eceEqualCount10'),
    recallAtPrecision50: change(record.recallAtPrecision50, 'recallAtPrecision50'),
    recallAtPrecision90: change(record.recallAtPrecision90, 'recallAtPrecision90'),
    precisionAtRecall50: change(record.precisionAtRecall50, 'precisionAtRecall50'),
    precisionAtRecall90: change(record.precisionAtRecall90, 'precisionAtRecall90'),
  }
}

function measuredRecall(counts: ThresholdCounts, target: number): Measured {
  if (counts.positives === 0) return undefinedBecause(NO_POSITIVES)
  return measured(recallAtPrecision(counts, target).recall)
}

function measuredPrecision(counts: ThresholdCounts, target: number): Measured {
  const { precision } = precisionAtRecall(counts, target)
  return precision === null ? undefinedBecause(NO_POSITIVES) : measured(precision)
}
