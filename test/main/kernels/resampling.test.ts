import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { defaultSamplings } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'

const { neighbors } = createKernelEngine(await loadKernels())
const nSamples = 600
const nFeatures = 4
const random = createStream(9, 'points')
const yTrue = Uint8Array.from({ length: nSamples }, () => (random.below(8) === 0 ? 1 : 0))
const values = Float64Array.from({ length: nSamples * nFeatures }, (_, at) =>
  at % nFeatures === 0 ? random.below(6) : random.uniform(),
)

describe('samplers with kernels', () => {
  it.each(Object.keys(defaultSamplings) as SamplerKind[])(
    'give the bits of the plain %s',
    (kind) => {
      const run = (kernels: typeof neighbors) =>
        resample(
          defaultSamplings[kind],
          { values, nSamples, nFeatures },
          yTrue,
          null,
          createStream(1, kind),
          noCheckpoint,
          kernels,
          {
            isCategorical: Array.from(
              { length: nFeatures },
              (_, f) => kind === 'smote_n' || (kind === 'smote_nc' && f === 0),
            ),
            scoreOutOfFold: () => Float64Array.from(yTrue, (_, i) => values[i * nFeatures + 1]!),
          },
        )
      expect(run(neighbors)).toEqual(run(null))
    },
  )
})
