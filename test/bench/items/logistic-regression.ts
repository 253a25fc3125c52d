import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { softplus } from '#shared/core/math/elementary.ts'
import {
  fitLogisticRegression,
  logisticRegressionLogits,
} from '#shared/core/models/logistic-regression.ts'
import type { LogisticRegressionModel } from '#shared/core/models/logistic-regression.ts'
import type { TrainingSet } from '#shared/core/models/model.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchItem } from '../bench-item.ts'
import { trainingSetOf } from '../training-set.ts'

interface State {
  readonly engine: Engine
  readonly train: TrainingSet
  model: LogisticRegressionModel | null
}

export const item: BenchItem<State> = {
  name: 'logistic-regression',
  about: 'logistic regression with C 1, to a relative gradient of 1e-12',
  prepare: async (context) => ({
    engine: createKernelEngine(await loadKernels()),
    train: trainingSetOf(context),
    model: null,
  }),
  run(state) {
    const { engine, train } = state
    state.model = fitLogisticRegression({ c: 1 }, train, noCheckpoint, engine.logistic).model
  },
  check({ train: { X, yTrue }, model }) {
    const penalty = model!.coefficients.reduce((sum, w) => sum + w * w, 0) / 2
    const loss = logisticRegressionLogits(model!, X, noCheckpoint).reduce(
      (sum, z, i) => sum + softplus(yTrue[i] === 1 ? -z : z),
      0,
    )
    return { objective: penalty + loss }
  },
  peer: { script: 'logistic.py', item: 'logistic_regression' },
  bar: 1,
  grows: true,
}
