import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { nearestNeighbors } from '#shared/core/math/nearest-neighbors.ts'
import { createStream } from '#shared/core/math/random.ts'

/** The plain way: all distances, sorted by distance and row. */
function slowNeighbors(X: Matrix, query: number, candidates: Int32Array, k: number): number[] {
  const { values, nFeatures } = X
  const square = (row: number): number => {
    let sum = 0
    for (let f = 0; f < nFeatures; f++) {
      sum += (values[query * nFeatures + f]! - values[row * nFeatures + f]!) ** 2
    }
    return sum
  }
  return [...candidates]
    .filter((row) => row !== query)
    .sort((a, b) => square(a) - square(b) || a - b)
    .slice(0, k)
}

const positions = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

describe('nearestNeighbors', () => {
  it('agrees with a full sort, also where distances tie', () => {
    const grid = fc.integer({ min: -2, max: 2 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 6, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(grid),
        fc.boolean(),
        (nFeatures, nSamples, k, numbers, ascending) => {
          const values = Float64Array.from({ length: nSamples * nFeatures }, () =>
            Number(numbers.next().value),
          )
          const X = { values, nSamples, nFeatures }
          const candidates = ascending ? positions(nSamples) : positions(nSamples).reverse()
          const queries = positions(nSamples).filter((i) => i % 3 !== 1)
          const { rows, distances } = nearestNeighbors(X, queries, candidates, k, noCheckpoint)
          queries.forEach((query, q) => {
            const found = rows.slice(q * k, (q + 1) * k)
            expect([...found]).toEqual(slowNeighbors(X, query, candidates, k))
            expect(
              [...distances.slice(q * k, (q + 1) * k)].every((d, i, all) => d >= (all[i - 1] ?? 0)),
            ).toBe(true)
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('agrees with a full sort over many tiles and blocks', () => {
    const nFeatures = 600 // blocks of 54 candidates
    const nSamples = 130
    const random = createStream(5, 'points')
    const values = Float64Array.from({ length: nSamples * nFeatures }, () => random.uniform())
    const X = { values, nSamples, nFeatures }
    const all = positions(nSamples)
    const { rows } = nearestNeighbors(X, all, all, 3, noCheckpoint)
    for (const query of all) {
      expect([...rows.slice(query * 3, query * 3 + 3)]).toEqual(slowNeighbors(X, query, all, 3))
    }
  })

  it('tells near points far from the origin apart', () => {
    // |a|² − 2ab + |b|² would lose these differences: 1e8² has no room for them.
    const values = Float64Array.of(1e8, 1e8 + 3e-8, 1e8 + 6e-8, 1e8 + 2e-7)
    const X = { values, nSamples: 4, nFeatures: 1 }
    const { rows } = nearestNeighbors(X, Int32Array.of(0), positions(4), 3, noCheckpoint)
    expect([...rows]).toEqual([1, 2, 3])
  })

  it('takes equal rows for neighbours, but never the query itself', () => {
    const X = { values: Float64Array.of(1, 1, 1, 5), nSamples: 4, nFeatures: 1 }
    const { rows, distances } = nearestNeighbors(X, positions(4), positions(4), 2, noCheckpoint)
    expect([...rows]).toEqual([1, 2, 0, 2, 0, 1, 0, 1])
    expect([...distances]).toEqual([0, 0, 0, 0, 0, 0, 4, 4])
  })

  it('holds for rows without features and for distances that overflow', () => {
    const none = { values: new Float64Array(0), nSamples: 3, nFeatures: 0 }
    expect([...nearestNeighbors(none, positions(3), positions(3), 1, noCheckpoint).rows]).toEqual([
      1, 0, 0,
    ])
    const far = { values: Float64Array.of(1e200, -1e200, 3e200), nSamples: 3, nFeatures: 1 }
    expect([...nearestNeighbors(far, positions(3), positions(3), 2, noCheckpoint).rows]).toEqual([
      1, 2, 0, 2, 0, 1,
    ])
  })

  it('measures rows with missing values by what both have', () => {
    // nan_euclidean_distances of scikit-learn 1.2.1; the last two rows have nothing in common.
    const nan = NaN
    const values = Float64Array.of(3, nan, 1, 1, 0, 2, nan, 4, 5, 2, nan, nan)
    const X = { values, nSamples: 4, nFeatures: 3 }
    const { rows, distances } = nearestNeighbors(X, positions(4), positions(4), 3, noCheckpoint)
    expect([...rows.slice(0, 3)]).toEqual([3, 1, 2])
    const want = [Math.sqrt(3), Math.sqrt(7.5), Math.sqrt(48)]
    want.forEach((distance, i) => {
      expect(distances[i]).toBeCloseTo(distance, 12)
    })
    expect([...rows.slice(6, 9)]).toEqual([1, 0, 3])
    expect(distances[8]).toBe(Infinity)
  })

  it('refuses too few candidates', () => {
    const X = { values: Float64Array.of(1, 2, 3), nSamples: 3, nFeatures: 1 }
    expect(() => nearestNeighbors(X, positions(3), positions(3), 3, noCheckpoint)).toThrow(
      'candidates must hold 3 rows besides the query, got 3 in all',
    )
    expect(() => nearestNeighbors(X, positions(3), positions(3), 0, noCheckpoint)).toThrow(
      RangeError,
    )
  })

  it('reports progress to 1 and can be cancelled', () => {
    const X = { values: new Float64Array(200), nSamples: 200, nFeatures: 1 }
    const seen: number[] = []
    nearestNeighbors(X, positions(200), positions(200), 1, (done) => void seen.push(done))
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
    expect(() =>
      nearestNeighbors(X, positions(200), positions(200), 1, () => {
        throw new Cancelled()
      }),
    ).toThrow(Cancelled)
  })
})
