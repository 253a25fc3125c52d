import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { SamplingChoice } from '../plan/plan.ts'
import type { Sampler } from './sampler.ts'

type SmoteChoice = Extract<SamplingChoice, { readonly kind: 'smote' }>

/**
 * SMOTE: new minority samples on the straight lines between minority samples and their neighbours.
 *
 * Each synthetic sample draws a minority sample x, one of its k nearest minority samples n and a
 * gap u in [0, 1), all uniform, and becomes
 *
 *     x + u · (n − x)
 *
 * Draws are taken in that order, three per sample. Every feature is interpolated, 0/1 features
 * of categories too.
 *
 * @throws RangeError when the minority has no more than k samples, or k is not an integer from 1.
 *
 * Source: Chawla, Bowyer, Hall, Kegelmeyer (2002), "SMOTE: Synthetic Minority Over-sampling
 * Technique", section 4.2. There the minority is gone through in turn and each feature has a gap
 * of its own in the pseudo-code, which the text and later software replace by one gap.
 */
export const smote: Sampler<SmoteChoice> = (
  { neighbors: k },
  { X, yTrue },
  { minority, minorityLabel },
  wanted,
  stream,
  checkpoint,
  kernels,
) => {
  if (!Number.isInteger(k) || k < 1) {
    throw new RangeError(`neighbors must be an integer from 1, got ${k}`)
  }
  if (minority.length <= k) {
    const name = minorityLabel === 1 ? 'positives' : 'negatives'
    throw new RangeError(
      `SMOTE with ${k} neighbours needs at least ${k + 1} ${name}, got ${minority.length}`,
    )
  }
  const { rows } = nearestNeighbors(X, minority, minority, k, checkpoint, kernels)
  const nSynthetic = wanted.minority - minority.length
  const parent = new Int32Array(nSynthetic)
  const neighbor = new Int32Array(nSynthetic)
  const gap = new Float64Array(nSynthetic)
  for (let s = 0; s < nSynthetic; s++) {
    const base = stream.below(minority.length)
    parent[s] = minority[base]!
    neighbor[s] = rows[base * k + stream.below(k)]!
    gap[s] = stream.uniform()
  }
  const kept = new Int32Array(yTrue.length)
  for (let i = 0; i < kept.length; i++) kept[i] = i
  return { kept, synthetic: { parent, neighbor, gap } }
}
