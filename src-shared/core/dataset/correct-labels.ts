import type { Column, Dataset } from './dataset.ts'

/** Labels that are changed, and rows that are left out, against a base. */
export interface LabelCorrection {
  /** Name of the column that is changed. */
  readonly column: string
  /** Rows of the base whose label changes, ascending. */
  readonly rows: Int32Array
  /** Their new labels: numbers of a numeric column, positions in the levels of another. */
  readonly labels: Float64Array | Int32Array
  /** Rows of the base that are left out, ascending. */
  readonly excluded: Int32Array
}

/**
 * A table with labels corrected and rows left out. Columns that don't change are not copied.
 *
 * @throws RangeError when the correction names rows that the table doesn't have.
 */
export function correctLabels(
  { nRows, columns }: Dataset,
  { column: name, rows, labels, excluded }: LabelCorrection,
): Dataset {
  const beyond = Math.max(rows.at(-1) ?? -1, excluded.at(-1) ?? -1)
  if (beyond >= nRows) throw new RangeError(`rows must lie below ${nRows}, got ${beyond}`)
  const kept = keptRows(nRows, excluded)
  return {
    nRows: kept.length,
    columns: columns.map((column) =>
      withoutRows(column.name === name ? relabelled(column, rows, labels) : column, kept, nRows),
    ),
  }
}

/** Rows that stay, ascending: element i is where row i of the result lies in the base. */
export function keptRows(nRows: number, excluded: Int32Array): Int32Array {
  const left = new Set(excluded)
  const kept = new Int32Array(nRows - left.size)
  for (let row = 0, at = 0; at < kept.length; row++) if (!left.has(row)) kept[at++] = row
  return kept
}

function relabelled(column: Column, rows: Int32Array, labels: Float64Array | Int32Array): Column {
  if (column.kind === 'numeric') {
    const values = column.values.slice()
    rows.forEach((row, i) => {
      values[row] = labels[i]!
    })
    return { ...column, values }
  }
  const codes = column.codes.slice()
  rows.forEach((row, i) => {
    codes[row] = labels[i]!
  })
  return { ...column, codes }
}

function withoutRows(column: Column, kept: Int32Array, nRows: number): Column {
  if (kept.length === nRows) return column
  return column.kind === 'numeric'
    ? { ...column, values: Float64Array.from(kept, (row) => column.values[row]!) }
    : { ...column, codes: Int32Array.from(kept, (row) => column.codes[row]!) }
}
