import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { camelCase, canonicalJson, fromJson, snakeCase, toJson } from '#shared/contract/json.ts'
import type { Json } from '#shared/contract/json.ts'

describe('keys', () => {
  it.each([
    ['averagePrecision', 'average_precision'],
    ['eceEqualCount10', 'ece_equal_count_10'],
    ['costPer1000Interval', 'cost_per_1000_interval'],
    ['recallAtPrecision50', 'recall_at_precision_50'],
    ['c', 'c'],
    ['tp', 'tp'],
  ])('%s is written %s and read back', (camel, snake) => {
    expect(snakeCase(camel)).toBe(snake)
    expect(camelCase(snake)).toBe(camel)
  })

  it('leaves texts of the user alone, which stand as values', () => {
    expect(toJson({ leftOut: [{ column: 'someColumn', reason: 'camelCase' }] })).toEqual({
      left_out: [{ column: 'someColumn', reason: 'camelCase' }],
    })
  })
})

describe('numbers', () => {
  it('refuses NaN and says where it is', () => {
    expect(() => toJson({ metrics: { brier: NaN } })).toThrow('$.metrics.brier is NaN')
    expect(() => toJson([1, NaN])).toThrow('$[1] is NaN')
  })

  it('carries an infinite threshold there and back', () => {
    const record = {
      threshold: { value: Infinity, perFold: [0.5, Infinity] },
      positive: 'Infinity',
    }
    expect(toJson(record)).toEqual({
      threshold: { value: 'Infinity', per_fold: [0.5, 'Infinity'] },
      positive: 'Infinity',
    })
    expect(fromJson(toJson(record))).toEqual(record)
  })

  it('writes typed arrays as lists', () => {
    expect(toJson({ folds: Int32Array.of(0, 1) })).toEqual({ folds: [0, 1] })
  })
})

describe('canonicalJson', () => {
  it('gives one text for one record, however its keys were ordered', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
      '{"a":[{"c":"x","d":null}],"b":1}',
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse())
        expect(canonicalJson(record as Json)).toBe(canonicalJson(reversed as Json))
        expect(JSON.parse(canonicalJson(record as Json))).toEqual(
          JSON.parse(JSON.stringify(record)),
        )
      }),
    )
  })
})
