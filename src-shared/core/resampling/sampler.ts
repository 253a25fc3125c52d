import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { RandomStream } from '../math/random.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'

/** A training set before sampling. */
export interface Original {
  readonly X: Matrix
  /** 0 or 1 per sample, length nSamples. */
  readonly yTrue: Uint8Array
  /** Sample weights ≥ 0, length nSamples; null means 1 each. */
  readonly weights: Float64Array | null
}

/** A training set after sampling, with the origin of every sample. It never leaves its fold. */
export interface Resampled {
  readonly X: Matrix
  readonly yTrue: Uint8Array
  /** Null exactly when the original had none. */
  readonly weights: Float64Array | null
  /**
   * Position in the original set, −1 for a synthetic sample. Originals come first, in their
   * order; synthetic samples follow, in the order of `synthetic`.
   */
  readonly origin: Int32Array
  readonly synthetic: Provenance
  readonly countsBefore: ClassCounts
  readonly countsAfter: ClassCounts
  /** What the report should say, such as that nothing was changed. */
  readonly notes: readonly string[]
}

/** Synthetic sample s is X[parent[s]] + gap[s] · (X[neighbor[s]] − X[parent[s]]). */
export interface Provenance {
  /** Positions in the original set. */
  readonly parent: Int32Array
  readonly neighbor: Int32Array
  /** In [0, 1). */
  readonly gap: Float64Array
}

/** The two classes of an original set, told apart by their counts. */
export interface Classes {
  /** Positions of the samples of the rarer class; of the positive one when counts are equal. */
  readonly minority: Int32Array
  readonly majority: Int32Array
  /** 1 when the positive class is the minority, else 0. */
  readonly minorityLabel: 0 | 1
}

/** What a sampler asks for: the originals to keep and the samples to make from them. */
export interface Selection {
  /** Positions of the samples kept, increasing. */
  readonly kept: Int32Array
  readonly synthetic: Provenance
}

/**
 * One resampling method.
 *
 * @param wanted Samples of the minority and the majority that the result must have; it differs
 *   from the counts in `classes`, otherwise the sampler is not called.
 * @param kernels What speeds a search for neighbours up, or null; changes no result.
 */
export type Sampler<Choice> = (
  choice: Choice,
  original: Original,
  classes: Classes,
  wanted: { readonly minority: number; readonly majority: number },
  stream: RandomStream,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null,
) => Selection

export const noSynthetic: Provenance = {
  parent: new Int32Array(0),
  neighbor: new Int32Array(0),
  gap: new Float64Array(0),
}
