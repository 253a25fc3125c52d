/** Data on their way in, and as they lie in the project. */
import type { CategoricalProfile, NumericProfile } from '../core/dataset/profile.ts'

export type ColumnKind = 'numeric' | 'categorical'

/** A file as it would be imported; nothing has been written. */
export interface ImportPreview {
  readonly fileId: string
  readonly name: string
  readonly sizeBytes: number
  readonly nRows: number
  readonly delimiter: string
  readonly raggedRows: number
  /** Line of the file, the header being 1; null when there is none. */
  readonly firstRaggedRow: number | null
  readonly notes: readonly string[]
  readonly columns: readonly PreviewColumn[]
  readonly firstRows: readonly PreviewRow[]
  /** Drawn evenly from the whole file, in its order. */
  readonly randomRows: readonly PreviewRow[]
  /** Rows that repeat another in every column. */
  readonly repeatedRows: number
}

export interface PreviewRow {
  /** Line of the file, the header being 1. */
  readonly row: number
  /** One text per column, null where the value is missing. */
  readonly cells: readonly (string | null)[]
}

export interface PreviewColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly missing: number
  /** Distinct values; null when there are more than were counted. */
  readonly distinct: number | null
  readonly allDistinct: boolean
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null
  /** The commonest values, at most 12: candidates for the positive class. */
  readonly values: readonly { readonly text: string; readonly count: number }[]
  /**
   * Values that speak against the other kind: texts in a column that is mostly numbers. Empty when
   * there are none or nearly all values are texts.
   */
  readonly contradictions: {
    readonly count: number
    readonly rows: readonly { readonly row: number; readonly text: string }[]
  }
  /** What its name and values suggest; null when it looks like a feature. */
  readonly suggestedRole: 'target' | 'id' | 'time' | 'amount' | 'ignore' | null
  readonly suggestionReason: string | null
}

export interface DatasetFacts {
  readonly versionId: number
  readonly name: string
  readonly number: number
  readonly nRows: number
  readonly sourceName: string
  readonly fingerprint: string
  readonly createdAt: string
  readonly columns: readonly {
    readonly name: string
    readonly kind: ColumnKind
    readonly missing: number
    /** Of a categorical column; null otherwise. */
    readonly levels: number | null
  }[]
}

/** A column, and how its values lie in both classes. */
export interface ClassProfile {
  readonly profile: NumericProfile | Omit<CategoricalProfile, 'counts'>
  /** Numbers: bins of equal width between the 0.5th and 99.5th percentile. Texts: commonest first. */
  readonly bins: readonly {
    readonly label: string
    readonly positives: number
    readonly negatives: number
  }[]
  readonly missingPositives: number
  readonly missingNegatives: number
  /** ROC AUC of the column alone, from 0.5; null for a constant, the target or an ignored column. */
  readonly rocAuc: number | null
}

export interface DatasetProfile {
  readonly versionId: number
  readonly positives: number
  readonly negatives: number
  readonly columns: readonly ClassProfile[]
}

/** Rows of the stored table, column by column. */
export interface GridPage {
  readonly firstRow: number
  readonly nRows: number
  readonly columns: readonly GridColumn[]
}

export interface GridColumn {
  readonly name: string
  /** Numbers with NaN for missing, or texts with null for missing. */
  readonly values: Float64Array | readonly (string | null)[]
}
