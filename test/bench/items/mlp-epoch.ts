import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { softplus } from '#shared/core/math/elementary.ts'
import { createStream } from '#shared/core/math/random.ts'
import { fitModel, predictLogits } from '#shared/core/models/model.ts'
import type { Model, TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchItem } from '../bench-item.ts'
import { trainingSetOf } from '../training-set.ts'

interface State {
  readonly engine: Engine
  readonly train: TrainingSet
  model: Model | null
}

/** As scikit-learn's, but that rare positives are spread evenly over the batches. */
const choice = { ...defaultModels.multilayer_perceptron, l2: 0, epochs: 3, validationShare: 0 }

export const item: BenchItem<State> = {
  name: 'mlp-epoch',
  about: 'three epochs of a perceptron 30-64-32-1 in batches of 200',
  prepare: async (context) => ({
    engine: createKernelEngine(await loadKernels()),
    train: trainingSetOf(context),
    model: null,
  }),
  run(state) {
    const means = { engine: state.engine, stream: createStream(0, 'bench', 'mlp') }
    state.model = fitModel(choice, state.train, noCheckpoint, means).model
  },
  check({ engine, train: { X, yTrue }, model }) {
    const logits = predictLogits(model!, X, noCheckpoint, engine)
    const loss = logits.reduce((sum, z, i) => sum + softplus(yTrue[i] === 1 ? -z : z), 0)
    return { log_loss: loss / logits.length }
  },
  peer: { script: 'perceptron.py', item: 'mlp_three_epochs' },
  bar: 0.6,
}
