import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DamagedBlobError } from '#main/store/blob.ts'
import { packNumbers } from '#main/store/packed-numbers.ts'
import { packTexts, unpackTexts } from '#main/store/packed-texts.ts'

describe('packed texts', () => {
  it('gives back the same texts', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.array(text.filter((t) => t.isWellFormed())), (texts) => {
        expect(unpackTexts(packTexts(texts))).toEqual(texts)
      }),
    )
    const hostile = ['', ' ', '\0', '\uFEFF', 'é', 'é', '𝒳', 'x'.repeat(100000)]
    expect(unpackTexts(packTexts(hostile))).toEqual(hostile)
  })

  it('refuses half a surrogate pair rather than store another text', () => {
    expect(() => packTexts(['a\ud800'])).toThrow(RangeError)
  })

  it('refuses what is damaged or holds no texts', () => {
    const blob = packTexts(['a', 'bc'])
    blob[blob.length - 1]! ^= 1
    expect(() => unpackTexts(blob)).toThrow(DamagedBlobError)
    expect(() => unpackTexts(packNumbers(Float64Array.of(1)).blob)).toThrow(DamagedBlobError)
  })
})
