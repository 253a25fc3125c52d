import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  type ConfusionCounts,
  fBeta,
  gMean,
  indexOfBalancedAccuracy,
  matthewsCorrelation,
  negativePredictiveValue,
  precision,
  recall,
  specificity,
  youdenJ,
} from './confusion.ts'
import {
  type Measured,
  measured,
  NO_NEGATIVES,
  NO_POSITIVES,
  NO_SAMPLES,
  undefinedBecause,
} from './measured.ts'

interface DecisionMetric {
  readonly title: string
  readonly of: (confusion: ConfusionCounts) => number | null
  /** What has to be there for it to be defined, most telling reason first. */
  readonly needs: readonly ('positives' | 'negatives' | 'alerts' | 'no alerts' | 'any alarm')[]
}

/** Everything that is read off a confusion matrix; higher is better throughout. */
export const DECISION_METRICS = {
  precision: { title: 'Precision', of: precision, needs: ['alerts'] },
  recall: { title: 'Recall', of: recall, needs: ['positives'] },
  specificity: { title: 'Specificity', of: specificity, needs: ['negatives'] },
  negativePredictiveValue: {
    title: 'Negative predictive value',
    of: negativePredictiveValue,
    needs: ['no alerts'],
  },
  f1: { title: 'F1', of: (confusion) => fBeta(confusion, 1), needs: ['any alarm'] },
  f2: { title: 'F2', of: (confusion) => fBeta(confusion, 2), needs: ['any alarm'] },
  fHalf: { title: 'F0.5', of: (confusion) => fBeta(confusion, 0.5), needs: ['any alarm'] },
  gMean: { title: 'G-mean', of: gMean, needs: ['positives', 'negatives'] },
  balancedAccuracy: {
    title: 'Balanced accuracy',
    of: balancedAccuracy,
    needs: ['positives', 'negatives'],
  },
  youdenJ: { title: 'Youden’s J', of: youdenJ, needs: ['positives', 'negatives'] },
  indexOfBalancedAccuracy: {
    title: 'Index of balanced accuracy',
    of: indexOfBalancedAccuracy,
    needs: ['positives', 'negatives'],
  },
  matthewsCorrelation: {
    title: 'Matthews correlation',
    of: matthewsCorrelation,
    needs: ['positives', 'negatives', 'alerts', 'no alerts'],
  },
  cohenKappa: { title: 'Cohen’s kappa', of: cohenKappa, needs: ['positives', 'negatives'] },
  accuracy: { title: 'Accuracy', of: accuracy, needs: [] },
} as const satisfies Readonly<Record<string, DecisionMetric>>

export type DecisionMetricName = keyof typeof DECISION_METRICS

/** All measures of decisions, each with the reason where it is undefined. */
export function measureDecisions(
  confusion: ConfusionCounts,
): Readonly<Record<DecisionMetricName, Measured>> {
  const { tp, fp, tn, fn } = confusion
  const total = tp + fp + tn + fn
  const missing = {
    positives: tp + fn > 0 ? null : NO_POSITIVES,
    negatives: fp + tn > 0 ? null : NO_NEGATIVES,
    alerts: tp + fp > 0 ? null : 'nothing was called positive',
    'no alerts': fn + tn > 0 ? null : 'everything was called positive',
    'any alarm': tp + fp + fn > 0 ? null : 'no sample is positive and nothing was called so',
  }
  const entries = Object.entries<DecisionMetric>(DECISION_METRICS).map(([name, metric]) => {
    const value = metric.of(confusion)
    if (value !== null) return [name, measured(value)] as const
    const reason = total > 0 ? metric.needs.map((need) => missing[need]).find(Boolean) : null
    return [name, undefinedBecause(reason ?? NO_SAMPLES)] as const
  })
  return Object.fromEntries(entries) as Record<DecisionMetricName, Measured>
}
