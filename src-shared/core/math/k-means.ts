/**
 * Clusters of samples around their means, by Lloyd's algorithm.
 *
 * Starts with means spread out by k-means++, or with samples drawn at random where there are many
 * clusters; then samples go to the nearest mean and means to the middle of their samples, until no
 * sample moves.
 *
 * Source: Lloyd (1982), "Least Squares Quantization in PCM"; Arthur, Vassilvitskii (2007),
 * "k-means++: The Advantages of Careful Seeding", section 2.2.
 */
import { nearestNeighbors, squaredDistance } from './nearest-neighbors.ts'
import { sampleWithoutReplacement } from './random.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Matrix } from './matrix.ts'
import type { NeighborKernels } from './neighbor-filter.ts'
import type { RandomStream } from './random.ts'

/** Spreading k means out costs k looks at every sample. */
const mostSpreadOut = 64
const mostRounds = 50

export interface Clusters {
  /** Cluster per row of `rows`. */
  readonly labels: Int32Array
  /** One row per cluster; the middle of its samples, over the values that are there. */
  readonly centers: Matrix
  /** False when samples still moved after 50 rounds. */
  readonly converged: boolean
}

/**
 * @param X    Finite, or NaN for missing.
 * @param rows Positions in X, at least k.
 * @throws RangeError when k is not an integer from 1 to the number of rows.
 *
 * A cluster that loses all samples keeps its mean. One copy of the rows is made.
 */
export function kMeans(
  X: Matrix,
  rows: Int32Array,
  k: number,
  stream: RandomStream,
  checkpoint: Checkpoint,
  kernels: NeighborKernels | null,
): Clusters {
  const n = rows.length
  if (!Number.isInteger(k) || k < 1 || k > n) {
    throw new RangeError(`k must be an integer from 1 to ${n}, got ${k}`)
  }
  const { nFeatures } = X
  // Samples first, then means, so that one search finds the mean nearest to each sample.
  const values = new Float64Array((n + k) * nFeatures)
  rows.forEach((row, i) => {
    values.set(X.values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures)
  })
  const both: Matrix = { values, nSamples: n + k, nFeatures }
  const samples = Int32Array.from({ length: n }, (_, i) => i)
  const means = Int32Array.from({ length: k }, (_, i) => n + i)
  startingSamples(both, samples, k, stream, checkpoint).forEach((sample, cluster) => {
    values.copyWithin((n + cluster) * nFeatures, sample * nFeatures, (sample + 1) * nFeatures)
  })
  let labels = new Int32Array(n).fill(-1)
  for (let round = 0; round < mostRounds; round++) {
    checkpoint(round / mostRounds)
    const { rows: nearest } = nearestNeighbors(both, samples, means, 1, checkpoint, kernels)
    const moved = nearest.map((row) => row - n)
    const settled = moved.every((label, i) => label === labels[i])
    labels = moved
    if (settled) return { labels, centers: centersOf(both, n, k), converged: true }
    moveMeans(both, labels, k)
  }
  return { labels, centers: centersOf(both, n, k), converged: false }
}

function centersOf({ values, nFeatures }: Matrix, n: number, k: number): Matrix {
  return { values: values.slice(n * nFeatures), nSamples: k, nFeatures }
}

/** Samples to start from, distinct. */
function startingSamples(
  both: Matrix,
  samples: Int32Array,
  k: number,
  stream: RandomStream,
  checkpoint: Checkpoint,
): Int32Array {
  if (k > mostSpreadOut) return sampleWithoutReplacement(samples, k, stream)
  const n = samples.length
  const chosen = new Int32Array(k)
  const isChosen = new Uint8Array(n)
  const square = new Float64Array(n).fill(Infinity)
  for (let cluster = 0; cluster < k; cluster++) {
    checkpoint(0)
    let total = 0
    if (cluster > 0) {
      for (let i = 0; i < n; i++) {
        const toLatest = squaredDistance(both, i, chosen[cluster - 1]!)
        square[i] = Math.min(square[i]!, toLatest)
        if (square[i]! < Infinity) total += square[i]!
      }
    }
    let sample = -1
    if (total > 0 && total < Infinity) {
      let left = stream.uniform() * total
      for (let i = 0; i < n; i++) {
        if (isChosen[i] === 1 || !(square[i]! > 0 && square[i]! < Infinity)) continue
        sample = i
        left -= square[i]!
        if (left < 0) break
      }
    }
    // The first one, and where all others are like those chosen.
    for (let i = stream.below(n); sample < 0; i = (i + 1) % n) if (isChosen[i] === 0) sample = i
    chosen[cluster] = sample
    isChosen[sample] = 1
  }
  return chosen
}

/** Puts the means into the middle of their samples. */
function moveMeans({ values, nFeatures }: Matrix, labels: Int32Array, k: number): void {
  const n = labels.length
  const sums = new Float64Array(k * nFeatures)
  const counts = new Int32Array(k * nFeatures)
  for (let i = 0; i < n; i++) {
    const clusterAt = labels[i]! * nFeatures
    for (let f = 0; f < nFeatures; f++) {
      const value = values[i * nFeatures + f]!
      if (value !== value) continue
      sums[clusterAt + f]! += value
      counts[clusterAt + f]!++
    }
  }
  const sizes = new Int32Array(k)
  for (const label of labels) sizes[label]!++
  for (let cluster = 0; cluster < k; cluster++) {
    if (sizes[cluster] === 0) continue
    for (let f = 0; f < nFeatures; f++) {
      const at = cluster * nFeatures + f
      values[n * nFeatures + at] = counts[at] === 0 ? NaN : sums[at]! / counts[at]!
    }
  }
}
