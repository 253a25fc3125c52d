import { logLossDerivatives } from '../losses/log-loss.ts'
import type { TrainingSet } from './training-set.ts'

/**
 * What logistic regression minimises, as functions of its parameters: the coefficients, then the
 * intercept.
 *
 *     objective = ½ · |coefficients|² + C · Σ wᵢ · log loss of sample i
 *
 * Samples are passed over in blocks of 1,024, whose sums are added: rounding grows with the number
 * of blocks rather than of samples.
 */
export interface LogisticObjective {
  /** nFeatures + 1. */
  readonly nParameters: number
  /** Value at `parameters`; leaves the gradient (length nParameters) in `gradient`. */
  evaluate(parameters: Float64Array, gradient: Float64Array): number
  /**
   * Lower triangle of the Hessian, row-major nParameters × nParameters, at the parameters of the
   * latest `evaluate`.
   */
  hessian(out: Float64Array): void
  /** Diagonal of the Hessian at the parameters of the latest `evaluate`. */
  hessianDiagonal(out: Float64Array): void
  /**
   * Length of the gradient of the latest `evaluate` if no two samples' pulls cancelled: what a
   * gradient near zero is to be compared with.
   */
  gradientScale(): number
}

const BLOCK_SIZE = 1024
const OPERATIONS_PER_CHECKPOINT = 1e7 // 10 to 30 ms of multiply-adds

/** @param tick Called every few ten milliseconds, so that it can throw `Cancelled`. */
export function createLogisticObjective(
  { X, yTrue, weights }: TrainingSet,
  c: number,
  tick: () => void,
): LogisticObjective {
  const { values, nSamples, nFeatures } = X
  const nParameters = nFeatures + 1
  const lossWeights = weights === null ? new Float64Array(nSamples).fill(c) : weights.slice()
  if (weights !== null) for (let i = 0; i < nSamples; i++) lossWeights[i]! *= c
  // First and second derivative of the loss of each sample in its logit, at the latest parameters.
  const slopes = new Float64Array(nSamples)
  const curvatures = new Float64Array(nSamples)
  const logits = new Float64Array(BLOCK_SIZE)
  const losses = new Float64Array(BLOCK_SIZE)
  const blockGradient = new Float64Array(nParameters)

  /** Calls `visit` for each block of samples, and `tick` as often as their cost asks for. */
  const forEachBlock = (
    operationsPerSample: number,
    visit: (start: number, end: number) => void,
  ): void => {
    const blockSize = Math.min(
      BLOCK_SIZE,
      Math.ceil(OPERATIONS_PER_CHECKPOINT / operationsPerSample / 4) * 4,
    )
    let operations = 0
    for (let start = 0; start < nSamples; start += blockSize) {
      const end = Math.min(start + blockSize, nSamples)
      visit(start, end)
      operations += (end - start) * operationsPerSample
      if (operations < OPERATIONS_PER_CHECKPOINT) continue
      operations = 0
      tick()
    }
    tick()
  }

  const evaluate = (parameters: Float64Array, gradient: Float64Array): number => {
    const intercept = parameters[nFeatures]!
    let penalty = 0
    for (let j = 0; j < nFeatures; j++) {
      const coefficient = parameters[j]!
      penalty += coefficient * coefficient
      gradient[j] = coefficient
    }
    gradient[nFeatures] = 0
    let lossTotal = 0
    forEachBlock(2 * nParameters + 20, (start, end) => {
      for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
        logits[i - start] = intercept + dotRow(values, at, parameters, nFeatures)
      }
      logLossDerivatives(
        yTrue.subarray(start, end),
        logits.subarray(0, end - start),
        lossWeights.subarray(start, end),
        {
          loss: losses.subarray(0, end - start),
          gradient: slopes.subarray(start, end),
          hessian: curvatures.subarray(start, end),
        },
      )
      blockGradient.fill(0)
      let blockLoss = 0
      let blockSlope = 0
      for (let i = start, at = start * nFeatures; i < end; i++, at += nFeatures) {
        const slope = slopes[i]!
        blockLoss += losses[i - start]!
        blockSlope += slope
        for (let j = 0; j < nFeatures; j++) blockGradient[j]! += slope * values[at + j]!
      }
      lossTotal += blockLoss
      for (let j = 0; j < nFeatures; j++) gradient[j]! += blockGradient[j]!
      gradient[nFeatures]! += blockSlope
    })
    return penalty / 2 + lossTotal
  }

  const hessian = (out: Float64Array): void => {
    out.fill(0)
    const nonZero = new Int32Array(nFeatures)
    forEachBlock((nParameters * nParameters) / 2, (start, end) => {
      let i = start
      for (; i + 4 <= end; i += 4) {
        let nNonZero = 0
        for (let at = i * nFeatures; at < (i + 4) * nFeatures; at++) {
          if (values[at] !== 0) nNonZero++
        }
        // Pairs of non-zeros that the sparse way visits, against all pairs at once.
        if (nNonZero < nFeatures) {
          for (let k = i; k < i + 4; k++) addSparse(out, k, nonZero)
        } else {
          addFour(out, i)
        }
      }
      for (; i < end; i++) addSparse(out, i, nonZero)
    })
    for (let j = 0; j < nFeatures; j++) out[j * nParameters + j]! += 1
  }

  /** Adds the curvature of four samples, of all features. */
  const addFour = (out: Float64Array, i: number): void => {
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
        out[row + k]! +=
          a0 * values[at0 + k]! +
          a1 * values[at1 + k]! +
          (a2 * values[at2 + k]! + a3 * values[at3 + k]!)
      }
      out[last + j]! += a0 + a1 + (a2 + a3)
    }
    out[last + nFeatures]! += h0 + h1 + (h2 + h3)
  }

  /** Adds the curvature of one sample, of its features that are not 0. */
  const addSparse = (out: Float64Array, i: number, nonZero: Int32Array): void => {
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
        out[row + k]! += scaled * values[at + k]!
      }
      out[last + j]! += scaled
    }
    out[last + nFeatures]! += curvature
  }

  const hessianDiagonal = (out: Float64Array): void => {
    out.fill(1)
    out[nFeatures] = 0
    forEachBlock(nParameters, (start, end) => {
      for (let i = start; i < end; i++) {
        const curvature = curvatures[i]!
        const at = i * nFeatures
        for (let j = 0; j < nFeatures; j++) {
          const value = values[at + j]!
          out[j]! += curvature * value * value
        }
        out[nFeatures]! += curvature
      }
    })
  }

  const gradientScale = (): number => {
    const pulls = new Float64Array(nParameters)
    forEachBlock(nParameters, (start, end) => {
      for (let i = start; i < end; i++) {
        const slope = Math.abs(slopes[i]!)
        const at = i * nFeatures
        for (let j = 0; j < nFeatures; j++) pulls[j]! += slope * Math.abs(values[at + j]!)
        pulls[nFeatures]! += slope
      }
    })
    return Math.sqrt(dotRow(pulls, 0, pulls, nParameters))
  }

  return { nParameters, evaluate, hessian, hessianDiagonal, gradientScale }
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
