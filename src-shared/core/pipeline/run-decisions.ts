import { bayesThresholds } from '../decision/bayes-threshold.ts'
import { decide } from '../decision/operating-point.ts'
import type { ThresholdRule } from '../decision/operating-point.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'

/**
 * The threshold that a rule puts on each sample: one for all, or one each. That of the tuned rule is
 * the one of the sample's fold, which has not seen it.
 */
export function thresholdsBy(
  rule: ThresholdRule,
  { costs, folds, prevalence }: Pick<ExperimentData, 'costs' | 'folds' | 'prevalence'>,
  { thresholds }: Pick<OutOfFold, 'thresholds'>,
): number | Float64Array {
  switch (rule) {
    case 'half':
      return 0.5
    case 'bayes':
      return bayesThresholds(costs, folds.length)
    case 'tuned':
      return Float64Array.from(folds, (fold) => thresholds[fold]!)
    case 'prevalence':
      return prevalence.inUse
  }
}

/** What a run decided out of fold by a rule: 1 = called positive, length nSamples. */
export function decisionsBy(
  rule: ThresholdRule,
  data: Pick<ExperimentData, 'costs' | 'folds' | 'prevalence'>,
  predictions: Pick<OutOfFold, 'thresholds' | 'probabilities'>,
): Uint8Array {
  return decide(predictions.probabilities, thresholdsBy(rule, data, predictions))
}
