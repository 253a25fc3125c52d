import type { CsvChunkColumn } from './csv-types.ts'

/**
 * Counts distinct rows by a hash of 64 bits each. Among ten million rows the chance that two
 * different ones share a hash is about 3 in a million.
 */
export interface RowHashes {
  add(columns: readonly CsvChunkColumn[], nRows: number): void
  readonly distinct: number
}

export function createRowHashes(): RowHashes {
  // Two halves of a hash side by side; 0, 0 marks a free slot.
  let slots = new Int32Array(2 * 1024)
  let distinct = 0
  let high = new Int32Array(0)
  let low = new Int32Array(0)

  const insert = (into: Int32Array, a: number, b: number): boolean => {
    const mask = into.length / 2 - 1
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const there = into[2 * slot]!
      const besides = into[2 * slot + 1]!
      if (there === 0 && besides === 0) {
        into[2 * slot] = a
        into[2 * slot + 1] = b
        return true
      }
      if (there === a && besides === b) return false
    }
  }

  const grow = (): void => {
    const larger = new Int32Array(2 * slots.length)
    for (let i = 0; i < slots.length; i += 2) {
      if (slots[i] !== 0 || slots[i + 1] !== 0) insert(larger, slots[i]!, slots[i + 1]!)
    }
    slots = larger
  }

  return {
    add(columns, nRows) {
      if (high.length < nRows) {
        high = new Int32Array(nRows)
        low = new Int32Array(nRows)
      }
      high.fill(0x2545f491, 0, nRows)
      low.fill(0x1b873593, 0, nRows)
      for (const column of columns) {
        const words =
          column.kind === 'numeric'
            ? new Int32Array(column.values.buffer, column.values.byteOffset, 2 * nRows)
            : column.codes
        const perRow = column.kind === 'numeric' ? 2 : 1
        for (let row = 0; row < nRows; row++) {
          let a = high[row]!
          let b = low[row]!
          for (let k = 0; k < perRow; k++) {
            const word = words[perRow * row + k]!
            a = Math.imul(a ^ word, 0x85ebca6b)
            a ^= a >>> 15
            b = Math.imul(b ^ (word + 0x165667b1), 0xc2b2ae35)
            b ^= b >>> 13
          }
          high[row] = a
          low[row] = b
        }
      }
      for (let row = 0; row < nRows; row++) {
        if (3 * distinct > slots.length) grow()
        const a = high[row]!
        const b = low[row]!
        if (insert(slots, a, a === 0 && b === 0 ? 1 : b)) distinct++
      }
    },
    get distinct() {
      return distinct
    },
  }
}
