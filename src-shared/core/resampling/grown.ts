import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { Original, Selection } from './sampler.ts'
import { synthesize } from './synthesize.ts'

/**
 * The set that a selection stands for: the originals kept, then the synthetic samples.
 *
 * Where all originals are kept and X has room behind its values, the synthetic ones are written
 * there, and nothing is copied.
 */
export function grown(
  { X, yTrue, weights }: Original,
  { kept, synthetic }: Selection,
  checkpoint: Checkpoint,
): Original {
  const { nFeatures } = X
  const nSamples = kept.length + synthetic.parent.length
  const nValues = nSamples * nFeatures
  const isWhole = kept.length === X.nSamples
  const inPlace = isWhole && X.room !== undefined && X.room.length >= nValues
  const values = inPlace ? X.room.subarray(0, nValues) : new Float64Array(nValues)
  if (!inPlace) copyRows(X, kept, values)
  synthesize(X, synthetic, values.subarray(kept.length * nFeatures), checkpoint)
  return {
    X: { values, nSamples, nFeatures },
    yTrue: taken(yTrue, kept, synthetic.parent, new Uint8Array(nSamples)),
    weights:
      weights === null ? null : taken(weights, kept, synthetic.parent, new Float64Array(nSamples)),
  }
}

/** Rows that follow one another are copied together. */
function copyRows({ values, nFeatures }: Matrix, kept: Int32Array, out: Float64Array): void {
  for (let start = 0, end = 0; start < kept.length; start = end) {
    const row = kept[start]!
    for (end = start + 1; end < kept.length && kept[end] === row + end - start;) end++
    const stretch = values.subarray(row * nFeatures, (row + end - start) * nFeatures)
    out.set(stretch, start * nFeatures)
  }
}

/** What originals have themselves, and synthetic samples from their parents. */
function taken<Values extends Uint8Array | Float64Array>(
  values: Values,
  kept: Int32Array,
  parents: Int32Array,
  out: Values,
): Values {
  if (kept.length === values.length) out.set(values)
  else for (let i = 0; i < kept.length; i++) out[i] = values[kept[i]!]!
  for (let s = 0; s < parents.length; s++) out[kept.length + s] = values[parents[s]!]!
  return out
}
