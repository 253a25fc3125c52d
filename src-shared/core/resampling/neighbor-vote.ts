/**
 * Whose neighbourhood speaks against it, without finding every neighbour.
 *
 * A sample is outvoted when t or more of its k nearest samples are of the other class: t = 1 where
 * all have to agree, t = more than half of k where most have to, a draw going to the majority. Sort
 * the others by distance: the sample is outvoted exactly when at most k − t of its own class are
 * nearer than the t-th of the other. So the t nearest of the other class are searched for, and then
 * samples of the own class are looked at only until k − t + 1 nearer ones have turned up, which deep
 * inside a class takes a handful.
 */
import { nearestNeighbors, squaredDistance } from '../math/nearest-neighbors.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { NeighborVote } from '../plan/sampling-choice.ts'
import type { Original } from './sampler.ts'

/** Numbers compared between two checkpoints, about 20 ms of work. */
const valuesPerCheckpoint = 1 << 24

/** A vote among some samples of a set. */
export interface Ballot {
  readonly original: Original
  /** Positions of the samples that are there, increasing. */
  readonly rows: Int32Array
  /** Whom a draw goes to. */
  readonly majorityLabel: 0 | 1
  readonly k: number
  readonly vote: NeighborVote
  readonly checkpoint: Checkpoint
  readonly kernels: NeighborKernels | null
}

/**
 * @param label Whose samples are asked about.
 * @returns Those of them in `rows` that are outvoted, increasing.
 * @throws RangeError when `rows` has fewer than k + 1 samples.
 */
export function outvoted(
  { original: { X, yTrue }, rows, majorityLabel, k, vote, checkpoint, kernels }: Ballot,
  label: 0 | 1,
): Int32Array {
  if (!Number.isInteger(k) || k < 1) {
    throw new RangeError(`neighbors must be an integer from 1, got ${k}`)
  }
  if (rows.length <= k) {
    throw new RangeError(`${k} neighbours need at least ${k + 1} samples, got ${rows.length}`)
  }
  const own = rows.filter((row) => yTrue[row] === label)
  const others = rows.filter((row) => yTrue[row] !== label)
  const half = label === majorityLabel ? Math.floor(k / 2) + 1 : Math.ceil(k / 2)
  const needed = vote === 'all' ? 1 : half
  if (others.length < needed || own.length === 0) return new Int32Array(0)
  const { rows: nearest } = nearestNeighbors(X, own, others, needed, checkpoint, kernels)
  const allowed = k - needed
  let compared = 0
  return own.filter((row, at) => {
    const other = nearest[(at + 1) * needed - 1]!
    const limit = squaredDistance(X, row, other)
    let nearer = 0
    for (let step = 1; step < own.length && nearer <= allowed; step++) {
      // Those next in the table first: often they are alike.
      const candidate = own[(at + step) % own.length]!
      const square = squaredDistance(X, row, candidate, limit)
      if (square < limit || (square === limit && candidate < other)) nearer++
      compared += X.nFeatures
    }
    if (compared > valuesPerCheckpoint) {
      checkpoint(at / own.length)
      compared = 0
    }
    return nearer <= allowed
  })
}
