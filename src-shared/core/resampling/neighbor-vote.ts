/**
 * Whose neighbourhood speaks against it, without finding every neighbour.
 *
 * A sample is outvoted when t or more of its k nearest samples are of the other class: t = 1 where
 * all have to agree, t = more than half of k where most have to, a draw going to the majority. Sort
 * the others by distance: the sample is outvoted exactly when at most k − t of its own class are
 * nearer than the t-th of the other. So the t nearest of the other class are searched for, and then
 * k − t + 1 nearer ones of the own class. Samples in the middle of a class are near to all of it, the
 * more so the more features there are: these are looked at first, and settle most votes. For the rest
 * the nearest of the own class are searched for too.
 */
import { nearestNeighbors, squaredDistance } from '../math/nearest-neighbors.ts'
import { argsortAscending } from '../math/order.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { NeighborKernels } from '../math/neighbor-filter.ts'
import type { NeighborVote } from '../plan/sampling-choice.ts'
import type { Original } from './sampler.ts'

/** Samples of the middle of a class, looked at before any search. */
const middleSize = 256
/** Looks at the middle between two checkpoints: some ten milliseconds of work for 30 features. */
const rowsPerCheckpoint = 1024

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
  const limits = own.map((_, at) => nearest[(at + 1) * needed - 1]!)
  const isUndecided = new Uint8Array(own.length)
  const middle = mostCentral(X, own)
  own.forEach((row, at) => {
    const limit = squaredDistance(X, row, limits[at]!)
    let nearer = 0
    for (let i = 0; i < middle.length && nearer <= allowed; i++) {
      if (isNearer(X, row, middle[i]!, limit, limits[at]!)) nearer++
    }
    if (nearer <= allowed) isUndecided[at] = 1
    if (at % rowsPerCheckpoint === 0) checkpoint(at / own.length)
  })
  const undecided = own.filter((_, at) => isUndecided[at] === 1)
  if (own.length - 1 <= allowed || undecided.length === 0) return undecided
  const places = allowed + 1
  const { rows: alike } = nearestNeighbors(X, undecided, own, places, checkpoint, kernels)
  const limitOf = limits.filter((_, at) => isUndecided[at] === 1)
  return undecided.filter((row, at) => {
    const limit = squaredDistance(X, row, limitOf[at]!)
    return !isNearer(X, row, alike[(at + 1) * places - 1]!, limit, limitOf[at]!)
  })
}

/** Whether a candidate comes before another one at the given distance; the row itself doesn't. */
function isNearer(
  X: Matrix,
  row: number,
  candidate: number,
  limit: number,
  other: number,
): boolean {
  if (candidate === row) return false
  const square = squaredDistance(X, row, candidate, limit)
  return square < limit || (square === limit && candidate < other)
}

/** The samples nearest to the middle of some samples. */
function mostCentral({ values, nFeatures }: Matrix, rows: Int32Array): Int32Array {
  const sums = new Float64Array(nFeatures)
  const counts = new Int32Array(nFeatures)
  for (const row of rows) {
    for (let f = 0; f < nFeatures; f++) {
      const value = values[row * nFeatures + f]!
      if (value !== value) continue
      sums[f]! += value
      counts[f]!++
    }
  }
  const squares = Float64Array.from(rows, (row) => {
    let square = 0
    for (let f = 0; f < nFeatures; f++) {
      const difference = values[row * nFeatures + f]! - sums[f]! / counts[f]!
      if (difference === difference) square += difference * difference
    }
    return square
  })
  return argsortAscending(squares)
    .subarray(0, middleSize)
    .map((at) => rows[at]!)
}
