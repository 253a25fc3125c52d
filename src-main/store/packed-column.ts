import type { ProfiledColumn } from '#shared/core/dataset/class-profile.ts'
import { DamagedBlobError } from './blob.ts'
import { unpackNumbers } from './packed-numbers.ts'
import { indexTexts } from './packed-texts.ts'
import type { IndexedTexts } from './packed-texts.ts'
import { ProjectError } from './project-error.ts'

/** Values of one column, in the order asked for. */
export type ColumnValues = ProfiledColumn

/** A whole column as it lies in the project: cheap to read, and to hand to another thread. */
export interface PackedColumn {
  readonly file: string
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
  readonly nRows: number
  readonly chunks: readonly {
    readonly firstRow: number
    readonly nRows: number
    readonly data: Uint8Array
  }[]
  /** The texts of a categorical column; empty for numbers. */
  readonly texts: Uint8Array
  /** What makes it a column of a corrected version, first to last. */
  readonly corrections: readonly {
    /** Rows that stay, ascending. */
    readonly rows: Int32Array
    readonly relabelled: ReadonlyMap<number, number>
  }[]
}

/** @throws ProjectError `project_damaged`. */
export function unpackColumn(packed: PackedColumn): ColumnValues {
  return packed.corrections.reduce(
    (column, { rows, relabelled }) => correctColumn(column, rows, relabelled, 0),
    unpackStored(packed),
  )
}

/**
 * Some rows of a column, with new labels for some.
 *
 * @param first The row of the column that its values start with.
 */
export function correctColumn(
  column: ColumnValues,
  rows: Int32Array,
  relabelled: ReadonlyMap<number, number>,
  first: number,
): ColumnValues {
  const pick = (values: Float64Array | Int32Array) => (row: number) =>
    relabelled.get(row) ?? values[row - first]!
  return column.kind === 'numeric'
    ? { ...column, values: Float64Array.from(rows, pick(column.values)) }
    : { ...column, codes: Int32Array.from(rows, pick(column.codes)) }
}

function unpackStored(packed: PackedColumn): ColumnValues {
  const { file, name, kind, nRows, chunks } = packed
  const values = kind === 'numeric' ? new Float64Array(nRows) : new Int32Array(nRows)
  let filled = 0
  for (const { firstRow, nRows: length, data } of chunks) {
    orDamaged(file, rowsOf(name, firstRow, length), () => {
      unpackNumbers(
        Buffer.from(data.buffer, data.byteOffset, data.length),
        values,
        firstRow,
        length,
      )
    })
    filled += length
  }
  if (filled !== nRows) throw damaged(file, rowsOf(name, 0, nRows))
  if (values instanceof Float64Array) return { kind: 'numeric', name, values }
  const { buffer, byteOffset, length } = packed.texts
  const texts = readTexts(file, name, Buffer.from(buffer, byteOffset, length))
  return categorical(file, name, values, texts)
}

/** @throws ProjectError `project_damaged` where a code has no text. */
export function categorical(
  file: string,
  name: string,
  codes: Int32Array,
  { textAt, count: nLevels }: IndexedTexts,
): ColumnValues {
  if (codes.some((code) => code >= nLevels)) throw damaged(file, textsOf(name))
  return { kind: 'categorical', name, codes, textOf: textAt, nLevels }
}

/** @throws ProjectError `project_damaged`. */
export function readTexts(file: string, name: string, blob: Buffer): IndexedTexts {
  return orDamaged(file, textsOf(name), () => indexTexts(blob))
}

/** @throws ProjectError `project_damaged` where `work` finds a blob damaged. */
export function orDamaged<T>(file: string, what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof DamagedBlobError) throw damaged(file, what, error)
    throw error
  }
}

export function damaged(file: string, what: string, cause?: unknown): ProjectError {
  return new ProjectError(
    'project_damaged',
    `The project file is damaged: ${what} cannot be read. Restore the project from a backup, ` +
      'or import the data again.',
    file,
    cause,
  )
}

/** @param firstRow Counted from 0. */
export function rowsOf(name: string, firstRow: number, nRows: number): string {
  return `column "${name}", rows ${firstRow + 1} to ${firstRow + nRows},`
}

function textsOf(name: string): string {
  return `the list of texts in column "${name}"`
}
