import { join } from 'node:path'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import type { BenchItem } from '../bench-item.ts'
import { openBenchTable, writeBenchTable } from '../bench-table.ts'
import { choice } from '../boosting-state.ts'

interface State {
  /** Training half and judged half of each table. */
  readonly tables: readonly { readonly train: TrainingSet; readonly rest: TrainingSet }[]
  readonly engine: Engine
  readonly averagePrecisions: number[]
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

export const item: BenchItem<State> = {
  name: 'gbdt-tables',
  about: 'gradient boosting on half of each of eight tables: average precision on the other half',
  async prepare({ nRows, folder }) {
    const tables = seeds.map((seed) => {
      const made = join(folder, `seed-${seed}`)
      writeBenchTable(made, nRows, seed)
      const table = openBenchTable(made)
      const [values, yTrue] = [Float64Array.from(table.readFeatures()), table.readLabels()]
      const half = Math.floor(table.nSamples / 2)
      const part = (start: number, end: number): TrainingSet => ({
        X: {
          values: values.slice(start * table.nFeatures, end * table.nFeatures),
          nSamples: end - start,
          nFeatures: table.nFeatures,
        },
        yTrue: yTrue.slice(start, end),
        weights: null,
      })
      return { train: part(0, half), rest: part(half, table.nSamples) }
    })
    return { tables, engine: createKernelEngine(await loadKernels()), averagePrecisions: [] }
  },
  run({ tables, engine, averagePrecisions }) {
    averagePrecisions.length = 0
    for (const { train, rest } of tables) {
      const means = { engine, stream: createStream(0, 'bench') }
      const { model } = fitModel(choice, train, noCheckpoint, means)
      const logits = predictLogits(model, rest.X, noCheckpoint, engine)
      const counts = countsAtThresholds(rest.yTrue, logits, null)
      averagePrecisions.push(averagePrecision(counts).value!)
    }
  },
  check: ({ averagePrecisions }) =>
    Object.fromEntries(
      averagePrecisions.map((value, at) => [`average_precision_${seeds[at]!}`, value]),
    ),
  peer: { script: 'boosting.py', item: 'gbdt_tables' },
}
