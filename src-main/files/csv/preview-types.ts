/** A CSV file as it would be read. */
import type { CsvSummary } from './csv-types.ts'

export interface CsvPreview extends Omit<CsvSummary, 'columns'> {
  readonly sizeBytes: number
  readonly columns: readonly CsvPreviewColumn[]
  readonly firstRows: readonly CsvPreviewRow[]
  /** Drawn evenly from the whole file, in its order. */
  readonly randomRows: readonly CsvPreviewRow[]
  /** Rows that repeat another in every column. */
  readonly repeatedRows: number
}

export interface CsvPreviewRow {
  /** Line of the file, the header being 1. */
  readonly row: number
  /** One text per column, null where the value is missing; a long one is cut. */
  readonly cells: readonly (string | null)[]
}

export interface CsvPreviewColumn {
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
  readonly missing: number
  /** Null when a numeric column has more than were counted. */
  readonly distinct: number | null
  /** True for a column of which no two rows share a value, as far as that is known. */
  readonly allDistinct: boolean
  /** Of a numeric column that has values; the median of evenly drawn rows where there are many. */
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null
  /** The commonest, at most 12. */
  readonly values: readonly { readonly text: string; readonly count: number }[]
  /** Texts in a column that is mostly numbers, with the first of them. */
  readonly contradictions: {
    readonly count: number
    readonly rows: readonly { readonly row: number; readonly text: string }[]
  }
  readonly suggestedRole: SuggestedRole | null
  readonly suggestionReason: string | null
}

export type SuggestedRole = 'target' | 'id' | 'time' | 'amount' | 'ignore'
