import type { BorderlineSmoteChoice } from '../plan/sampling-choice.ts'
import { drawBetween, joined, requireNeighbors } from './interpolate.ts'
import { bySurroundings } from './minority-neighborhoods.ts'
import { added, leftAsItIs } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Borderline-SMOTE: new samples only from minority samples at the border, of whose m nearest samples
 * at least half but not all are of the majority.
 *
 * Variant 1 goes to one of the k nearest minority samples; variant 2 makes half of its samples so,
 * and half toward one of the k nearest majority samples, no further than halfway.
 *
 * Degenerate: without a sample at the border nothing is made, and a note says so.
 *
 * @throws RangeError when the minority has no more than k samples, or fewer than m others exist.
 *
 * Source: Han, Wang, Mao (2005), "Borderline-SMOTE", section 3. imbalanced-learn 0.10 goes halfway
 * toward majority samples that are nobody's neighbours (it looks them up by numbers of minority
 * samples), so its second variant is another one.
 */
export const borderlineSmote: Sampler<BorderlineSmoteChoice> = (
  { variant, neighbors: k, outerNeighbors },
  task,
) => {
  requireNeighbors('Borderline-SMOTE', k, task)
  const { minority, majority } = task.classes
  const { danger } = bySurroundings(task, minority, outerNeighbors)
  if (danger.length === 0) {
    return leftAsItIs(
      task.original,
      'Borderline-SMOTE found no sample of the rarer class at the border, so sampling changed nothing',
    )
  }
  const count = task.wanted.minority - minority.length
  const near = variant === 1 ? 0 : Math.floor(count / 2)
  return added(
    task.original,
    joined([
      drawBetween(task, danger, minority, k, count - near),
      drawBetween(task, danger, majority, Math.min(k, majority.length), near, 0.5),
    ]),
  )
}
