import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from '#shared/contract/wire.ts'

/** The bytes of a message with a header of one's own making. */
function forged(header: unknown, tail: readonly number[] = []): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(header))
  const start = Math.ceil((4 + head.length) / 8) * 8
  const bytes = new Uint8Array(start + tail.length)
  new DataView(bytes.buffer).setUint32(0, head.length, true)
  bytes.set(head, 4)
  bytes.set(tail, start)
  return bytes
}

const arrays = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint16Array(),
  fc.uint8Array(),
)
const message = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value

describe('wire', () => {
  it('carries every message as structured clone does', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decode(encode(value))).toEqual(structuredClone(value))
      }),
    )
  })

  it('carries numbers that JSON does not know', () => {
    const numbers = { threshold: Infinity, list: [1, NaN, -Infinity, -0, 0] }
    const back = decode(encode(numbers)) as typeof numbers
    expect(back).toEqual(numbers)
    expect(Object.is(back.list[3], -0)).toBe(true)
    expect(Object.is(back.list[4], 0)).toBe(true)
  })

  it('leaves the message that it encodes as it was', () => {
    const given = { a: Float64Array.of(1, 2), b: [{ c: NaN, d: 'text' }] }
    const before = structuredClone(given)
    encode(given)
    expect(given).toEqual(before)
  })

  it('carries a part of an array, and decodes from anywhere in a buffer', () => {
    const bytes = encode({ part: Float64Array.of(1, 2, 3, 4).subarray(1, 3) })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(decode(shifted.subarray(3))).toEqual({ part: Float64Array.of(2, 3) })
    // A buffer of Node, whose slices are views, with something in front of it.
    expect(decode(Buffer.concat([bytes]))).toEqual({ part: Float64Array.of(2, 3) })
    expect(decode(Buffer.from(shifted.buffer).subarray(3))).toEqual({ part: Float64Array.of(2, 3) })
  })

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a function', () => 0],
    ['a big integer', 1n],
    ['an array of big integers', BigInt64Array.of(1n)],
  ])('refuses to send %s, and says where it is', (_, value) => {
    expect(() => encode({ id: 1, args: { deep: [value] } })).toThrow(/args\.deep\.0 can't be sent/)
  })

  it('keeps a key named __proto__ a key', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "list": [null]}') as {
      list: unknown[]
    }
    hostile.list[0] = Uint8Array.of(7)
    const back = decode(encode(hostile)) as object
    expect(Object.hasOwn(back, '__proto__')).toBe(true)
    expect({}).not.toHaveProperty('polluted')
  })

  it('puts nothing where nothing was', () => {
    const array = { kind: 'Uint8Array', length: 0 }
    for (const path of [
      ['__proto__', 'x'],
      ['new'],
      ['list', '__proto__', 'x'],
      ['list', 9],
      ['text', 0, 'x'],
    ]) {
      const body = { list: [1], text: 'abc' }
      expect(() => decode(forged({ body, arrays: [{ ...array, path }], numbers: [] }))).toThrow()
      expect(() =>
        decode(forged({ body, arrays: [], numbers: [{ number: 'NaN', path }] })),
      ).toThrow()
    }
    expect({}).not.toHaveProperty('x')
    expect([]).not.toHaveProperty('x')
  })

  it('refuses bytes that are no message', () => {
    const whole = encode({ a: Float64Array.of(1, 2, 3) })
    const array = { kind: 'Float64Array', length: 1, path: ['a'] }
    const body = { a: null }
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(3),
      Uint8Array.of(255, 255, 255, 255, 0),
      Uint8Array.of(2, 0, 0, 0, 0xff, 0xfe),
      whole.subarray(0, whole.length - 8),
      forged({ body, arrays: [array], numbers: [] }),
      forged({ body, arrays: [{ ...array, length: -1 }], numbers: [] }),
      forged({ body, arrays: [{ ...array, length: 0.5 }], numbers: [] }, [0, 0, 0, 0]),
      forged({ body, arrays: [{ ...array, length: 2 ** 60 }], numbers: [] }),
      forged({ body, arrays: [{ ...array, kind: 'constructor' }], numbers: [] }),
      forged({ body, arrays: [], numbers: [{ number: 'toString', path: ['a'] }] }),
      forged({ body }),
      forged(null),
    ]) {
      expect(() => decode(bytes)).toThrow()
    }
  })
})
