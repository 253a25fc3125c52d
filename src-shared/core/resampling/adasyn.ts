import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { SmoteChoice } from '../plan/sampling-choice.ts'
import { requireNeighbors } from './interpolate.ts'
import { majorityNeighbors } from './minority-neighborhoods.ts'
import { added, leftAsItIs } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * ADASYN: as SMOTE, but the more samples from a minority sample the more of its k nearest samples are
 * of the majority.
 *
 * Degenerate: where no minority sample has a neighbour of the majority nothing is made, and a note
 * says so. Rounding by sample can miss the wanted count by a few.
 *
 * @throws RangeError when the minority has no more than k samples.
 *
 * Source: He, Bai, Garcia, Li (2008), "ADASYN: Adaptive Synthetic Sampling Approach for Imbalanced
 * Learning", section 2.
 */
export const adasyn: Sampler<Pick<SmoteChoice, 'neighbors'>> = ({ neighbors: k }, task) => {
  requireNeighbors('ADASYN', k, task)
  const { original, classes, wanted, stream, checkpoint, kernels } = task
  const { minority } = classes
  const counts = samplesPerParent(
    majorityNeighbors(task, minority, k),
    k,
    wanted.minority - minority.length,
  )
  if (counts === null) {
    return leftAsItIs(
      original,
      'ADASYN found no sample of the rarer class with a neighbour of the other, so sampling changed nothing',
    )
  }
  const { rows } = nearestNeighbors(original.X, minority, minority, k, checkpoint, kernels)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const parent = new Int32Array(total)
  const neighbor = new Int32Array(total)
  const gap = new Float64Array(total)
  let s = 0
  for (let i = 0; i < minority.length; i++) {
    for (let drawn = 0; drawn < counts[i]!; drawn++, s++) {
      parent[s] = minority[i]!
      neighbor[s] = rows[i * k + stream.below(k)]!
      gap[s] = stream.uniform()
    }
  }
  return added(original, { parent, neighbor, gap })
}

/**
 * How many samples each minority sample becomes the parent of: requested · r ÷ Σ r, halves to even,
 * where r is the share of the majority among its k neighbours. Null where all shares are 0.
 */
export function samplesPerParent(
  majorityCounts: Int32Array,
  k: number,
  requested: number,
): Int32Array | null {
  let sum = 0
  for (const count of majorityCounts) sum += count / k
  if (sum === 0) return null
  return majorityCounts.map((count) => roundHalfToEven((count / k / sum) * requested))
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
