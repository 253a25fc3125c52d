import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream } from '#shared/core/math/random.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import type { Resampled } from '#shared/core/resampling/sampler.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly engine: Engine
  readonly X: Matrix
  readonly yTrue: Uint8Array
  resampled: Resampled | null
}

export const item: BenchItem<State> = {
  name: 'smote',
  about: 'SMOTE with 5 neighbours to one positive in ten negatives',
  prepare: async ({ table }) => ({
    engine: createKernelEngine(await loadKernels()),
    X: {
      values: table.readStandardized(),
      nSamples: table.nSamples,
      nFeatures: table.nFeatures,
    },
    yTrue: table.readLabels(),
    resampled: null,
  }),
  run(state) {
    state.resampled = resample(
      { kind: 'smote', targetImbalanceRatio: 10, neighbors: 5 },
      state.X,
      state.yTrue,
      null,
      createStream(0, 'bench', 'smote'),
      noCheckpoint,
      state.engine.neighbors,
    )
  },
  check({ resampled }) {
    const { negatives, positives } = resampled!.countsAfter
    return { negatives, positives }
  },
  peer: { script: 'peer_bench.py', item: 'smote_0_1' },
  bar: 1,
}
