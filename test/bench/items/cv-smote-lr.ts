import { stratifiedKFold } from '#shared/core/folds/stratified-k-fold.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream } from '#shared/core/math/random.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitModel, predictProbabilities } from '#shared/core/models/model.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly engine: Engine
  readonly X: Matrix
  readonly yTrue: Uint8Array
  averagePrecision: number
}

const folds = 5
const choice = { kind: 'smote', targetImbalanceRatio: 10, neighbors: 5 } as const

export const item: BenchItem<State> = {
  name: 'cv-smote-lr',
  about:
    'SMOTE to one in ten and logistic regression on each of 5 folds, and its average precision',
  prepare: async ({ table }) => ({
    engine: createKernelEngine(await loadKernels()),
    X: {
      values: table.readStandardized(),
      nSamples: table.nSamples,
      nFeatures: table.nFeatures,
    },
    yTrue: table.readLabels(),
    averagePrecision: NaN,
  }),
  run(state) {
    const { yTrue } = state
    const assignment = stratifiedKFold(yTrue, folds, createStream(0, 'bench', 'folds'))
    const all = Int32Array.from(yTrue, (_, i) => i)
    let sum = 0
    for (let fold = 0; fold < folds; fold++) {
      const held = all.filter((i) => assignment[i] === fold)
      sum += judgeFold(
        state,
        all.filter((i) => assignment[i] !== fold),
        held,
      )
    }
    state.averagePrecision = sum / folds
  },
  check: ({ averagePrecision }) => ({ average_precision: averagePrecision }),
  peer: { script: 'peer_bench.py', item: 'cv5_smote_lr' },
  bar: 0.7,
}

function judgeFold({ engine, X, yTrue }: State, train: Int32Array, held: Int32Array): number {
  const labels = Uint8Array.from(train, (i) => yTrue[i]!)
  const positives = labels.reduce((sum, y) => sum + y, 0)
  const after = resampledCounts(choice, labels.length - positives, positives)
  const resampled = resample(
    choice,
    rowsOf(X, train, after.negatives + after.positives),
    labels,
    null,
    createStream(0, 'bench', 'smote'),
    noCheckpoint,
    engine.neighbors,
  )
  const means = { engine, stream: createStream(0, 'bench', 'model') }
  const { model } = fitModel(
    { kind: 'logistic_regression', c: 1 },
    { X: resampled.X, yTrue: resampled.yTrue, weights: null },
    noCheckpoint,
    means,
  )
  const scores = predictProbabilities(model, rowsOf(X, held, held.length), noCheckpoint, engine)
  const heldLabels = Uint8Array.from(held, (i) => yTrue[i]!)
  return averagePrecision(countsAtThresholds(heldLabels, scores, null)).value!
}

/** Some rows of a table, with room for more behind them. */
function rowsOf({ values, nFeatures }: Matrix, rows: Int32Array, roomFor: number): Matrix {
  const room = new Float64Array(roomFor * nFeatures)
  rows.forEach((row, i) => {
    room.set(values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures)
  })
  const taken = room.subarray(0, rows.length * nFeatures)
  return { values: taken, nSamples: rows.length, nFeatures, room }
}
