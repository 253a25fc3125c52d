import { nearestNeighbors, squaredDistance } from '../math/nearest-neighbors.ts'
import type { CleaningChoice } from '../plan/sampling-choice.ts'
import { everyPosition, noSynthetic } from './sampler.ts'
import type { Sampler, SamplingTask } from './sampler.ts'
import { findTomekLinks } from './tomek-links.ts'

type CondensedChoice = Extract<CleaningChoice, { readonly kind: 'condensed_nearest_neighbors' }>

/** Numbers compared between two checkpoints, about 20 ms of work. */
const valuesPerCheckpoint = 1 << 24

/**
 * Condensed nearest neighbour: the minority and those majority samples that the one-nearest rule
 * needs. Starting with one majority sample, the others are visited in order, and each is taken in
 * that the samples in already would misclassify; so on until a pass takes none in.
 *
 * Keeps the border and lets the inside go; noise is at the border too and stays. Of samples at one
 * distance those of the minority count as nearer.
 *
 * Source: Hart (1968), "The Condensed Nearest Neighbor Rule". There both classes are condensed.
 */
export const condensedNearestNeighbors: Sampler<CondensedChoice> = ({ passes }, task) => {
  const { majority } = task.classes
  const first = majority[task.stream.below(majority.length)]!
  return { kept: condense(first, passes, task), synthetic: noSynthetic }
}

/**
 * @param first  The majority sample to start with.
 * @param passes At most.
 * @returns Positions of the samples in, increasing.
 */
export function condense(
  first: number,
  passes: number,
  { original: { X, yTrue }, classes: { minority, majority }, checkpoint, kernels }: SamplingTask,
): Int32Array {
  // The distance to the minority never changes; that to the majority samples in is kept up to date
  // by looking at those that came in since the last visit.
  const { rows: nearest } = nearestNeighbors(X, majority, minority, 1, checkpoint, kernels)
  const toMajority = new Float64Array(majority.length).fill(Infinity)
  const seen = new Int32Array(majority.length)
  const isIn = new Uint8Array(yTrue.length)
  for (const i of minority) isIn[i] = 1
  isIn[first] = 1
  const taken = [first]
  let compared = 0
  for (let pass = 0; pass < passes; pass++) {
    const before = taken.length
    majority.forEach((row, at) => {
      if (isIn[row] === 1) return
      for (; seen[at]! < taken.length; seen[at]!++) {
        const candidate = taken[seen[at]!]!
        const square = squaredDistance(X, row, candidate, toMajority[at])
        compared += X.nFeatures
        if (square < toMajority[at]!) toMajority[at] = square
      }
      if (squaredDistance(X, row, nearest[at]!) <= toMajority[at]!) {
        isIn[row] = 1
        taken.push(row)
      }
      if (compared > valuesPerCheckpoint) {
        checkpoint((pass + at / majority.length) / passes)
        compared = 0
      }
    })
    if (taken.length === before) break
  }
  return everyPosition(yTrue.length).filter((i) => isIn[i] === 1)
}

/**
 * One-sided selection: the minority, one majority sample and those that the one-nearest rule on these
 * misclassifies; then the majority samples of Tomek links go.
 *
 * Source: Kubat, Matwin (1997), "Addressing the Curse of Imbalanced Training Sets: One-Sided
 * Selection", section 3.
 */
export const oneSidedSelection: Sampler<unknown> = (_choice, task) => {
  const { majority } = task.classes
  const first = majority[task.stream.below(majority.length)]!
  return { kept: selectOneSided(first, task), synthetic: noSynthetic }
}

/** @param first The majority sample to start with. */
export function selectOneSided(first: number, task: SamplingTask): Int32Array {
  const {
    original: { X, yTrue },
    classes: { minority, majority },
    checkpoint,
    kernels,
  } = task
  const { rows: nearest } = nearestNeighbors(X, majority, minority, 1, checkpoint, kernels)
  const isIn = new Uint8Array(yTrue.length)
  for (const i of minority) isIn[i] = 1
  majority.forEach((row, at) => {
    const toMinority = squaredDistance(X, row, nearest[at]!)
    if (row === first || toMinority <= squaredDistance(X, row, first)) isIn[row] = 1
  })
  const selected = everyPosition(yTrue.length).filter((i) => isIn[i] === 1)
  for (const link of findTomekLinks(selected, task)) isIn[link.majority] = 0
  return selected.filter((i) => isIn[i] === 1)
}
