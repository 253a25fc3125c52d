import { resampledCounts } from '../plan/resampled-counts.ts'
import type { SamplerKind } from '../plan/sampling-kinds.ts'
import { adasyn } from './adasyn.ts'
import { borderlineSmote } from './borderline-smote.ts'
import { clusterCentroids } from './cluster-centroids.ts'
import { condensedNearestNeighbors, oneSidedSelection } from './condensed-neighbors.ts'
import {
  allKNearestNeighbors,
  editedNearestNeighbors,
  repeatedEditedNearestNeighbors,
} from './edited-neighbors.ts'
import { grown } from './grown.ts'
import { instanceHardness } from './instance-hardness.ts'
import { kmeansSmote } from './kmeans-smote.ts'
import { nearMiss } from './near-miss.ts'
import { neighborhoodCleaning } from './neighborhood-cleaning.ts'
import { randomOver } from './random-over.ts'
import { randomUnder } from './random-under.ts'
import { everyPosition, noSynthetic } from './sampler.ts'
import { smoteN, smoteNc } from './smote-nc.ts'
import { smoteEnn, smoteTomek } from './smote-then-clean.ts'
import { smote } from './smote.ts'
import { svmSmote } from './svm-smote.ts'
import { tomekLinks } from './tomek-links.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { RandomStream } from '../math/random.ts'
import type { SamplingChoice, SamplingTarget } from '../plan/sampling-choice.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'
import type { Classes, Original, Resampled, Sampler, SamplingAids } from './sampler.ts'

type ChoiceOf<Kind extends SamplerKind> = SamplingChoice & { readonly kind: Kind }

/** Every resampling method by its kind. */
export const samplers: { readonly [Kind in SamplerKind]: Sampler<ChoiceOf<Kind>> } = {
  random_over: randomOver,
  random_under: randomUnder,
  smote,
  smote_nc: smoteNc,
  smote_n: smoteN,
  borderline_smote: borderlineSmote,
  svm_smote: svmSmote,
  kmeans_smote: kmeansSmote,
  adasyn,
  near_miss: nearMiss,
  cluster_centroids: clusterCentroids,
  instance_hardness: instanceHardness,
  tomek_links: tomekLinks,
  edited_nearest_neighbors: editedNearestNeighbors,
  repeated_edited_nearest_neighbors: repeatedEditedNearestNeighbors,
  all_k_nearest_neighbors: allKNearestNeighbors,
  condensed_nearest_neighbors: condensedNearestNeighbors,
  one_sided_selection: oneSidedSelection,
  neighborhood_cleaning: neighborhoodCleaning,
  smote_enn: smoteEnn,
  smote_tomek: smoteTomek,
}

/**
 * Changes a training set as a plan asks for.
 *
 * Only ever called on the training samples of one fold: whoever judges a model must keep the
 * natural prevalence. What grows or shrinks is decided by counts (minority, majority), whichever
 * class is positive; `resampledCounts` of the plan says to how many samples.
 *
 * @param weights Sample weights ≥ 0, or null; a synthetic sample takes its parent's.
 * @param stream  Named after what this set is: the same stream gives the same result.
 * @param kernels What speeds a search for neighbours up; changes no result.
 * @returns A set whose originals are unchanged and in order. A set that already is at the target
 *   ratio or milder comes back as it is, with a note; so does one that cleaning would leave without
 *   a class. Where X has room, it goes into the result.
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
  aids: SamplingAids = {},
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

  const hasTarget = 'targetImbalanceRatio' in choice
  if (hasTarget) requireTarget(choice.targetImbalanceRatio)
  if (classes.minority.length === 0) {
    throw new RangeError(
      `sampling needs samples of both classes, got ${countsBefore.positives} positives and ${countsBefore.negatives} negatives`,
    )
  }
  const counts = resampledCounts(choice, countsBefore.negatives, countsBefore.positives)
  const isThere =
    counts.negatives === countsBefore.negatives && counts.positives === countsBefore.positives
  if (hasTarget && isThere) return unchanged(original, countsBefore, [alreadyThere(choice)])
  const wanted =
    classes.minorityLabel === 1
      ? { minority: counts.positives, majority: counts.negatives }
      : { minority: counts.negatives, majority: counts.positives }
  // Each sampler takes the choice of its own kind, which TypeScript can't follow through the key.
  const sampler = samplers[choice.kind] as Sampler<SamplingChoice>
  const selection = sampler(choice, {
    original,
    classes,
    wanted,
    stream,
    checkpoint,
    kernels,
    aids,
  })
  const { kept, synthetic, notes = [] } = selection
  const isWhole = kept.length === yTrue.length && synthetic.parent.length === 0
  if (isWhole) return unchanged(original, countsBefore, notes)
  const result = grown(original, selection, checkpoint)
  const positives = result.yTrue.reduce((sum, y) => sum + y, 0)
  const negatives = result.yTrue.length - positives
  if (positives === 0 || negatives === 0) {
    return unchanged(original, countsBefore, [
      ...notes,
      'sampling would have left one class alone, so it changed nothing',
    ])
  }
  const origin = new Int32Array(result.yTrue.length).fill(-1)
  origin.set(kept)
  return {
    ...result,
    origin,
    synthetic,
    countsBefore,
    countsAfter: { negatives, positives },
    notes,
  }
}

function requireTarget(ratio: number): void {
  if (ratio >= 1 && ratio < Infinity) return
  throw new RangeError(`targetImbalanceRatio must be a finite number from 1, got ${ratio}`)
}

function alreadyThere({ targetImbalanceRatio, targetCounts }: SamplingTarget): string {
  return targetCounts === undefined
    ? `already at ${targetImbalanceRatio}:1 or milder, so sampling changed nothing`
    : 'the counts asked for are there already, so sampling changed nothing'
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
  return {
    X,
    yTrue,
    weights,
    origin: everyPosition(yTrue.length),
    synthetic: noSynthetic,
    countsBefore: counts,
    countsAfter: counts,
    notes,
  }
}
