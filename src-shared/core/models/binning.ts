/**
 * Features as a few hundred bins of one byte, for trees.
 *
 * Values are rounded to float32 and cut where the (weighted) quantiles lie. A feature with no more
 * distinct values than bins gets one bin per value. Otherwise values are collected in increasing
 * order until a bin holds its share of the weight that is left, so that a value which is very
 * common gets a bin of its own and leaves the others to the rest. A cut lies half-way between the
 * neighbouring values, so bins and thresholds decide alike:
 *
 *     bin of x ≤ k   exactly when   x ≤ cuts[k]
 *
 * Cuts depend on the weights at each value only: doubling a weight is the same as repeating the
 * sample, and weight 0 is the same as leaving it out.
 *
 * Columns. A constant feature gets none. Neighbouring features of which no sample is above the
 * lowest bin of two (the 0/1 features of one categorical column) share one, as long as their codes
 * fit into a byte: code 0 means that all are in their lowest bin, and each further code is one
 * higher bin of one feature. That saves most of the work on one-hot features and changes no
 * result, since what the lowest bin holds is found by subtraction, which is exact here.
 *
 * Source of the sharing: Ke et al. (2017), "LightGBM", NeurIPS, section 4 (exclusive feature
 * bundling), without conflicts and with neighbours only.
 */
import type { Checkpoint } from '../math/checkpoint.ts'
import { argsortAscending } from '../math/order.ts'
import type { Matrix } from '../math/matrix.ts'

export interface BinnedFeatures {
  readonly nSamples: number
  /** Per feature: increasing upper bounds of all bins but the last, length nBins − 1. */
  readonly cuts: readonly Float32Array[]
  /** Per feature: bins of values, missing not counted. */
  readonly nBins: Int32Array
  /** Per feature: 1 where some sample lacks a value; its code comes after that of the last bin. */
  readonly hasMissing: Uint8Array
  /** Per feature: the column that holds it, −1 for a constant feature. */
  readonly columnOf: Int32Array
  /** Per feature: the code of bin 1 in its column. */
  readonly firstCode: Int32Array
  /** Per column: the code of each sample, length nSamples. */
  readonly columns: readonly Uint8Array[]
  /** Per column: its number of codes, at most 256. */
  readonly nCodes: readonly number[]
}

const MAX_CODES = 256

/**
 * @param X       Missing values are NaN.
 * @param weights ≥ 0, length nSamples; null = all one. Their sums should be exact in any order.
 * @param maxBins Bins per feature, missing included, in [2, 256].
 */
export function binFeatures(
  X: Matrix,
  weights: Float64Array | null,
  maxBins: number,
  checkpoint: Checkpoint,
): BinnedFeatures {
  const { values, nSamples, nFeatures } = X
  const nBins = new Int32Array(nFeatures)
  const hasMissing = new Uint8Array(nFeatures)
  const columnOf = new Int32Array(nFeatures).fill(-1)
  const firstCode = new Int32Array(nFeatures).fill(1)
  const cuts: Float32Array[] = []
  const columns: Uint8Array[] = []
  const nCodes: number[] = []
  const column = new Float64Array(nSamples)
  let openColumn = -1 // the column that further features may share

  for (let feature = 0; feature < nFeatures; feature++) {
    checkpoint(feature / nFeatures)
    for (let i = 0; i < nSamples; i++) column[i] = Math.fround(values[i * nFeatures + feature]!)
    const order = argsortAscending(column)
    const featureCuts = cutsOf(column, order, weights, maxBins - 1)
    const bins = featureCuts.length + 1
    cuts.push(featureCuts)
    nBins[feature] = bins

    const codes = new Uint8Array(nSamples)
    let bin = 0
    let aboveLowest = 0
    for (let rank = 0; rank < nSamples; rank++) {
      const i = order[rank]!
      const value = column[i]!
      while (bin < bins && !(value <= (featureCuts[bin] ?? Infinity))) bin++
      if (bin > 0) aboveLowest++
      codes[i] = bin // NaN passes every cut: missing is the code after the last bin
    }
    const nMissing = bin === bins ? countMissing(column, order) : 0
    hasMissing[feature] = nMissing > 0 ? 1 : 0
    if (bins + hasMissing[feature]! < 2 || nMissing === nSamples) continue

    const fits = openColumn >= 0 && nMissing === 0 && nCodes[openColumn]! + bins - 1 <= MAX_CODES
    if (fits && isDisjoint(columns[openColumn]!, codes)) {
      const shared = columns[openColumn]!
      const shift = nCodes[openColumn]! - 1
      for (let i = 0; i < nSamples; i++) if (codes[i]! > 0) shared[i] = codes[i]! + shift
      columnOf[feature] = openColumn
      firstCode[feature] = shift + 1
      nCodes[openColumn]! += bins - 1
      continue
    }
    columnOf[feature] = columns.length
    columns.push(codes)
    nCodes.push(bins + hasMissing[feature]!)
    if (nMissing === 0 && 2 * aboveLowest < nSamples) openColumn = columns.length - 1
  }
  return { nSamples, cuts, nBins, hasMissing, columnOf, firstCode, columns, nCodes }
}

/** Cuts of one feature: at most maxValueBins − 1. */
function cutsOf(
  column: Float64Array,
  order: Int32Array,
  weights: Float64Array | null,
  maxValueBins: number,
): Float32Array {
  let nDistinct = 0
  let remaining = 0
  let previous = NaN
  for (let rank = 0; rank < order.length; rank++) {
    const i = order[rank]!
    const value = column[i]!
    const weight = weights === null ? 1 : weights[i]!
    if (value !== value) break
    if (weight === 0) continue
    remaining += weight
    if (value !== previous) nDistinct++
    previous = value
  }
  const everyValue = nDistinct <= maxValueBins
  const cuts: number[] = []
  let collected = 0
  previous = NaN
  for (let rank = 0; rank < order.length && cuts.length + 1 < maxValueBins; rank++) {
    const i = order[rank]!
    const value = column[i]!
    const weight = weights === null ? 1 : weights[i]!
    if (value !== value) break
    if (weight === 0) continue
    const isFull = everyValue || collected * (maxValueBins - cuts.length) >= remaining
    if (value > previous && isFull) {
      cuts.push(cutBetween(previous, value))
      remaining -= collected
      collected = 0
    }
    collected += weight
    previous = value
  }
  return Float32Array.from(cuts)
}

/** A float32 cut with low ≤ cut < high, half-way where float32 has a number there. */
function cutBetween(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2)
  return middle >= low && middle < high ? middle : low
}

function countMissing(column: Float64Array, order: Int32Array): number {
  let count = 0
  while (count < order.length && Number.isNaN(column[order[order.length - 1 - count]!]!)) count++
  return count
}

/** Whether no sample is above code 0 in both. */
function isDisjoint(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i]! > 0 && b[i]! > 0) return false
  return true
}
