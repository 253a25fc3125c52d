/**
 * The steps of training a network of dense layers in single precision, for up to CHUNK_ROWS samples
 * at a time. Matrices are row-major, one sample per row.
 *
 * Every engine rounds each product and each sum to single precision and adds in the order given
 * here, one term after the other; loss and its derivative are computed in double precision.
 */
import { exp, log1p } from '../math/elementary.ts'

/** Rows that activations and gradients are computed for at a time. */
export const CHUNK_ROWS = 512

/** Arrays of one computation. */
export interface NetworkMemory {
  /** All zero. */
  float32(length: number): Float32Array
  int32(length: number): Int32Array
  bytes(length: number): Uint8Array
  /** Gives all of them back, the latest opened first. */
  release(): void
}

export interface DenseLayer {
  readonly nIn: number
  readonly nOut: number
  /** nIn × nOut. */
  readonly weights: Float32Array
  /** Length nOut. */
  readonly biases: Float32Array
}

/** Focal loss of margins that are moved by class: see `lossOf`. */
export interface NetworkLoss {
  /** 0 gives log loss. */
  readonly gamma: number
  readonly positiveFactor: number
  readonly negativeFactor: number
  /** Added to the margin of a class; see losses/margin-loss.ts. */
  readonly positiveShift: number
  readonly negativeShift: number
  /** Multiplies the moved margin, > 0. */
  readonly scale: number
}

export interface AdamStep {
  /** The gradient is multiplied by it. */
  readonly scale: number
  /** Times the parameter is added to the gradient. */
  readonly decay: number
  /** Learning rate, corrected for the moments' start at 0. */
  readonly rate: number
}

export const FIRST_DECAY = 0.9
export const SECOND_DECAY = 0.999
export const SMALLEST_ROOT = 1e-8

export interface NetworkKernels {
  open(): NetworkMemory

  /** Copies rows[0, nRows) of `values` to `out`. */
  gather(
    values: Float32Array,
    nFeatures: number,
    rows: Int32Array,
    nRows: number,
    out: Float32Array,
  ): void

  /** output = biases + input · weights, over the inputs in order; negative ones become 0 if asked. */
  forward(
    layer: DenseLayer,
    nRows: number,
    input: Float32Array,
    output: Float32Array,
    rectify: boolean,
  ): void

  /** Sets each value to 0 with probability threshold / 2³², and multiplies the others by `scale`. */
  dropOut(
    values: Float32Array,
    length: number,
    seed: number,
    threshold: number,
    scale: number,
  ): void

  /**
   * Weighted loss of rows[0, nRows) at `logits`, and its derivatives in them.
   *
   * @returns The sum of losses.
   */
  loss(
    nRows: number,
    rows: Int32Array,
    yTrue: Uint8Array,
    weights: Float32Array,
    logits: Float32Array,
    derivatives: Float32Array,
    loss: NetworkLoss,
  ): number

  /** gradient += inputᵀ · deltas, then the column sums of deltas: as weights and biases lie. */
  addGradient(
    layer: DenseLayer,
    nRows: number,
    input: Float32Array,
    deltas: Float32Array,
    gradient: Float32Array,
  ): void

  /**
   * out = scale · (deltas · weightsᵀ), over the outputs in order; 0 where the input is not above 0.
   *
   * @param transposed Length nIn · nOut; holds nothing between calls.
   */
  backward(
    layer: DenseLayer,
    nRows: number,
    deltas: Float32Array,
    input: Float32Array,
    scale: number,
    transposed: Float32Array,
    out: Float32Array,
  ): void

  /** One step of Adam on parameters[start, end), with their moments. */
  adam(
    parameters: Float32Array,
    gradient: Float32Array,
    first: Float32Array,
    second: Float32Array,
    start: number,
    end: number,
    step: AdamStep,
  ): void
}

/**
 * Focal loss of a sample and its derivative in the logit.
 *
 * With u the logit of the sample's own class, p = σ(u) and q = 1 − p:
 *
 *     loss       = factor · q^γ · −ln p
 *     derivative = −factor · q^γ · (γ · p · −ln p + q)      in u
 */
export function lossOf(
  u: number,
  factor: number,
  gamma: number,
): { readonly loss: number; readonly pull: number } {
  const e = exp(-Math.abs(u))
  const tail = log1p(e)
  const likelier = 1 / (1 + e)
  const unlikelier = e * likelier
  const p = u > 0 ? likelier : unlikelier
  const q = u > 0 ? unlikelier : likelier
  const surprise = tail + (u < 0 ? -u : 0)
  let focus = factor
  if (gamma === 1) focus *= q
  else if (gamma === 2) focus *= q * q
  else if (gamma !== 0) focus *= exp(-gamma * (tail + (u > 0 ? u : 0)))
  return { loss: focus * surprise, pull: focus * (gamma * p * surprise + q) }
}

/**
 * The loss of a sample and the size of its derivative in the logit, by class, with margins moved as
 * losses/margin-loss.ts says.
 */
export function watchedMargins({
  gamma,
  positiveFactor,
  negativeFactor,
  positiveShift,
  negativeShift,
  scale,
}: NetworkLoss): (
  isPositive: boolean,
  logit: number,
) => { readonly loss: number; readonly pull: number } {
  return (isPositive, logit) => {
    const { loss, pull } = isPositive
      ? lossOf(scale * (logit + positiveShift), positiveFactor, gamma)
      : lossOf(scale * (negativeShift - logit), negativeFactor, gamma)
    return { loss, pull: scale * pull }
  }
}

const { fround } = Math

export const plainNetworkKernels: NetworkKernels = {
  open: () => ({
    float32: (length) => new Float32Array(length),
    int32: (length) => new Int32Array(length),
    bytes: (length) => new Uint8Array(length),
    release: () => undefined,
  }),

  gather(values, nFeatures, rows, nRows, out) {
    for (let r = 0; r < nRows; r++) {
      const at = rows[r]! * nFeatures
      out.set(values.subarray(at, at + nFeatures), r * nFeatures)
    }
  },

  forward({ nIn, nOut, weights, biases }, nRows, input, output, rectify) {
    for (let r = 0; r < nRows; r++) {
      for (let j = 0; j < nOut; j++) {
        let sum = biases[j]!
        for (let k = 0; k < nIn; k++) {
          sum = fround(sum + fround(input[r * nIn + k]! * weights[k * nOut + j]!))
        }
        output[r * nOut + j] = !rectify || sum > 0 ? sum : 0
      }
    }
  },

  dropOut(values, length, seed, threshold, scale) {
    for (let i = 0; i < length; i++) {
      values[i] = scrambled(i, seed) < threshold ? 0 : fround(values[i]! * fround(scale))
    }
  },

  loss(nRows, rows, yTrue, weights, logits, derivatives, { gamma, scale, ...classes }) {
    let sum = 0
    for (let r = 0; r < nRows; r++) {
      const row = rows[r]!
      const isPositive = yTrue[row] === 1
      const factor = weights[row]! * (isPositive ? classes.positiveFactor : classes.negativeFactor)
      const u =
        scale *
        (isPositive ? logits[r]! + classes.positiveShift : classes.negativeShift - logits[r]!)
      const { loss, pull } = lossOf(u, factor, gamma)
      sum += loss
      derivatives[r] = scale * (isPositive ? -pull : pull)
    }
    return sum
  },

  addGradient({ nIn, nOut }, nRows, input, deltas, gradient) {
    for (let k = 0; k < nIn; k++) {
      for (let j = 0; j < nOut; j++) {
        let sum = 0
        for (let r = 0; r < nRows; r++) {
          sum = fround(sum + fround(input[r * nIn + k]! * deltas[r * nOut + j]!))
        }
        gradient[k * nOut + j]! += sum
      }
    }
    for (let j = 0; j < nOut; j++) {
      let sum = 0
      for (let r = 0; r < nRows; r++) sum = fround(sum + deltas[r * nOut + j]!)
      gradient[nIn * nOut + j]! += sum
    }
  },

  backward({ nIn, nOut, weights }, nRows, deltas, input, scale, _transposed, out) {
    for (let r = 0; r < nRows; r++) {
      for (let k = 0; k < nIn; k++) {
        let sum = 0
        for (let j = 0; j < nOut; j++) {
          sum = fround(sum + fround(deltas[r * nOut + j]! * weights[k * nOut + j]!))
        }
        out[r * nIn + k] = input[r * nIn + k]! > 0 ? fround(sum * fround(scale)) : 0
      }
    }
  },

  adam(parameters, gradient, first, second, start, end, step) {
    const [scale, decay, rate] = [step.scale, step.decay, step.rate].map(fround) as [
      number,
      number,
      number,
    ]
    const kept = [fround(FIRST_DECAY), fround(SECOND_DECAY)] as const
    const fresh = [fround(1 - FIRST_DECAY), fround(1 - SECOND_DECAY)] as const
    const least = fround(SMALLEST_ROOT)
    for (let i = start; i < end; i++) {
      const p = parameters[i]!
      const g = fround(fround(gradient[i]! * scale) + fround(decay * p))
      const m = fround(fround(kept[0] * first[i]!) + fround(fresh[0] * g))
      const v = fround(fround(kept[1] * second[i]!) + fround(fround(fresh[1] * g) * g))
      first[i] = m
      second[i] = v
      parameters[i] = p - fround(fround(rate * m) / fround(fround(Math.sqrt(v)) + least))
    }
  },
}

/** A number in [0, 2³²) for position i, like a random one. */
function scrambled(i: number, seed: number): number {
  let x = (seed + Math.imul(i, 0x9e3779b9)) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
