import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Column, Dataset } from '#shared/core/dataset/dataset.ts'

import type { ByteSource } from './byte-source.ts'
import { openFileSource } from './byte-source.ts'
import type { CsvChunkColumn, CsvOptions, CsvSummary } from './csv-types.ts'
import { parseCsv } from './parse-csv.ts'

/**
 * Reads a whole CSV file into memory, in this thread.
 *
 * @throws InputError as `parseCsv` does.
 */
export function parseCsvFile(path: string, options: CsvOptions): Dataset {
  const source = openFileSource(path)
  try {
    return parseCsvSource(source, options).dataset
  } finally {
    source.close()
  }
}

/** As `parseCsvFile`, from any source, with the summary of what was found. */
export function parseCsvSource(
  source: ByteSource,
  options: CsvOptions,
): { readonly dataset: Dataset; readonly summary: CsvSummary } {
  let chunks: (readonly CsvChunkColumn[])[] = []
  let levels: readonly (readonly string[] | null)[] = []
  const summary = parseCsv(
    source,
    options,
    {
      begin: () => {
        chunks = []
      },
      chunk: (columns) => {
        chunks.push(columns)
      },
      finish: (_, finalLevels) => {
        levels = finalLevels
      },
    },
    noCheckpoint,
  )
  const { nRows } = summary
  const columns = summary.columns.map(({ name, kind }, position): Column => {
    const parts = chunks.map((chunk) => chunk[position]!)
    if (kind === 'numeric') {
      const values = new Float64Array(nRows)
      let row = 0
      for (const part of parts) {
        if (part.kind !== 'numeric') continue
        values.set(part.values, row)
        row += part.values.length
      }
      return { kind, name, values }
    }
    const codes = new Int32Array(nRows)
    let row = 0
    for (const part of parts) {
      if (part.kind !== 'categorical') continue
      codes.set(part.codes, row)
      row += part.codes.length
    }
    return { kind, name, codes, levels: levels[position]! }
  })
  return { dataset: { nRows, columns }, summary }
}
