import { FIRST_DECAY, SECOND_DECAY, SMALLEST_ROOT } from '#shared/core/kernels/network.ts'
import type { NetworkKernels } from '#shared/core/kernels/network.ts'
import type { Arena } from './arena.ts'

/** What assembly/network.ts exports; arrays are addresses. */
export interface NetworkExports {
  gather(values: number, nFeatures: number, rows: number, nRows: number, out: number): void
  forward(
    nIn: number,
    nOut: number,
    weights: number,
    biases: number,
    nRows: number,
    input: number,
    output: number,
    rectify: boolean,
  ): void
  dropOut(values: number, length: number, seed: number, threshold: number, scale: number): void
  loss(
    nRows: number,
    rows: number,
    yTrue: number,
    weights: number,
    logits: number,
    derivatives: number,
    gamma: number,
    positiveFactor: number,
    negativeFactor: number,
    positiveShift: number,
    negativeShift: number,
    scale: number,
  ): number
  addGradient(
    nIn: number,
    nOut: number,
    nRows: number,
    input: number,
    deltas: number,
    gradient: number,
  ): void
  backward(
    nIn: number,
    nOut: number,
    weights: number,
    nRows: number,
    deltas: number,
    input: number,
    scale: number,
    transposed: number,
    out: number,
  ): void
  adam(
    parameters: number,
    gradient: number,
    first: number,
    second: number,
    length: number,
    scale: number,
    decay: number,
    rate: number,
    firstKept: number,
    firstFresh: number,
    secondKept: number,
    secondFresh: number,
    least: number,
  ): void
}

export function createNetworkKernels(arena: Arena, code: NetworkExports): NetworkKernels {
  return {
    open() {
      const frame = arena.open()
      return {
        float32: (length) => frame.float32(length),
        int32: (length) => frame.int32(length),
        bytes: (length) => frame.bytes(length),
        release: () => {
          frame.close()
        },
      }
    },

    gather(values, nFeatures, rows, nRows, out) {
      code.gather(values.byteOffset, nFeatures, rows.byteOffset, nRows, out.byteOffset)
    },

    forward({ nIn, nOut, weights, biases }, nRows, input, output, rectify) {
      code.forward(
        nIn,
        nOut,
        weights.byteOffset,
        biases.byteOffset,
        nRows,
        input.byteOffset,
        output.byteOffset,
        rectify,
      )
    },

    dropOut(values, length, seed, threshold, scale) {
      code.dropOut(values.byteOffset, length, seed, threshold, scale)
    },

    loss(nRows, rows, yTrue, weights, logits, derivatives, loss) {
      return code.loss(
        nRows,
        rows.byteOffset,
        yTrue.byteOffset,
        weights.byteOffset,
        logits.byteOffset,
        derivatives.byteOffset,
        loss.gamma,
        loss.positiveFactor,
        loss.negativeFactor,
        loss.positiveShift,
        loss.negativeShift,
        loss.scale,
      )
    },

    addGradient({ nIn, nOut }, nRows, input, deltas, gradient) {
      code.addGradient(nIn, nOut, nRows, input.byteOffset, deltas.byteOffset, gradient.byteOffset)
    },

    backward({ nIn, nOut, weights }, nRows, deltas, input, scale, transposed, out) {
      code.backward(
        nIn,
        nOut,
        weights.byteOffset,
        nRows,
        deltas.byteOffset,
        input.byteOffset,
        scale,
        transposed.byteOffset,
        out.byteOffset,
      )
    },

    adam(parameters, gradient, first, second, start, end, { scale, decay, rate }) {
      const at = 4 * start
      code.adam(
        parameters.byteOffset + at,
        gradient.byteOffset + at,
        first.byteOffset + at,
        second.byteOffset + at,
        end - start,
        scale,
        decay,
        rate,
        FIRST_DECAY,
        1 - FIRST_DECAY,
        SECOND_DECAY,
        1 - SECOND_DECAY,
        SMALLEST_ROOT,
      )
    },
  }
}
