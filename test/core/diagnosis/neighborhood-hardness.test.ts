import { describe, expect, it } from 'vitest'
import { neighborhoodHardness } from '#shared/core/diagnosis/neighborhood-hardness.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'

/** Samples on a line. */
function onLine(places: readonly number[]) {
  return { values: Float64Array.from(places), nSamples: places.length, nFeatures: 1 }
}

describe('neighborhoodHardness', () => {
  it('names positives by the labels of their five nearest neighbours', () => {
    // Six positives by themselves, and one amid ten negatives.
    const places = [0, 1, 2, 3, 4, 5, 100, ...Array.from({ length: 10 }, (_, i) => 95.5 + i)]
    const yTrue = Uint8Array.from(places, (_, i) => (i < 7 ? 1 : 0))
    const queries = Int32Array.from(places.keys())
    const found = neighborhoodHardness(onLine(places), yTrue, queries, noCheckpoint, null)
    expect(found).toMatchObject({ safe: 6, borderline: 0, rare: 0, outlier: 1 })
    expect(found.positiveNeighbors).toBeCloseTo(6 / 7, 12)
    expect([...found.disagreement.slice(0, 7)]).toEqual([0, 0, 0, 0, 0, 0, 1])
    expect(found.aroundNegatives).toBeGreaterThan(0)
  })

  it('says nothing of too few rows', () => {
    const found = neighborhoodHardness(
      onLine([1, 2, 3]),
      Uint8Array.of(1, 0, 0),
      Int32Array.of(0),
      noCheckpoint,
      null,
    )
    expect(found).toMatchObject({ safe: 0, outlier: 0, positiveNeighbors: null })
  })
})
