import { resampledCounts } from '../plan/resampled-counts.ts'
import { randomUnder } from './random-under.ts'
import { noSynthetic } from './sampler.ts'
import { smote } from './smote.ts'
import { synthesize } from './synthesize.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { RandomStream } from '../math/random.ts'
import type { SamplingChoice } from '../plan/plan.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'
import type { Classes, Original, Resampled, Sampler, Selection } from './sampler.ts'

type SamplerKind = Exclude<SamplingChoice['kind'], 'none'>
type ChoiceOf<Kind extends SamplerKind> = Extract<SamplingChoice, { readonly kind: Kind }>

/** Every resampling method by its kind. */
export const samplers: { readonly [Kind in SamplerKind]: Sampler<ChoiceOf<Kind>> } = {
  random_under: randomUnder,
  smote,
}

/**
 * Changes the class counts of a training set as a plan asks for.
 *
 * Only ever called on the training samples of one fold: whoever judges a model must keep the
 * natural prevalence. What grows or shrinks is decided by counts (minority, majority), whichever
 * class is positive; `resampledCounts` of the plan says to how many samples.
 *
 * @param weights Sample weights ≥ 0, or null; a synthetic sample takes its parent's.
 * @param stream  Named after what this set is: the same stream gives the same result.
 * @param kernels What speeds a search for neighbours up; changes no result.
 * @returns A set whose originals are unchanged and in order. A set that already is at the target
 *   ratio or milder comes back as it is, with a note.
 * @throws RangeError when lengths differ, the ratio is below 1, a class is missing, or the
 *   sampler lacks samples (SMOTE with k neighbours needs k + 1 of the minority).
 */
export function resample(
  choice: SamplingChoice,
  X: Matrix,
  yTrue: Uint8Array,
  weights: Float64Array | null,
  stream: RandomStream,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null = null,
): Resampled {
  if (yTrue.length !== X.nSamples || (weights !== null && weights.length !== X.nSamples)) {
    throw new RangeError(
      `yTrue and weights must have length ${X.nSamples}, got ${yTrue.length} and ${weights?.length ?? 'none'}`,
    )
  }
  const original: Original = { X, yTrue, weights }
  const classes = splitClasses(yTrue)
  const countsBefore = countsOf(classes, classes.minority.length, classes.majority.length)
  if (choice.kind === 'none') return unchanged(original, countsBefore, [])

  const ratio = choice.targetImbalanceRatio
  if (!(ratio >= 1 && ratio < Infinity)) {
    throw new RangeError(`targetImbalanceRatio must be a finite number from 1, got ${ratio}`)
  }
  if (classes.minority.length === 0) {
    throw new RangeError(
      `sampling needs samples of both classes, got ${countsBefore.positives} positives and ${countsBefore.negatives} negatives`,
    )
  }
  const countsAfter = resampledCounts(choice, countsBefore.negatives, countsBefore.positives)
  if (
    countsAfter.negatives === countsBefore.negatives &&
    countsAfter.positives === countsBefore.positives
  ) {
    return unchanged(original, countsBefore, [
      `already at ${ratio}:1 or milder, so sampling changed nothing`,
    ])
  }
  const wanted =
    classes.minorityLabel === 1
      ? { minority: countsAfter.positives, majority: countsAfter.negatives }
      : { minority: countsAfter.negatives, majority: countsAfter.positives }
  // Each sampler takes the choice of its own kind, which TypeScript can't follow through the key.
  const sampler = samplers[choice.kind] as Sampler<SamplingChoice>
  const selection = sampler(choice, original, classes, wanted, stream, checkpoint, kernels)
  return { ...apply(selection, original), countsBefore, countsAfter, notes: [] }
}

function splitClasses(yTrue: Uint8Array): Classes {
  let nPositives = 0
  for (const y of yTrue) if (y === 1) nPositives++
  const positives = new Int32Array(nPositives)
  const negatives = new Int32Array(yTrue.length - nPositives)
  for (let i = 0, positive = 0, negative = 0; i < yTrue.length; i++) {
    if (yTrue[i] === 1) positives[positive++] = i
    else negatives[negative++] = i
  }
  return positives.length <= negatives.length
    ? { minority: positives, majority: negatives, minorityLabel: 1 }
    : { minority: negatives, majority: positives, minorityLabel: 0 }
}

function countsOf({ minorityLabel }: Classes, minority: number, majority: number): ClassCounts {
  return minorityLabel === 1
    ? { negatives: majority, positives: minority }
    : { negatives: minority, positives: majority }
}

function unchanged(
  { X, yTrue, weights }: Original,
  counts: ClassCounts,
  notes: readonly string[],
): Resampled {
  const origin = Int32Array.from(yTrue, (_, i) => i)
  return {
    X,
    yTrue,
    weights,
    origin,
    synthetic: noSynthetic,
    countsBefore: counts,
    countsAfter: counts,
    notes,
  }
}

function apply(
  { kept, synthetic }: Selection,
  { X, yTrue, weights }: Original,
): Omit<Resampled, 'countsBefore' | 'countsAfter' | 'notes'> {
  const { nFeatures } = X
  const nSamples = kept.length + synthetic.parent.length
  // Where each sample takes label and weight from: itself, or its parent.
  const source = new Int32Array(nSamples)
  source.set(kept)
  source.set(synthetic.parent, kept.length)
  const values = new Float64Array(nSamples * nFeatures)
  // Rows that follow one another are copied together.
  for (let start = 0, end = 0; start < kept.length; start = end) {
    const row = kept[start]!
    for (end = start + 1; end < kept.length && kept[end] === row + end - start;) end++
    const stretch = X.values.subarray(row * nFeatures, (row + end - start) * nFeatures)
    values.set(stretch, start * nFeatures)
  }
  synthesize(X, synthetic, values.subarray(kept.length * nFeatures))
  const origin = new Int32Array(nSamples).fill(-1)
  origin.set(kept)
  return {
    X: { values, nSamples, nFeatures },
    yTrue: taken(yTrue, source, new Uint8Array(nSamples)),
    weights: weights === null ? null : taken(weights, source, new Float64Array(nSamples)),
    origin,
    synthetic,
  }
}

/** The values at the positions of `source`, put into `out`. */
function taken<Values extends Uint8Array | Float64Array>(
  values: Values,
  source: Int32Array,
  out: Values,
): Values {
  for (let i = 0; i < source.length; i++) out[i] = values[source[i]!]!
  return out
}
