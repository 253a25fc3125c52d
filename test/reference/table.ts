/** The tables of the reference folder, as golden cases ask for them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { findColumn } from '#shared/core/dataset/dataset.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import type { ReferenceColumns, ReferenceTable } from './handlers.ts'
import type { TableReader } from './checker.ts'

/** What `data/datasets.json` says of one CSV file, as far as it is needed here. */
interface DatasetDescription {
  readonly file: string
  readonly delimiter: string
  readonly target: string
  readonly positive: string
  readonly numeric: readonly string[]
  readonly categorical: readonly string[]
  readonly missing_tokens: readonly string[]
}

/** A CSV file of the folder, read with its description. */
interface ReferenceDataset {
  readonly dataset: Dataset
  readonly description: DatasetDescription
}

/**
 * Makes what answers `check.table`: the numeric columns that `input.columns` names (all numeric ones
 * without it) of the rows that `input.rows` names ([start, stop), all without it); with `unique`,
 * without the rows that equal an earlier one in these columns. Missing values are NaN. Each file is
 * read once, when a case first asks for it.
 */
export function createTableReader(folder: string): TableReader {
  const descriptions = JSON.parse(
    readFileSync(join(folder, 'data/datasets.json'), 'utf8'),
  ) as readonly DatasetDescription[]
  const datasets = new Map<unknown, ReferenceDataset>()

  const find = (input: TableRequest): ReferenceDataset => {
    const file = input.csv
    const description = descriptions.find((candidate) => candidate.file === file)
    if (description === undefined) {
      throw new Error(`input.csv must be a file of datasets.json, got ${JSON.stringify(file)}`)
    }
    const found = datasets.get(file) ?? readDataset(folder, description)
    datasets.set(file, found)
    return found
  }
  const read = (input: TableRequest): ReferenceTable => tableOf(find(input), input)
  return Object.assign(read, {
    columns: (input: TableRequest, names: readonly string[]) =>
      columnsOf(find(input), input, names),
  })
}

function readDataset(folder: string, description: DatasetDescription): ReferenceDataset {
  const kinds = [
    ...description.numeric.map((name) => [name, 'numeric'] as const),
    ...description.categorical.map((name) => [name, 'categorical'] as const),
  ]
  const dataset = parseCsvFile(join(folder, description.file), {
    delimiter: description.delimiter,
    missing: description.missing_tokens,
    ragged: 'refuse',
    kinds: Object.fromEntries(kinds),
  })
  return { dataset, description }
}

interface TableRequest {
  readonly csv?: unknown
  readonly columns?: readonly string[] | null
  readonly rows?: readonly [start: number, stop: number] | null
  readonly unique?: boolean | null
}

function tableOf(
  { dataset, description }: ReferenceDataset,
  { columns, rows, unique }: TableRequest,
): ReferenceTable {
  const values = (columns ?? description.numeric).map((name) => {
    const column = findColumn(dataset, name)
    if (column?.kind !== 'numeric') throw new Error(`${description.file}: ${name} is not numeric`)
    return column.values
  })
  const isPositive = positiveTest(dataset, description)

  const [start, stop] = rows ?? [0, dataset.nRows]
  const seen = new Set<string>()
  const kept: number[] = []
  for (let row = start; row < stop; row++) {
    const key = unique === true ? values.map((column) => column[row]).join() : String(row)
    if (!seen.has(key)) kept.push(row)
    seen.add(key)
  }

  const X = new Float64Array(kept.length * values.length)
  kept.forEach((row, i) => {
    values.forEach((column, j) => {
      X[i * values.length + j] = column[row]!
    })
  })
  return {
    X,
    nRows: kept.length,
    nColumns: values.length,
    y: Uint8Array.from(kept, (row) => (isPositive(row) ? 1 : 0)),
  }
}

function columnsOf(
  { dataset, description }: ReferenceDataset,
  { rows }: TableRequest,
  names: readonly string[],
): ReferenceColumns {
  const [start, stop] = rows ?? [0, dataset.nRows]
  const isPositive = positiveTest(dataset, description)
  return {
    columns: names.map((name) => {
      const column = findColumn(dataset, name)
      if (column === null) throw new Error(`${description.file}: there is no column ${name}`)
      return column.kind === 'numeric'
        ? { ...column, values: column.values.slice(start, stop) }
        : { ...column, codes: column.codes.slice(start, stop) }
    }),
    yTrue: Uint8Array.from({ length: stop - start }, (_, i) => (isPositive(start + i) ? 1 : 0)),
  }
}

/** Tells whether the label of a row is the positive one. */
function positiveTest(
  dataset: Dataset,
  { file, target, positive }: DatasetDescription,
): (row: number) => boolean {
  const column = findColumn(dataset, target)
  if (column === null) throw new Error(`${file}: there is no column ${target}`)
  if (column.kind === 'numeric') return (row) => column.values[row] === Number(positive)
  return (row) => column.codes[row]! >= 0 && column.levels[column.codes[row]!] === positive
}
