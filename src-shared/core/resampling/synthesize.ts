import type { Matrix } from '../math/matrix.ts'
import type { Provenance } from './sampler.ts'

/**
 * Computes synthetic samples from where they come from: x + gap · (neighbour − x), x the parent.
 *
 * @param X   What the positions in `provenance` refer to.
 * @param out Where they go, row-major, length nSynthetic × nFeatures.
 */
export function synthesize(
  { values, nFeatures }: Matrix,
  { parent, neighbor, gap }: Provenance,
  out: Float64Array,
): void {
  for (let s = 0; s < parent.length; s++) {
    const parentAt = parent[s]! * nFeatures
    const neighborAt = neighbor[s]! * nFeatures
    for (let f = 0; f < nFeatures; f++) {
      const from = values[parentAt + f]!
      out[s * nFeatures + f] = from + gap[s]! * (values[neighborAt + f]! - from)
    }
  }
}
