import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import { everyPosition } from './sampler.ts'
import type { SamplingTask } from './sampler.ts'

/** How many of the k nearest samples of each of some minority samples are of the majority. */
export function majorityNeighbors(
  { original: { X, yTrue }, classes, checkpoint, kernels }: SamplingTask,
  samples: Int32Array,
  k: number,
): Int32Array {
  const all = everyPosition(X.nSamples)
  const { rows } = nearestNeighbors(X, samples, all, k, checkpoint, kernels)
  return Int32Array.from(samples, (_, i) => {
    let count = 0
    for (let place = i * k; place < (i + 1) * k; place++) {
      if (yTrue[rows[place]!] !== classes.minorityLabel) count++
    }
    return count
  })
}

/**
 * Minority samples by what surrounds them: `noise` where all m nearest samples are of the majority,
 * `danger` where at least half are, `safe` elsewhere.
 */
export function bySurroundings(
  task: SamplingTask,
  samples: Int32Array,
  m: number,
): { readonly noise: Int32Array; readonly danger: Int32Array; readonly safe: Int32Array } {
  const counts = majorityNeighbors(task, samples, m)
  return {
    noise: samples.filter((_, i) => counts[i] === m),
    danger: samples.filter((_, i) => counts[i]! < m && 2 * counts[i]! >= m),
    safe: samples.filter((_, i) => 2 * counts[i]! < m),
  }
}
