/**
 * From table columns to the numbers that models see, fitted on training samples only.
 *
 * A numeric column becomes one feature: missing values get the median of the training samples,
 * then the mean is taken off and the result divided by the standard deviation. Where training
 * samples lack values a second feature can say so. A categorical column becomes one 0/1 feature
 * per level seen in training; texts that training did not see encode to zeros. Or it becomes one
 * feature of codes, for models that split categories themselves: a missing category and a text
 * that training did not see are NaN then.
 *
 * The fitted encoder is a plain record, so that it can be stored, sent to a worker and exported.
 * It finds its columns by name and its levels by text, because a later file may hold them in
 * another order.
 */
import { blockSum } from '../math/sum.ts'
import { compareCodePoints } from './code-point-order.ts'
import type { Matrix } from '../math/matrix.ts'
import type { CategoricalColumn, Column, NumericColumn } from '../dataset/dataset.ts'

export interface EncoderOptions {
  /** Adds a 0/1 feature per numeric column of which some, not all, training values are missing. */
  readonly missingIndicator: boolean
  /** Most levels kept per column, ≥ 1: the most frequent ones, ties in code point order. */
  readonly maxLevels: number
  /** Reads a missing category as the text `(missing)`; else it encodes to zeros. */
  readonly missingLevel: boolean
  /** `codes`: one feature per categorical column, `one_hot` when left out. */
  readonly categoricals?: 'one_hot' | 'codes'
}

/** What one output feature stands for. */
export interface EncodedFeature {
  readonly column: string
  /**
   * `missing`: 1 where a numeric value is missing. `level`: 1 where the category is `level`.
   * `code`: a number from 0 per category, NaN for none; the order means nothing.
   */
  readonly kind: 'numeric' | 'missing' | 'level' | 'code'
  readonly level?: string
}

export interface Encoder {
  /** In the order of the columns that it was fitted on. */
  readonly columns: readonly FittedColumn[]
  /** Length nFeatures. */
  readonly features: readonly EncodedFeature[]
  /** Length nFeatures: `age`, `age is missing`, `city=Rome`. */
  readonly featureNames: readonly string[]
}

export type FittedColumn = FittedNumericColumn | FittedCategoricalColumn

export interface FittedNumericColumn {
  readonly kind: 'numeric'
  readonly name: string
  /** Stands in for a missing value; null when no training sample has a value: always 0 then. */
  readonly median: number | null
  readonly mean: number
  /** Population standard deviation after imputation; 1 when that is 0. */
  readonly scale: number
  readonly missingIndicator: boolean
}

export interface FittedCategoricalColumn {
  readonly kind: 'categorical'
  readonly name: string
  /** In Unicode code point order; one feature each, but for codes. */
  readonly levels: readonly string[]
  /**
   * Code per level, in [0, 254]; null for one feature per level. Where there are more than 255
   * levels, the rarest share a code.
   */
  readonly codes: readonly number[] | null
  readonly missingLevel: boolean
}

/** Codes that trees can tell apart, missing not counted. */
const maxCodes = 255

const missingText = '(missing)'

/** A float32 still holds it, and a double its square; no training sample comes near. */
const largestFeature = 1e30

/** Deviations below this are too close to the smallest double to be divided by; they count as 0. */
const leastScale = 1e-300

/**
 * Fits an encoder on some samples of a table; the other rows are not looked at.
 *
 * @param samples Rows to fit on, at least one.
 * @throws RangeError when `samples` is empty or `maxLevels` is not an integer from 1.
 */
export function fitEncoder(
  columns: readonly Column[],
  samples: Int32Array,
  options: EncoderOptions,
): Encoder {
  if (samples.length === 0) throw new RangeError('samples must name at least one row, got none')
  if (!Number.isInteger(options.maxLevels) || options.maxLevels < 1) {
    throw new RangeError(`maxLevels must be an integer from 1, got ${options.maxLevels}`)
  }
  const fitted = columns.map((column) =>
    column.kind === 'numeric'
      ? fitNumeric(column, samples, options)
      : fitCategorical(column, samples, options),
  )
  const features = fitted.flatMap(featuresOf)
  return { columns: fitted, features, featureNames: features.map(nameOf) }
}

/**
 * The features of some samples, as a fitted encoder defines them.
 *
 * @param columns Any order, any further columns; the encoder takes its own by name.
 * @param samples Rows to encode, in this order.
 * @param roomFor Samples that the result has room for, itself included.
 * @returns nSamples × nFeatures, all finite but for codes: a value further than 1e30 standard deviations from
 *   the mean is set to that distance.
 * @throws RangeError when a column of the encoder is missing or of another kind.
 */
export function encode(
  encoder: Encoder,
  columns: readonly Column[],
  samples: Int32Array,
  roomFor = 0,
): Matrix {
  const nFeatures = encoder.features.length
  const nValues = samples.length * nFeatures
  const room = new Float64Array(Math.max(nValues, roomFor * nFeatures))
  const values = room.subarray(0, nValues)
  let feature = 0
  for (const fitted of encoder.columns) {
    const column = columns.find((candidate) => candidate.name === fitted.name)
    if (column === undefined) throw new RangeError(`column "${fitted.name}" is missing`)
    if (fitted.kind === 'numeric') {
      if (column.kind !== 'numeric') throw wrongKind(fitted, column)
      encodeNumeric(fitted, column, samples, values, feature, nFeatures)
    } else {
      if (column.kind !== 'categorical') throw wrongKind(fitted, column)
      encodeCategorical(fitted, column, samples, values, feature, nFeatures)
    }
    feature += featuresOf(fitted).length
  }
  const matrix = { values, nSamples: samples.length, nFeatures }
  return room.length > nValues ? { ...matrix, room } : matrix
}

function wrongKind(fitted: FittedColumn, column: Column): RangeError {
  return new RangeError(`column "${column.name}" must be ${fitted.kind}, got ${column.kind}`)
}

function featuresOf(fitted: FittedColumn): EncodedFeature[] {
  const column = fitted.name
  if (fitted.kind === 'categorical') {
    if (fitted.codes !== null) return [{ column, kind: 'code' }]
    return fitted.levels.map((level) => ({ column, kind: 'level', level }))
  }
  const numeric: EncodedFeature = { column, kind: 'numeric' }
  return fitted.missingIndicator ? [numeric, { column, kind: 'missing' }] : [numeric]
}

function nameOf({ column, kind, level }: EncodedFeature): string {
  if (kind === 'level') return `${column}=${level!}`
  return kind === 'missing' ? `${column} is missing` : column
}

function fitNumeric(
  { name, values }: NumericColumn,
  samples: Int32Array,
  options: EncoderOptions,
): FittedNumericColumn {
  const imputed = Float64Array.from(samples, (row) => values[row]!)
  const present = imputed.filter((value) => !Number.isNaN(value)).sort()
  if (present.length === 0) {
    return { kind: 'numeric', name, median: null, mean: 0, scale: 1, missingIndicator: false }
  }
  const middle = (present.length - 1) / 2
  // Halves before adding, so that two large values don't overflow.
  const median = present[Math.floor(middle)]! / 2 + present[Math.ceil(middle)]! / 2
  for (let i = 0; i < imputed.length; i++) if (Number.isNaN(imputed[i])) imputed[i] = median
  return {
    kind: 'numeric',
    name,
    median,
    ...meanAndScale(imputed, present[0]!, present[present.length - 1]!),
    missingIndicator: options.missingIndicator && present.length < samples.length,
  }
}

/**
 * Mean and population standard deviation of values between `least` and `greatest`; the deviation
 * 1 when they are all equal.
 *
 * Deviations are halved and divided by the largest of them before squaring: the halves of two
 * finite numbers differ by a finite number, and no square overflows or vanishes.
 */
function meanAndScale(
  values: Float64Array,
  least: number,
  greatest: number,
): { mean: number; scale: number } {
  // The mean of equal values is not always that value: 0.1 + 0.1 + 0.1 is not 3 · 0.1.
  if (least === greatest) return { mean: least, scale: 1 }
  const n = values.length
  const total = blockSum(values)
  const mean = Number.isFinite(total) ? total / n : blockSum(values.map((value) => value / n))
  const unit = Math.max(greatest / 2 - mean / 2, mean / 2 - least / 2)
  const squares = values.map((value) => {
    const deviation = (value / 2 - mean / 2) / unit
    return deviation * deviation
  })
  const scale = unit * Math.sqrt(blockSum(squares) / n) * 2
  return { mean, scale: scale >= leastScale ? scale : 1 }
}

function encodeNumeric(
  { median, mean, scale, missingIndicator }: FittedNumericColumn,
  { values }: NumericColumn,
  samples: Int32Array,
  out: Float64Array,
  feature: number,
  nFeatures: number,
): void {
  for (let i = 0, at = feature; i < samples.length; i++, at += nFeatures) {
    const value = values[samples[i]!]!
    const missing = Number.isNaN(value)
    if (missingIndicator && missing) out[at + 1] = 1
    if (median === null) continue
    // (x − mean) / scale; halved like above, which changes no bit of the result.
    const standardized = ((missing ? median : value) / 2 - mean / 2) / (scale / 2)
    out[at] = Math.max(-largestFeature, Math.min(largestFeature, standardized))
  }
}

function fitCategorical(
  column: CategoricalColumn,
  samples: Int32Array,
  { maxLevels, missingLevel, categoricals }: EncoderOptions,
): FittedCategoricalColumn {
  const asCodes = categoricals === 'codes'
  const countOfCode = new Int32Array(column.levels.length + 1)
  for (const row of samples) countOfCode[column.codes[row]! + 1]!++
  const counts = new Map<string, number>()
  countOfCode.forEach((count, codePlusOne) => {
    const text = textOfCode(column, codePlusOne - 1, missingLevel && !asCodes)
    if (count > 0 && text !== null) counts.set(text, (counts.get(text) ?? 0) + count)
  })
  const mostFrequentFirst = [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b))
    .map(([level]) => level)
  if (!asCodes) {
    const levels = mostFrequentFirst.slice(0, maxLevels).sort(compareCodePoints)
    return { kind: 'categorical', name: column.name, levels, codes: null, missingLevel }
  }
  const levels = mostFrequentFirst.toSorted(compareCodePoints)
  const shareOne = levels.length > maxCodes ? new Set(mostFrequentFirst.slice(maxCodes - 1)) : null
  let free = 0
  const codes = levels.map((level) => (shareOne?.has(level) === true ? maxCodes - 1 : free++))
  return { kind: 'categorical', name: column.name, levels, codes, missingLevel: false }
}

function encodeCategorical(
  { levels, codes, missingLevel }: FittedCategoricalColumn,
  column: CategoricalColumn,
  samples: Int32Array,
  out: Float64Array,
  feature: number,
  nFeatures: number,
): void {
  const positions = new Map(levels.map((level, position) => [level, position]))
  const positionOf = (code: number): number => {
    const text = textOfCode(column, code, missingLevel)
    return text === null ? -1 : (positions.get(text) ?? -1)
  }
  const positionOfMissing = positionOf(-1)
  const positionOfCode = Int32Array.from(column.levels, (_, code) => positionOf(code))
  for (let i = 0; i < samples.length; i++) {
    const code = column.codes[samples[i]!]!
    const position = code < 0 ? positionOfMissing : positionOfCode[code]!
    if (codes !== null) {
      out[i * nFeatures + feature] = position < 0 ? NaN : codes[position]!
      continue
    }
    if (position >= 0) out[i * nFeatures + feature + position] = 1
  }
}

/** The text that a code stands for, or null where it is missing and that is no level. */
function textOfCode(column: CategoricalColumn, code: number, missingLevel: boolean): string | null {
  if (code >= 0) return column.levels[code]!
  return missingLevel ? missingText : null
}
