import { brierScore, logLoss } from './probability.ts'
import { averagePrecision, countsAtThresholds, rocAuc } from './ranking.ts'

/** What models may be chosen and explained by. */
export type ChosenMetric = 'average_precision' | 'roc_auc' | 'log_loss' | 'brier'

/**
 * A measure of probabilities, turned so that higher is better: of log loss and Brier score the
 * negative.
 *
 * @returns Null where it is undefined, as with one class only.
 */
export function chosenMetric(
  metric: ChosenMetric,
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): number | null {
  switch (metric) {
    case 'average_precision':
      return averagePrecision(countsAtThresholds(yTrue, probabilities, weights)).value
    case 'roc_auc':
      return rocAuc(countsAtThresholds(yTrue, probabilities, weights)).value
    case 'log_loss':
      return negative(logLoss(yTrue, probabilities, weights).value)
    case 'brier':
      return negative(brierScore(yTrue, probabilities, weights).value)
  }
}

function negative(value: number | null): number | null {
  return value === null ? null : 0 - value
}
