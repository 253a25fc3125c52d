import { describe, expect, it } from 'vitest'
import { categoricalAssociation, numericAssociation } from '#shared/core/dataset/association.ts'
import type { CategoricalColumn } from '#shared/core/dataset/dataset.ts'

const column = (codes: readonly number[], levels: readonly string[]): CategoricalColumn => ({
  kind: 'categorical',
  name: 'c',
  codes: Int32Array.from(codes),
  levels,
})

describe('a numeric column against the label', () => {
  it('is what a count by hand says, missing values left out', () => {
    // Positives 2, 3, 3; negatives 1, 2, 2, 5. scipy 1.10.1 ks_2samp: 5/12.
    const got = numericAssociation(
      Float64Array.of(2, 1, NaN, 3, 2, 2, 3, 5, NaN),
      Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0, 0),
    )
    expect(got.nSamples).toBe(7)
    expect(got.ks).toBeCloseTo(5 / 12, 15)
    // 2 beats 1 and draws with two: 2; each 3 beats three: 6; of 12 pairs.
    expect(got.auc).toBeCloseTo(8 / 12, 15)
    expect(got.median).toBe(2)
  })

  it('of two parts apart says all there is', () => {
    const got = numericAssociation(
      Float64Array.from({ length: 20 }, (_, i) => i),
      Uint8Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1)),
    )
    expect([got.auc, got.ks]).toEqual([1, 1])
    expect(got.mutualInformation).toBeCloseTo(Math.log(2), 12)
  })

  it('is null where it is undefined, never NaN', () => {
    const constant = numericAssociation(new Float64Array(5).fill(0.1), Uint8Array.of(0, 1, 0, 1, 0))
    expect(constant).toMatchObject({ auc: 0.5, ks: 0, pointBiserial: null, spearman: null })
    expect(constant).toMatchObject({ standardDeviation: 0, skewness: null, mean: 0.1 })
    const oneClass = numericAssociation(Float64Array.of(1, 2), Uint8Array.of(1, 1))
    expect(oneClass).toMatchObject({ auc: null, ks: null, mutualInformation: null, mean: 1.5 })
    const empty = numericAssociation(Float64Array.of(NaN), Uint8Array.of(1))
    expect(empty).toMatchObject({ nSamples: 0, mean: null, median: null, auc: null })
    for (const facts of [constant, oneClass, empty]) {
      expect(Object.values(facts).some((value) => Number.isNaN(value))).toBe(false)
    }
  })

  it('refuses labels of another length', () => {
    expect(() => numericAssociation(new Float64Array(2), new Uint8Array(3))).toThrow(RangeError)
  })
})

describe('a categorical column against the label', () => {
  it('counts, and leaves out missing values and unused levels', () => {
    const got = categoricalAssociation(
      column([0, 0, 2, 2, 2, -1], ['a', 'unused', 'b']),
      Uint8Array.of(1, 1, 0, 0, 1, 1),
    )
    expect(got.levels).toEqual(['a', 'b'])
    expect([...got.negatives, ...got.positives]).toEqual([0, 2, 2, 1])
    // 2 × 2 table: n (ad − bc)² over the product of the margins.
    expect(got.chiSquare).toBeCloseTo((5 * (0 * 1 - 2 * 2) ** 2) / (2 * 3 * 2 * 3), 12)
    expect(got.degrees).toBe(1)
  })

  it('is null with one level or one class', () => {
    for (const got of [
      categoricalAssociation(column([0, 0], ['a']), Uint8Array.of(0, 1)),
      categoricalAssociation(column([0, 1], ['a', 'b']), Uint8Array.of(1, 1)),
    ]) {
      expect(got).toMatchObject({ chiSquare: null, pValue: null, cramersV: null })
      expect(got).toMatchObject({ mutualInformation: null, informationValue: null })
    }
  })
})
