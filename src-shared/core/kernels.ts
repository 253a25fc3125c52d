/**
 * The seam between the core and what computes its inner loops.
 *
 * An engine is a record of kernel families. A family lays out the arrays of a computation
 * (`allocate`) and runs inner loops on them; the loops take arrays of that layout and positions in
 * them, keep nothing between calls and allocate nothing, so that an engine may put all arrays into
 * one WebAssembly memory and pass offsets. Every engine gives the results of the plain one, bit for
 * bit. An engine serves one thread.
 *
 * The engine comes in as an argument: `runFold(…, engine)` hands it to `fitAndScore(…, means)` and
 * that to `fitModel(…, means)`; left out, it is the plain one.
 *
 * To add a family: write its interface and its plain version in kernels/<family>.ts, give `Engine`
 * and `plainEngine` a member, and build the compiled one as src-main/kernels/create-engine.ts says.
 */
import { plainBoostingKernels } from './kernels/boosting.ts'
import type { BoostingKernels } from './kernels/boosting.ts'
import { plainForestKernels } from './kernels/forest.ts'
import type { ForestKernels } from './kernels/forest.ts'
import { plainLogisticKernels } from './kernels/logistic.ts'
import type { LogisticKernels } from './kernels/logistic.ts'
import { plainNetworkKernels } from './kernels/network.ts'
import type { NetworkKernels } from './kernels/network.ts'
import type { NeighborKernels } from './math/neighbor-filter.ts'
import type { RandomStream } from './math/random.ts'

export interface Engine {
  /** For the record of a run. */
  readonly name: string
  readonly boosting: BoostingKernels
  readonly forest: ForestKernels
  readonly logistic: LogisticKernels
  /** What filters the search for neighbours; null: all distances are computed one by one. */
  readonly neighbors: NeighborKernels | null
  readonly network: NetworkKernels
}

/** Plain TypeScript: the oracle of the others, and what serves where they can't. */
export const plainEngine: Engine = {
  name: 'plain TypeScript',
  boosting: plainBoostingKernels,
  forest: plainForestKernels,
  logistic: plainLogisticKernels,
  neighbors: null,
  network: plainNetworkKernels,
}

/** What fitting takes besides data and hyperparameters. */
export interface FitMeans {
  readonly engine: Engine
  /** What the model draws from, for row sampling, starting values and the like. */
  readonly stream: RandomStream
  /** Told how training goes, by models that learn pass by pass; changes nothing of it. */
  readonly watch?: TrainingWatch
}

/** What a fit tells while it goes over its samples again and again. */
export interface TrainingWatch {
  /** Before the first pass: the loss of a sample as training minimises it, but for its weight. */
  begin(lossOf: WatchedLoss): void
  /**
   * Some samples as the pass meets them, before it learns from them.
   *
   * @param samples Positions in the training set; null for all of it in order.
   * @param logits  One per sample named.
   * @param weights Of the whole training set, as the pass weighs it.
   * @param shift   What the logits have on top of those of the model, as by balanced batches.
   */
  see(
    samples: Int32Array | null,
    count: number,
    logits: ArrayLike<number>,
    weights: ArrayLike<number>,
    shift: number,
  ): void
  /** After each iteration or epoch. */
  endPass(): void
}

/** @returns The loss, and the size of its derivative in the logit. */
export type WatchedLoss = (
  isPositive: boolean,
  logit: number,
) => { readonly loss: number; readonly pull: number }
