/**
 * Tables of the report as plain data. The page, its downloads and the CSV files of the command line
 * are all made from them, so that they can't disagree.
 */
import type { Bounds } from './number-text.ts'
import type { Proportion } from './proportion.ts'

export type Cell = string | number | null

export interface ReportTable {
  /** Name of its CSV file, without the extension. */
  readonly name: string
  readonly title: string
  /** Names of the fields, as in the first line of a CSV file. */
  readonly header: readonly string[]
  /** One value a field; numbers in full precision, null where there is none. */
  readonly rows: readonly (readonly Cell[])[]
  /** What the page shows of it, column by column. */
  readonly columns: readonly ReportColumn[]
}

/** A column on the page; it may take in several fields: a value, its counts, its interval. */
export interface ReportColumn {
  readonly title: string
  readonly format: CellFormat
  /** Of each row, where they differ. */
  readonly formats?: readonly CellFormat[]
  /** What its amounts are shown with; null for bare numbers. */
  readonly currency: string | null
  readonly field: number
  /** Fields with the ends of its interval. */
  readonly interval: readonly [number, number] | null
  /** Fields with the numerator and the denominator. */
  readonly proportion: readonly [number, number] | null
  /** Words for a value that is null. */
  readonly absent: string
}

export type CellFormat =
  | 'text'
  | 'count'
  | 'amount'
  | 'amount-change'
  | 'percent'
  | 'metric-2'
  | 'metric-3'
  | 'metric-4'
  | 'times'
  | 'threshold'

/** One column while a table is being made. */
export interface ColumnOf<Item> {
  readonly field: string
  readonly title: string
  readonly format: CellFormat
  /** Where rows are of different kinds. */
  readonly formatOf?: (item: Item) => CellFormat
  readonly currency?: string | null
  readonly value: (item: Item) => Cell
  readonly interval?: (item: Item) => Bounds | null
  readonly proportion?: (item: Item) => Proportion | null
  readonly absent?: string
}

export function tableOf<Item>(
  name: string,
  title: string,
  items: readonly Item[],
  columns: readonly ColumnOf<Item>[],
): ReportTable {
  const header: string[] = []
  const readers: ((item: Item) => Cell)[] = []
  const add = (field: string, reader: (item: Item) => Cell): number => {
    readers.push(reader)
    return header.push(field) - 1
  }
  const shown = columns.map((column): ReportColumn => {
    const { field, interval, proportion } = column
    return {
      title: column.title,
      format: column.format,
      ...(column.formatOf === undefined ? {} : { formats: items.map(column.formatOf) }),
      currency: column.currency ?? null,
      absent: column.absent ?? 'not defined',
      field: add(field, column.value),
      proportion:
        proportion === undefined
          ? null
          : [
              add(`${field}_count`, (item) => proportion(item)?.count ?? null),
              add(`${field}_of`, (item) => proportion(item)?.of ?? null),
            ],
      interval:
        interval === undefined
          ? null
          : [
              add(`${field}_lower`, (item) => interval(item)?.lower ?? null),
              add(`${field}_upper`, (item) => interval(item)?.upper ?? null),
            ],
    }
  })
  const rows = items.map((item) => readers.map((read) => read(item)))
  return { name, title, header, rows, columns: shown }
}

/** A threshold that no probability reaches is infinite; a table has words for that. */
export function thresholdCell(threshold: number): Cell {
  return Number.isFinite(threshold) ? threshold : 'no alert'
}

/** A table of two columns: what, and what it is. */
export function pairs(
  name: string,
  title: string,
  items: readonly (readonly [string, Cell])[],
): ReportTable {
  return tableOf(name, title, items, [
    { field: 'item', title: 'Item', format: 'text', value: ([item]) => item },
    {
      field: 'value',
      title: 'Value',
      format: 'text',
      value: ([, value]) => value,
      absent: 'not stated',
    },
  ])
}
