import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchContext, BenchItem } from '../bench-item.ts'

interface State {
  readonly engine: Engine
  readonly X: Matrix
  readonly queries: Int32Array
  readonly candidates: Int32Array
  distances: Float64Array
}

/** A search for 5 neighbours among all samples of the table; `isQuery` says whose. */
export async function prepareSearch(
  { table }: BenchContext,
  isQuery: (label: number) => boolean,
): Promise<State> {
  const { nSamples, nFeatures } = table
  const yTrue = table.readLabels()
  const candidates = Int32Array.from({ length: nSamples }, (_, i) => i)
  return {
    engine: createKernelEngine(await loadKernels()),
    X: { values: table.readStandardized(), nSamples, nFeatures },
    queries: candidates.filter((i) => isQuery(yTrue[i]!)),
    candidates,
    distances: new Float64Array(0),
  }
}

export const item: BenchItem<State> = {
  name: 'knn-minority',
  about: 'exact 5 nearest neighbours of the positives among all samples',
  prepare: (context) => prepareSearch(context, (label) => label === 1),
  run(state) {
    const { X, queries, candidates, engine } = state
    const found = nearestNeighbors(X, queries, candidates, 5, noCheckpoint, engine.neighbors)
    state.distances = found.distances
  },
  check: ({ distances }) => ({
    mean_distance: distances.reduce((sum, distance) => sum + distance, 0) / distances.length,
  }),
  peer: { script: 'neighbors.py', item: 'knn_positives' },
  bar: 1,
  grows: true,
}
