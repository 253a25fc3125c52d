import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { Neighbors } from '../math/nearest-neighbors.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'

/** What the neighbours of some samples say of their labels; element i belongs to `samples[i]`. */
export interface NeighborEvidence {
  readonly samples: Int32Array
  readonly neighbors: Neighbors
  /** Share of the neighbours that are given the other label, in [0, 1]. */
  readonly disagreement: Float64Array
  /** Nearest sample with the other label at no more than `nearDistance`; −1 where there is none. */
  readonly nearDuplicate: Int32Array
  /** What counts as nearly the same. */
  readonly nearDistance: number
}

/** Near duplicates lie within this share of the usual distance to the nearest neighbour. */
const NEAR_SHARE = 0.1

/**
 * Looks at the nearest neighbours of some samples.
 *
 * A sample whose neighbours mostly carry the other label is doubtful, though in a rare class nearly
 * every sample is; so compare within one given class. A near duplicate with the other label is
 * stronger: it lies within a tenth of the median distance from these samples to their nearest
 * neighbours that are not the very same, or is the very same.
 *
 * @param X       Encoded features, standardised, so that columns weigh alike.
 * @param given   0 or 1 per row of X.
 * @param samples Rows of X to look at.
 * @param k       Neighbours to look at, at least 1; fewer where there are fewer rows.
 *
 * Degenerate: no evidence with fewer than two rows. O(samples · rows · nFeatures).
 */
export function neighborEvidence(
  X: Matrix,
  given: Uint8Array,
  samples: Int32Array,
  k: number,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null = null,
): NeighborEvidence {
  if (given.length !== X.nSamples) {
    throw new RangeError(`given must have ${X.nSamples} entries, got ${given.length}`)
  }
  const most = Math.min(k, X.nSamples - 1)
  if (most < 1) {
    return {
      samples,
      neighbors: { k: 0, rows: new Int32Array(0), distances: new Float64Array(0) },
      disagreement: new Float64Array(samples.length),
      nearDuplicate: new Int32Array(samples.length).fill(-1),
      nearDistance: 0,
    }
  }
  const all = Int32Array.from({ length: X.nSamples }, (_, row) => row)
  const neighbors = nearestNeighbors(X, samples, all, most, checkpoint, kernels)
  const { rows, distances } = neighbors
  const nearDistance = NEAR_SHARE * usualDistance(samples.length, neighbors)
  const disagreement = new Float64Array(samples.length)
  const nearDuplicate = new Int32Array(samples.length).fill(-1)
  samples.forEach((sample, i) => {
    let others = 0
    for (let at = i * most; at < (i + 1) * most; at++) {
      if (given[rows[at]!] === given[sample]) continue
      others++
      if (nearDuplicate[i] === -1 && distances[at]! <= nearDistance) nearDuplicate[i] = rows[at]!
    }
    disagreement[i] = others / most
  })
  return { samples, neighbors, disagreement, nearDuplicate, nearDistance }
}

/** Median distance from a sample to its nearest neighbour that is not at distance 0; 0 if none is. */
function usualDistance(nSamples: number, { k, distances }: Neighbors): number {
  const nearest: number[] = []
  for (let i = 0; i < nSamples; i++) {
    for (let at = i * k; at < (i + 1) * k; at++) {
      if (distances[at]! > 0) {
        nearest.push(distances[at]!)
        break
      }
    }
  }
  nearest.sort((a, b) => a - b)
  return nearest[nearest.length >> 1] ?? 0
}
