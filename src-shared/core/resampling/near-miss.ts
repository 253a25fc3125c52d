import { nearestNeighbors, squaredDistance } from '../math/nearest-neighbors.ts'
import { argsortAscending, argsortDescending } from '../math/order.ts'
import type { NearMissChoice } from '../plan/sampling-choice.ts'
import { noSynthetic } from './sampler.ts'
import type { Sampler, SamplingTask } from './sampler.ts'

/** Numbers compared between two checkpoints, about 20 ms of work. */
const valuesPerCheckpoint = 1 << 24

/**
 * NearMiss: the majority samples that come nearest to the minority.
 *
 *   version 1   smallest mean distance to their k nearest minority samples
 *   version 2   smallest mean distance to their k farthest minority samples
 *   version 3   of those among the k nearest of some minority sample, the ones of largest mean
 *               distance to their k nearest minority samples; there may be fewer than wanted
 *
 * @throws RangeError when the minority has fewer than k samples, or the majority for version 3.
 *
 * Source: Zhang, Mani (2003), "KNN Approach to Unbalanced Data Distributions", section 3.
 */
export const nearMiss: Sampler<NearMissChoice> = ({ version, neighbors: k }, task) => {
  const { original, classes, wanted, checkpoint, kernels } = task
  const { X, yTrue } = original
  const { minority, majority } = classes
  if (!Number.isInteger(k) || k < 1 || minority.length < k) {
    throw new RangeError(
      `NearMiss with ${k} neighbours needs at least ${k} samples of the rarer class, got ${minority.length}`,
    )
  }
  const nearSums = (samples: Int32Array): Float64Array =>
    sumsOf(nearestNeighbors(X, samples, minority, k, checkpoint, kernels).distances, k)
  let from = majority
  if (version === 3) {
    const { rows } = nearestNeighbors(X, minority, majority, k, checkpoint, kernels)
    const isNear = new Uint8Array(yTrue.length)
    for (const row of rows) isNear[row] = 1
    from = majority.filter((row) => isNear[row] === 1)
  }
  const sums = version === 2 ? farSums(k, task) : nearSums(from)
  const order = version === 3 ? argsortDescending(sums) : argsortAscending(sums)
  const isKept = new Uint8Array(yTrue.length)
  for (const i of minority) isKept[i] = 1
  for (const at of order.subarray(0, wanted.majority)) isKept[from[at]!] = 1
  const kept = Int32Array.from(yTrue, (_, i) => i).filter((i) => isKept[i] === 1)
  return { kept, synthetic: noSynthetic }
}

function sumsOf(distances: Float64Array, k: number): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, i) => {
    let sum = 0
    for (let place = i * k; place < (i + 1) * k; place++) sum += distances[place]!
    return sum
  })
}

/** Per majority sample, the sum of its k largest distances to minority samples. */
function farSums(
  k: number,
  { original: { X }, classes: { minority, majority }, checkpoint }: SamplingTask,
): Float64Array {
  const largest = new Float64Array(k)
  let compared = 0
  return Float64Array.from(majority, (row, at) => {
    largest.fill(-1)
    for (const other of minority) {
      const square = squaredDistance(X, row, other)
      let place = k - 1
      if (square <= largest[place]!) continue
      for (; place > 0 && largest[place - 1]! < square; place--)
        largest[place] = largest[place - 1]!
      largest[place] = square
    }
    compared += minority.length * X.nFeatures
    if (compared > valuesPerCheckpoint) {
      checkpoint(at / majority.length)
      compared = 0
    }
    let sum = 0
    for (let place = k - 1; place >= 0; place--) sum += Math.sqrt(largest[place]!)
    return sum
  })
}
