import { blockSum } from '../math/sum.ts'
import { sampleWithoutReplacement } from '../math/random.ts'
import { fitSupportVectors } from '../math/support-vectors.ts'
import type { SvmSmoteChoice } from '../plan/sampling-choice.ts'
import { drawBetween, joined, requireNeighbors } from './interpolate.ts'
import { bySurroundings } from './minority-neighborhoods.ts'
import { added, leftAsItIs } from './sampler.ts'
import type { Sampler, SamplingTask } from './sampler.ts'

/** Samples that support vectors are looked for among, at most: 72 MB of kernel values. */
const mostFitted = 3000

/**
 * SVM-SMOTE: new samples from the minority's support vectors, between them and their neighbours
 * where the majority crowds in, beyond them where it doesn't.
 *
 * Of the support vectors, those go whose m nearest samples are all of the majority. About half of
 * the samples come from vectors at the border, by interpolation, the rest from the others, up to
 * `step` times the distance to a neighbour outward. Above 3,000 samples the vectors are looked for
 * in a part drawn at random, half of it minority where there is enough, and a note says so.
 *
 * Degenerate: without support vectors left nothing is made, and a note says so.
 *
 * @throws RangeError when the minority has no more than k samples, or fewer than m others exist.
 *
 * Source: Nguyen, Cooper, Kamei (2011), "Borderline Over-sampling for Imbalanced Data
 * Classification", section 3. Kernel and its width are those of imbalanced-learn.
 */
export const svmSmote: Sampler<SvmSmoteChoice> = ({ neighbors: k, outerNeighbors, step }, task) => {
  requireNeighbors('SVM-SMOTE', k, task)
  const { original, classes, wanted } = task
  const { vectors, notes } = minoritySupportVectors(task)
  const { danger, safe } = bySurroundings(task, vectors, outerNeighbors)
  if (danger.length + safe.length === 0) {
    return leftAsItIs(
      original,
      'SVM-SMOTE found no support vector of the rarer class outside noise, so sampling changed nothing',
    )
  }
  const count = wanted.minority - classes.minority.length
  const half = Math.floor(count / 2)
  const between = danger.length === 0 ? 0 : safe.length === 0 ? count : half
  const synthetic = joined([
    drawBetween(task, danger, classes.minority, k, between),
    drawBetween(task, safe, classes.minority, k, count - between, -step),
  ])
  return { ...added(original, synthetic), notes }
}

/** Positions of the minority samples that support the margin, increasing. */
export function minoritySupportVectors(task: SamplingTask): {
  readonly vectors: Int32Array
  readonly notes: readonly string[]
} {
  const { original, classes, stream, checkpoint } = task
  const { X, yTrue } = original
  const { minority, majority } = classes
  const nMinority = Math.min(
    minority.length,
    Math.max(mostFitted / 2, mostFitted - majority.length),
  )
  const nMajority = Math.min(majority.length, mostFitted - nMinority)
  const isPart = nMinority < minority.length || nMajority < majority.length
  const rows = isPart
    ? Int32Array.from([
        ...sampleWithoutReplacement(minority, nMinority, stream),
        ...sampleWithoutReplacement(majority, nMajority, stream),
      ]).sort()
    : Int32Array.from(yTrue, (_, i) => i)
  const { alpha, converged } = fitSupportVectors(
    X,
    rows,
    yTrue,
    { gamma: gammaOf(X), c: 1 },
    checkpoint,
  )
  return {
    vectors: rows.filter((row, i) => alpha[i]! > 0 && yTrue[row] === classes.minorityLabel),
    notes: [
      ...(isPart
        ? [`support vectors were looked for among ${rows.length} samples drawn at random`]
        : []),
      ...(converged ? [] : ['the search for support vectors was ended at its bound']),
    ],
  }
}

/** 1 ÷ (features · variance of all values that are there); 1 where they are all the same. */
export function gammaOf({ values, nFeatures }: SamplingTask['original']['X']): number {
  const present = values.filter((value) => value === value)
  const mean = blockSum(present) / present.length
  const variance =
    blockSum(present.map((value) => (value - mean) * (value - mean))) / present.length
  return variance > 0 && variance < Infinity ? 1 / (nFeatures * variance) : 1
}
