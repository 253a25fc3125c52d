import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DamagedBlobError, unsealBlob } from '#main/store/blob.ts'
import {
  packNumbers,
  unpackDoubles,
  unpackIntegers,
  unpackNumbers,
} from '#main/store/packed-numbers.ts'

const CANONICAL_NAN_BITS = new BigUint64Array(Float64Array.of(NaN).buffer)[0]!

const hostileDouble = fc.oneof(
  fc.constantFrom(0, -0, NaN, 1, -1, 127, 128, -128, -129, 32767, 32768, -32768, -32769),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, 2 ** 53 - 1),
  fc.constantFrom(Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON, 2 ** -149, 2 ** -150),
  fc.constantFrom(0.1, Math.fround(0.1), 0.5, 3.4028234663852886e38, Infinity, -Infinity),
  fc.integer(),
  fc.float(),
  fc.double(),
)

/** Compares bits, since −0 equals 0 and NaN does not equal itself. */
function bitsOf(values: Float64Array): bigint[] {
  return Array.from(values, (value) =>
    Number.isNaN(value)
      ? CANONICAL_NAN_BITS
      : new BigUint64Array(Float64Array.of(value).buffer)[0]!,
  )
}

describe('packed numbers', () => {
  it('gives back every double to the bit, alone and among others', () => {
    fc.assert(
      fc.property(fc.array(hostileDouble, { maxLength: 70 }), (numbers) => {
        const values = Float64Array.from(numbers)
        expect(bitsOf(unpackDoubles(packNumbers(values).blob))).toEqual(bitsOf(values))
        for (const value of numbers) {
          const alone = Float64Array.of(value)
          expect(bitsOf(unpackDoubles(packNumbers(alone).blob))).toEqual(bitsOf(alone))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('gives back every code, -1 being the missing one', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.constant(-1))), (codes) => {
        const values = Int32Array.from(codes)
        expect(unpackIntegers(packNumbers(values).blob)).toEqual(values)
      }),
    )
  })

  it.each([
    ['int8', [0, 127, -128], 3],
    ['int8 and a bitmap', [0, NaN, -128], 3 + 1],
    ['nothing but missing values', [NaN, NaN], 2 + 1],
    ['int16', [128], 2],
    ['int16', [-32768], 2],
    ['int32', [32768], 4],
    ['int32', [-(2 ** 31)], 4],
    ['float32, beyond int32', [2 ** 31], 4],
    ['float32, for -0', [-0], 4],
    ['float32', [0.5, 1e9], 8],
    ['float32, subnormal', [2 ** -149], 4],
    ['float64', [2 ** -150], 8],
    ['float64', [0.1], 8],
    ['float64', [2 ** 53 - 1], 8],
  ])('chooses the narrowest exact type: %s', (_, values, bodyLength) => {
    const { blob } = packNumbers(Float64Array.from(values))
    expect(unsealBlob(blob).body).toHaveLength(bodyLength)
  })

  it('says how many values are missing and the range of the others', () => {
    expect(packNumbers(Float64Array.of(2, NaN, -3.5))).toMatchObject({
      missing: 1,
      minimum: -3.5,
      maximum: 2,
    })
    expect(packNumbers(Float64Array.of(NaN))).toMatchObject({ missing: 1, minimum: null })
    expect(packNumbers(new Float64Array())).toMatchObject({ missing: 0, maximum: null })
  })

  it('compresses only what gets more than 15 % smaller', () => {
    const constant = packNumbers(new Float64Array(16384).fill(0.1)).blob
    const noise = Float64Array.from({ length: 16384 }, (_, i) => Math.sin(i) * 1e-3)
    expect(constant.length).toBeLessThan(1000)
    expect(packNumbers(noise).blob).toHaveLength(16 + 8 * 16384)
    expect(unpackDoubles(constant)).toEqual(new Float64Array(16384).fill(0.1))
  })

  it('finds any single bit that was flipped', () => {
    for (const length of [9, 300]) {
      const { blob } = packNumbers(Float64Array.from({ length }, (_, i) => (i % 7 ? i : NaN)))
      fc.assert(
        fc.property(fc.nat(blob.length - 1), fc.nat(7), (byte, bit) => {
          const damaged = Buffer.from(blob)
          damaged[byte]! ^= 1 << bit
          expect(() => unpackDoubles(damaged)).toThrow(DamagedBlobError)
        }),
      )
    }
  })

  it('refuses a blob that is whole but not the one asked for', () => {
    const { blob } = packNumbers(Float64Array.of(0.5, 1.5))
    expect(() => unpackNumbers(blob, new Float64Array(3), 0, 3)).toThrow(DamagedBlobError)
    expect(() => unpackNumbers(blob, new Float64Array(2), 1, 2)).toThrow(DamagedBlobError)
    expect(() => unpackNumbers(blob, new Int32Array(2), 0, 2)).toThrow(DamagedBlobError)
    expect(() => unpackDoubles(blob.subarray(0, 7))).toThrow(DamagedBlobError)
  })

  it('reads a blob that lies at an odd place in memory', () => {
    const { blob } = packNumbers(Float64Array.of(0.1, 0.2))
    const shifted = Buffer.alloc(blob.length + 1)
    blob.copy(shifted, 1)
    expect(unpackDoubles(shifted.subarray(1))).toEqual(Float64Array.of(0.1, 0.2))
  })
})
