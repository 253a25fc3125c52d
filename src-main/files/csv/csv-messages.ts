import type { CsvChunkColumn, CsvOptions, CsvSummary } from './csv-types.ts'
import type { CsvPreview } from './preview-types.ts'

/** What the reading thread is told when it starts. */
export interface CsvWorkerData {
  readonly path: string
  readonly options: CsvOptions
  /** Hand over the chunks, or only say what is in them. */
  readonly task: 'read' | 'preview'
  /** Shared with the receiving thread; see `controlCells`. */
  readonly control: Int32Array<SharedArrayBuffer>
}

/** The cells of the shared control array. */
export const controlCells = {
  /** Chunks that the receiver has done with; the reader waits when too many are under way. */
  consumed: 0,
  /** 1 when the work is no longer wanted. */
  cancelled: 1,
  count: 2,
} as const

/**
 * What the reading thread says, in this order: begin, chunks, …, then finish or an error. A preview
 * is said in one message.
 */
export type CsvWorkerMessage =
  | { readonly type: 'begin' }
  | { readonly type: 'chunk'; readonly columns: readonly CsvChunkColumn[]; readonly nRows: number }
  | { readonly type: 'progress'; readonly fraction: number }
  | {
      readonly type: 'finish'
      readonly summary: CsvSummary
      readonly levels: readonly (readonly string[] | null)[]
    }
  | { readonly type: 'preview'; readonly preview: CsvPreview }
  | {
      readonly type: 'inputError'
      readonly message: string
      readonly row: number | null
      readonly column: string | null
    }
