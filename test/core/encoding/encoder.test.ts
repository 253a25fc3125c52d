import { describe, expect, it } from 'vitest'
import type { CategoricalColumn, NumericColumn } from '#shared/core/dataset/dataset.ts'
import { encode, fitEncoder } from '#shared/core/encoding/encoder.ts'
import type { EncoderOptions } from '#shared/core/encoding/encoder.ts'

const options: EncoderOptions = { missingIndicator: true, maxLevels: 1000, missingLevel: true }

function numeric(name: string, values: readonly number[]): NumericColumn {
  return { kind: 'numeric', name, values: Float64Array.from(values) }
}

function categorical(name: string, texts: readonly (string | null)[]): CategoricalColumn {
  const levels = [...new Set(texts.filter((text) => text !== null))]
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : levels.indexOf(text)))
  return { kind: 'categorical', name, codes, levels }
}

const rows = (...numbers: number[]): Int32Array => Int32Array.from(numbers)

describe('numeric columns', () => {
  it('are imputed with the median, then standardised', () => {
    // With the median 2 in place of NaN: 1, 2, 2, 7 of mean 3 and variance 22/4.
    const column = numeric('age', [1, NaN, 2, 7])
    const encoder = fitEncoder([column], rows(0, 1, 2, 3), options)
    const deviation = Math.sqrt(22 / 4)
    expect(encoder.columns).toEqual([
      {
        kind: 'numeric',
        name: 'age',
        median: 2,
        mean: 3,
        scale: deviation,
        missingIndicator: true,
      },
    ])
    expect(encoder.featureNames).toEqual(['age', 'age is missing'])
    const { values, nSamples, nFeatures } = encode(encoder, [column], rows(1, 3))
    expect([nSamples, nFeatures]).toEqual([2, 2])
    expect(values).toEqual(Float64Array.of(-1 / deviation, 1, 4 / deviation, 0))
  })

  it('take the mean of the two middle values as the median', () => {
    const encoder = fitEncoder([numeric('x', [5, 1, 2, 9, NaN])], rows(0, 1, 2, 3, 4), options)
    expect(encoder.columns[0]).toMatchObject({ median: 3.5 })
  })

  it('have no indicator without missing values in training, or when it is not wanted', () => {
    const column = numeric('x', [1, 2, NaN])
    expect(fitEncoder([column], rows(0, 1), options).featureNames).toEqual(['x'])
    const without = { ...options, missingIndicator: false }
    expect(fitEncoder([column], rows(0, 1, 2), without).featureNames).toEqual(['x'])
  })

  it('without any value in training are 0 for ever', () => {
    const column = numeric('x', [NaN, NaN, 5])
    const encoder = fitEncoder([column], rows(0, 1), options)
    expect(encoder.featureNames).toEqual(['x'])
    expect(encode(encoder, [column], rows(0, 1, 2)).values).toEqual(Float64Array.of(0, 0, 0))
  })

  it('of one value are exactly 0, also where its sum is not exact', () => {
    const column = numeric('x', [0.1, 0.1, 0.1, 1.1])
    const encoder = fitEncoder([column], rows(0, 1, 2), options)
    expect(encoder.columns[0]).toMatchObject({ mean: 0.1, scale: 1 })
    expect(encode(encoder, [column], rows(0, 1, 2, 3)).values).toEqual(Float64Array.of(0, 0, 0, 1))
  })

  it('stay finite for the largest and smallest of doubles', () => {
    for (const values of [
      [1.7e308, -1.7e308, 1.6e308, 3],
      [1.7e308, 1.6e308, 1.65e308, 1.7e308],
      [5e-324, 0, 1e-323, 0],
      [1e-200, 3e-200, 2e-200, 0],
      [0, 1e-299, 1e308, -1e308],
    ]) {
      const column = numeric('x', values)
      for (const samples of [rows(0, 1, 2, 3), rows(0, 1), rows(2, 3)]) {
        const encoder = fitEncoder([column], samples, options)
        const encoded = encode(encoder, [column], rows(0, 1, 2, 3)).values
        expect(encoded.every((value) => Number.isFinite(value))).toBe(true)
      }
    }
    const tiny = numeric('x', [1e-200, 3e-200])
    const encoder = fitEncoder([tiny], rows(0, 1), options)
    const [first, second] = encode(encoder, [tiny], rows(0, 1)).values
    expect(first).toBeCloseTo(-1, 12)
    expect(second).toBeCloseTo(1, 12)
  })
})

describe('categorical columns', () => {
  it('become one feature per level in code point order, missing a level of its own', () => {
    const column = categorical('city', ['Rome', null, 'Bern', 'rome', 'Oslo'])
    const encoder = fitEncoder([column], rows(0, 1, 2, 3), options)
    expect(encoder.featureNames).toEqual(['city=(missing)', 'city=Bern', 'city=Rome', 'city=rome'])
    expect(encoder.features[1]).toEqual({ column: 'city', kind: 'level', level: 'Bern' })
    expect(encode(encoder, [column], rows(1, 4, 0)).values).toEqual(
      Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
    )
  })

  it('encode a missing value to zeros when it is no level or was not seen', () => {
    const column = categorical('city', ['Rome', 'Bern', null])
    const unseen = fitEncoder([column], rows(0, 1), options)
    expect(encode(unseen, [column], rows(2)).values).toEqual(Float64Array.of(0, 0))
    const unwanted = fitEncoder([column], rows(0, 1, 2), { ...options, missingLevel: false })
    expect(encode(unwanted, [column], rows(2)).values).toEqual(Float64Array.of(0, 0))
  })

  it('keep the most frequent levels, ties in code point order', () => {
    const column = categorical('c', ['d', 'b', 'c', 'a', 'd', 'b', 'c', 'a', 'd'])
    const encoder = fitEncoder([column], rows(0, 1, 2, 3, 4, 5, 6, 7, 8), {
      ...options,
      maxLevels: 2,
    })
    expect(encoder.featureNames).toEqual(['c=a', 'c=d'])
    expect(encode(encoder, [column], rows(1)).values).toEqual(Float64Array.of(0, 0))
  })

  it('are told by text, whatever the codes of another table are', () => {
    const encoder = fitEncoder([categorical('c', ['x', 'y'])], rows(0, 1), options)
    const other = categorical('c', ['z', 'y', 'x'])
    expect(encode(encoder, [numeric('n', [1, 2, 3]), other], rows(0, 1, 2)).values).toEqual(
      Float64Array.of(0, 0, 0, 1, 1, 0),
    )
  })
})

describe('categorical columns kept as codes', () => {
  const asCodes = { ...options, categoricals: 'codes' } as const

  it('become one feature of codes; what is missing or unseen has none', () => {
    const column = categorical('city', ['Rome', null, 'Bern', 'Rome', 'Oslo'])
    const encoder = fitEncoder([column, numeric('x', [1, 2, 3, 4, 5])], rows(0, 1, 2, 3), asCodes)
    expect(encoder.featureNames).toEqual(['city', 'x'])
    expect(encoder.features[0]).toEqual({ column: 'city', kind: 'code' })
    const { values } = encode(encoder, [column, numeric('x', [1, 2, 3, 4, 5])], rows(0, 1, 2, 3, 4))
    expect([0, 1, 2, 3, 4].map((i) => values[2 * i])).toEqual([1, NaN, 0, 1, NaN])
  })

  it('share one code for the rarest, where there are more than 255 levels', () => {
    const texts = Array.from({ length: 300 }, (_, i) => `level ${String(i).padStart(3, '0')}`)
    const column = categorical('c', [...texts, ...texts.slice(20, 274)])
    const all = rows(...Array.from({ length: 554 }, (_, i) => i))
    const encoder = fitEncoder([column], all, asCodes)
    const { values } = encode(encoder, [column], all)
    expect(values[20]).toBe(0)
    expect(values[273]).toBe(253)
    expect([values[0], values[19], values[274], values[299]]).toEqual([254, 254, 254, 254])
    expect(new Set(values).size).toBe(255)
  })
})

describe('refusals', () => {
  it('name what is wrong', () => {
    const column = numeric('x', [1, 2])
    const encoder = fitEncoder([column], rows(0, 1), options)
    expect(() => fitEncoder([column], rows(), options)).toThrow('samples must name at least one')
    expect(() => fitEncoder([column], rows(0), { ...options, maxLevels: 0 })).toThrow(
      'maxLevels must be an integer from 1, got 0',
    )
    expect(() => encode(encoder, [numeric('y', [1])], rows(0))).toThrow('column "x" is missing')
    expect(() => encode(encoder, [categorical('x', ['a'])], rows(0))).toThrow(
      'column "x" must be numeric, got categorical',
    )
  })
})
