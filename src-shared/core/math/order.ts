/**
 * Orders of numbers, as lists of positions.
 *
 * Long arrays are ordered by a radix sort: the 64 bits of a double, turned so that they increase
 * with its value, are two unsigned words, and counting them 11 bits at a time from the low end
 * keeps equal values in their former order. That is several times faster than comparisons, and
 * digits on which all values agree (the low word of numbers that were once float32) cost nothing.
 */

const RADIX_FROM = 512 // below this, clearing the counts costs more than comparing
const DIGIT_BITS = 11
const DIGIT_VALUES = 1 << DIGIT_BITS
const DIGIT_MASK = DIGIT_VALUES - 1

/**
 * Positions of `values` from the smallest value to the largest; ties keep the lower position
 * first. −0 equals 0, NaN comes last.
 *
 * @returns Length n; element i is the position of the value with rank i.
 */
export function argsortAscending(values: Float64Array): Int32Array {
  return argsort(values, false)
}

/** As `argsortAscending`, from the largest value to the smallest; ties keep the lower position first, NaN comes last. */
export function argsortDescending(values: Float64Array): Int32Array {
  return argsort(values, true)
}

function argsort(values: Float64Array, descending: boolean): Int32Array {
  const n = values.length
  if (n >= RADIX_FROM) return radixArgsort(values, descending)
  const direction = descending ? -1 : 1
  return Int32Array.from({ length: n }, (_, i) => i).sort((i, j) => {
    const a = values[i]!
    const b = values[j]!
    if (a === b) return i - j
    if (a < b) return -direction
    if (a > b) return direction
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j
  })
}

function radixArgsort(values: Float64Array, descending: boolean): Int32Array {
  const n = values.length
  const { high, low } = orderedWords(values, descending)
  let order: Int32Array = Int32Array.from({ length: n }, (_, i) => i)
  let next: Int32Array = new Int32Array(n)
  for (const words of [low, high]) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      const starts = new Uint32Array(DIGIT_VALUES)
      for (let i = 0; i < n; i++) starts[(words[i]! >>> shift) & DIGIT_MASK]!++
      if (starts[(words[0]! >>> shift) & DIGIT_MASK] === n) continue
      for (let digit = 0, sum = 0; digit < DIGIT_VALUES; digit++) {
        const count = starts[digit]!
        starts[digit] = sum
        sum += count
      }
      for (let rank = 0; rank < n; rank++) {
        const i = order[rank]!
        const digit = (words[i]! >>> shift) & DIGIT_MASK
        next[starts[digit]!++] = i
      }
      const held = order
      order = next
      next = held
    }
  }
  return order
}

/** Each double as two unsigned words that order like it (or, descending, the other way). */
function orderedWords(
  values: Float64Array,
  descending: boolean,
): { high: Uint32Array; low: Uint32Array } {
  const n = values.length
  const high = new Uint32Array(n)
  const low = new Uint32Array(n)
  const chunk = new Float64Array(1)
  const words = new Uint32Array(chunk.buffer)
  chunk[0] = 1
  const highAt = words[1] === 0x3ff00000 ? 1 : 0
  const flip = descending ? 0xffffffff : 0
  for (let i = 0; i < n; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) {
      high[i] = 0xffffffff
      low[i] = 0xffffffff
      continue
    }
    chunk[0] = value + 0 // turns −0 into 0
    const highWord = words[highAt]!
    // Bits of negative numbers decrease with their value: all turn; of others only the sign does.
    const negative = highWord >>> 31 === 1
    high[i] = (negative ? ~highWord : highWord ^ 0x80000000) ^ flip
    low[i] = (negative ? ~words[1 - highAt]! : words[1 - highAt]!) ^ flip
  }
  return { high, low }
}
