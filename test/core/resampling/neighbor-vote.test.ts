import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createStream } from '#shared/core/math/random.ts'
import { outvoted } from '#shared/core/resampling/neighbor-vote.ts'

describe('outvoted', () => {
  it('is what looking at all k neighbours of every sample says', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('all', 'mode'),
        fc.boolean(),
        fc.boolean(),
        (seed, k, vote, hasHoles, hasTies) => {
          const random = createStream(seed, 'vote')
          const nSamples = k + 2 + random.below(60)
          const values = Float64Array.from({ length: nSamples * 3 }, () =>
            hasHoles && random.below(6) === 0 ? NaN : hasTies ? random.below(3) : random.uniform(),
          )
          const yTrue = Uint8Array.from({ length: nSamples }, () => (random.below(3) === 0 ? 1 : 0))
          const X = { values, nSamples, nFeatures: 3 }
          const rows = Int32Array.from(yTrue, (_, i) => i)
          const found = nearestNeighbors(X, rows, rows, k, noCheckpoint)
          for (const label of [0, 1] as const) {
            const slow = rows.filter((row) => {
              if (yTrue[row] !== label) return false
              const against = [...found.rows.subarray(row * k, (row + 1) * k)].filter(
                (neighbor) => yTrue[neighbor] !== label,
              ).length
              if (vote === 'all') return against > 0
              return label === 0 ? 2 * against > k : 2 * against >= k
            })
            const ballot = {
              original: { X, yTrue, weights: null },
              rows,
              majorityLabel: 0,
              k,
              vote,
              checkpoint: noCheckpoint,
              kernels: null,
            } as const
            expect([...outvoted(ballot, label)]).toEqual([...slow])
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
