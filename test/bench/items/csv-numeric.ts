import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { defaultCsvOptions } from '#main/files/csv/csv-types.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly path: string
  dataset: Dataset | null
}

export const item: BenchItem<State> = {
  name: 'csv-numeric',
  about: 'read a CSV file of 31 columns of numbers into memory; the file is in the page cache',
  prepare: ({ table }) => ({ path: table.csvPath, dataset: null }),
  run(state) {
    state.dataset = parseCsvFile(state.path, defaultCsvOptions)
  },
  check: ({ dataset }) => ({ rows: dataset!.nRows, columns: dataset!.columns.length }),
  peer: { script: 'peer_bench.py', item: 'read_csv_pandas' },
  bar: 1,
  grows: true,
}
