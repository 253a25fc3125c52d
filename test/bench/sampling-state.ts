/** What the items of samplers share: a table with room for the samples to come, as encoding leaves it. */
import type { Engine } from '#shared/core/kernels.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream, sampleWithoutReplacement } from '#shared/core/math/random.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { SamplingChoice } from '#shared/core/plan/sampling-choice.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import type { Resampled } from '#shared/core/resampling/sampler.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import type { BenchContext, BenchItem } from './bench-item.ts'

export interface SamplerState {
  readonly engine: Engine
  readonly X: Matrix
  readonly yTrue: Uint8Array
  resampled: Resampled | null
}

/** An item that samples the table; with `nRows`, all positives and as many negatives drawn from it. */
export function samplerItem(
  choice: SamplingChoice,
  { name, about, peer, bar, nRows, grows = false }: SamplerItem,
): BenchItem<SamplerState> {
  return {
    name,
    about,
    prepare: async (context) => ({
      engine: createKernelEngine(await loadKernels()),
      ...tableWithRoom(choice, context, nRows ?? context.table.nSamples),
      resampled: null,
    }),
    run(state) {
      state.resampled = resample(
        choice,
        state.X,
        state.yTrue,
        null,
        createStream(0, 'bench', name),
        noCheckpoint,
        state.engine.neighbors,
      )
    },
    check({ resampled }) {
      const { negatives, positives } = resampled!.countsAfter
      return { negatives, positives }
    },
    peer: { script: 'peer_bench.py', item: peer },
    bar,
    grows,
  }
}

interface SamplerItem {
  readonly name: string
  readonly about: string
  readonly peer: string
  readonly bar: number
  readonly nRows?: number
  readonly grows?: boolean
}

function tableWithRoom(
  choice: SamplingChoice,
  { table }: BenchContext,
  nRows: number,
): { readonly X: Matrix; readonly yTrue: Uint8Array } {
  const { nFeatures } = table
  const labels = table.readLabels()
  const all = Int32Array.from(labels, (_, i) => i)
  const positives = all.filter((i) => labels[i] === 1)
  const negatives = all.filter((i) => labels[i] === 0)
  const drawn = sampleWithoutReplacement(
    negatives,
    nRows - positives.length,
    createStream(0, 'bench', 'negatives'),
  )
  const rows = Int32Array.from([...positives, ...drawn]).sort()
  const after = resampledCounts(choice, drawn.length, positives.length)
  const room = new Float64Array(Math.max(nRows, after.negatives + after.positives) * nFeatures)
  const values = table.readStandardized()
  rows.forEach((row, i) => {
    room.set(values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures)
  })
  return {
    X: { values: room.subarray(0, nRows * nFeatures), nSamples: nRows, nFeatures, room },
    yTrue: Uint8Array.from(rows, (row) => labels[row]!),
  }
}
