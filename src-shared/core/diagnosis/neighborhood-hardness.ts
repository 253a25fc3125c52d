/**
 * How hard single samples are, by the labels around them.
 *
 * Of the five nearest neighbours of a positive, so many are positive: 4 or 5 make it safe, 2 or 3
 * borderline, 1 rare, none an outlier. In a rare class most positives are rare or outliers, whatever
 * the columns say: read it beside what chance would give.
 *
 * Source: Napierala and Stefanowski (2016), "Types of Minority Class Examples and Their Influence on
 * Learning Classifiers from Imbalanced Data", section 3.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'

export interface Hardness {
  /** Positives looked at, by kind. */
  readonly safe: number
  readonly borderline: number
  readonly rare: number
  readonly outlier: number
  /** Mean share of positives among the neighbours of positives; null where none was looked at. */
  readonly positiveNeighbors: number | null
  /** The same around negatives: what chance gives, where the columns say nothing. */
  readonly aroundNegatives: number | null
  /** Per query, in their order: share of neighbours with the other label. */
  readonly disagreement: Float64Array
}

const HARDNESS_NEIGHBORS = 5

/**
 * @param X       Encoded features, standardised.
 * @param yTrue   0 or 1 per row of X.
 * @param queries Rows of X to look at.
 *
 * Degenerate: with fewer than six rows nobody has five neighbours, and nothing is said.
 */
export function neighborhoodHardness(
  X: Matrix,
  yTrue: Uint8Array,
  queries: Int32Array,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null,
): Hardness {
  const k = HARDNESS_NEIGHBORS
  if (X.nSamples <= k) {
    return {
      ...{ safe: 0, borderline: 0, rare: 0, outlier: 0 },
      ...{ positiveNeighbors: null, aroundNegatives: null },
      disagreement: new Float64Array(queries.length),
    }
  }
  const all = Int32Array.from({ length: X.nSamples }, (_, row) => row)
  const { rows } = nearestNeighbors(X, queries, all, k, checkpoint, kernels)
  const kinds = [0, 0, 0, 0, 0, 0]
  const around = [0, 0]
  const counted = [0, 0]
  const disagreement = Float64Array.from(queries, (query, i) => {
    let positives = 0
    for (let at = i * k; at < (i + 1) * k; at++) positives += yTrue[rows[at]!]!
    const label = yTrue[query]!
    around[label]! += positives / k
    counted[label]!++
    if (label === 1) kinds[positives]!++
    return (label === 1 ? k - positives : positives) / k
  })
  const mean = (label: 0 | 1): number | null =>
    counted[label]! === 0 ? null : around[label]! / counted[label]!
  return {
    safe: kinds[4]! + kinds[5]!,
    borderline: kinds[2]! + kinds[3]!,
    rare: kinds[1]!,
    outlier: kinds[0]!,
    positiveNeighbors: mean(1),
    aroundNegatives: mean(0),
    disagreement,
  }
}
