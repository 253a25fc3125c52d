/**
 * Named random streams.
 *
 * A result may only depend on the user's seed and on what the numbers are for, never on the order
 * in which workers happen to run. So nobody passes a generator around: every use derives its own
 * stream from the seed and a name (`createStream(seed, 'smote', fold)`), and two uses with
 * different names are independent sequences even under one seed.
 *
 * The name is hashed to 128 bits (FNV-1a, then the splitmix32 finaliser), which seed xoshiro128**:
 * small, fast in 32-bit integer arithmetic, the same bits on every engine.
 *
 * Source: Blackman and Vigna (2021), "Scrambled Linear Pseudorandom Number Generators", ACM TOMS
 * 47(4), xoshiro128**.
 */
export interface RandomStream {
  /** An integer uniform in [0, 2³²). */
  uint32(): number
  /** A double uniform in [0, 1), with 53 random bits. */
  uniform(): number
  /** An integer uniform in [0, bound), without modulo bias. `bound` in [1, 2³²]. */
  below(bound: number): number
}

export function createStream(seed: number, ...name: readonly (string | number)[]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed must be a non-negative integer, got ${seed}`)
  }
  let [a, b, c, d] = hashName([seed, ...name])

  const uint32 = (): number => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }

  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992

  const below = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 4294967296) {
      throw new RangeError(`bound must be an integer in [1, 2^32], got ${bound}`)
    }
    // Values above the largest multiple of the bound would favour the small remainders.
    const limit = 4294967296 - (4294967296 % bound)
    let value = uint32()
    while (value >= limit) value = uint32()
    return value % bound
  }

  return { uint32, uniform, below }
}

/** Puts the elements of `items` into random order, in place (Fisher-Yates). */
export function shuffle(items: Int32Array, stream: RandomStream): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = stream.below(i + 1)
    const held = items[i]!
    items[i] = items[j]!
    items[j] = held
  }
}

/**
 * Draws `count` of `items` without replacement.
 *
 * @returns The drawn items in the order of their positions in `items`, length `count`.
 * @throws RangeError when `count` is negative or exceeds the number of items.
 */
export function sampleWithoutReplacement(
  items: Int32Array,
  count: number,
  stream: RandomStream,
): Int32Array {
  if (!Number.isInteger(count) || count < 0 || count > items.length) {
    throw new RangeError(`count must be an integer in [0, ${items.length}], got ${count}`)
  }
  // Filled by a loop: `from` builds a list of objects first, and some call this for each tree.
  const positions = new Int32Array(items.length)
  for (let i = 0; i < positions.length; i++) positions[i] = i
  for (let i = 0; i < count; i++) {
    const j = i + stream.below(positions.length - i)
    const held = positions[i]!
    positions[i] = positions[j]!
    positions[j] = held
  }
  return positions
    .slice(0, count)
    .sort()
    .map((position) => items[position]!)
}

/** Four 32-bit words from the parts of a name; parts are separated, so ('ab') and ('a', 'b') differ. */
function hashName(parts: readonly (string | number)[]): [number, number, number, number] {
  let hash = 0x811c9dc5
  const feed = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193)
  }
  for (const part of parts) {
    const text = typeof part === 'number' ? `#${part}` : `$${part}`
    for (let i = 0; i < text.length; i++) {
      feed(text.charCodeAt(i) & 255)
      feed(text.charCodeAt(i) >>> 8)
    }
    feed(0x1f)
  }
  const next = (): number => {
    hash = (hash + 0x9e3779b9) | 0
    let word = hash
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
    return word ^ (word >>> 15)
  }
  return [next(), next(), next(), next() | 1]
}
