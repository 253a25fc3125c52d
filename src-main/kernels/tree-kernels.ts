/** Prediction of tree ensembles on kernels; see core/kernels/trees.ts and assembly/boosting.ts. */
import { WORDS_PER_SET } from '#shared/core/kernels/trees.ts'
import type { TreeEnsemble, TreeKernels } from '#shared/core/kernels/trees.ts'
import type { Arena, Frame } from './arena.ts'

export interface TreeExports {
  addTrees(
    rows: number,
    nSamples: number,
    stride: number,
    roots: number,
    nTrees: number,
    sums: number,
    someMissing: number,
  ): void
  addCategoryTrees(
    rows: number,
    nSamples: number,
    stride: number,
    roots: number,
    nTrees: number,
    sums: number,
  ): void
  roundRows(values: number, nValues: number, rows: number): number
}

const SAMPLES_PER_BLOCK = 128 // a multiple of 8; their features stay in the nearest cache
const STEPS_PER_CHECKPOINT = 1e8 // at most a tenth of a second
const NODE_BYTES = 16

export function createTreeKernels(arena: Arena, kernels: TreeExports): TreeKernels {
  return {
    sumOfTrees(trees, base, { values, nSamples, nFeatures }, checkpoint) {
      const sums = new Float64Array(nSamples).fill(base)
      const nTrees = trees.roots.length
      const frame = arena.open()
      try {
        const roots = layOutTrees(trees, frame)
        const doubles = frame.float64(SAMPLES_PER_BLOCK * nFeatures)
        const rows = frame.float32(SAMPLES_PER_BLOCK * nFeatures)
        const blockSums = frame.float64(SAMPLES_PER_BLOCK)
        let steps = 0
        for (let start = 0; start < nSamples; start += SAMPLES_PER_BLOCK) {
          const end = Math.min(start + SAMPLES_PER_BLOCK, nSamples)
          doubles.set(values.subarray(start * nFeatures, end * nFeatures))
          const nValues = (end - start) * nFeatures
          const someMissing = kernels.roundRows(doubles.byteOffset, nValues, rows.byteOffset)
          blockSums.set(sums.subarray(start, end))
          const given = [
            rows.byteOffset,
            end - start,
            4 * nFeatures,
            roots.byteOffset,
            nTrees,
            blockSums.byteOffset,
          ] as const
          if (trees.categorySets.length > 0) kernels.addCategoryTrees(...given)
          else kernels.addTrees(...given, someMissing)
          sums.set(blockSums.subarray(0, end - start), start)
          steps += (end - start) * trees.feature.length
          if (steps < STEPS_PER_CHECKPOINT) continue
          steps = 0
          checkpoint(end / nSamples)
        }
        return sums
      } finally {
        frame.close()
      }
    },
  }
}

/**
 * Nodes as the kernel walks them, children side by side.
 *
 * @returns Address of the root and number of steps, per tree.
 */
function layOutTrees(trees: TreeEnsemble, frame: Frame): Int32Array {
  const { roots, feature, threshold, missingLeft, left, right, value, categorySet } = trees
  const sets = frame.int32(trees.categorySets.length)
  sets.set(trees.categorySets)
  const nodes = frame.int32((NODE_BYTES / 4) * feature.length)
  const reals = new Float32Array(nodes.buffer, nodes.byteOffset, nodes.length)
  const heads = frame.int32(2 * roots.length)
  const nodeAt = new Int32Array(feature.length) // by place
  const addressOf = (place: number): number => nodes.byteOffset + place * NODE_BYTES
  let free = 0 // the next place for a node
  roots.forEach((root, tree) => {
    heads[2 * tree] = addressOf(free)
    let depth = 0
    let place = free
    nodeAt[free++] = root
    for (let levelEnd = free; ; depth++, levelEnd = free) {
      for (; place < levelEnd; place++) {
        const node = nodeAt[place]!
        const at = (NODE_BYTES / 4) * place
        if (feature[node]! < 0) {
          reals[at + 1] = NaN
          nodes[at + 2] = addressOf(place)
          reals[at + 3] = value[node]!
          continue
        }
        const set = categorySet[node]!
        if (set >= 0) {
          nodes[at] = 4 * feature[node]! + 1
          nodes[at + 1] = sets.byteOffset + 4 * WORDS_PER_SET * set
        } else {
          nodes[at] = 4 * feature[node]!
          reals[at + 1] = threshold[node]!
        }
        nodes[at + 3] = missingLeft[node] === 1 ? 0 : 1
        nodes[at + 2] = addressOf(free)
        nodeAt[free++] = left[node]!
        nodeAt[free++] = right[node]!
      }
      if (free === levelEnd) break
    }
    heads[2 * tree + 1] = depth
  })
  return heads
}
