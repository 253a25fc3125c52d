import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createStream } from '#shared/core/math/random.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'

const compiled = createKernelEngine(await loadKernels()).neighbors!
/** What the kernels let through, to know that they keep most pairs out. */
let hits = 0
const counting: typeof compiled = {
  ...compiled,
  filter: (...call) => {
    const found = compiled.filter(...call)
    hits += found
    return found
  },
}

const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

function matrixBy(nSamples: number, nFeatures: number, value: (at: number) => number): Matrix {
  return {
    values: Float64Array.from({ length: nSamples * nFeatures }, (_, at) => value(at)),
    nSamples,
    nFeatures,
  }
}

function bells(seed: number): () => number {
  const stream = createStream(seed, 'points')
  return () => 2 * (stream.uniform() + stream.uniform() + stream.uniform() - 1.5)
}

/** Both ways must find the same rows and the same bits of distances. */
function expectSame(
  X: Matrix,
  queries: Int32Array,
  candidates: Int32Array,
  k: number,
): { readonly passedShare: number } {
  hits = 0
  const filtered = nearestNeighbors(X, queries, candidates, k, noCheckpoint, counting)
  expect(filtered).toEqual(nearestNeighbors(X, queries, candidates, k, noCheckpoint))
  return { passedShare: hits / (queries.length * candidates.length) }
}

describe('the filter loses no neighbour', () => {
  it('for any shape', () => {
    for (const nFeatures of [1, 2, 3, 7, 8, 30, 31, 301]) {
      for (const [nSamples, k] of [
        [70, 1],
        [333, 5],
        [400, 64],
      ] as const) {
        const X = matrixBy(nSamples, nFeatures, bells(nFeatures))
        expectSame(X, upTo(nSamples), upTo(nSamples), k)
        expectSame(
          X,
          upTo(nSamples).filter((i) => i % 7 === 3),
          upTo(nSamples).filter((i) => i % 3 > 0),
          k,
        )
      }
    }
  })

  it('over more queries than a tile holds, and keeps most pairs out', () => {
    const X = matrixBy(4500, 4, bells(1))
    expect(expectSame(X, upTo(4500), upTo(4500), 5).passedShare).toBeLessThan(0.06)
  })

  it('where distances tie', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 1e6 }),
        (nFeatures, k, seed) => {
          const stream = createStream(seed, 'grid')
          const X = matrixBy(100, nFeatures, () => stream.below(3))
          expectSame(X, upTo(100), upTo(100).reverse(), k)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('far from the origin, where rounding eats differences', () => {
    const bell = bells(2)
    for (const offset of [1e4, 1e8, 1e12, -1e15]) {
      expectSame(
        matrixBy(200, 3, () => offset + bell()),
        upTo(200),
        upTo(200),
        4,
      )
    }
  })

  it('with rows far outside, and with features of other scale', () => {
    const bell = bells(3)
    const outliers = matrixBy(400, 5, (at) => (at % 311 === 0 ? 1e6 : 1) * bell())
    expectSame(outliers, upTo(400), upTo(400), 5)
    const scaled = matrixBy(400, 5, (at) => (at % 5 === 0 ? 1e9 : 1) * bell())
    expectSame(scaled, upTo(400), upTo(400), 5)
    const heavy = matrixBy(400, 5, () => bell() ** 9)
    expectSame(heavy, upTo(400), upTo(400), 5)
  })

  it('of equal rows, and of values at the ends of the doubles', () => {
    expectSame(
      matrixBy(100, 3, () => 7.25),
      upTo(100),
      upTo(100),
      5,
    )
    const bell = bells(4)
    for (const scale of [1e-320, 1e-160, 1e-90, 1e90, 1e160, 1e307]) {
      expectSame(
        matrixBy(100, 3, () => scale * bell()),
        upTo(100),
        upTo(100),
        5,
      )
    }
  })

  it('where values are missing', () => {
    const bell = bells(5)
    const X = matrixBy(150, 4, (at) => (at % 7 === 2 ? NaN : bell()))
    expectSame(X, upTo(150), upTo(150), 5)
  })
})

it('can be cancelled, and gives its memory back', () => {
  const bell = bells(6)
  const X = matrixBy(2000, 4, bell)
  const addressNow = (): number => {
    const memory = compiled.allocate({ nFeatures: 1, nQueries: 1, nCandidates: 8 })
    compiled.release(memory)
    return memory.hits.byteOffset
  }
  const before = addressNow()
  let calls = 0
  nearestNeighbors(
    X,
    upTo(2000),
    upTo(2000),
    3,
    (done) => {
      calls++
      expect(done).toBeLessThanOrEqual(1)
    },
    compiled,
  )
  expect(calls).toBeGreaterThan(50)
  expect(() =>
    nearestNeighbors(
      X,
      upTo(2000),
      upTo(2000),
      3,
      () => {
        throw new Cancelled()
      },
      compiled,
    ),
  ).toThrow(Cancelled)
  expect(addressNow()).toBe(before)
})
