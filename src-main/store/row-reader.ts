import { keptRows } from '#shared/core/dataset/correct-labels.ts'

import type { Connection } from './connection.ts'
import { createCorrectionReader } from './label-corrections.ts'
import type { StoredCorrection } from './label-corrections.ts'
import {
  categorical,
  correctColumn,
  damaged,
  orDamaged,
  readTexts,
  rowsOf,
} from './packed-column.ts'
import type { ColumnValues, PackedColumn } from './packed-column.ts'
import { unpackNumbers } from './packed-numbers.ts'
import type { IndexedTexts } from './packed-texts.ts'
import { ProjectError } from './project-error.ts'

export interface RowReader {
  /**
   * Some rows of some columns, reading only the chunks that hold them.
   *
   * @param positions Of the columns, in the order in which they come back.
   * @throws ProjectError `dataset_not_found`, `project_damaged`. RangeError for a position or rows
   *   that the version doesn't have.
   */
  read(
    versionId: number,
    positions: readonly number[],
    firstRow: number,
    nRows: number,
  ): ColumnValues[]
  /**
   * A whole column as it lies in the project, for `unpackColumn` in another thread.
   *
   * @throws ProjectError `dataset_not_found`. RangeError for a position that no column has.
   */
  readPacked(versionId: number, position: number): PackedColumn
}

/** Beyond this, values are read once and not kept: they would drive everything else out. */
const mostRowsKept = 4 * 16384

/** Decoded values to keep at hand, in bytes: a screen of a wide table many times over. */
const mostCachedBytes = 96 * 2 ** 20

export function createRowReader(connection: Connection): RowReader {
  const { database, file } = connection
  const selectVersion = database.prepare<[number], { n_rows: number }>(
    `SELECT n_rows FROM dataset_versions WHERE id = ? AND state = 'ready'`,
  )
  const selectColumn = database.prepare<[number, number], Pick<PackedColumn, 'name' | 'kind'>>(
    'SELECT name, kind FROM columns WHERE dataset_version_id = ? AND position = ?',
  )
  const selectChunks = database.prepare<
    [number, number, number, number],
    { first_row: number; n_rows: number }
  >(
    `SELECT first_row, n_rows FROM column_chunks
    WHERE dataset_version_id = ? AND position = ? AND first_row < ? AND first_row + n_rows > ?
    ORDER BY first_row`,
  )
  const selectData = database
    .prepare<[number, number, number], Buffer>(
      `SELECT data FROM column_chunks
      WHERE dataset_version_id = ? AND position = ? AND first_row = ?`,
    )
    .pluck()
  const selectDictionary = database
    .prepare<[number, number], Buffer>(
      'SELECT data FROM dictionaries WHERE dataset_version_id = ? AND position = ?',
    )
    .pluck()
  const cache = createByteCache(mostCachedBytes)
  const correctionOf = createCorrectionReader(connection)
  const kept = new Map<number, Int32Array>()

  /** Where the rows of a corrected version lie in its base. */
  const keptOf = (versionId: number, nBaseRows: number, excluded: Int32Array): Int32Array => {
    const known = kept.get(versionId) ?? keptRows(nBaseRows, excluded)
    kept.set(versionId, known)
    return known
  }

  const nRowsOf = (versionId: number): number => {
    const version = selectVersion.get(versionId)
    if (version === undefined) {
      throw new ProjectError(
        'dataset_not_found',
        `The project has no dataset version ${versionId}. Import the data first.`,
        file,
      )
    }
    return version.n_rows
  }
  const columnAt = (versionId: number, position: number): Pick<PackedColumn, 'name' | 'kind'> => {
    const column = selectColumn.get(versionId, position)
    if (column === undefined) {
      throw new RangeError(`position must be one of a column, got ${position}`)
    }
    return column
  }
  const dataOf = (versionId: number, position: number, firstRow: number): Buffer =>
    selectData.get(versionId, position, firstRow) ?? Buffer.alloc(0)
  const dictionaryOf = (versionId: number, position: number): Buffer =>
    selectDictionary.get(versionId, position) ?? Buffer.alloc(0)

  /** Reads the rows of the base, then takes out and puts in what was corrected. */
  const readCorrected = (
    correction: StoredCorrection,
    positions: readonly number[],
    firstRow: number,
    nRows: number,
  ): ColumnValues[] => {
    const { versionId, baseVersionId, excluded } = correction
    const base = selectVersion.get(baseVersionId)!
    const wanted = keptOf(versionId, base.n_rows, excluded).subarray(firstRow, firstRow + nRows)
    const first = wanted[0] ?? 0
    const columns = read(baseVersionId, positions, first, (wanted.at(-1) ?? first - 1) + 1 - first)
    return columns.map((column, i) =>
      correctColumn(column, wanted, relabelledBy(correction, positions[i]!), first),
    )
  }

  const read = (
    versionId: number,
    positions: readonly number[],
    firstRow: number,
    nRows: number,
  ): ColumnValues[] => {
    const most = nRowsOf(versionId)
    if (firstRow + nRows > most) {
      throw new RangeError(`rows must end by ${most}, got ${firstRow} to ${firstRow + nRows}`)
    }
    const correction = correctionOf(versionId)
    if (correction !== null) return readCorrected(correction, positions, firstRow, nRows)
    return positions.map((position): ColumnValues => {
      const { name, kind } = columnAt(versionId, position)
      const make = (length: number): Float64Array | Int32Array =>
        kind === 'numeric' ? new Float64Array(length) : new Int32Array(length)
      const values = make(nRows)
      let filled = 0
      const chunks = selectChunks.all(versionId, position, firstRow + nRows, firstRow)
      for (const { first_row: start, n_rows: length } of chunks) {
        const from = Math.max(firstRow, start)
        const to = Math.min(firstRow + nRows, start + length)
        filled += to - from
        const unpack = (target: Float64Array | Int32Array, offset: number): void => {
          orDamaged(file, rowsOf(name, start, length), () => {
            unpackNumbers(dataOf(versionId, position, start), target, offset, length)
          })
        }
        if (nRows > mostRowsKept && to - from === length) {
          unpack(values, from - firstRow)
          continue
        }
        const whole = cache.get(`${versionId} ${position} ${start}`, () => {
          const decoded = make(length)
          unpack(decoded, 0)
          return { value: decoded, bytes: decoded.byteLength }
        })
        values.set(whole.subarray(from - start, to - start), from - firstRow)
      }
      if (filled !== nRows) throw damaged(file, rowsOf(name, firstRow, nRows))
      if (values instanceof Float64Array) return { kind: 'numeric', name, values }
      const texts = cache.get(`${versionId} ${position} texts`, () => {
        const indexed = readTexts(file, name, dictionaryOf(versionId, position))
        return { value: indexed, bytes: indexed.sizeBytes }
      })
      return categorical(file, name, values, texts)
    })
  }

  const readPacked = (versionId: number, position: number): PackedColumn => {
    const nRows = nRowsOf(versionId)
    const correction = correctionOf(versionId)
    if (correction !== null) {
      const packed = readPacked(correction.baseVersionId, position)
      const rows = keptOf(versionId, nRowsOf(correction.baseVersionId), correction.excluded)
      const relabelled = relabelledBy(correction, position)
      return { ...packed, corrections: [...packed.corrections, { rows, relabelled }] }
    }
    const { name, kind } = columnAt(versionId, position)
    return {
      file,
      name,
      kind,
      nRows,
      chunks: selectChunks
        .all(versionId, position, nRows, 0)
        .map(({ first_row: firstRow, n_rows: length }) => ({
          firstRow,
          nRows: length,
          data: dataOf(versionId, position, firstRow),
        })),
      texts: kind === 'categorical' ? dictionaryOf(versionId, position) : Buffer.alloc(0),
      corrections: [],
    }
  }

  return {
    read: (versionId, positions, firstRow, nRows) =>
      connection.read(() => read(versionId, positions, firstRow, nRows)),
    readPacked: (versionId, position) => connection.read(() => readPacked(versionId, position)),
  }
}

/** New labels by the row of the base; none for columns that aren't corrected. */
function relabelledBy(
  { position: corrected, rows, labels }: StoredCorrection,
  position: number,
): ReadonlyMap<number, number> {
  return new Map(position === corrected ? Array.from(rows, (row, i) => [row, labels[i]!]) : [])
}

interface ByteCache {
  get<T extends Float64Array | Int32Array | IndexedTexts>(
    key: string,
    make: () => { readonly value: T; readonly bytes: number },
  ): T
}

/** Keeps what was used last, up to a number of bytes. */
function createByteCache(mostBytes: number): ByteCache {
  const entries = new Map<string, { readonly value: unknown; readonly bytes: number }>()
  let bytes = 0
  return {
    get<T>(key: string, make: () => { readonly value: T; readonly bytes: number }): T {
      const known = entries.get(key)
      if (known !== undefined) {
        // A map keeps the order of insertion: the one used last goes to the end.
        entries.delete(key)
        entries.set(key, known)
        return known.value as T
      }
      const made = make()
      entries.set(key, made)
      bytes += made.bytes
      for (const [oldest, { bytes: freed }] of entries) {
        if (bytes <= mostBytes || oldest === key) break
        entries.delete(oldest)
        bytes -= freed
      }
      return made.value
    },
  }
}
