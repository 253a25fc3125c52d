import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { RandomStream } from '../math/random.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'

/** A training set before sampling. */
export interface Original {
  /** Finite, or NaN for missing. */
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

/**
 * Where synthetic samples come from: sample s is X[parent[s]] + gap[s] · (X[neighbor[s]] − X[parent[s]]),
 * unless `values` says otherwise. A value that one of the two lacks is that of the other.
 */
export interface Provenance {
  /** Positions in the original set; label and weight are the parent's. */
  readonly parent: Int32Array
  readonly neighbor: Int32Array
  /** In [0, 1); below 0 for a sample on the other side of its parent. */
  readonly gap: Float64Array
  /**
   * Row-major, the samples themselves where they aren't interpolated: categories that neighbours
   * voted for, or the centre of a cluster of which `parent` is the sample nearest to it.
   */
  readonly values?: Float64Array
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
  /** What the report should say. */
  readonly notes?: readonly string[]
}

/**
 * Out-of-fold probabilities of the positive class from a simple model, one per sample of the set;
 * for samplers that ask how hard a sample is.
 *
 * @param folds From 2.
 */
export type OutOfFoldScores = (
  original: Original,
  folds: number,
  stream: RandomStream,
  checkpoint: Checkpoint,
) => Float64Array

/** What helps samplers along; each may be left out. */
export interface SamplingAids {
  /** Length nFeatures: true for codes of categories. */
  readonly isCategorical?: readonly boolean[]
  readonly scoreOutOfFold?: OutOfFoldScores
}

/** What a sampler works on. */
export interface SamplingTask {
  readonly original: Original
  readonly classes: Classes
  /** Samples of the minority and the majority that the result should have. */
  readonly wanted: { readonly minority: number; readonly majority: number }
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
  /** What speeds a search for neighbours up, or null; changes no result. */
  readonly kernels: NeighborKernels | null
  readonly aids: SamplingAids
}

/** One resampling method. It is not called where the wanted counts are there already. */
export type Sampler<Choice> = (choice: Choice, task: SamplingTask) => Selection

export const noSynthetic: Provenance = {
  parent: new Int32Array(0),
  neighbor: new Int32Array(0),
  gap: new Float64Array(0),
}

/** 0 to n − 1. */
export function everyPosition(n: number): Int32Array {
  const all = new Int32Array(n)
  for (let i = 0; i < n; i++) all[i] = i
  return all
}

/** The original set, as a sampler returns it that found nothing to do. */
export function leftAsItIs({ yTrue }: Original, why: string): Selection {
  return { kept: everyPosition(yTrue.length), synthetic: noSynthetic, notes: [why] }
}

/** Every original, and samples made from them. */
export function added({ yTrue }: Original, synthetic: Provenance): Selection {
  return { kept: everyPosition(yTrue.length), synthetic }
}

/** What is left without the samples marked. */
export function without(isRemoved: Uint8Array): Selection {
  return {
    kept: everyPosition(isRemoved.length).filter((i) => isRemoved[i] === 0),
    synthetic: noSynthetic,
  }
}
