import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { findDuplicateSamples } from '#shared/core/dataset/duplicate-samples.ts'
import { profileColumn } from '#shared/core/dataset/profile.ts'

function numeric(...values: number[]): Column {
  return { kind: 'numeric', name: 'x', values: Float64Array.from(values) }
}

describe('profileColumn', () => {
  it('describes numbers', () => {
    // numpy: quantiles of [-1, 0, 0, 2, 5], std(ddof=1) = 2.3874672772626644
    expect(profileColumn(numeric(2, NaN, 0, -1, 5, -0))).toEqual({
      kind: 'numeric',
      name: 'x',
      missing: 1,
      distinct: 4,
      zeros: 2,
      negative: 1,
      integer: true,
      spread: {
        mean: 1.2,
        standardDeviation: 2.3874672772626644,
        min: -1,
        lowerQuartile: 0,
        median: 0,
        upperQuartile: 2,
        max: 5,
      },
    })
  })

  it('says nothing of numbers that are not there', () => {
    expect(profileColumn(numeric(NaN))).toMatchObject({ missing: 1, distinct: 0, spread: null })
    expect(profileColumn(numeric(3.5))).toMatchObject({
      integer: false,
      spread: { mean: 3.5, standardDeviation: null },
    })
  })

  it('counts texts', () => {
    const column: Column = {
      kind: 'categorical',
      name: 't',
      codes: Int32Array.of(0, 2, -1, 0),
      levels: ['a', 'unused', 'b'],
    }
    expect(profileColumn(column)).toEqual({
      kind: 'categorical',
      name: 't',
      missing: 1,
      distinct: 2,
      counts: Int32Array.of(2, 0, 1),
    })
  })
})

describe('findDuplicateSamples', () => {
  it('agrees with texts of whole rows', () => {
    const value = fc.constantFrom(0, 1, NaN)
    const table = fc.integer({ min: 1, max: 3 }).chain((width) =>
      fc.array(fc.tuple(fc.array(value, { minLength: width, maxLength: width }), fc.nat(1)), {
        maxLength: 12,
      }),
    )
    fc.assert(
      fc.property(table, (rows) => {
        const width = rows[0]?.[0].length ?? 1
        const columns = Array.from({ length: width }, (_, i): Column =>
          i === 1
            ? {
                kind: 'categorical',
                name: 'c',
                codes: Int32Array.from(rows, ([cells]) =>
                  Number.isNaN(cells[i]) ? -1 : cells[i]!,
                ),
                levels: ['a', 'b'],
              }
            : numeric(...rows.map(([cells]) => cells[i]!)),
        )
        const sets = [...Map.groupBy(rows, ([cells]) => cells.join()).values()].filter(
          (set) => set.length > 1,
        )
        const mixed = sets.filter((set) => new Set(set.map(([, label]) => label)).size === 2)
        const size = (all: typeof sets): number => all.reduce((sum, set) => sum + set.length, 0)
        expect(
          findDuplicateSamples(
            columns,
            Uint8Array.from(rows, ([, label]) => label),
          ),
        ).toEqual({
          groups: sets.length,
          samplesInGroups: size(sets),
          extraSamples: size(sets) - sets.length,
          groupsWithBothLabels: mixed.length,
          samplesInGroupsWithBothLabels: size(mixed),
        })
      }),
    )
  })
})
