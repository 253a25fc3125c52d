import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { kMeans } from '#shared/core/math/k-means.ts'
import { createStream } from '#shared/core/math/random.ts'

const matrix = (values: number[], nFeatures: number) => ({
  values: Float64Array.from(values),
  nSamples: values.length / nFeatures,
  nFeatures,
})
const rows = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

describe('kMeans', () => {
  it('finds groups that lie apart, and their means', () => {
    const X = matrix([0, 1, 2, 100, 101, 102, 200, 201, 202], 1)
    const { labels, centers, converged } = kMeans(
      X,
      rows(9),
      3,
      createStream(1, 'k'),
      noCheckpoint,
      null,
    )
    expect(converged).toBe(true)
    expect([...centers.values].sort((a, b) => a - b)).toEqual([1, 101, 201])
    for (let i = 0; i < 9; i++) expect(centers.values[labels[i]!]).toBe(1 + 100 * Math.floor(i / 3))
  })

  it('leaves every sample with its nearest mean', () => {
    const random = createStream(3, 'points')
    const X = matrix(
      Array.from({ length: 400 }, () => random.uniform()),
      2,
    )
    for (const k of [1, 7, 100, 200]) {
      const { labels, centers } = kMeans(X, rows(200), k, createStream(k, 'k'), noCheckpoint, null)
      const squareTo = (i: number, cluster: number): number =>
        [0, 1].reduce(
          (sum, f) => sum + (X.values[2 * i + f]! - centers.values[2 * cluster + f]!) ** 2,
          0,
        )
      for (let i = 0; i < 200; i++) {
        const best = Math.min(...Array.from({ length: k }, (_, cluster) => squareTo(i, cluster)))
        expect(squareTo(i, labels[i]!)).toBe(best)
      }
    }
  })

  it('takes samples that are all the same, and missing values', () => {
    const same = kMeans(
      matrix([1, 1, 1, 1], 1),
      rows(4),
      2,
      createStream(1, 'k'),
      noCheckpoint,
      null,
    )
    expect([...same.centers.values]).toEqual([1, 1])
    const holes = matrix([0, NaN, 1, 5, 100, 50, 101, NaN], 2)
    const { centers } = kMeans(holes, rows(4), 2, createStream(1, 'k'), noCheckpoint, null)
    expect([...centers.values].sort((a, b) => a - b)).toEqual([0.5, 5, 50, 100.5])
  })

  it('refuses more clusters than samples', () => {
    expect(() =>
      kMeans(matrix([1], 1), rows(1), 2, createStream(1, 'k'), noCheckpoint, null),
    ).toThrow('k must be an integer from 1 to 1, got 2')
  })
})
