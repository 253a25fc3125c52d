/**
 * Ways to bring a feature to a common scale: (x − center) / scale.
 *
 *     standard   mean and population standard deviation, both weighted
 *     robust     median and distance of the quartiles, which a few extreme values don't move
 *     min_max    the least value and the distance to the largest: all values come to lie in [0, 1]
 *
 * Missing values (NaN) are not looked at, and stay missing. Where all values are equal the scale is
 * 1; without any value the center is 0 too.
 */
import { quantileSorted } from '../math/quantile.ts'
import { blockSum } from '../math/sum.ts'

export interface Scaler {
  readonly center: number
  /** > 0. */
  readonly scale: number
}

const NO_SCALER: Scaler = { center: 0, scale: 1 }

/**
 * @param weights ≥ 0 and finite, as many as values; null = all one. Values of weight 0 don't count.
 * @throws RangeError when lengths differ.
 */
export function fitStandardScaler(values: Float64Array, weights: Float64Array | null): Scaler {
  if (weights !== null && weights.length !== values.length) {
    throw new RangeError(`weights must have ${values.length} entries, got ${weights.length}`)
  }
  const weightOf = values.map((value, i) => (Number.isNaN(value) ? 0 : (weights?.[i] ?? 1)))
  const total = blockSum(weightOf)
  if (!(total > 0)) return NO_SCALER
  const sumOf = (term: (value: number) => number): number =>
    blockSum(values.map((value, i) => (weightOf[i]! > 0 ? weightOf[i]! * term(value) : 0)))
  const first = values[weightOf.findIndex((weight) => weight > 0)]!
  const isConstant = values.every((value, i) => weightOf[i] === 0 || value === first)
  // The mean of equal values is not always that value: 0.1 + 0.1 + 0.1 is not 3 · 0.1.
  if (isConstant) return { center: first, scale: 1 }
  const center = sumOf((value) => value) / total
  return positive(center, Math.sqrt(sumOf((value) => (value - center) * (value - center)) / total))
}

export function fitRobustScaler(values: Float64Array): Scaler {
  const sorted = sortedPresent(values)
  if (sorted.length === 0) return NO_SCALER
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((q) => quantileSorted(sorted, q))
  return positive(median!, upper! - lower!)
}

export function fitMinMaxScaler(values: Float64Array): Scaler {
  const sorted = sortedPresent(values)
  if (sorted.length === 0) return NO_SCALER
  const least = sorted[0]!
  return positive(least, sorted[sorted.length - 1]! - least)
}

/** @returns As many values, NaN where they are missing. */
export function applyScaler({ center, scale }: Scaler, values: Float64Array): Float64Array {
  return values.map((value) => (value - center) / scale)
}

function positive(center: number, scale: number): Scaler {
  return { center, scale: scale > 0 ? scale : 1 }
}

function sortedPresent(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort()
}
