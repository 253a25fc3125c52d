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
 * Categories. A feature of category codes has a bin per code and a column of its own.
 *
 * Source of the sharing: Ke et al. (2017), "LightGBM", NeurIPS, section 4 (exclusive feature
 * bundling), without conflicts and with neighbours only.
 */
import { CODES_PER_COLUMN } from '../kernels/boosting.ts'
import type { BoostingKernels, FeatureBins, SampleMemory } from '../kernels/boosting.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'

export interface BinnedFeatures {
  /** Per feature: increasing upper bounds of all bins but the last, none for categories. */
  readonly cuts: readonly Float32Array[]
  /** Per feature: bins of values, missing not counted. */
  readonly nBins: Int32Array
  /** Per feature: 1 where some sample lacks a value; its code comes after that of the last bin. */
  readonly hasMissing: Uint8Array
  /** Per feature: the column that holds it, −1 for a constant feature. */
  readonly columnOf: Int32Array
  /** Per feature: the code of bin 1 in its column. */
  readonly firstCode: Int32Array
  /** Per column: its number of codes, at most 256. */
  readonly nCodes: readonly number[]
  /** Per feature: 1 where bins are categories. */
  readonly isCategorical: Uint8Array
}

const MAX_CATEGORIES = 255
const FEATURES_AT_ONCE = 4 // so many features are copied out of X in one pass over its rows

/**
 * Bins all features into columns of `memory`, which has the weights of samples set.
 *
 * @param X       Missing values are NaN.
 * @param maxBins Bins per feature of numbers, missing included, in [2, 256].
 * @param categorical See `TrainingSet.isCategorical`.
 * @throws RangeError when a category's code is not a whole number in [0, 254].
 */
export function binFeatures(
  X: Matrix,
  maxBins: number,
  memory: SampleMemory,
  kernels: BoostingKernels,
  checkpoint: Checkpoint,
  categorical: readonly boolean[] = [],
): BinnedFeatures {
  const { nSamples, nFeatures } = X
  const nBins = new Int32Array(nFeatures)
  const hasMissing = new Uint8Array(nFeatures)
  const isCategorical = Uint8Array.from({ length: nFeatures }, (_, k) =>
    Number(categorical[k] ?? 0),
  )
  const columnOf = new Int32Array(nFeatures).fill(-1)
  const firstCode = new Int32Array(nFeatures).fill(1)
  const cuts: Float32Array[] = []
  const nCodes: number[] = []
  let openColumn = -1 // the column that further features may share

  for (let feature = 0; feature < nFeatures; feature++) {
    checkpoint(feature / nFeatures)
    const position = feature % FEATURES_AT_ONCE
    if (position === 0) copyFeatures(X, feature, memory.values)
    const values = memory.values.subarray(position * nSamples, (position + 1) * nSamples)
    const codes = kernels.addColumn(memory)
    const bins: FeatureBins & { readonly nBins?: number } =
      isCategorical[feature] === 1
        ? binCategories(values, codes)
        : kernels.binFeature(memory, values, maxBins - 1, codes)
    cuts.push(bins.cuts)
    const nValueBins = bins.nBins ?? bins.cuts.length + 1
    nBins[feature] = nValueBins
    hasMissing[feature] = bins.nMissing > 0 ? 1 : 0
    if (nValueBins + hasMissing[feature]! < 2 || bins.nMissing === nSamples) {
      kernels.dropColumn(memory)
      continue
    }
    const fits =
      openColumn >= 0 &&
      isCategorical[feature] === 0 &&
      bins.nMissing === 0 &&
      nCodes[openColumn]! + nValueBins - 1 <= CODES_PER_COLUMN
    if (fits && isDisjoint(memory.columns[openColumn]!, codes)) {
      const shared = memory.columns[openColumn]!
      const shift = nCodes[openColumn]! - 1
      for (let i = 0; i < nSamples; i++) if (codes[i]! > 0) shared[i] = codes[i]! + shift
      columnOf[feature] = openColumn
      firstCode[feature] = shift + 1
      nCodes[openColumn]! += nValueBins - 1
      kernels.dropColumn(memory)
      continue
    }
    columnOf[feature] = memory.columns.length - 1
    nCodes.push(nValueBins + hasMissing[feature]!)
    const mayShare = bins.nMissing === 0 && isCategorical[feature] === 0
    if (mayShare && 2 * bins.nAboveLowest < nSamples) {
      openColumn = memory.columns.length - 1
    }
  }
  return { cuts, nBins, hasMissing, columnOf, firstCode, nCodes, isCategorical }
}

/** As `BoostingKernels.binFeature`, for codes of categories: the bin is the code. */
function binCategories(
  values: Float32Array,
  codes: Uint8Array,
): FeatureBins & { readonly nBins: number } {
  let nBins = 1
  let nMissing = 0
  for (const value of values) {
    if (Number.isNaN(value)) nMissing++
    else if (Number.isInteger(value) && value >= 0 && value < MAX_CATEGORIES) {
      nBins = Math.max(nBins, value + 1)
    } else {
      throw new RangeError(
        `codes of categories must be whole numbers from 0 to ${MAX_CATEGORIES - 1}, got ${value}`,
      )
    }
  }
  for (let i = 0; i < codes.length; i++) codes[i] = Number.isNaN(values[i]) ? nBins : values[i]!
  return { cuts: new Float32Array(0), nMissing, nAboveLowest: codes.length, nBins }
}

/** Copies features [first, first + 4) of X, as far as there are, one after the other. */
function copyFeatures({ values, nSamples, nFeatures }: Matrix, first: number, out: Float32Array) {
  const part = (k: number): Float32Array => out.subarray(k * nSamples, (k + 1) * nSamples)
  const count = Math.min(FEATURES_AT_ONCE, nFeatures - first)
  if (count === FEATURES_AT_ONCE) {
    const [a, b, c, d] = [part(0), part(1), part(2), part(3)]
    for (let i = 0, at = first; i < nSamples; i++, at += nFeatures) {
      a[i] = values[at]!
      b[i] = values[at + 1]!
      c[i] = values[at + 2]!
      d[i] = values[at + 3]!
    }
    return
  }
  for (let k = 0; k < count; k++) {
    const feature = part(k)
    for (let i = 0, at = first + k; i < nSamples; i++, at += nFeatures) feature[i] = values[at]!
  }
}

/** Whether no sample is above code 0 in both. */
function isDisjoint(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i]! > 0 && b[i]! > 0) return false
  return true
}
