import type { Matrix } from '../math/matrix.ts'
import type { Provenance } from './sampler.ts'

/**
 * Computes synthetic samples from where they come from: x + gap · (neighbour − x), x the parent. A
 * value is missing where both lack it; where one does it is the other's.
 *
 * @param X   What the positions in `provenance` refer to.
 * @param out Where they go, row-major, length nSynthetic × nFeatures.
 */
export function synthesize(
  { values, nFeatures }: Matrix,
  { parent, neighbor, gap, values: made }: Provenance,
  out: Float64Array,
): void {
  if (made !== undefined) {
    out.set(made)
    return
  }
  for (let s = 0, at = 0; s < parent.length; s++) {
    const parentAt = parent[s]! * nFeatures
    const neighborAt = neighbor[s]! * nFeatures
    const share = gap[s]!
    for (let f = 0; f < nFeatures; f++, at++) {
      const from = values[parentAt + f]!
      const to = values[neighborAt + f]!
      const value = from + share * (to - from)
      out[at] = value === value ? value : from === from ? from : to
    }
  }
}
