const BLOCK_SIZE = 1024

/**
 * Sum of `values[start..end)`.
 *
 * Blocks of 1,024 values (counted from `start`) are summed one by one and their sums added, so
 * that rounding grows with the number of blocks rather than of values, and a result does not
 * depend on how a computation was shared out.
 */
export function blockSum(values: ArrayLike<number>, start = 0, end = values.length): number {
  let total = 0
  for (let blockStart = start; blockStart < end; blockStart += BLOCK_SIZE) {
    const blockEnd = Math.min(blockStart + BLOCK_SIZE, end)
    let sum = 0
    for (let i = blockStart; i < blockEnd; i++) sum += values[i]!
    total += sum
  }
  return total
}
