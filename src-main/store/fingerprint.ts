import { createHash, type Hash } from 'node:crypto'

import type { ChunkColumn, ColumnHeading } from './datasets.ts'

/** Takes in the rows of a dataset, chunk by chunk, and gives its fingerprint. */
export interface Fingerprint {
  /** Takes in the next rows of all columns, in the order of the columns. */
  append(columns: readonly ChunkColumn[]): void
  /** @returns 64 hexadecimal digits. Can be called once. */
  finish(columns: readonly ColumnHeading[]): string
}

/**
 * The fingerprint of what a dataset holds: SHA-256 over names, kinds and values of its columns.
 *
 * Two datasets have one fingerprint when they hold the same values in the same order under the
 * same names, however they were cut into chunks and whatever types they are stored in. Every
 * column has a hash of its own, since rows arrive for all columns at once:
 *
 *     column       = SHA-256(values as float64, or codes as int32, little-endian)
 *     fingerprint  = SHA-256(for each column: name, kind, number of rows, column, levels)
 *
 * Texts and lists in the second line are led by their length, so that none can run into the
 * next. A missing value is the canonical NaN or −1; −0 and 0 differ. Codes are determined by the
 * texts, as levels stand in order of first appearance.
 */
export function createFingerprint(): Fingerprint {
  const columns: { readonly kind: ChunkColumn['kind']; readonly hash: Hash; nRows: number }[] = []

  return {
    append(chunk) {
      if (columns.length === 0) {
        columns.push(...chunk.map(({ kind }) => ({ kind, hash: createHash('sha256'), nRows: 0 })))
      }
      if (chunk.length !== columns.length) {
        throw new RangeError(`chunk must have ${columns.length} columns, got ${chunk.length}`)
      }
      chunk.forEach((column, position) => {
        const taken = columns[position]!
        if (column.kind !== taken.kind) {
          throw new RangeError(`column ${position} must be ${taken.kind}, got ${column.kind}`)
        }
        const values = column.kind === 'numeric' ? canonical(column.values) : column.codes
        taken.hash.update(bytesOf(values))
        taken.nRows += values.length
      })
    },

    finish(headings) {
      const whole = createHash('sha256')
      headings.forEach(({ name, kind, levels }, position) => {
        const taken = columns[position]
        if (taken !== undefined && taken.kind !== kind) {
          throw new RangeError(`column ${name} must be ${taken.kind}, got ${kind}`)
        }
        updateText(whole, name)
        updateText(whole, kind)
        updateNumber(whole, taken?.nRows ?? 0)
        whole.update(taken?.hash.digest() ?? createHash('sha256').digest())
        updateNumber(whole, levels?.length ?? 0)
        for (const level of levels ?? []) updateText(whole, level)
      })
      return whole.digest('hex')
    },
  }
}

/** The bits of NaN that every NaN is hashed as. */
const CANONICAL_NAN = 0x7ff8000000000000n

/** The values with every NaN as the same bits; a copy only where there is a NaN. */
function canonical(values: Float64Array): Float64Array {
  let first = 0
  while (first < values.length && !Number.isNaN(values[first])) first++
  if (first === values.length) return values
  const copy = values.slice()
  const bits = new BigUint64Array(copy.buffer, copy.byteOffset, copy.length)
  for (let i = first; i < copy.length; i++) {
    if (Number.isNaN(copy[i])) bits[i] = CANONICAL_NAN
  }
  return copy
}

function updateText(hash: Hash, text: string): void {
  const bytes = Buffer.from(text)
  updateNumber(hash, bytes.length)
  hash.update(bytes)
}

function updateNumber(hash: Hash, value: number): void {
  hash.update(bytesOf(Float64Array.of(value)))
}

function bytesOf(values: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
