import type { Matrix } from '../math/matrix.ts'

/** What a model is fitted on. */
export interface TrainingSet {
  /** Trees take NaN for a missing value; other models need all finite. */
  readonly X: Matrix
  /** 0 or 1 per sample, length nSamples. */
  readonly yTrue: Uint8Array
  /** ≥ 0 and finite, length nSamples; null = all one. */
  readonly weights: Float64Array | null
  /** Length nFeatures, where a model is to be told about some of them by name. */
  readonly featureNames?: readonly string[]
  /**
   * Length nFeatures: true where values are codes of categories, whole numbers in [0, 254] or NaN,
   * whose order means nothing. Only boosting takes such features.
   */
  readonly isCategorical?: readonly boolean[]
}

/** How the search for the parameters went. */
export interface FitReport {
  readonly iterations: number
  /** False when a bound stopped the search, or when no finite optimum exists. */
  readonly converged: boolean
}
