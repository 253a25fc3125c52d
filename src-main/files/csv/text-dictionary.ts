const mostDecodedAtOnce = 1 << 28 // bytes; a string may not be longer than 2^29 − 24

/**
 * The distinct texts of a column, found by their bytes: a string is made once per text, at the end.
 *
 * An open hash table of entry numbers; the bytes of all entries lie one after another in a pool.
 * An entry is either a level (code ≥ 0, counted in order of first appearance) or one of the texts
 * that stand for a missing value (code −1), so that missing values cost no test of their own.
 */
export class TextDictionary {
  /** Code per entry. */
  codes = new Int32Array(64)
  nLevels = 0
  #nEntries = 0
  /** Entries that `takeNewLevels` has handed out. */
  #nTaken = 0
  #slots = new Int32Array(128).fill(-1)
  #hashes = new Int32Array(64)
  /** Where the bytes of an entry start in the pool; those of entry i end at element i + 1. */
  #starts = new Uint32Array(65)
  #pool = new Uint8Array(1024)

  /** The entry of `bytes[start, end)`, or −1 when there is none yet. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const length = end - start
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]!
      if (entry < 0) return -1
      if (this.#hashes[entry] !== hash) continue
      const from = this.#starts[entry]!
      if (this.#starts[entry + 1]! - from !== length) continue
      const pool = this.#pool
      let j = 0
      while (j < length && pool[from + j] === bytes[start + j]) j++
      if (j === length) return entry
    }
  }

  /** Appends a text that `find` did not find, and returns its entry. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, isMissing: boolean): number {
    const entry = this.#nEntries
    if (entry === this.codes.length) this.#grow()
    const from = this.#starts[entry]!
    const to = from + end - start
    if (to > this.#pool.length) {
      const pool = new Uint8Array(Math.max(2 * this.#pool.length, to))
      pool.set(this.#pool)
      this.#pool = pool
    }
    // Byte by byte: a view on a short text costs more than the text.
    const target = this.#pool
    for (let i = start, at = from; i < end; i++, at++) target[at] = bytes[i]!
    this.#starts[entry + 1] = to
    this.#hashes[entry] = hash
    this.codes[entry] = isMissing ? -1 : this.nLevels++
    this.#nEntries++
    this.#insert(entry)
    return entry
  }

  /** Takes back the last `add`. Nothing was inserted after it, so no probe runs across its slot. */
  removeLast(): void {
    const entry = --this.#nEntries
    this.#slots[this.#slotAfter(this.#hashes[entry]!, entry)] = -1
    if (this.codes[entry]! >= 0) this.nLevels--
  }

  levels(): string[] {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const pool = this.#pool.subarray(0, this.#starts[this.#nEntries])
    // ASCII texts are as long as their bytes: all are decoded at once and then cut apart.
    const all = pool.length <= mostDecodedAtOnce && isAscii(pool) ? decoder.decode(pool) : null
    const levels: string[] = []
    for (let entry = 0; entry < this.#nEntries; entry++) {
      if (this.codes[entry]! < 0) continue
      const start = this.#starts[entry]!
      const end = this.#starts[entry + 1]!
      levels.push(all?.slice(start, end) ?? decoder.decode(pool.subarray(start, end)))
    }
    return levels
  }

  /** The levels that came up since the last call, in order of their codes. */
  takeNewLevels(): string[] {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const levels: string[] = []
    for (; this.#nTaken < this.#nEntries; this.#nTaken++) {
      if (this.codes[this.#nTaken]! < 0) continue
      const bytes = this.#pool.subarray(this.#starts[this.#nTaken], this.#starts[this.#nTaken + 1])
      levels.push(decoder.decode(bytes))
    }
    return levels
  }

  #grow(): void {
    const capacity = 2 * this.codes.length
    this.codes = extended(this.codes, new Int32Array(capacity))
    this.#hashes = extended(this.#hashes, new Int32Array(capacity))
    this.#starts = extended(this.#starts, new Uint32Array(capacity + 1))
    this.#slots = new Int32Array(2 * capacity).fill(-1)
    for (let entry = 0; entry < this.#nEntries; entry++) this.#insert(entry)
  }

  #insert(entry: number): void {
    this.#slots[this.#slotAfter(this.#hashes[entry]!, -1)] = entry
  }

  /** The first slot in the probe sequence of `hash` that holds `wanted`. */
  #slotAfter(hash: number, wanted: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = spread(hash) & mask
    while (slots[slot] !== wanted) slot = (slot + 1) & mask
    return slot
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 127) return false
  return true
}

/** FNV-1a, the hash that `find` and `add` expect. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashStart
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, hashFactor)
  return hash
}

export const hashStart = 0x811c9dc5 | 0
export const hashFactor = 0x01000193

/** FNV leaves its low bits poorly mixed; fold the high ones in. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}

function extended<T extends Int32Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
