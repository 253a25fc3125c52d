/** What the items on forests and other ensembles share. */
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { Model, TrainingSet } from '#shared/core/models/model.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import type { BenchItem } from './bench-item.ts'

export interface ForestState {
  readonly train: TrainingSet
  readonly engine: Engine
  model: Model | null
}

/** Fits a model on the table. */
export function ensembleItem(
  about: Pick<BenchItem<ForestState>, 'name' | 'about' | 'peer' | 'bar'>,
  choice: ModelChoice,
): BenchItem<ForestState> {
  return {
    ...about,
    async prepare({ table }) {
      const { nSamples, nFeatures } = table
      const values = Float64Array.from(table.readFeatures())
      return {
        train: { X: { values, nSamples, nFeatures }, yTrue: table.readLabels(), weights: null },
        engine: createKernelEngine(await loadKernels()),
        model: null,
      }
    },
    run(state) {
      const means = { engine: state.engine, stream: createStream(0, 'bench') }
      state.model = fitModel(choice, state.train, noCheckpoint, means).model
    },
    check({ train: { X, yTrue }, engine, model }) {
      const logits = predictLogits(model!, X, noCheckpoint, engine)
      return {
        average_precision: averagePrecision(countsAtThresholds(yTrue, logits, null)).value!,
      }
    },
  }
}
