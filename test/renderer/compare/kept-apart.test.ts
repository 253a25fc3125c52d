import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptApart, midShortened } from '../../../src-renderer/views/compare/kept-apart.ts'

describe('labels beside a chart', () => {
  it('stay where they are wanted if they are far enough apart', () => {
    expect(keptApart([80, 10, 40], 14, 100)).toEqual([80, 10, 40])
  })

  it('move no further than they have to, in the order wanted', () => {
    expect(keptApart([50, 50, 52], 14, 100)).toEqual([50, 64, 78])
    expect(keptApart([100, 99], 14, 100)).toEqual([100, 86])
  })

  it('are spread evenly where there is no room for all', () => {
    expect(keptApart([0, 0, 0], 14, 10)).toEqual([0, 5, 10])
    expect(keptApart([], 14, 10)).toEqual([])
  })

  it('never overlap and never leave the chart', () => {
    const extent = 188
    const places = fc.array(fc.double({ min: 0, max: extent, noNaN: true }), { maxLength: 6 })
    fc.assert(
      fc.property(places, (wanted) => {
        const got = keptApart(wanted, 14, extent).toSorted((a, b) => a - b)
        for (const [i, place] of got.entries()) {
          expect(place).toBeGreaterThanOrEqual(-1e-9)
          expect(place).toBeLessThanOrEqual(extent + 1e-9)
          if (i > 0) expect(place - got[i - 1]!).toBeGreaterThanOrEqual(14 - 1e-9)
        }
      }),
    )
  })
})

describe('long names', () => {
  it('keep both ends, whole characters, and no more than there is room for', () => {
    expect(midShortened('gbdt', 15)).toBe('gbdt')
    expect(midShortened('logistic_regression_12', 15)).toBe('logisti…sion_12')
    expect(midShortened('🙂'.repeat(300), 5)).toBe('🙂🙂…🙂🙂')
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 3, max: 40 }), (name, most) => {
        expect(Array.from(midShortened(name, most)).length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
