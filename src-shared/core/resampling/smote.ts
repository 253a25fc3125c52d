import type { SmoteChoice } from '../plan/sampling-choice.ts'
import { drawBetween, requireNeighbors } from './interpolate.ts'
import { added } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * SMOTE: new minority samples on the straight lines between minority samples and their neighbours.
 *
 * Each synthetic sample draws a minority sample x, one of its k nearest minority samples n and a
 * gap u in [0, 1), all uniform, and becomes
 *
 *     x + u · (n − x)
 *
 * Every feature is interpolated, 0/1 features of categories too.
 *
 * @throws RangeError when the minority has no more than k samples, or k is not an integer from 1.
 *
 * Source: Chawla, Bowyer, Hall, Kegelmeyer (2002), "SMOTE: Synthetic Minority Over-sampling
 * Technique", section 4.2. There the minority is gone through in turn and each feature has a gap
 * of its own in the pseudo-code, which the text and later software replace by one gap.
 */
export const smote: Sampler<Pick<SmoteChoice, 'neighbors'>> = ({ neighbors: k }, task) => {
  requireNeighbors('SMOTE', k, task)
  const { minority } = task.classes
  const count = task.wanted.minority - minority.length
  return added(task.original, drawBetween(task, minority, minority, k, count))
}
