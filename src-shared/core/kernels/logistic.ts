/**
 * Sums over the samples of a logistic regression. All functions take blocks of samples [start, end),
 * so that a fit can be interrupted between them.
 *
 * Every engine adds in the order given here: per sample, four interleaved sums over its features;
 * over samples one by one, except that the Hessian takes them by fours.
 */
import { logLossDerivatives } from '../losses/log-loss.ts'

export interface LogisticShape {
  readonly nSamples: number
  readonly nFeatures: number
  /** Whether `hessian` is wanted; without, it is empty. */
  readonly withHessian: boolean
}

/** nParameters = nFeatures + 1: the coefficients, then the intercept. */
export interface LogisticMemory {
  readonly shape: LogisticShape
  /** Row-major, nSamples × nFeatures. */
  readonly values: Float64Array
  readonly yTrue: Uint8Array
  /** What the log loss of each sample is multiplied by. */
  readonly lossWeights: Float64Array
  /** First and second derivative of the loss of each sample in its logit: filled by `evaluate`. */
  readonly slopes: Float64Array
  readonly curvatures: Float64Array
  /** Length nParameters. */
  readonly parameters: Float64Array
  /** Length nParameters: what `evaluate`, `addPulls` and `addDiagonal` add to. */
  readonly sums: Float64Array
  /** Length nParameters; holds nothing between calls. */
  readonly blockSums: Float64Array
  /** Length nFeatures; holds nothing between calls. */
  readonly nonZero: Int32Array
  /** nParameters × nParameters, row-major; nothing is to be read above the diagonal. */
  readonly hessian: Float64Array
  /** Holds nothing between calls. */
  readonly scratch: Float64Array
}

/** Samples that a call may take at most. */
export const LOGISTIC_BLOCK = 1024

export interface LogisticKernels {
  /** All zero. */
  allocate(shape: LogisticShape): LogisticMemory

  /** Gives the memory back, the latest allocated first. */
  release(memory: LogisticMemory): void

  /**
   * Derivatives of the loss at `parameters`, and the block's sum of slope · x, added to `sums`.
   *
   * @returns The loss of the block.
   */
  evaluate(memory: LogisticMemory, start: number, end: number): number

  /** Adds curvature · x · xᵀ to the lower triangle of `hessian`, by fours from `start` on. */
  addHessian(memory: LogisticMemory, start: number, end: number): void

  /** Adds curvature · x² to `sums`. */
  addDiagonal(memory: LogisticMemory, start: number, end: number): void

  /** Adds |slope| · |x| to `sums`. */
  addPulls(memory: LogisticMemory, start: number, end: number): void
}

/** Doubles that `scratch` holds: losses and derivatives of a block, or a few scaled samples. */
export function logisticScratchLength({ nFeatures }: LogisticShape): number {
  return Math.max(LOGISTIC_BLOCK, 64 * nFeatures)
}

export const plainLogisticKernels: LogisticKernels = {
  allocate(shape) {
    const { nSamples, nFeatures, withHessian } = shape
    const nParameters = nFeatures + 1
    return {
      shape,
      values: new Float64Array(nSamples * nFeatures),
      yTrue: new Uint8Array(nSamples),
      lossWeights: new Float64Array(nSamples),
      slopes: new Float64Array(nSamples),
      curvatures: new Float64Array(nSamples),
      parameters: new Float64Array(nParameters),
      sums: new Float64Array(nParameters),
      blockSums: new Float64Array(nParameters),
      nonZero: new Int32Array(nFeatures),
      hessian: new Float64Array(withHessian ? nParameters * nParameters : 0),
      scratch: new Float64Array(logisticScratchLength(shape)),
    }
  },

  release: () => undefined,

  evaluate(memory, start, end) {
    const { shape, values, yTrue, lossWeights, parameters, sums, blockSums } = memory
    const { slopes, curvatures, scratch } = memory
    const { nFeatures } = shape
    const intercept = parameters[nFeatures]!
    const logits = slopes.subarray(start, end)
    for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
      slopes[i] = intercept + dotRow(values, at, parameters, nFeatures)
    }
    logLossDerivatives(yTrue.subarray(start, end), logits, lossWeights.subarray(start, end), {
      loss: scratch.subarray(0, end - start),
      gradient: slopes.subarray(start, end),
      hessian: curvatures.subarray(start, end),
    })
    blockSums.fill(0)
    let loss = 0
    for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
      const slope = slopes[i]!
      loss += scratch[i - start]!
      blockSums[nFeatures]! += slope
      for (let j = 0; j < nFeatures; j++) blockSums[j]! += slope * values[at + j]!
    }
    for (let j = 0; j <= nFeatures; j++) sums[j]! += blockSums[j]!
    return loss
  },

  addHessian(memory, start, end) {
    const { nFeatures } = memory.shape
    let i = start
    for (; i + 4 <= end; i += 4) {
      let nNonZero = 0
      for (let at = i * nFeatures; at < (i + 4) * nFeatures; at++) {
        if (memory.values[at] !== 0) nNonZero++
      }
      // Pairs of non-zeros that the sparse way visits, against all pairs at once.
      if (nNonZero < nFeatures) {
        for (let k = i; k < i + 4; k++) addSparse(memory, k)
      } else {
        addFour(memory, i)
      }
    }
    for (; i < end; i++) addSparse(memory, i)
  },

  addDiagonal({ shape: { nFeatures }, values, curvatures, sums }, start, end) {
    for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
      const curvature = curvatures[i]!
      for (let j = 0; j < nFeatures; j++) {
        const value = values[at + j]!
        sums[j]! += curvature * value * value
      }
      sums[nFeatures]! += curvature
    }
  },

  addPulls({ shape: { nFeatures }, values, slopes, sums }, start, end) {
    for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
      const slope = Math.abs(slopes[i]!)
      for (let j = 0; j < nFeatures; j++) sums[j]! += slope * Math.abs(values[at + j]!)
      sums[nFeatures]! += slope
    }
  },
}

/** Adds the curvature of four samples, of all features. */
function addFour({ shape, values, curvatures, hessian }: LogisticMemory, i: number): void {
  const { nFeatures } = shape
  const nParameters = nFeatures + 1
  const at0 = i * nFeatures
  const at1 = at0 + nFeatures
  const at2 = at1 + nFeatures
  const at3 = at2 + nFeatures
  const h0 = curvatures[i]!
  const h1 = curvatures[i + 1]!
  const h2 = curvatures[i + 2]!
  const h3 = curvatures[i + 3]!
  const last = nFeatures * nParameters
  for (let j = 0; j < nFeatures; j++) {
    const a0 = h0 * values[at0 + j]!
    const a1 = h1 * values[at1 + j]!
    const a2 = h2 * values[at2 + j]!
    const a3 = h3 * values[at3 + j]!
    const row = j * nParameters
    for (let k = 0; k <= j; k++) {
      hessian[row + k]! +=
        a0 * values[at0 + k]! +
        a1 * values[at1 + k]! +
        (a2 * values[at2 + k]! + a3 * values[at3 + k]!)
    }
    hessian[last + j]! += a0 + a1 + (a2 + a3)
  }
  hessian[last + nFeatures]! += h0 + h1 + (h2 + h3)
}

/** Adds the curvature of one sample, of its features that are not 0. */
function addSparse(
  { shape, values, curvatures, hessian, nonZero }: LogisticMemory,
  i: number,
): void {
  const { nFeatures } = shape
  const nParameters = nFeatures + 1
  const at = i * nFeatures
  const curvature = curvatures[i]!
  const last = nFeatures * nParameters
  let count = 0
  for (let j = 0; j < nFeatures; j++) {
    const value = values[at + j]!
    if (value === 0) continue
    nonZero[count++] = j
    const scaled = curvature * value
    const row = j * nParameters
    for (let q = 0; q < count; q++) {
      const k = nonZero[q]!
      hessian[row + k]! += scaled * values[at + k]!
    }
    hessian[last + j]! += scaled
  }
  hessian[last + nFeatures]! += curvature
}

/**
 * Σ values[at + j] · other[j] over j < length, in four interleaved sums that are added at the end.
 */
export function dotRow(
  values: Float64Array,
  at: number,
  other: Float64Array,
  length: number,
): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let j = 0
  for (; j + 4 <= length; j += 4) {
    s0 += values[at + j]! * other[j]!
    s1 += values[at + j + 1]! * other[j + 1]!
    s2 += values[at + j + 2]! * other[j + 2]!
    s3 += values[at + j + 3]! * other[j + 3]!
  }
  for (; j < length; j++) s0 += values[at + j]! * other[j]!
  return s0 + s1 + (s2 + s3)
}
