import { averagePrecision, countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly yTrue: Uint8Array
  readonly scores: Float64Array
  averagePrecision: number
  rocAuc: number
}

export const item: BenchItem<State> = {
  name: 'ap-roc-auc',
  about: 'counts at every threshold, average precision and ROC AUC',
  prepare: ({ table }) => ({
    yTrue: table.readLabels(),
    scores: table.readScores(),
    averagePrecision: NaN,
    rocAuc: NaN,
  }),
  run(state) {
    const counts = countsAtThresholds(state.yTrue, state.scores, null)
    state.averagePrecision = averagePrecision(counts).value!
    state.rocAuc = rocAuc(counts).value!
  },
  check: (state) => ({ average_precision: state.averagePrecision, roc_auc: state.rocAuc }),
  peer: { script: 'peer_bench.py', item: 'pr_curve_ap_auc' },
  bar: 0.5,
  grows: true,
}
