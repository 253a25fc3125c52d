/** A numeric column. NaN stands for a missing value; no value is infinite. */
export interface NumericColumn {
  readonly kind: 'numeric'
  readonly name: string
  /** Length nRows. */
  readonly values: Float64Array
}

/** A column of texts. */
export interface CategoricalColumn {
  readonly kind: 'categorical'
  readonly name: string
  /** Position in `levels` per row, −1 where the value is missing. Length nRows. */
  readonly codes: Int32Array
  /** The distinct texts, in order of first appearance. */
  readonly levels: readonly string[]
}

export type Column = NumericColumn | CategoricalColumn

/** One immutable version of a table of past cases. */
export interface Dataset {
  readonly nRows: number
  readonly columns: readonly Column[]
}

/**
 * What each column is for. Columns not named here are features, except those that `leftOut`
 * names in the import summary.
 */
export interface Roles {
  /** Column to predict. */
  readonly target: string
  /** The value of the target that is the positive class, as text; every other value is negative. */
  readonly positive: string
  readonly id: string | null
  readonly time: string | null
  /** Samples with one value of this column stay in one fold. */
  readonly group: string | null
  /** Money at stake per sample; stays a feature. */
  readonly amount: string | null
  /** Sample weight, ≥ 0; not a feature. */
  readonly weight: string | null
  readonly ignore: readonly string[]
}

/** Finds a column by name. */
export function findColumn(dataset: Dataset, name: string): Column | null {
  return dataset.columns.find((column) => column.name === name) ?? null
}

/** The text of one value as a person would write it, or null where it is missing. */
export function textOf(column: Column, row: number): string | null {
  if (column.kind === 'numeric') {
    const value = column.values[row]!
    return Number.isNaN(value) ? null : String(value)
  }
  const code = column.codes[row]!
  return code < 0 ? null : column.levels[code]!
}
