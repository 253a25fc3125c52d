import { argsortAscending } from '../math/order.ts'

/** A sample that trains and is judged by no fold: none is earlier. */
export const ONLY_TRAINS = -1

/**
 * Folds that are judged by models of earlier samples only.
 *
 * Samples in order of time are cut into k + 1 blocks of about the same size; the first only trains,
 * each of the others is a fold. Samples of one time stay in one block, so no fold is cut through a
 * moment.
 *
 * @param days One per sample, any fixed start, no NaN.
 * @param k    Folds, ≥ 1.
 * @returns Fold of each sample, from 0 in order of time; `ONLY_TRAINS` for the first block.
 * @throws RangeError when there are fewer different times than blocks.
 *
 * Deterministic. O(n log n).
 */
export function timeOrderedFolds(days: Float64Array, k: number): Int32Array {
  const order = argsortAscending(days)
  const n = order.length
  const folds = new Int32Array(n)
  let block = 0
  let previous = -Infinity
  order.forEach((sample, position) => {
    // A block ends where its share is reached and the time changes.
    const wanted = Math.floor((position * (k + 1)) / n)
    if (wanted > block && days[sample]! > previous) block++
    folds[sample] = block + ONLY_TRAINS
    previous = days[sample]!
  })
  if (block < k) {
    throw new RangeError(
      `${k} folds in order of time need times that differ, but the samples fall into ${block + 1} blocks`,
    )
  }
  return folds
}
