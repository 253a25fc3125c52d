/** What the items on gradient boosting share. */
import { Worker } from 'node:worker_threads'
import { createKernelMemory } from '#main/kernels/arena.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { KernelModules } from '#main/kernels/load-kernels.ts'
import { createTeamChannel, offerSeat } from '#main/kernels/thread-team.ts'
import type { TeamChannel } from '#main/kernels/thread-team.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { blockSum } from '#shared/core/math/sum.ts'
import { createStream } from '#shared/core/math/random.ts'
import { averagePrecision, countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { fitModel, predictLogits, predictProbabilities } from '#shared/core/models/model.ts'
import type { Model, TrainingSet } from '#shared/core/models/model.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { GradientBoostingChoice } from '#shared/core/plan/plan.ts'
import type { BenchContext, BenchItem } from './bench-item.ts'

export interface BoostingState {
  readonly train: TrainingSet
  readonly engine: Engine
  model: Model | null
  probabilities: Float64Array
}

/** A hundred trees of the default plan, as many as the peer's. */
export const choice: GradientBoostingChoice = {
  ...defaultModels.gradient_boosting,
  iterations: 100,
}

async function prepare({ table }: BenchContext, nHelpers = 0): Promise<BoostingState> {
  const { nSamples, nFeatures } = table
  const values = Float64Array.from(table.readFeatures())
  const kernels = await loadKernels()
  return {
    train: { X: { values, nSamples, nFeatures }, yTrue: table.readLabels(), weights: null },
    engine: createKernelEngine(kernels, kernels && helpedChannel(kernels, nHelpers)),
    model: null,
    probabilities: new Float64Array(0),
  }
}

/** Helpers take their seats while the first fit, which is not measured, goes on. */
function helpedChannel(kernels: KernelModules, nHelpers: number): TeamChannel {
  const channel = createTeamChannel(createKernelMemory(), nHelpers)
  const cancelFlag = new Int32Array(new SharedArrayBuffer(4))
  for (let seat = 0; seat < nHelpers; seat++) {
    const helper = new Worker(new URL('../../src-main/jobs/worker.ts', import.meta.url))
    helper.unref()
    offerSeat(channel, seat)
    helper.postMessage({ type: 'open', data: {}, kernels, cancelFlag, channel: null })
    helper.postMessage({ type: 'help', channel, seat })
  }
  return channel
}

function fit({ train, engine }: BoostingState, given: Partial<GradientBoostingChoice>): Model {
  const means = { engine, stream: createStream(0, 'bench') }
  return fitModel({ ...choice, ...given }, train, noCheckpoint, means).model
}

/** Fits trees with these hyperparameters changed, with the help of other threads. */
export function fittingItem(
  about: Pick<BenchItem<BoostingState>, 'name' | 'about' | 'peer' | 'bar' | 'grows'>,
  given: Partial<GradientBoostingChoice>,
  nHelpers = 0,
): BenchItem<BoostingState> {
  return {
    ...about,
    prepare: (context) => prepare(context, nHelpers),
    run(state) {
      state.model = fit(state, given)
    },
    check({ train: { X, yTrue }, engine, model }) {
      const logits = predictLogits(model!, X, noCheckpoint, engine)
      return {
        average_precision: averagePrecision(countsAtThresholds(yTrue, logits, null)).value!,
      }
    },
  }
}

/** Scores the training set with trees fitted before. */
export function predictingItem(
  about: Pick<BenchItem<BoostingState>, 'name' | 'about' | 'peer' | 'bar'>,
): BenchItem<BoostingState> {
  return {
    ...about,
    async prepare(context) {
      const state = await prepare(context)
      return { ...state, model: fit(state, {}) }
    },
    run(state) {
      const { train, engine, model } = state
      state.probabilities = predictProbabilities(model!, train.X, noCheckpoint, engine)
    },
    check: ({ probabilities }) => ({ mean: blockSum(probabilities) / probabilities.length }),
  }
}
