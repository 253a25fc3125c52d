import type { CleanedClasses, CleaningChoice, NeighborVote } from '../plan/sampling-choice.ts'
import { outvoted } from './neighbor-vote.ts'
import { everyPosition, noSynthetic } from './sampler.ts'
import type { Sampler, SamplingTask, Selection } from './sampler.ts'

type ChoiceOf<Kind> = Extract<CleaningChoice, { readonly kind: Kind }>

/** Rounds of editing until it is given up; each takes out at least one sample. */
const mostRounds = 100

/**
 * Edited nearest neighbours: samples go that their k nearest samples speak against.
 *
 * @throws RangeError when there are fewer than k + 1 samples.
 *
 * Source: Wilson (1972), "Asymptotic Properties of Nearest Neighbor Rules Using Edited Data". There
 * most neighbours decide and both classes are edited.
 */
export const editedNearestNeighbors: Sampler<{
  readonly neighbors: number
  readonly vote: NeighborVote
  readonly removes: CleanedClasses
}> = ({ neighbors, vote, removes }, task) => {
  const rows = everyPosition(task.original.yTrue.length)
  return keptOnly(edited(rows, neighbors, vote, removes, task))
}

/**
 * Editing repeated on what it leaves, until nothing changes, a class is gone, or the majority has
 * become smaller than the minority was.
 *
 * At most 100 rounds; a note says where that was not enough.
 *
 * Source: Tomek (1976), "An Experiment with the Edited Nearest-Neighbor Rule", section II.
 */
export const repeatedEditedNearestNeighbors: Sampler<
  ChoiceOf<'edited_nearest_neighbors' | 'repeated_edited_nearest_neighbors'>
> = ({ neighbors, vote, removes }, task) => {
  let rows = everyPosition(task.original.yTrue.length)
  for (let round = 0; round < mostRounds; round++) {
    if (rows.length <= neighbors) return keptOnly(rows)
    const left = edited(rows, neighbors, vote, removes, task)
    const stops = left.length === rows.length || lacksClass(left, task) || hasTurned(left, task)
    rows = left
    if (stops) return keptOnly(rows)
  }
  const notes = [`editing still took samples out after ${mostRounds} rounds and was ended there`]
  return { ...keptOnly(rows), notes }
}

/**
 * Editing with one neighbour, then two, up to k, each on what the former step left; ends where a
 * class is gone, or, unless that is allowed, where the majority has become smaller than the minority
 * was.
 *
 * Source: Tomek (1976), "An Experiment with the Edited Nearest-Neighbor Rule", section III.
 */
export const allKNearestNeighbors: Sampler<ChoiceOf<'all_k_nearest_neighbors'>> = (
  { neighbors, vote, removes, allowMinority },
  task,
) => {
  let rows = everyPosition(task.original.yTrue.length)
  for (let k = 1; k <= neighbors; k++) {
    if (rows.length <= k) break
    rows = edited(rows, k, vote, removes, task)
    if (lacksClass(rows, task) || (!allowMinority && hasTurned(rows, task))) break
  }
  return keptOnly(rows)
}

/** What editing leaves of some samples. */
function edited(
  rows: Int32Array,
  k: number,
  vote: NeighborVote,
  removes: CleanedClasses,
  { original, classes: { minorityLabel }, checkpoint, kernels }: SamplingTask,
): Int32Array {
  const majorityLabel = minorityLabel === 1 ? 0 : 1
  const ballot = { original, rows, majorityLabel, k, vote, checkpoint, kernels } as const
  const isRemoved = new Uint8Array(original.yTrue.length)
  if (removes !== 'minority') for (const i of outvoted(ballot, majorityLabel)) isRemoved[i] = 1
  if (removes !== 'majority') for (const i of outvoted(ballot, minorityLabel)) isRemoved[i] = 1
  return rows.filter((i) => isRemoved[i] === 0)
}

function keptOnly(kept: Int32Array): Selection {
  return { kept, synthetic: noSynthetic }
}

function minorityCount(rows: Int32Array, { original, classes }: SamplingTask): number {
  let count = 0
  for (const row of rows) if (original.yTrue[row] === classes.minorityLabel) count++
  return count
}

function lacksClass(rows: Int32Array, task: SamplingTask): boolean {
  const minority = minorityCount(rows, task)
  return minority === 0 || minority === rows.length
}

/** Whether the majority has fewer samples than the minority had at first. */
function hasTurned(rows: Int32Array, task: SamplingTask): boolean {
  return rows.length - minorityCount(rows, task) < task.classes.minority.length
}
