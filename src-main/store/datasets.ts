import { correctLabels } from '#shared/core/dataset/correct-labels.ts'
import type { LabelCorrection } from '#shared/core/dataset/correct-labels.ts'
import type { Column, Dataset } from '#shared/core/dataset/dataset.ts'

import { DamagedBlobError } from './blob.ts'
import type { Connection } from './connection.ts'
import { toJson } from './json.ts'
import { createCorrectionReader } from './label-corrections.ts'
import type { StoredCorrection } from './label-corrections.ts'
import { packNumbers, unpackNumbers } from './packed-numbers.ts'
import { packTexts, unpackTexts } from './packed-texts.ts'
import { ProjectError } from './project-error.ts'

/** Most rows of a chunk, which is also what one transaction of an import writes. */
export const CHUNK_ROWS = 16384

/** Some rows of one column, on their way into the project. */
export type ChunkColumn =
  /** NaN stands for missing; no value is infinite. */
  | { readonly kind: 'numeric'; readonly values: Float64Array }
  /** −1 stands for missing. */
  | { readonly kind: 'categorical'; readonly codes: Int32Array }

/** What is known of a column once all of it has been read. */
export interface ColumnHeading {
  readonly name: string
  readonly kind: ChunkColumn['kind']
  /** The distinct texts in order of first appearance, so in order of their codes. */
  readonly levels?: readonly string[]
}

/** What the store noticed about the values of a column while it wrote them. */
export interface ColumnFacts {
  readonly missing: number
  /** Of a numeric column that has values; null otherwise. */
  readonly minimum: number | null
  readonly maximum: number | null
  /** Of a categorical column; null otherwise. */
  readonly levels: number | null
}

/** One version of a dataset, without its values. */
export interface DatasetVersion {
  readonly id: number
  readonly name: string
  /** From 1, counted through the project. */
  readonly number: number
  readonly nRows: number
  readonly fingerprint: string
  /** Name of the file it was read from, without its folder. */
  readonly sourceName: string
  /** As they were given to `begin` and `finish`. */
  readonly options: unknown
  readonly summary: unknown
  readonly columns: readonly {
    readonly name: string
    readonly kind: ChunkColumn['kind']
    readonly facts: ColumnFacts
  }[]
  readonly createdAt: string
}

/** A dataset version that is being written. Nobody else sees it before `finish`. */
export interface ImportHandle {
  /**
   * Writes the next rows of all columns, in one transaction.
   *
   * @param columns One per column, the same columns in the same order every time, all of one
   *   length from 1 to CHUNK_ROWS. A column that turns out to be of another kind after all needs
   *   a new import: `abort` and begin again.
   * @throws RangeError for columns of other kinds or lengths, or an infinite value.
   */
  appendChunk(columns: readonly ChunkColumn[]): void
  /**
   * Declares the version complete, in one transaction; from here on it never changes.
   *
   * @returns The id of the version.
   * @throws RangeError when the headings don't fit the chunks, a name is there twice, or a code
   *   has no level.
   */
  finish(end: {
    readonly columns: readonly ColumnHeading[]
    readonly fingerprint: string
    readonly summary: unknown
  }): number
  /** Removes what was written so far. */
  abort(): void
}

export interface DatasetStore {
  /** Begins a version of the dataset called `name`: its first, or the next. */
  begin(source: {
    readonly name: string
    readonly sourceName: string
    readonly options: unknown
  }): ImportHandle
  /** The versions that are complete, oldest first. */
  list(): readonly DatasetVersion[]
  get(versionId: number): DatasetVersion | null
  /** The oldest version with these contents. */
  findByFingerprint(fingerprint: string): DatasetVersion | null
  /**
   * Reads a version into memory, as a whole or the columns named; names that it lacks are left
   * out. All values lie in one SharedArrayBuffer, so that handing them to a worker copies nothing.
   *
   * @throws ProjectError `dataset_not_found`; `project_damaged`, naming column and rows.
   */
  load(versionId: number, names?: readonly string[]): Dataset
  /**
   * Adds a version that is another one with some labels changed and some rows left out. Nothing of
   * the base is stored again. On disk when it returns.
   *
   * @param version `fingerprint` is that of the corrected table; `record` says how it came about.
   * @returns The id of the version.
   * @throws ProjectError `dataset_not_found`. RangeError for rows or a column that the base lacks.
   */
  derive(
    baseVersionId: number,
    correction: LabelCorrection,
    version: { readonly fingerprint: string; readonly record: unknown },
  ): number
  /** What makes a version of another one; null for a version with values of its own. */
  correction(versionId: number): StoredCorrection | null
  /**
   * Removes imports that never came to an end, as a crash leaves them, and gives their space
   * back. Must not be called while an import is under way.
   *
   * @returns How many there were.
   */
  removeUnfinished(): number
}

interface VersionRow {
  id: number
  name: string
  number: number
  n_rows: number
  fingerprint: string
  source_name: string
  import_options: string
  import_summary: string
  created_at: string
}

interface ColumnRow {
  position: number
  name: string
  kind: ChunkColumn['kind']
  facts: string
}

interface ChunkRow {
  first_row: number
  n_rows: number
  data: Buffer
}

const SELECT_READY = `
  SELECT dataset_versions.id, name, number, n_rows, fingerprint, source_name, import_options,
    import_summary, dataset_versions.created_at
  FROM dataset_versions JOIN datasets ON datasets.id = dataset_id
  WHERE state = 'ready'`

export function createDatasetStore(connection: Connection): DatasetStore {
  const { database, file } = connection
  const insertDataset = database.prepare<[string, string]>(
    'INSERT INTO datasets (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const insertVersion = database.prepare<[string, string, string, string]>(
    `INSERT INTO dataset_versions (dataset_id, number, state, source_name, import_options, created_at)
    SELECT id, 1 + coalesce((SELECT max(number) FROM dataset_versions), 0),
      'importing', ?, ?, ?
    FROM datasets WHERE name = ?`,
  )
  const insertChunk = database.prepare<[number, number, number, number, Buffer]>(
    'INSERT INTO column_chunks (dataset_version_id, position, first_row, n_rows, data) VALUES (?, ?, ?, ?, ?)',
  )
  const insertColumn = database.prepare<[number, number, string, string, string]>(
    'INSERT INTO columns (dataset_version_id, position, name, kind, facts) VALUES (?, ?, ?, ?, ?)',
  )
  const insertDictionary = database.prepare<[number, number, Buffer]>(
    'INSERT INTO dictionaries (dataset_version_id, position, data) VALUES (?, ?, ?)',
  )
  const insertDerived = database.prepare<[string, string, number]>(
    `INSERT INTO dataset_versions
      (dataset_id, number, state, source_name, import_options, created_at)
    SELECT dataset_id, 1 + (SELECT max(number) FROM dataset_versions), 'importing', source_name, ?, ?
    FROM dataset_versions WHERE id = ?`,
  )
  const insertCorrection = database.prepare<
    [number, number, number, Buffer, Buffer, Buffer, string]
  >(
    `INSERT INTO label_corrections
      (dataset_version_id, base_version_id, position, rows, labels, excluded, record)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const makeReady = database.prepare<[number, string, string, number]>(
    `UPDATE dataset_versions SET state = 'ready', n_rows = ?, fingerprint = ?, import_summary = ?
    WHERE id = ?`,
  )
  const selectUnfinished = database
    .prepare<[], number>(`SELECT id FROM dataset_versions WHERE state = 'importing'`)
    .pluck()
  const deleteVersion = database.prepare<[number]>('DELETE FROM dataset_versions WHERE id = ?')
  const deleteEmptyDatasets = database.prepare(
    'DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM dataset_versions)',
  )
  const selectVersions = database.prepare<[], VersionRow>(
    `${SELECT_READY} ORDER BY dataset_versions.id`,
  )
  const selectVersion = database.prepare<[number], VersionRow>(
    `${SELECT_READY} AND dataset_versions.id = ?`,
  )
  const selectByFingerprint = database.prepare<[string], VersionRow>(
    `${SELECT_READY} AND fingerprint = ? ORDER BY dataset_versions.id LIMIT 1`,
  )
  const selectColumns = database.prepare<[number], ColumnRow>(
    'SELECT position, name, kind, facts FROM columns WHERE dataset_version_id = ? ORDER BY position',
  )
  const selectChunks = database.prepare<[number, number], ChunkRow>(
    `SELECT first_row, n_rows, data FROM column_chunks
    WHERE dataset_version_id = ? AND position = ? ORDER BY first_row`,
  )
  const selectDictionary = database
    .prepare<[number, number], Buffer>(
      'SELECT data FROM dictionaries WHERE dataset_version_id = ? AND position = ?',
    )
    .pluck()

  const correctionOf = createCorrectionReader(connection)

  const toVersion = (row: VersionRow): DatasetVersion => ({
    id: row.id,
    name: row.name,
    number: row.number,
    nRows: row.n_rows,
    fingerprint: row.fingerprint,
    sourceName: row.source_name,
    options: JSON.parse(row.import_options),
    summary: JSON.parse(row.import_summary),
    columns: selectColumns.all(row.id).map(({ name, kind, facts }) => ({
      name,
      kind,
      facts: JSON.parse(facts) as ColumnFacts,
    })),
    createdAt: row.created_at,
  })

  const remove = (versionIds: readonly number[]): void => {
    connection.write(() => {
      for (const id of versionIds) deleteVersion.run(id)
      deleteEmptyDatasets.run()
    })
    connection.read(() => database.pragma('incremental_vacuum'))
  }

  const damaged = (version: VersionRow, what: string, cause?: unknown): ProjectError =>
    new ProjectError(
      'project_damaged',
      `The project file is damaged: ${what} of dataset "${version.name}" cannot be read. ` +
        'Restore the project from a backup, or import the data again.',
      file,
      cause,
    )

  const loadValues = (
    version: VersionRow,
    { position, name }: ColumnRow,
    target: Float64Array | Int32Array,
  ): void => {
    let nextRow = 0
    for (const chunk of selectChunks.iterate(version.id, position)) {
      // Rows are counted from 1 towards people.
      const rows = `rows ${nextRow + 1} to ${chunk.first_row + chunk.n_rows}`
      try {
        if (chunk.first_row !== nextRow) throw new DamagedBlobError('rows are missing')
        unpackNumbers(chunk.data, target, nextRow, chunk.n_rows)
      } catch (error) {
        if (!(error instanceof DamagedBlobError)) throw error
        throw damaged(version, `column "${name}", ${rows},`, error)
      }
      nextRow += chunk.n_rows
    }
    if (nextRow !== target.length) {
      throw damaged(version, `column "${name}", rows ${nextRow + 1} to ${target.length},`)
    }
  }

  const loadLevels = (version: VersionRow, { position, name }: ColumnRow): readonly string[] => {
    try {
      return unpackTexts(selectDictionary.get(version.id, position) ?? Buffer.alloc(0))
    } catch (error) {
      if (!(error instanceof DamagedBlobError)) throw error
      throw damaged(version, `the list of texts in column "${name}"`, error)
    }
  }

  const existing = (versionId: number): VersionRow => {
    const version = selectVersion.get(versionId)
    if (version !== undefined) return version
    throw new ProjectError(
      'dataset_not_found',
      `The project has no dataset version ${versionId}. Import the data first.`,
      file,
    )
  }

  const load = (versionId: number, names?: readonly string[]): Dataset => {
    const version = existing(versionId)
    const correction = correctionOf(versionId)
    if (correction !== null) {
      const { name } = selectColumns.all(versionId)[correction.position]!
      return correctLabels(load(correction.baseVersionId, names), { ...correction, column: name })
    }
    const rows = selectColumns
      .all(versionId)
      .filter(({ name }) => names === undefined || names.includes(name))
    const allocate = createAllocator(version.n_rows, rows)
    const columns = rows.map((row): Column => {
      const values = allocate(row.kind)
      loadValues(version, row, values)
      if (values instanceof Float64Array) return { kind: 'numeric', name: row.name, values }
      const levels = loadLevels(version, row)
      if (values.some((code) => code < -1 || code >= levels.length)) {
        throw damaged(version, `the list of texts in column "${row.name}"`)
      }
      return { kind: 'categorical', name: row.name, codes: values, levels }
    })
    return { nRows: version.n_rows, columns }
  }

  return {
    begin({ name, sourceName, options }) {
      const versionId = connection.write(() => {
        const now = new Date().toISOString()
        insertDataset.run(name, now)
        const { lastInsertRowid } = insertVersion.run(
          sourceName,
          toJson(options, 'import options'),
          now,
          name,
        )
        return Number(lastInsertRowid)
      })
      let nRows = 0
      let columns: readonly ColumnSurvey[] | null = null
      let isOpen = true
      const requireOpen = (): void => {
        if (!isOpen) throw new Error('this import has ended')
      }

      return {
        appendChunk(chunk) {
          requireOpen()
          checkChunk(chunk, columns)
          const rows = lengthOf(chunk[0]!)
          const packed = chunk.map((column) =>
            packNumbers(column.kind === 'numeric' ? column.values : column.codes),
          )
          packed.forEach(({ minimum, maximum }, position) => {
            if (minimum !== -Infinity && maximum !== Infinity) return
            throw new RangeError(`column ${position} must be finite, got ${minimum} to ${maximum}`)
          })
          connection.write(() => {
            packed.forEach(({ blob }, position) => {
              insertChunk.run(versionId, position, nRows, rows, blob)
            })
          })
          nRows += rows
          columns = packed.map(({ missing, minimum, maximum }, position) => {
            const before = columns?.[position]
            return {
              kind: chunk[position]!.kind,
              missing: missing + (before?.missing ?? 0),
              minimum: least(minimum, before?.minimum ?? null),
              maximum: greatest(maximum, before?.maximum ?? null),
            }
          })
        },

        finish({ columns: headings, fingerprint, summary }) {
          requireOpen()
          checkHeadings(headings, columns)
          connection.write(() => {
            headings.forEach(({ name: columnName, kind, levels }, position) => {
              const survey = columns?.[position]
              const facts = factsOf(kind, survey, levels)
              insertColumn.run(versionId, position, columnName, kind, toJson(facts, 'column facts'))
              if (kind === 'categorical') {
                insertDictionary.run(versionId, position, packTexts(levels ?? []))
              }
            })
            makeReady.run(nRows, fingerprint, toJson(summary, 'import summary'), versionId)
          })
          isOpen = false
          return versionId
        },

        abort() {
          requireOpen()
          remove([versionId])
          isOpen = false
        },
      }
    },

    list: () => connection.read(() => selectVersions.all().map(toVersion)),

    get: (versionId) =>
      connection.read(() => {
        const row = selectVersion.get(versionId)
        return row === undefined ? null : toVersion(row)
      }),

    findByFingerprint: (fingerprint) =>
      connection.read(() => {
        const row = selectByFingerprint.get(fingerprint)
        return row === undefined ? null : toVersion(row)
      }),

    load: (versionId, names) => connection.read(() => load(versionId, names)),

    derive(baseVersionId, correction, { fingerprint, record }) {
      const base = connection.read(() => existing(baseVersionId))
      const columns = connection.read(() => selectColumns.all(baseVersionId))
      const position = columns.findIndex(({ name }) => name === correction.column)
      if (position < 0) throw new RangeError(`there is no column ${correction.column}`)
      const corrected = correctLabels(
        connection.read(() => load(baseVersionId)),
        correction,
      )
      return connection.writeDurably(() => {
        const { lastInsertRowid } = insertDerived.run(
          toJson({}, 'import options'),
          new Date().toISOString(),
          baseVersionId,
        )
        const versionId = Number(lastInsertRowid)
        columns.forEach((column, at) => {
          const facts = surveyed(corrected.columns[at]!)
          insertColumn.run(versionId, at, column.name, column.kind, toJson(facts, 'column facts'))
        })
        insertCorrection.run(
          versionId,
          baseVersionId,
          position,
          packNumbers(correction.rows).blob,
          packNumbers(correction.labels).blob,
          packNumbers(correction.excluded).blob,
          toJson(record, 'correction'),
        )
        makeReady.run(corrected.nRows, fingerprint, base.import_summary, versionId)
        return versionId
      })
    },

    correction: (versionId) => connection.read(() => correctionOf(versionId)),

    removeUnfinished() {
      const unfinished = connection.read(() => selectUnfinished.all())
      if (unfinished.length > 0) remove(unfinished)
      return unfinished.length
    },
  }
}

/** What an import has seen of a column so far. */
interface ColumnSurvey {
  readonly kind: ChunkColumn['kind']
  readonly missing: number
  readonly minimum: number | null
  readonly maximum: number | null
}

function lengthOf(column: ChunkColumn): number {
  return column.kind === 'numeric' ? column.values.length : column.codes.length
}

function checkChunk(chunk: readonly ChunkColumn[], columns: readonly ColumnSurvey[] | null): void {
  if (chunk.length === 0) throw new RangeError('chunk must have at least one column, got none')
  const rows = lengthOf(chunk[0]!)
  if (rows < 1 || rows > CHUNK_ROWS) {
    throw new RangeError(`chunk must have 1 to ${CHUNK_ROWS} rows, got ${rows}`)
  }
  if (columns !== null && chunk.length !== columns.length) {
    throw new RangeError(`chunk must have ${columns.length} columns, got ${chunk.length}`)
  }
  chunk.forEach((column, position) => {
    if (lengthOf(column) !== rows) {
      throw new RangeError(`column ${position} must have ${rows} rows, got ${lengthOf(column)}`)
    }
    const kind = columns?.[position]?.kind ?? column.kind
    if (column.kind !== kind) {
      throw new RangeError(`column ${position} must be ${kind}, got ${column.kind}`)
    }
  })
}

function checkHeadings(
  headings: readonly ColumnHeading[],
  columns: readonly ColumnSurvey[] | null,
): void {
  if (columns !== null && headings.length !== columns.length) {
    throw new RangeError(`there must be ${columns.length} headings, got ${headings.length}`)
  }
  const names = new Set(headings.map(({ name }) => name))
  if (names.size !== headings.length) throw new RangeError('names of columns must be distinct')
  headings.forEach(({ name, kind, levels }, position) => {
    const survey = columns?.[position]
    if (survey !== undefined && survey.kind !== kind) {
      throw new RangeError(`column ${name} must be ${survey.kind}, got ${kind}`)
    }
    if (kind !== 'categorical') return
    const { minimum, maximum } = survey ?? { minimum: null, maximum: null }
    if ((minimum ?? 0) < 0 || (maximum ?? -1) >= (levels?.length ?? 0)) {
      throw new RangeError(
        `codes of column ${name} must lie below its ${levels?.length ?? 0} levels, ` +
          `got ${minimum} to ${maximum}`,
      )
    }
  })
}

function factsOf(
  kind: ChunkColumn['kind'],
  survey: ColumnSurvey | undefined,
  levels: readonly string[] | undefined,
): ColumnFacts {
  const missing = survey?.missing ?? 0
  return kind === 'numeric'
    ? { missing, minimum: survey?.minimum ?? null, maximum: survey?.maximum ?? null, levels: null }
    : { missing, minimum: null, maximum: null, levels: levels?.length ?? 0 }
}

function surveyed(column: Column): ColumnFacts {
  const { missing, minimum, maximum } = packNumbers(
    column.kind === 'numeric' ? column.values : column.codes,
  )
  return column.kind === 'numeric'
    ? { missing, minimum, maximum, levels: null }
    : { missing, minimum: null, maximum: null, levels: column.levels.length }
}

/** Hands out arrays for the columns from one shared buffer, which holds all of them. */
function createAllocator(
  nRows: number,
  columns: readonly ColumnRow[],
): (kind: ChunkColumn['kind']) => Float64Array | Int32Array {
  const nNumeric = columns.filter(({ kind }) => kind === 'numeric').length
  const nCategorical = columns.length - nNumeric
  // Doubles first, so that everything lies on a multiple of its size.
  const buffer = new SharedArrayBuffer(nRows * (8 * nNumeric + 4 * nCategorical))
  let numericAt = 0
  let categoricalAt = 8 * nRows * nNumeric
  return (kind) => {
    if (kind === 'numeric') {
      const values = new Float64Array(buffer, numericAt, nRows)
      numericAt += values.byteLength
      return values
    }
    const codes = new Int32Array(buffer, categoricalAt, nRows)
    categoricalAt += codes.byteLength
    return codes
  }
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}
