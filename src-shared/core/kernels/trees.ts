import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'

/**
 * Decision trees in flat arrays, one entry per node; the nodes of a tree are consecutive and begin
 * with its root. A sample at an inner node goes
 *
 *     left                    when its value, rounded to float32, is ≤ threshold
 *     as missingLeft says     when it is NaN
 *     right                   otherwise
 *
 * or, where the node has a set of categories,
 *
 *     left                    when the set has its value, a code in [0, 256)
 *     as missingLeft says     when it is NaN or no such code
 *     right                   otherwise
 */
export interface TreeEnsemble {
  /** Node of each tree's root, length nTrees. */
  readonly roots: Int32Array
  /** −1 in a leaf. */
  readonly feature: Int32Array
  /** Infinity parts missing values from all others. */
  readonly threshold: Float32Array
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** What a leaf adds to the logit; 0 in inner nodes. */
  readonly value: Float32Array
  /** How much a split lowered twice the loss of its training set, to second order; 0 in leaves. */
  readonly gain: Float32Array
  /** Which of `categorySets` goes left; −1 in leaves and where a threshold parts numbers. */
  readonly categorySet: Int32Array
  /** Sets of 256 bits, 8 words each: code k is bit k mod 32 of word ⌊k / 32⌋. */
  readonly categorySets: Uint32Array
}

export const WORDS_PER_SET = 8

export interface TreeKernels {
  /**
   * Sums the leaves that each sample falls into, tree by tree in order, onto a base.
   *
   * @param X Missing values are NaN.
   * @returns Length nSamples.
   */
  sumOfTrees(trees: TreeEnsemble, base: number, X: Matrix, checkpoint: Checkpoint): Float64Array
}

const SAMPLES_PER_BLOCK = 256 // their float32 features and one tree stay in the nearer caches
const STEPS_PER_CHECKPOINT = 4e6 // 10 to 40 ms of steps from node to node

/** See `TreeKernels`. */
export function sumOfTrees(
  trees: TreeEnsemble,
  base: number,
  { values, nSamples, nFeatures }: Matrix,
  checkpoint: Checkpoint,
): Float64Array {
  const { roots, feature, threshold, missingLeft, left, right, value } = trees
  const { categorySet, categorySets } = trees
  const sums = new Float64Array(nSamples).fill(base)
  const block = new Float32Array(SAMPLES_PER_BLOCK * nFeatures)
  let steps = 0
  for (let start = 0; start < nSamples; start += SAMPLES_PER_BLOCK) {
    const end = Math.min(start + SAMPLES_PER_BLOCK, nSamples)
    block.set(values.subarray(start * nFeatures, end * nFeatures))
    for (const root of roots) {
      for (let i = start, at = 0; i < end; i++, at += nFeatures) {
        let node = root
        let split = feature[node]!
        while (split >= 0) {
          const x = block[at + split]!
          const set = categorySet[node]!
          let goesLeft: boolean
          if (set < 0) {
            goesLeft = x <= threshold[node]! || (x !== x && missingLeft[node] === 1)
          } else if (x >= 0 && x < 256) {
            const word = categorySets[WORDS_PER_SET * set + (x >> 5)]!
            goesLeft = ((word >>> (x & 31)) & 1) === 1
          } else goesLeft = missingLeft[node] === 1
          node = goesLeft ? left[node]! : right[node]!
          split = feature[node]!
          steps++
        }
        sums[i]! += value[node]!
      }
    }
    if (steps < STEPS_PER_CHECKPOINT) continue
    steps = 0
    checkpoint(end / nSamples)
  }
  return sums
}
