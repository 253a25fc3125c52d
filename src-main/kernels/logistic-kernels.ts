import { logisticScratchLength } from '#shared/core/kernels/logistic.ts'
import type { LogisticKernels, LogisticMemory } from '#shared/core/kernels/logistic.ts'
import type { Arena, Frame } from './arena.ts'

/** What assembly/logistic.ts exports; numbers from the third or fourth on are addresses. */
export interface LogisticExports {
  evaluate(
    start: number,
    end: number,
    nFeatures: number,
    values: number,
    yTrue: number,
    lossWeights: number,
    parameters: number,
    slopes: number,
    curvatures: number,
    losses: number,
    blockSums: number,
  ): number
  addHessian(
    start: number,
    end: number,
    nFeatures: number,
    values: number,
    curvatures: number,
    hessian: number,
    nonZero: number,
    scaled: number,
  ): void
  addDiagonal(
    start: number,
    end: number,
    nFeatures: number,
    values: number,
    curvatures: number,
    sums: number,
  ): void
  addPulls(
    start: number,
    end: number,
    nFeatures: number,
    values: number,
    slopes: number,
    sums: number,
  ): void
}

export function createLogisticKernels(arena: Arena, code: LogisticExports): LogisticKernels {
  const frames = new Map<LogisticMemory, Frame>()
  return {
    allocate(shape) {
      const { nSamples, nFeatures, withHessian } = shape
      const nParameters = nFeatures + 1
      const frame = arena.open()
      try {
        const memory: LogisticMemory = {
          shape,
          values: frame.float64(nSamples * nFeatures),
          yTrue: frame.bytes(nSamples),
          lossWeights: frame.float64(nSamples),
          slopes: frame.float64(nSamples),
          curvatures: frame.float64(nSamples),
          parameters: frame.float64(nParameters),
          sums: frame.float64(nParameters),
          blockSums: frame.float64(nParameters),
          nonZero: frame.int32(nFeatures),
          hessian: frame.float64(withHessian ? nParameters * nParameters : 0),
          scratch: frame.float64(logisticScratchLength(shape)),
        }
        frames.set(memory, frame)
        return memory
      } catch (error) {
        frame.close()
        throw error
      }
    },

    release(memory) {
      frames.get(memory)?.close()
      frames.delete(memory)
    },

    evaluate(memory, start, end) {
      const { nFeatures } = memory.shape
      const { sums, blockSums } = memory
      const loss = code.evaluate(
        start,
        end,
        nFeatures,
        memory.values.byteOffset,
        memory.yTrue.byteOffset,
        memory.lossWeights.byteOffset,
        memory.parameters.byteOffset,
        memory.slopes.byteOffset,
        memory.curvatures.byteOffset,
        memory.scratch.byteOffset,
        blockSums.byteOffset,
      )
      for (let j = 0; j <= nFeatures; j++) sums[j]! += blockSums[j]!
      return loss
    },

    addHessian(memory, start, end) {
      code.addHessian(
        start,
        end,
        memory.shape.nFeatures,
        memory.values.byteOffset,
        memory.curvatures.byteOffset,
        memory.hessian.byteOffset,
        memory.nonZero.byteOffset,
        memory.scratch.byteOffset,
      )
    },

    addDiagonal({ shape, values, curvatures, sums }, start, end) {
      code.addDiagonal(
        start,
        end,
        shape.nFeatures,
        values.byteOffset,
        curvatures.byteOffset,
        sums.byteOffset,
      )
    },

    addPulls({ shape, values, slopes, sums }, start, end) {
      code.addPulls(
        start,
        end,
        shape.nFeatures,
        values.byteOffset,
        slopes.byteOffset,
        sums.byteOffset,
      )
    },
  }
}
