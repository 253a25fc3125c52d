/** Features of samples: one row per sample, one column per feature, in one block. */
export interface Matrix {
  /** Row-major, length nSamples × nFeatures; sample i starts at i · nFeatures. All finite. */
  readonly values: Float64Array
  readonly nSamples: number
  readonly nFeatures: number
  /** Begins with `values` and goes on: place for samples that are added, where there is some. */
  readonly room?: Float64Array
}
