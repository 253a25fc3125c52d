import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { CleaningChoice } from '../plan/sampling-choice.ts'
import { outvoted } from './neighbor-vote.ts'
import { everyPosition, without } from './sampler.ts'
import type { Sampler } from './sampler.ts'

type Choice = Extract<CleaningChoice, { readonly kind: 'neighborhood_cleaning' }>

/**
 * Neighbourhood cleaning: the majority samples go that most of their k nearest samples speak against,
 * and those among the k nearest of a minority sample that its neighbours speak against.
 *
 * @throws RangeError when there are fewer than k + 1 samples.
 *
 * Source: Laurikkala (2001), "Improving Identification of Difficult Small Classes by Balancing Class
 * Distribution", section 3.
 */
export const neighborhoodCleaning: Sampler<Choice> = ({ neighbors: k, vote }, task) => {
  const { original, classes, checkpoint, kernels } = task
  const { X, yTrue } = original
  const { minorityLabel, minority, majority } = classes
  const majorityLabel = minorityLabel === 1 ? 0 : 1
  const rows = everyPosition(yTrue.length)
  const ballot = { original, rows, majorityLabel, k, checkpoint, kernels } as const
  const isRemoved = new Uint8Array(yTrue.length)
  for (const i of outvoted({ ...ballot, vote: 'mode' }, majorityLabel)) isRemoved[i] = 1
  if (majority.length > yTrue.length / 2) {
    const missed = outvoted({ ...ballot, vote }, minorityLabel)
    if (missed.length > 0 && minority.length > 0) {
      const found = nearestNeighbors(X, missed, rows, k, checkpoint, kernels)
      for (const i of found.rows) if (yTrue[i] === majorityLabel) isRemoved[i] = 1
    }
  }
  return without(isRemoved)
}
