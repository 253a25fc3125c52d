import { describe, expect, it } from 'vitest'
import { profileByClass } from '#shared/core/dataset/class-profile.ts'
import { profileColumn } from '#shared/core/dataset/profile.ts'
import { createStream } from '#shared/core/math/random.ts'

const nRows = 3000
const stream = createStream(1, 'class profile')
const isPositive = Uint8Array.from({ length: nRows }, () => (stream.below(10) === 0 ? 1 : 0))

/** Pairs counted one by one. */
function slowArea(values: Float64Array): number {
  let pairs = 0
  let all = 0
  for (let i = 0; i < nRows; i++) {
    if (isPositive[i] === 0 || Number.isNaN(values[i])) continue
    for (let j = 0; j < nRows; j++) {
      if (isPositive[j] === 1 || Number.isNaN(values[j])) continue
      all++
      pairs += values[i]! > values[j]! ? 1 : values[i] === values[j] ? 0.5 : 0
    }
  }
  return Math.max(pairs / all, 1 - pairs / all)
}

const count = (wanted: number, holds: (row: number) => boolean): number =>
  isPositive.reduce((sum, y, row) => sum + (y === wanted && holds(row) ? 1 : 0), 0)

describe('a numeric column by class', () => {
  it.each([
    ['with ties and missing values', 1],
    ['without', 0],
  ])('%s agrees with the plain profile and with pairs counted one by one', (_, coarse) => {
    const values = Float64Array.from({ length: nRows }, (__, row) => {
      const value = stream.uniform() - 0.3 * isPositive[row]!
      if (coarse === 0) return value
      return stream.below(9) === 0 ? NaN : Math.round(value * 100)
    })
    const { profile, bins, missingPositives, missingNegatives, rocAuc } = profileByClass(
      { kind: 'numeric', name: 'x', values },
      isPositive,
    )
    expect(profile).toEqual(profileColumn({ kind: 'numeric', name: 'x', values }))
    expect(rocAuc).toBeCloseTo(slowArea(values), 12)
    expect(missingPositives).toBe(count(1, (row) => Number.isNaN(values[row])))
    expect(missingNegatives).toBe(count(0, (row) => Number.isNaN(values[row])))
    const inBins = bins.reduce((sum, { positives }) => sum + positives, 0)
    expect(inBins + missingPositives).toBe(count(1, () => true))
    expect(bins).toHaveLength(24)
  })

  it('with few values has a bin for each', () => {
    const values = Float64Array.from({ length: nRows }, (_, row) => row % 3)
    const { bins } = profileByClass({ kind: 'numeric', name: 'x', values }, isPositive)
    expect(bins).toEqual(
      [0, 1, 2].map((value) => ({
        label: String(value),
        positives: count(1, (row) => values[row] === value),
        negatives: count(0, (row) => values[row] === value),
      })),
    )
  })

  it.each([
    ['constant', () => 4],
    ['empty', () => NaN],
  ])('that is %s says nothing of the class', (_, value) => {
    const values = Float64Array.from({ length: nRows }, value)
    const { rocAuc } = profileByClass({ kind: 'numeric', name: 'x', values }, isPositive)
    expect(rocAuc).toBeNull()
  })

  it('has finite bins over the whole range of numbers', () => {
    const values = Float64Array.from({ length: nRows }, (_, row) =>
      row % 2 === 0 ? 1.7e308 * stream.uniform() : -1.7e308 * stream.uniform(),
    )
    const { bins } = profileByClass({ kind: 'numeric', name: 'x', values }, isPositive)
    expect(bins.map(({ label }) => label).join()).not.toMatch(/NaN|Infinity/)
    expect(bins.every(({ positives, negatives }) => positives + negatives > 0)).toBe(true)
  })
})

describe('a categorical column by class', () => {
  const profileTexts = (codes: Int32Array, nLevels: number) =>
    profileByClass(
      { kind: 'categorical', name: 'c', codes, nLevels, textOf: (code) => `level ${code}` },
      isPositive,
    )

  it('shows the commonest texts first and the rest together', () => {
    const codes = Int32Array.from({ length: nRows }, (_, row) =>
      row % 50 === 0 ? -1 : Math.floor(30 * stream.uniform() ** 2),
    )
    const { profile, bins, missingPositives, missingNegatives } = profileTexts(codes, 31)
    expect(profile).toEqual({ kind: 'categorical', name: 'c', missing: 60, distinct: 30 })
    expect(bins).toHaveLength(13)
    expect(bins[0]!.label).toBe('level 0')
    expect(bins[12]!.label).toBe('18 more')
    const sizes = bins.slice(0, 12).map(({ positives, negatives }) => positives + negatives)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    const all = bins.reduce((sum, { positives, negatives }) => sum + positives + negatives, 0)
    expect(all + missingPositives + missingNegatives).toBe(nRows)
  })

  it('finds a text that goes with a class, and is not taken in by identifiers', () => {
    const telling = Int32Array.from(isPositive, (y) => (y === 1 ? 0 : 1 + stream.below(3)))
    expect(profileTexts(telling, 4).rocAuc).toBeGreaterThan(0.99)
    expect(
      profileTexts(
        Int32Array.from(isPositive, (_, row) => row),
        nRows,
      ).rocAuc,
    ).toBe(0.5)
    const other = createStream(2, 'noise')
    const noise = Int32Array.from(isPositive, () => other.below(500))
    expect(profileTexts(noise, 500).rocAuc).toBeLessThan(0.56)
    expect(profileTexts(new Int32Array(nRows), 1).rocAuc).toBeNull()
  })
})
