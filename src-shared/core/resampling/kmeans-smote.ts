import { kMeans } from '../math/k-means.ts'
import { ln, pow } from '../math/elementary.ts'
import { squaredDistance } from '../math/nearest-neighbors.ts'
import type { KMeansSmoteChoice } from '../plan/sampling-choice.ts'
import { drawBetween, joined, requireNeighbors } from './interpolate.ts'
import { added, everyPosition, leftAsItIs } from './sampler.ts'
import type { Sampler, SamplingTask } from './sampler.ts'

/** Minority samples of a cluster whose distances are averaged, at most: pairs grow with the square. */
const mostCompared = 2000

/**
 * K-means SMOTE: SMOTE within clusters that have enough of the minority, more samples where the
 * minority lies sparse.
 *
 * Degenerate: where no cluster qualifies nothing is made, and a note says so. Rounding up by cluster
 * can exceed the wanted count by a few.
 *
 * @throws RangeError when the minority has no more than k samples.
 *
 * Source: Douzas, Bacao, Last (2018), "Improving Imbalanced Learning through a Heuristic Oversampling
 * Method Based on K-Means and SMOTE", section 3; the exponent of sparsity is that of imbalanced-learn.
 */
export const kmeansSmote: Sampler<KMeansSmoteChoice> = (
  { neighbors: k, clusters, leastMinorityShare },
  task,
) => {
  requireNeighbors('K-means SMOTE', k, task)
  const { original, classes, wanted, stream, checkpoint, kernels } = task
  const rows = everyPosition(original.X.nSamples)
  const nClusters = Math.min(clusters, rows.length)
  const { labels } = kMeans(original.X, rows, nClusters, stream, checkpoint, kernels)
  const valid = sparseClusters(task, labels, leastMinorityShare, k)
  if (valid.length === 0) {
    return leftAsItIs(
      original,
      'K-means SMOTE found no cluster with enough samples of the rarer class, so sampling changed nothing',
    )
  }
  const requested = wanted.minority - classes.minority.length
  return added(
    original,
    joined(
      valid.map(({ minority, weight }) =>
        drawBetween(task, minority, minority, k, Math.ceil(requested * weight)),
      ),
    ),
  )
}

export interface SparseCluster {
  readonly cluster: number
  /** Positions of its minority samples. */
  readonly minority: Int32Array
  /** Mean distance between two of them; above 2,000 samples, of the first 2,000. */
  readonly meanDistance: number
  /** meanDistance ^ exponent ÷ number of minority samples. */
  readonly sparsity: number
  /** Share of the samples to make. */
  readonly weight: number
}

/**
 * The clusters that samples are made in: those with at least the given share of the minority, and
 * more than k samples of it.
 *
 * @param labels Cluster per sample, from 0.
 */
export function sparseClusters(
  { original: { X, yTrue }, classes: { minorityLabel }, checkpoint }: SamplingTask,
  labels: Int32Array,
  leastMinorityShare: number,
  k: number,
): SparseCluster[] {
  const byCluster = Map.groupBy(labels.keys(), (i) => labels[i]!)
  const found = [...byCluster]
    .sort(([a], [b]) => a - b)
    .map(([cluster, members]) => ({
      cluster,
      size: members.length,
      minority: Int32Array.from(members.filter((i) => yTrue[i] === minorityLabel)),
    }))
    .filter(
      ({ size, minority }) => minority.length / size >= leastMinorityShare && minority.length > k,
    )
    .map(({ cluster, minority }) => {
      checkpoint(0.5)
      const meanDistance = meanPairDistance(X, minority.subarray(0, mostCompared))
      const exponent = pow(ln(minority.length) / ln(1.6), 1.8) * 0.16
      const spread = meanDistance === 0 ? 0 : pow(meanDistance, exponent)
      return { cluster, minority, meanDistance, sparsity: spread / minority.length }
    })
  const total = found.reduce((sum, { sparsity }) => sum + sparsity, 0)
  // Where all samples of each cluster are the same, none is sparser than another.
  return found.map((cluster) => ({
    ...cluster,
    weight: total > 0 && total < Infinity ? cluster.sparsity / total : 1 / found.length,
  }))
}

/** Over all ordered pairs of n samples, each sample with itself left out of n² − n. */
function meanPairDistance(X: Parameters<typeof squaredDistance>[0], rows: Int32Array): number {
  let sum = 0
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) sum += Math.sqrt(squaredDistance(X, rows[i]!, rows[j]!))
  }
  return (2 * sum) / (rows.length * (rows.length - 1))
}
