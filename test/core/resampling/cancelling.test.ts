import { expect, it } from 'vitest'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { drawBetween } from '#shared/core/resampling/interpolate.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import type { SamplingTask } from '#shared/core/resampling/sampler.ts'
import { synthesize } from '#shared/core/resampling/synthesize.ts'

/** Called off at its n-th call. */
function calledOff(at: number): { checkpoint: (fraction: number) => void; calls: () => number } {
  let calls = 0
  return {
    checkpoint: () => {
      if (++calls === at) throw new Cancelled()
    },
    calls: () => calls,
  }
}

const nFeatures = 64
const X = {
  values: Float64Array.from({ length: 40 * nFeatures }, (_, i) => i % 7),
  nSamples: 40,
  nFeatures,
}

it('making millions of values is called off between blocks', () => {
  const count = 100_000
  const provenance = {
    parent: new Int32Array(count),
    neighbor: new Int32Array(count).fill(1),
    gap: new Float64Array(count),
  }
  const out = new Float64Array(count * nFeatures)
  const watched = calledOff(3)
  expect(() => {
    synthesize(X, provenance, out, watched.checkpoint)
  }).toThrow(Cancelled)
  expect(watched.calls()).toBe(3)
  // 2 blocks of 2 million values were made, of more than 6 million.
  expect(out[2 * (1 << 21) - nFeatures + 1]).toBe(X.values[1])
  expect(out[out.length - nFeatures + 1]).toBe(0)
})

it('drawing millions of samples is called off between blocks', () => {
  const minority = Int32Array.from({ length: 10 }, (_, i) => i)
  let last = 0
  const task = {
    original: { X, yTrue: new Uint8Array(40), weights: null },
    stream: createStream(1, 'draws'),
    checkpoint: (fraction: number) => {
      if (fraction === 1 && ++last === 3) throw new Cancelled()
    },
    kernels: null,
  } as unknown as SamplingTask
  expect(() => drawBetween(task, minority, minority, 3, 1_000_000)).toThrow(Cancelled)
})

it('what is made is the same with and without somebody who watches', () => {
  const yTrue = Uint8Array.from({ length: 40 }, (_, i) => Number(i < 10))
  const made = (watch: (fraction: number) => void) =>
    resample(
      { kind: 'smote', targetImbalanceRatio: 1, neighbors: 3 },
      ...([X, yTrue, null, createStream(1, 'smote'), watch] as const),
    )
  const seen: number[] = []
  expect(made((fraction) => seen.push(fraction)).X).toEqual(made(() => undefined).X)
  expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
})
