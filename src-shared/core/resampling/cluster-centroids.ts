import { kMeans } from '../math/k-means.ts'
import { nearestNeighbors } from '../math/nearest-neighbors.ts'
import type { Matrix } from '../math/matrix.ts'
import type { ClusterCentroidsChoice } from '../plan/sampling-choice.ts'
import { noSynthetic } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Cluster centroids: as many clusters of the majority as samples are wanted; their means take its
 * place, or the samples nearest to the means do.
 *
 * Means are nobody's values: whole numbers and categories come out as fractions. Two means can have
 * the same nearest sample; then fewer samples are kept than wanted.
 *
 * Source: Yen, Lee (2009), "Cluster-based Under-sampling Approaches for Imbalanced Data
 * Distributions"; taking the means is imbalanced-learn's.
 */
export const clusterCentroids: Sampler<ClusterCentroidsChoice> = (
  { voting },
  { original: { X, yTrue }, classes, wanted, stream, checkpoint, kernels },
) => {
  const { minority, majority } = classes
  const { centers, converged } = kMeans(X, majority, wanted.majority, stream, checkpoint, kernels)
  const notes = converged ? [] : ['the search for clusters was ended at its bound']
  const nearest = nearestSamples(
    X,
    majority,
    centers,
    (both, queries, candidates) =>
      nearestNeighbors(both, queries, candidates, 1, checkpoint, kernels).rows,
  )
  const isKept = new Uint8Array(yTrue.length)
  for (const i of minority) isKept[i] = 1
  if (voting === 'hard') for (const i of nearest) isKept[i] = 1
  const kept = Int32Array.from(yTrue, (_, i) => i).filter((i) => isKept[i] === 1)
  if (voting === 'hard') return { kept, synthetic: noSynthetic, notes }
  const gap = new Float64Array(nearest.length)
  const synthetic = { parent: nearest, neighbor: nearest, gap, values: centers.values }
  return { kept, synthetic, notes }
}

/** The majority sample nearest to each centre. */
function nearestSamples(
  { values, nFeatures }: Matrix,
  majority: Int32Array,
  centers: Matrix,
  search: (both: Matrix, queries: Int32Array, candidates: Int32Array) => Int32Array,
): Int32Array {
  const n = majority.length
  const both = new Float64Array((n + centers.nSamples) * nFeatures)
  majority.forEach((row, i) => {
    both.set(values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures)
  })
  both.set(centers.values, n * nFeatures)
  const candidates = Int32Array.from({ length: n }, (_, i) => i)
  const queries = Int32Array.from({ length: centers.nSamples }, (_, i) => n + i)
  const nSamples = n + centers.nSamples
  return search({ values: both, nSamples, nFeatures }, queries, candidates).map((i) => majority[i]!)
}
