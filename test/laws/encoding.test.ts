import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import type { EncoderOptions } from '#shared/core/encoding/encoder.ts'

const nRows = 12

const numericColumn = fc
  .array(fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 })), {
    minLength: nRows,
    maxLength: nRows,
  })
  .map((values): Column => ({ kind: 'numeric', name: 'n', values: Float64Array.from(values) }))

const categoricalColumn = fc
  .array(fc.integer({ min: -1, max: 3 }), { minLength: nRows, maxLength: nRows })
  .map((codes): Column => ({
    kind: 'categorical',
    name: 'c',
    codes: Int32Array.from(codes),
    levels: ['b', '', '(missing)', '\u{1F600}'],
  }))

const options: fc.Arbitrary<EncoderOptions> = fc.record({
  missingIndicator: fc.boolean(),
  maxLevels: fc.integer({ min: 1, max: 5 }),
  missingLevel: fc.boolean(),
})

const table = fc.tuple(numericColumn, categoricalColumn)
const samples = fc
  .subarray(
    Array.from({ length: nRows }, (_, i) => i),
    { minLength: 1 },
  )
  .map((positions) => Int32Array.from(positions))
const all = Int32Array.from({ length: nRows }, (_, i) => i)

describe('every encoder', () => {
  it('gives finite features, as many as it names', () => {
    fc.assert(
      fc.property(table, samples, options, (columns, train, choice) => {
        const encoder = fitEncoder(columns, train, choice)
        const { values, nFeatures } = encode(encoder, columns, all)
        expect(nFeatures).toBe(encoder.featureNames.length)
        expect(values).toHaveLength(nRows * nFeatures)
        expect(values.every((value) => Number.isFinite(value))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('looks at the rows it is fitted on and at no other', () => {
    fc.assert(
      fc.property(table, table, samples, options, (columns, others, train, choice) => {
        const inTrain = new Set(train)
        const mixed = columns.map((column, c): Column => {
          const other = others[c]!
          if (column.kind === 'numeric' && other.kind === 'numeric') {
            const values = column.values.map((value, row) =>
              inTrain.has(row) ? value : other.values[row]!,
            )
            return { ...column, values }
          }
          if (column.kind === 'categorical' && other.kind === 'categorical') {
            const codes = column.codes.map((code, row) =>
              inTrain.has(row) ? code : other.codes[row]!,
            )
            return { ...column, codes }
          }
          throw new Error('columns differ in kind')
        })
        expect(fitEncoder(mixed, train, choice)).toEqual(fitEncoder(columns, train, choice))
      }),
    )
  })

  it('survives being stored and sent', () => {
    fc.assert(
      fc.property(table, samples, options, (columns, train, choice) => {
        const encoder = fitEncoder(columns, train, choice)
        expect(encode(structuredClone(encoder), columns, all)).toEqual(
          encode(encoder, columns, all),
        )
      }),
    )
  })

  it('sets at most one level of a column, and none for what it does not know', () => {
    fc.assert(
      fc.property(table, samples, options, (columns, train, choice) => {
        const encoder = fitEncoder(columns, train, choice)
        const { values, nFeatures } = encode(encoder, columns, all)
        for (let row = 0; row < nRows; row++) {
          const set = encoder.features.filter(
            ({ kind }, f) => kind === 'level' && values[row * nFeatures + f] === 1,
          )
          expect(set.length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
