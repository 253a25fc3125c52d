import { sortNumbers } from '../math/sort-numbers.ts'
import { blockSum } from '../math/sum.ts'
import { type Measured, measured, undefinedBecause } from '../metrics/measured.ts'

/**
 * Wasserstein distance between two sets of numbers: how far values have to be moved, on average, to
 * turn one into the other; the area between their distribution functions. In the unit of the values.
 *
 * @param reference, current At least one number each, no NaN. Left as they are.
 * @throws RangeError when a side is empty.
 */
export function wassersteinDistance(reference: Float64Array, current: Float64Array): number {
  if (reference.length === 0 || current.length === 0) {
    throw new RangeError('both sides need at least one number')
  }
  const first = sortNumbers(reference.slice())
  const second = sortNumbers(current.slice())
  let area = 0
  let i = 0
  let j = 0
  let at = Math.min(first[0]!, second[0]!)
  while (i < first.length || j < second.length) {
    const next = Math.min(first[i] ?? Infinity, second[j] ?? Infinity)
    area += Math.abs(i / first.length - j / second.length) * (next - at)
    at = next
    while (i < first.length && first[i]! === next) i++
    while (j < second.length && second[j]! === next) j++
  }
  return area
}

/** Sample standard deviation; null below two values. */
export function standardDeviation(values: Float64Array): number | null {
  const n = values.length
  if (n < 2) return null
  const mean = blockSum(values) / n
  return Math.sqrt(blockSum(values.map((value) => (value - mean) * (value - mean))) / (n - 1))
}

/**
 * Wasserstein distance in standard deviations of the reference (the root of its mean square):
 * comparable between columns.
 */
export function scaledWasserstein(reference: Float64Array, current: Float64Array): Measured {
  const n = reference.length
  const deviation = (standardDeviation(reference) ?? 0) * Math.sqrt((n - 1) / n)
  if (!(deviation > 0)) return undefinedBecause('the reference has one value only')
  return measured(wassersteinDistance(reference, current) / deviation)
}
