/**
 * Numbers at the narrowest type that holds them exactly, with a bitmap of the missing ones.
 *
 * The body of the blob is the values, 1, 2, 4 or 8 bytes each and 0 where one is missing,
 * followed, only if any is missing, by one bit per value (lowest bit first) that is set where the
 * value is missing.
 *
 * Typed arrays are written as they lie in memory, which is little-endian on every processor that
 * Node and better-sqlite3 are built for.
 */
import { DamagedBlobError, sealBlob, unsealBlob } from './blob.ts'

type NumberArray = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

const TYPES = {
  int8: { code: 1, Array: Int8Array },
  int16: { code: 2, Array: Int16Array },
  int32: { code: 3, Array: Int32Array },
  float32: { code: 4, Array: Float32Array },
  float64: { code: 5, Array: Float64Array },
} as const

export interface PackedNumbers {
  readonly blob: Buffer
  readonly missing: number
  /** Of the values that are not missing; null where all are. */
  readonly minimum: number | null
  readonly maximum: number | null
}

/**
 * Packs numbers so that `unpackNumbers` gives back the same bits.
 *
 * @param values A Float64Array, where NaN stands for missing (and comes back as the canonical
 *   NaN), or an Int32Array, where −1 does.
 */
export function packNumbers(values: Float64Array | Int32Array): PackedNumbers {
  const { type, missing, minimum, maximum } = survey(values)
  const body = new Uint8Array(sizeOf(type, values.length, missing > 0))
  const packed = new type.Array(body.buffer, 0, values.length)
  if (missing === 0) {
    packed.set(values)
  } else {
    const bitmapAt = packed.byteLength
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (isMissing(values, value)) body[bitmapAt + (i >> 3)]! |= 1 << (i & 7)
      else packed[i] = value
    }
  }
  const blob = sealBlob({ type: type.code, count: values.length, body })
  return { blob, missing, minimum, maximum }
}

/**
 * Unpacks numbers into `target`, from `offset` on, where missing values become NaN or −1.
 *
 * @param count How many numbers the caller has reason to expect.
 * @throws DamagedBlobError when the blob is damaged or holds other numbers than that.
 */
export function unpackNumbers(
  blob: Buffer,
  target: Float64Array | Int32Array,
  offset: number,
  count: number,
): void {
  const content = unsealBlob(blob)
  const type = Object.values(TYPES).find(({ code }) => code === content.type)
  const isExact =
    target instanceof Float64Array || (type !== undefined && type.code <= TYPES.int32.code)
  const hasMissing = type !== undefined && content.body.length > sizeOf(type, count, false)
  if (
    type === undefined ||
    !isExact ||
    content.count !== count ||
    content.body.length !== sizeOf(type, count, hasMissing) ||
    offset + count > target.length
  ) {
    throw new DamagedBlobError('it holds other values than it should')
  }

  target.set(viewOf(type, content.body, count), offset)
  if (!hasMissing) return
  const bitmapAt = count * type.Array.BYTES_PER_ELEMENT
  const marker = target instanceof Float64Array ? NaN : -1
  for (let i = 0; i < count; i++) {
    if ((content.body[bitmapAt + (i >> 3)]! >> (i & 7)) & 1) target[offset + i] = marker
  }
}

/** Unpacks a whole array of integers. */
export function unpackIntegers(blob: Buffer): Int32Array {
  const values = new Int32Array(unsealBlob(blob).count)
  unpackNumbers(blob, values, 0, values.length)
  return values
}

/** Unpacks a whole array of doubles. */
export function unpackDoubles(blob: Buffer): Float64Array {
  const values = new Float64Array(unsealBlob(blob).count)
  unpackNumbers(blob, values, 0, values.length)
  return values
}

type NumberType = (typeof TYPES)[keyof typeof TYPES]

/** One pass over the values: what is missing, their range, and the narrowest exact type. */
function survey(values: Float64Array | Int32Array): {
  readonly type: NumberType
  readonly missing: number
  readonly minimum: number | null
  readonly maximum: number | null
} {
  let missing = 0
  let minimum = Infinity
  let maximum = -Infinity
  let isIntegral = true
  let isSingle = true
  for (const value of values) {
    if (isMissing(values, value)) {
      missing++
      continue
    }
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
    // −0 equals 0, but no integer type can hold it.
    if (isIntegral && (value !== Math.trunc(value) || Object.is(value, -0))) isIntegral = false
    if (isSingle && value !== Math.fround(value)) isSingle = false
  }
  const fits = (bits: number): boolean =>
    isIntegral && minimum >= -(2 ** (bits - 1)) && maximum < 2 ** (bits - 1)

  const type =
    missing === values.length || fits(8)
      ? TYPES.int8
      : fits(16)
        ? TYPES.int16
        : fits(32)
          ? TYPES.int32
          : isSingle
            ? TYPES.float32
            : TYPES.float64
  const isEmpty = missing === values.length
  return { type, missing, minimum: isEmpty ? null : minimum, maximum: isEmpty ? null : maximum }
}

function isMissing(values: Float64Array | Int32Array, value: number): boolean {
  return values instanceof Float64Array ? Number.isNaN(value) : value === -1
}

function sizeOf(type: NumberType, count: number, hasMissing: boolean): number {
  return count * type.Array.BYTES_PER_ELEMENT + (hasMissing ? (count + 7) >> 3 : 0)
}

/** The values in `body`, copied only where they don't lie on a multiple of their size. */
function viewOf(type: NumberType, body: Uint8Array, count: number): NumberArray {
  const isAligned = body.byteOffset % type.Array.BYTES_PER_ELEMENT === 0
  const { buffer, byteOffset } = isAligned ? body : new Uint8Array(body)
  return new type.Array(buffer as ArrayBuffer, byteOffset, count)
}
