import { noCheckpoint } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { Provenance } from './sampler.ts'

/** Values between two checkpoints, some ten milliseconds of work. */
const valuesPerCheckpoint = 1 << 21

/**
 * Computes synthetic samples from where they come from: x + gap · (neighbour − x), x the parent. A
 * value is missing where both lack it; where one does it is the other's.
 *
 * @param X   What the positions in `provenance` refer to.
 * @param out Where they go, row-major, length nSynthetic × nFeatures.
 * @param checkpoint Told that all is done but this.
 */
export function synthesize(
  { values, nFeatures }: Matrix,
  { parent, neighbor, gap, values: made }: Provenance,
  out: Float64Array,
  checkpoint: Checkpoint = noCheckpoint,
): void {
  if (made !== undefined) {
    out.set(made)
    return
  }
  const samplesPerCheckpoint = Math.ceil(valuesPerCheckpoint / Math.max(1, nFeatures))
  for (let s = 0, at = 0; s < parent.length; s++) {
    if (s % samplesPerCheckpoint === 0) checkpoint(1)
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
