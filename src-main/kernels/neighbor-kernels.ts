import { QUERIES_PER_CALL, codePairs } from '#shared/core/math/neighbor-filter.ts'
import type { NeighborKernels, NeighborMemory } from '#shared/core/math/neighbor-filter.ts'
import type { Arena, Frame } from './arena.ts'

/** What assembly/neighbors.ts exports; numbers from `queryCodes` on are addresses. */
export interface NeighborExports {
  filter(
    firstQuery: number,
    endQuery: number,
    nCandidates: number,
    candidatesPerBlock: number,
    nPairs: number,
    queryCodes: number,
    thresholds: number,
    candidateCodes: number,
    candidateNorms: number,
    hits: number,
  ): number
}

export function createNeighborKernels(arena: Arena, code: NeighborExports): NeighborKernels {
  const frames = new Map<NeighborMemory, Frame>()
  return {
    allocate(shape) {
      const { nFeatures, nQueries, nCandidates } = shape
      const nPairs = codePairs(nFeatures)
      const frame = arena.open()
      // Two codes of 16 bits to an element of 32.
      const int16 = (nCodePairs: number): Int16Array => {
        const { buffer, byteOffset } = frame.int32(nCodePairs)
        return new Int16Array(buffer, byteOffset, 2 * nCodePairs)
      }
      try {
        const memory: NeighborMemory = {
          shape,
          queryCodes: int16(nQueries * nPairs),
          thresholds: frame.int32(nQueries),
          candidateCodes: int16(nCandidates * nPairs),
          candidateNorms: frame.int32(nCandidates),
          hits: frame.int32(QUERIES_PER_CALL * nCandidates),
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

    filter(memory, firstQuery, endQuery, nCandidates) {
      const { shape, queryCodes, thresholds, candidateCodes, candidateNorms, hits } = memory
      return code.filter(
        firstQuery,
        endQuery,
        nCandidates,
        shape.nCandidates,
        codePairs(shape.nFeatures),
        queryCodes.byteOffset,
        thresholds.byteOffset,
        candidateCodes.byteOffset,
        candidateNorms.byteOffset,
        hits.byteOffset,
      )
    },
  }
}
