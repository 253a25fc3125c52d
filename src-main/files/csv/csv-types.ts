/** How to read a CSV file. */
export interface CsvOptions {
  /** One ASCII character; null infers it among comma, semicolon, tab and vertical bar. */
  readonly delimiter: string | null
  /**
   * Texts that stand for a missing value, compared after trimming blanks; null means
   * `defaultMissing`. An empty cell is always missing.
   */
  readonly missing: readonly string[] | null
  /** What becomes of rows with more or fewer cells than the header. */
  readonly ragged: 'refuse' | 'skip' | 'pad'
  /** Kinds by column name that inference must not change. */
  readonly kinds: Readonly<Record<string, 'numeric' | 'categorical'>>
}

/** The texts that count as missing unless the user names others. */
export const defaultMissing: readonly string[] = [
  '',
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'null',
  'NULL',
  '#N/A',
  '?',
]

/** Infer everything, refuse ragged rows. */
export const defaultCsvOptions: CsvOptions = {
  delimiter: null,
  missing: null,
  ragged: 'refuse',
  kinds: {},
}

export interface CsvColumnSummary {
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
  readonly missing: number
  /** Number of levels of a categorical column, null for a numeric one. */
  readonly distinct: number | null
  /** True for texts of which no two rows share one: an identifier, not a feature. */
  readonly allDistinct: boolean
}

/** What was found in a file. */
export interface CsvSummary {
  readonly nRows: number
  readonly delimiter: string
  /** Rows with more or fewer cells than the header, that were skipped or padded. */
  readonly raggedRows: number
  readonly firstRaggedRow: number | null
  readonly columns: readonly CsvColumnSummary[]
  /** What the reader decided on its own and the user should know, a sentence each. */
  readonly notes: readonly string[]
}

/** The values of one column in one chunk. The receiver owns the arrays. */
export type CsvChunkColumn =
  | { readonly kind: 'numeric'; readonly values: Float64Array<ArrayBuffer> }
  | { readonly kind: 'categorical'; readonly codes: Int32Array<ArrayBuffer> }

/** Rows in a chunk; only the last chunk of a file has fewer. */
export const chunkRows = 16_384

/** Receives the table in order, chunk by chunk. */
export interface CsvSink {
  /** Starts from scratch; called again when a column's kind had to be revised. */
  begin(): void
  chunk(columns: readonly CsvChunkColumn[], nRows: number): void | Promise<void>
  /** @param levels  The texts that codes stand for, per column; null for a numeric column. */
  finish(summary: CsvSummary, levels: readonly (readonly string[] | null)[]): void | Promise<void>
}
