import { describe, expect, it } from 'vitest'
import { shareArrays } from '#main/jobs/share-arrays.ts'

describe('shareArrays', () => {
  const long = Float64Array.from({ length: 2000 }, (_, i) => i / 7)

  it('gives the same record, with its arrays in shared memory', () => {
    const record = { name: 'a', list: [{ codes: Int32Array.from(long) }, null], values: long }
    const shared = shareArrays(record)
    expect(shared).toEqual(record)
    expect(shared.values.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(shared.list[0]!.codes.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(record.values).toBe(long)
  })

  it('copies a part of an array only', () => {
    const part = shareArrays(long.subarray(100, 900))
    expect(part.buffer.byteLength).toBe(6400)
    expect([...part]).toEqual([...long.subarray(100, 900)])
  })

  it('leaves alone what lies there already, and what is small', () => {
    const there = new Float64Array(new SharedArrayBuffer(8000))
    expect(shareArrays({ there }).there).toBe(there)
    const small = new Float64Array(3)
    expect(shareArrays({ small }).small).toBe(small)
  })
})
