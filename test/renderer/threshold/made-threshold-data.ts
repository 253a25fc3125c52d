import type { ThresholdData } from '#shared/contract/decision.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import type { SampleCosts } from '#shared/core/frame/sample-costs.ts'

/** A thing to look at, from scores and labels: what the workbench would tell of such a run. */
export function thresholdDataOf(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  costs: SampleCosts,
  more: Partial<ThresholdData> = {},
): ThresholdData {
  const curve = costCurve({ yTrue, probabilities, weights: null, costs })
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const negatives = yTrue.length - positives
  return {
    run: { experimentId: 1, name: 'gbdt' },
    untreated: true,
    positives,
    negatives,
    curve: {
      thresholds: curve.thresholds,
      caught: curve.tp,
      alarms: curve.fp,
      tp: curve.tp,
      fp: curve.fp,
      totalCost: curve.totalCost,
      weightOfPositives: positives,
      weightOfNegatives: negatives,
      joined: false,
    },
    histogram: {
      edges: Float64Array.of(0, 1),
      positives: Float64Array.of(positives),
      negatives: Float64Array.of(negatives),
    },
    foldSpread: {
      thresholds: Float64Array.of(0.1, 0.5, 0.9),
      low: Float64Array.of(1, 2, 3),
      high: Float64Array.of(4, 5, 6),
    },
    tuned: 0.5,
    tunedRule: 'least cost',
    feasible: true,
    shortfall: null,
    perFold: [0.4, 0.5, 0.6],
    bayes: null,
    bayesReason: null,
    nested: {
      costPer1000: 100,
      costPer1000Interval: null,
      recall: null,
      recallInterval: null,
      precision: null,
      precisionInterval: null,
      alertsPer1000: 10,
    },
    casesPerDay: null,
    capacity: null,
    minutesPerAlert: null,
    reviewHoursPerDay: null,
    commitments: [],
    prevalenceInUse: positives / yTrue.length,
    ...more,
  }
}
