/**
 * Messages as bytes, so that a browser gets the same values as Electron's structured clone gives:
 * JSON, with what JSON can't say put beside it.
 *
 *     u32 length of the header · header as JSON · padding to 8 · each array, padded to 8
 *
 * The header holds the message and, by path, where each typed array belongs and where a number
 * stands that JSON doesn't know. Paths lead to places that exist, so no value can be mistaken for a
 * marker and a forged header can't add anything.
 */
// Every host has both; the library of shared code doesn't list them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean },
) => { decode(bytes: Uint8Array): string }

const arrayKinds = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
} as const
type ArrayKind = keyof typeof arrayKinds
type AnyArray = InstanceType<(typeof arrayKinds)[ArrayKind]>

const oddNumbers = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 } as const
type OddNumber = keyof typeof oddNumbers

type Path = readonly (string | number)[]

interface Header {
  readonly body: unknown
  readonly arrays: readonly {
    readonly kind: ArrayKind
    readonly length: number
    readonly path: Path
  }[]
  readonly numbers: readonly { readonly number: OddNumber; readonly path: Path }[]
}

interface Found {
  readonly arrays: { readonly array: AnyArray; readonly kind: ArrayKind; readonly path: Path }[]
  readonly numbers: { readonly number: OddNumber; readonly path: Path }[]
}

const littleEndian = true
const lengthBytes = 4
const alignment = 8 // of the widest elements

/**
 * The bytes of a message.
 *
 * @throws TypeError on what structured clone carries and JSON doesn't (dates, maps, functions …):
 *   both hosts must be able to say the same.
 */
export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const found: Found = { arrays: [], numbers: [] }
  const body = takeOut(message, [], found)
  const header: Header = {
    body,
    arrays: found.arrays.map(({ array, kind, path }) => ({ kind, length: array.length, path })),
    numbers: found.numbers,
  }
  const head = new TextEncoder().encode(JSON.stringify(header))
  let offset = padded(lengthBytes + head.length)
  const size = found.arrays.reduce((sum, { array }) => sum + padded(array.byteLength), offset)
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, head.length, littleEndian)
  bytes.set(head, lengthBytes)
  for (const { array } of found.arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
    offset += padded(array.byteLength)
  }
  return bytes
}

/**
 * The message of some bytes: the inverse of `encode`.
 *
 * @throws Error when the bytes are not a message.
 */
export function decode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headLength = view.getUint32(0, littleEndian)
  if (lengthBytes + headLength > bytes.length) throw new TypeError('the header is cut off')
  const head = bytes.subarray(lengthBytes, lengthBytes + headLength)
  const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(head)) as Header
  let offset = padded(lengthBytes + headLength)
  for (const { kind, length, path } of header.arrays) {
    if (!Object.hasOwn(arrayKinds, kind)) throw new TypeError('there is no such kind of array')
    const size = length * arrayKinds[kind].BYTES_PER_ELEMENT
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > bytes.length) {
      throw new TypeError('an array is cut off')
    }
    // A copy, because elements must be aligned. Not by slice, which is no copy for Node's buffers.
    const copy = new Uint8Array(size)
    copy.set(bytes.subarray(offset, offset + size))
    putBack(header, path, new arrayKinds[kind](copy.buffer))
    offset += padded(size)
  }
  for (const { number, path } of header.numbers) {
    if (!Object.hasOwn(oddNumbers, number)) throw new TypeError('there is no such number')
    putBack(header, path, oddNumbers[number])
  }
  return header.body
}

/** The value without what JSON can't say; containers are copied only where something was found. */
function takeOut(value: unknown, path: Path, found: Found): unknown {
  if (typeof value === 'number') return takeOutNumber(value, path, found)
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new TypeError(`${describe(path)} can't be sent: it is a ${typeof value}`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) {
    const kind = (value as AnyArray)[Symbol.toStringTag]
    if (!Object.hasOwn(arrayKinds, kind)) {
      throw new TypeError(`${describe(path)} can't be sent: it is a ${kind}`)
    }
    found.arrays.push({ array: value as AnyArray, kind, path })
    return null
  }
  return Array.isArray(value)
    ? takeOutOfArray(value, path, found)
    : takeOutOfRecord(value, path, found)
}

function takeOutNumber(value: number, path: Path, found: Found): number {
  const number = Object.is(value, -0) ? '-0' : Number.isFinite(value) ? null : String(value)
  if (number === null) return value
  found.numbers.push({ number: number as OddNumber, path })
  return 0
}

function takeOutOfArray(values: readonly unknown[], path: Path, found: Found): unknown {
  let copy: unknown[] | null = null
  for (const [index, item] of values.entries()) {
    if (isPlain(item)) continue
    const taken = takeOut(item, [...path, index], found)
    if (taken === item) continue
    copy ??= [...values]
    copy[index] = taken
  }
  return copy ?? values
}

function takeOutOfRecord(record: object, path: Path, found: Found): unknown {
  const prototype: unknown = Object.getPrototypeOf(record)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${describe(path)} can't be sent: it is no plain record`)
  }
  let copy: Map<string, unknown> | null = null
  for (const [key, item] of Object.entries(record)) {
    if (isPlain(item)) continue
    const taken = takeOut(item, [...path, key], found)
    if (taken === item) continue
    copy ??= new Map(Object.entries(record))
    copy.set(key, taken)
  }
  return copy === null ? record : Object.fromEntries(copy)
}

/** What needs no look: nearly everything, so that paths are made only where they are needed. */
function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    value === null ||
    value === undefined ||
    (typeof value === 'number' && Number.isFinite(value) && value !== 0)
  )
}

function putBack(header: Header, path: Path, value: unknown): void {
  let container = header as unknown as Record<string | number, unknown>
  let key: string | number = 'body'
  for (const step of path) {
    container = container[key] as typeof container
    if (typeof container !== 'object' || !Object.hasOwn(container, step)) {
      throw new TypeError('there is no such place')
    }
    key = step
  }
  container[key] = value
}

function describe(path: Path): string {
  return path.length === 0 ? 'the message' : path.join('.')
}

function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment
}
