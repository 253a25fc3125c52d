/**
 * What samplers see of a table, and the way from there to what models see.
 *
 * A model without missing values needs them filled in, and a feature that says which were. A sampler
 * does better without: distances then compare what both samples have, and a synthetic sample lacks
 * what both of its parents lack. So sampling comes first, on standardised numbers with NaN for
 * missing, and filling in comes after, by the statistics of the original training samples. Categories
 * are one 0/1 feature each, or a code per column for samplers that keep them whole.
 */
import type { Column } from '../dataset/dataset.ts'
import type { Matrix } from '../math/matrix.ts'
import { encode } from './encoder.ts'
import type { EncodedFeature, Encoder, FittedCategoricalColumn, FittedColumn } from './encoder.ts'

export type CategoriesInSpace = 'one_hot' | 'codes'

/** Whether a numeric column lacks a value in one of the samples. */
export function lacksValues(columns: readonly Column[], samples: Int32Array): boolean {
  return columns.some(
    (column) =>
      column.kind === 'numeric' && samples.some((row) => Number.isNaN(column.values[row]!)),
  )
}

/**
 * The encoder of the sampling space that belongs to a fitted one: same numbers, same levels, no
 * features for missing values.
 */
function spaceEncoder({ columns }: Encoder): Encoder {
  const plain = columns.map((column): FittedColumn =>
    column.kind === 'numeric' ? { ...column, missingIndicator: false } : { ...column, codes: null },
  )
  const features = plain.flatMap(featuresOf)
  return { columns: plain, features, featureNames: features.map(({ column }) => column) }
}

/** @returns Numbers standardised, NaN where missing; a code is the position of the level, NaN for none. */
export function encodeForSampling(
  encoder: Encoder,
  columns: readonly Column[],
  samples: Int32Array,
  categories: CategoriesInSpace,
): { readonly X: Matrix; readonly isCategorical: readonly boolean[] } {
  const plain = spaceEncoder(encoder)
  const asCodes = categories === 'codes'
  const widths = plain.columns.map((column) => widthOf(column, asCodes))
  const nFeatures = widths.reduce((sum, width) => sum + width, 0)
  const values = new Float64Array(samples.length * nFeatures)
  let feature = 0
  plain.columns.forEach((fitted, c) => {
    const part = encode(
      { ...plain, columns: [fitted], features: featuresOf(fitted) },
      columns,
      samples,
    )
    const column = columns.find(({ name }) => name === fitted.name)!
    for (let i = 0; i < samples.length; i++) {
      const at = i * nFeatures + feature
      if (column.kind === 'numeric') {
        values[at] = Number.isNaN(column.values[samples[i]!]!) ? NaN : part.values[i]!
      } else if (asCodes) {
        const row = part.values.subarray(i * part.nFeatures, (i + 1) * part.nFeatures)
        const code = row.indexOf(1)
        values[at] = code < 0 ? NaN : code
      } else {
        for (let f = 0; f < part.nFeatures; f++)
          values[at + f] = part.values[i * part.nFeatures + f]!
      }
    }
    feature += widths[c]!
  })
  const isCategorical = plain.columns.flatMap((column, c) =>
    new Array<boolean>(widths[c]!).fill(asCodes && column.kind === 'categorical'),
  )
  return { X: { values, nSamples: samples.length, nFeatures }, isCategorical }
}

function widthOf(column: FittedColumn, asCodes: boolean): number {
  return column.kind === 'numeric' || asCodes ? 1 : column.levels.length
}

function featuresOf(column: FittedColumn): EncodedFeature[] {
  return column.kind === 'numeric'
    ? [{ column: column.name, kind: 'numeric' }]
    : column.levels.map((level) => ({ column: column.name, kind: 'level', level }))
}

/** What models see of samples in the sampling space. */
export function completeEncoding(
  encoder: Encoder,
  space: Matrix,
  categories: CategoriesInSpace,
): Matrix {
  const asCodes = categories === 'codes'
  const nFeatures = encoder.features.length
  const { nSamples } = space
  const values = new Float64Array(nSamples * nFeatures)
  let from = 0
  let to = 0
  for (const column of encoder.columns) {
    const width = widthOf(column, asCodes)
    for (let i = 0; i < nSamples; i++) {
      const at = i * nFeatures + to
      const spaceAt = i * space.nFeatures + from
      if (column.kind === 'numeric') {
        const value = space.values[spaceAt]!
        const isMissing = Number.isNaN(value)
        if (isMissing && column.missingIndicator) values[at + 1] = 1
        if (column.median === null) continue
        const filled = (column.median / 2 - column.mean / 2) / (column.scale / 2)
        values[at] = isMissing ? filled : value
      } else {
        completeCategory(
          column,
          space.values.subarray(spaceAt, spaceAt + width),
          asCodes,
          values,
          at,
        )
      }
    }
    from += width
    to += column.kind === 'numeric' ? (column.missingIndicator ? 2 : 1) : modelWidth(column)
  }
  return { values, nSamples, nFeatures }
}

function modelWidth({ levels, codes }: FittedCategoricalColumn): number {
  return codes === null ? levels.length : 1
}

function completeCategory(
  { levels, codes }: FittedCategoricalColumn,
  category: Float64Array,
  asCodes: boolean,
  out: Float64Array,
  at: number,
): void {
  if (codes === null && !asCodes) {
    out.set(category, at)
    return
  }
  const position = asCodes ? category[0]! : category.indexOf(1)
  const isKnown = position >= 0 && position < levels.length
  if (codes !== null) out[at] = isKnown ? codes[position]! : NaN
  else if (isKnown) out[at + position] = 1
}
