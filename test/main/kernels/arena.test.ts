import { describe, expect, it } from 'vitest'
import { createArena } from '#main/kernels/arena.ts'

describe('createArena', () => {
  it('hands out zeros, also where others have written before', () => {
    const arena = createArena()
    for (const round of [1, 2, 3]) {
      const frame = arena.open()
      const bytes = frame.bytes(70_000)
      const doubles = frame.float64(50_000)
      expect(bytes.every((value) => value === 0)).toBe(true)
      expect(doubles.every((value) => value === 0)).toBe(true)
      bytes.fill(round)
      doubles.fill(round)
      frame.close()
    }
  })

  it('aligns arrays to cache lines, apart from each other and from address 0', () => {
    const frame = createArena().open()
    const arrays = [frame.bytes(3), frame.int32(5), frame.float32(0), frame.float64(7)]
    let end = 1
    for (const { byteOffset, byteLength } of arrays) {
      expect(byteOffset % 64).toBe(0)
      expect(byteOffset).toBeGreaterThanOrEqual(end)
      end = byteOffset + byteLength
    }
  })

  it('leaves earlier arrays valid when it grows', () => {
    const frame = createArena().open()
    const small = frame.int32(4)
    small.fill(7)
    frame.bytes(5_000_000)
    expect([...small]).toEqual([7, 7, 7, 7])
  })

  it('takes back the latest array and uses its place again', () => {
    const frame = createArena().open()
    frame.bytes(10)
    const dropped = frame.bytes(100)
    frame.giveBack(dropped)
    expect(frame.bytes(100).byteOffset).toBe(dropped.byteOffset)
  })

  it('uses memory again after a frame is closed, and refuses the wrong order', () => {
    const arena = createArena()
    const outer = arena.open()
    const inner = arena.open()
    const { byteOffset } = inner.bytes(8)
    inner.close()
    inner.close()
    expect(arena.open().bytes(8).byteOffset).toBe(byteOffset)
    expect(() => {
      outer.close()
    }).toThrow('in order')
  })

  it('says how much it would need where there is not so much', () => {
    const frame = createArena().open()
    expect(() => frame.float64(2 ** 29)).toThrow('kernels need 4097 MiB of memory')
  })
})
