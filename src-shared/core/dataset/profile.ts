import { quantileSorted } from '../math/quantile.ts'
import { blockSum } from '../math/sum.ts'
import type { CategoricalColumn, Column, NumericColumn } from './dataset.ts'

/** What is to be known of a numeric column before it is used. */
export interface NumericProfile {
  readonly kind: 'numeric'
  readonly name: string
  readonly missing: number
  /** Distinct numbers; missing values do not count. */
  readonly distinct: number
  readonly zeros: number
  readonly negative: number
  /** Whether all values are integers; true when there are none. */
  readonly integer: boolean
  /** Null when all values are missing. */
  readonly spread: NumericSpread | null
}

export interface NumericSpread {
  readonly mean: number
  /** Sample standard deviation (divided by n − 1); null for a single value. */
  readonly standardDeviation: number | null
  readonly min: number
  /** Quartiles by linear interpolation. */
  readonly lowerQuartile: number
  readonly median: number
  readonly upperQuartile: number
  readonly max: number
}

export interface CategoricalProfile {
  readonly kind: 'categorical'
  readonly name: string
  readonly missing: number
  readonly distinct: number
  /** How often each level occurs, in the order of the column's levels. */
  readonly counts: Int32Array
}

export type ColumnProfile = NumericProfile | CategoricalProfile

/** Describes the values of one column. Sorts a copy of a numeric one. */
export function profileColumn(column: Column): ColumnProfile {
  return column.kind === 'numeric' ? profileNumeric(column) : profileCategorical(column)
}

function profileNumeric({ name, values }: NumericColumn): NumericProfile {
  // Adding 0 turns −0 into 0, which nobody wants to read.
  const sorted = values
    .filter((value) => !Number.isNaN(value))
    .map((value) => value + 0)
    .sort()
  return profileSorted(name, sorted, values.length - sorted.length)
}

/**
 * As `profileColumn` of a numeric column whose values are sorted already.
 *
 * @param sorted  In increasing order, neither NaN nor −0.
 */
export function profileSorted(name: string, sorted: Float64Array, missing: number): NumericProfile {
  const nValues = sorted.length
  let distinct = 0
  let zeros = 0
  let negative = 0
  let integer = true
  for (let i = 0; i < nValues; i++) {
    const value = sorted[i]!
    if (i === 0 || value !== sorted[i - 1]) distinct++
    if (value === 0) zeros++
    else if (value < 0) negative++
    if (integer && value !== Math.trunc(value)) integer = false
  }
  return {
    kind: 'numeric',
    name,
    missing,
    distinct,
    zeros,
    negative,
    integer,
    spread: nValues === 0 ? null : spreadOf(sorted),
  }
}

/** @param sorted  In increasing order, at least one value. */
function spreadOf(sorted: Float64Array): NumericSpread {
  const nValues = sorted.length
  const mean = blockSum(sorted) / nValues
  const deviations = new Float64Array(nValues)
  for (let i = 0; i < nValues; i++) deviations[i] = (sorted[i]! - mean) * (sorted[i]! - mean)
  const squares = blockSum(deviations)
  return {
    mean,
    standardDeviation: nValues < 2 ? null : Math.sqrt(squares / (nValues - 1)),
    min: sorted[0]!,
    lowerQuartile: quantileSorted(sorted, 0.25),
    median: quantileSorted(sorted, 0.5),
    upperQuartile: quantileSorted(sorted, 0.75),
    max: sorted[nValues - 1]!,
  }
}

function profileCategorical({ name, codes, levels }: CategoricalColumn): CategoricalProfile {
  const counts = new Int32Array(levels.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0) missing++
    else counts[code]!++
  }
  const distinct = counts.reduce((used, count) => used + (count > 0 ? 1 : 0), 0)
  return { kind: 'categorical', name, missing, distinct, counts }
}
