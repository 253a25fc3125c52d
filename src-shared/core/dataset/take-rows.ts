import type { Column, Dataset } from './dataset.ts'

/** The table of some rows of another, in the order given. */
export function takeRows({ columns }: Dataset, rows: Int32Array): Dataset {
  return { nRows: rows.length, columns: columns.map((column) => takeValues(column, rows)) }
}

/** A column of some of its values; levels stay as they are, used or not. */
export function takeValues(column: Column, rows: Int32Array): Column {
  return column.kind === 'numeric'
    ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
    : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) }
}
