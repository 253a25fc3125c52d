import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { CleanedClasses } from '../plan/sampling-choice.ts'
import { everyPosition, without } from './sampler.ts'
import type { Sampler, SamplingTask } from './sampler.ts'

/**
 * Tomek links: pairs of samples of different classes each of which is the other's nearest; of them
 * the majority's goes, the minority's, or both.
 *
 * Source: Tomek (1976), "Two Modifications of CNN", second modification.
 */
export const tomekLinks: Sampler<{ readonly removes: CleanedClasses }> = ({ removes }, task) => {
  const isRemoved = new Uint8Array(task.original.yTrue.length)
  for (const { minority, majority } of findTomekLinks(everyPosition(isRemoved.length), task)) {
    if (removes !== 'minority') isRemoved[majority] = 1
    if (removes !== 'majority') isRemoved[minority] = 1
  }
  return without(isRemoved)
}

/**
 * The links among some samples. Each has a minority sample, so only these and the majority samples
 * nearest to them are searched for: of two nearest at one distance the lower position counts.
 */
export function findTomekLinks(
  rows: Int32Array,
  { original: { X, yTrue }, classes, checkpoint, kernels }: SamplingTask,
): { readonly minority: number; readonly majority: number }[] {
  if (rows.length < 2) return []
  const isMinority = (row: number): boolean => yTrue[row] === classes.minorityLabel
  const nearestOf = (queries: Int32Array): Int32Array =>
    nearestNeighbors(X, queries, rows, 1, checkpoint, kernels).rows
  const minority = rows.filter(isMinority)
  const nearest = nearestOf(minority)
  const courted = Int32Array.from(new Set(nearest.filter((row) => !isMinority(row)))).sort()
  const backOf = new Map([...nearestOf(courted)].map((row, i) => [courted[i]!, row]))
  return [...minority]
    .map((row, i) => ({ minority: row, majority: nearest[i]! }))
    .filter(({ minority: row, majority }) => backOf.get(majority) === row)
}
