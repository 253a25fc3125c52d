/** Below this the built-in sort is faster. */
const fewNumbers = 2048
const bits = 11
const buckets = 1 << bits
/** Runs up to here are sorted by insertion. */
const shortRun = 24

/**
 * Sorts numbers in increasing order, in place, several times as fast as the built-in sort.
 *
 * A radix sort by sign, exponent and the first 20 bits of the fraction; the few that agree in all
 * of these are then sorted among themselves.
 *
 * @param values  No NaN; −0 stands below 0.
 * @returns `values`.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length
  if (n < fewNumbers) return values.sort()
  let from: Float64Array = values
  let to: Float64Array = new Float64Array(n)
  let keys = new Uint32Array(n)
  let keysTo = new Uint32Array(n)
  // A copy, since `values` need not start at a multiple of its buffer's words.
  const words = new Uint32Array(values.slice().buffer)
  const counts = new Int32Array(3 * buckets)
  for (let i = 0; i < n; i++) {
    const high = words[2 * i + 1]!
    // Negative numbers in reverse, below the others.
    const key = (high & 0x80000000) === 0 ? (high | 0x80000000) >>> 0 : ~high >>> 0
    keys[i] = key
    counts[key & (buckets - 1)]!++
    counts[buckets + ((key >>> bits) & (buckets - 1))]!++
    counts[2 * buckets + (key >>> (2 * bits))]!++
  }
  for (let pass = 0; pass < 3; pass++) {
    const at = counts.subarray(pass * buckets, (pass + 1) * buckets)
    let start = 0
    let isNeeded = true
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = at[bucket]!
      if (count === n) isNeeded = false
      at[bucket] = start
      start += count
    }
    if (!isNeeded) continue
    const shift = pass * bits
    for (let i = 0; i < n; i++) {
      const key = keys[i]!
      const place = at[(key >>> shift) & (buckets - 1)]!++
      keysTo[place] = key
      to[place] = from[i]!
    }
    const freed = from
    from = to
    to = freed
    const freedKeys = keys
    keys = keysTo
    keysTo = freedKeys
  }
  for (let start = 0; start < n;) {
    let end = start + 1
    while (end < n && keys[end] === keys[start]) end++
    if (end - start > 1) sortRun(from, start, end)
    start = end
  }
  if (from !== values) values.set(from)
  return values
}

function sortRun(values: Float64Array, start: number, end: number): void {
  let isSorted = true
  for (let i = start + 1; i < end && isSorted; i++) isSorted = values[i - 1]! <= values[i]!
  if (isSorted) return
  if (end - start > shortRun) {
    values.subarray(start, end).sort()
    return
  }
  for (let i = start + 1; i < end; i++) {
    const value = values[i]!
    let place = i
    while (place > start && values[place - 1]! > value) {
      values[place] = values[place - 1]!
      place--
    }
    values[place] = value
  }
}
