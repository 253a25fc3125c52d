import type { Matrix, TrainingSet } from '#shared/core/models/model.ts'
import { createStream } from '#shared/core/math/random.ts'

export interface SampleOptions {
  readonly nSamples: number
  readonly nFeatures: number
  readonly seed?: number
  /** Log-odds of a sample whose features are all 0; about ln of the prevalence. */
  readonly offset?: number
}

/** Numeric features in (−2, 2), and labels that depend on the first three of them. */
export function makeSamples({
  nSamples,
  nFeatures,
  seed = 1,
  offset = -1.5,
}: SampleOptions): TrainingSet {
  const stream = createStream(seed, 'make-samples')
  const values = Float64Array.from({ length: nSamples * nFeatures }, () => {
    const bell = stream.uniform() + stream.uniform() - 1
    return Math.fround(2 * bell)
  })
  const yTrue = Uint8Array.from({ length: nSamples }, (_, i) => {
    const [a = 0, b = 0, c = 0] = values.subarray(i * nFeatures, (i + 1) * nFeatures)
    const logit = offset + 2 * a - 1.5 * b + 2 * a * c
    return stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  })
  return { X: { values, nSamples, nFeatures }, yTrue, weights: null }
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  const values = Float64Array.from(rows.flat())
  return { values, nSamples: rows.length, nFeatures: rows[0]?.length ?? 0 }
}

/** The named samples in the given order; a sample may come several times. */
export function takeSamples(
  { X, yTrue, weights }: TrainingSet,
  rows: readonly number[],
): TrainingSet {
  const { values, nFeatures } = X
  return {
    X: {
      values: Float64Array.from(
        rows.flatMap((row) => [...values.subarray(row * nFeatures, (row + 1) * nFeatures)]),
      ),
      nSamples: rows.length,
      nFeatures,
    },
    yTrue: Uint8Array.from(rows, (row) => yTrue[row]!),
    weights: weights === null ? null : Float64Array.from(rows, (row) => weights[row]!),
  }
}

/** Features in the given order; a feature may come several times. */
export function takeFeatures(
  { values, nSamples, nFeatures }: Matrix,
  features: readonly number[],
): Matrix {
  const taken = Array.from({ length: nSamples }, (_, i) =>
    features.map((feature) => values[i * nFeatures + feature]!),
  )
  return { values: Float64Array.from(taken.flat()), nSamples, nFeatures: features.length }
}

/** 0, 1, … n − 1. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}
