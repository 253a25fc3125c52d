import type { Connection } from './connection.ts'
import { DamagedBlobError } from './blob.ts'
import { unpackDoubles, unpackIntegers } from './packed-numbers.ts'
import { ProjectError } from './project-error.ts'

/** What makes a version of another one; see migrations/0004-reviews.sql. */
export interface StoredCorrection {
  readonly versionId: number
  readonly baseVersionId: number
  /** Position of the column whose labels are changed. */
  readonly position: number
  readonly rows: Int32Array
  readonly labels: Float64Array | Int32Array
  readonly excluded: Int32Array
  /** How it came about, as plain JSON. */
  readonly record: unknown
}

interface Row {
  dataset_version_id: number
  base_version_id: number
  position: number
  rows: Buffer
  labels: Buffer
  excluded: Buffer
  record: string
  kind: 'numeric' | 'categorical'
}

/**
 * Reads corrections, each once.
 *
 * @returns By version; null for a version that has its own values.
 */
export function createCorrectionReader(
  connection: Connection,
): (versionId: number) => StoredCorrection | null {
  const select = connection.database.prepare<[number], Row>(
    `SELECT label_corrections.*, columns.kind FROM label_corrections
    JOIN columns ON columns.dataset_version_id = base_version_id
      AND columns.position = label_corrections.position
    WHERE label_corrections.dataset_version_id = ?`,
  )
  const known = new Map<number, StoredCorrection | null>()
  return (versionId) => {
    const found = known.get(versionId)
    if (found !== undefined) return found
    const row = select.get(versionId)
    const correction = row === undefined ? null : read(row, connection.file)
    known.set(versionId, correction)
    return correction
  }
}

function read(row: Row, file: string): StoredCorrection {
  try {
    return {
      versionId: row.dataset_version_id,
      baseVersionId: row.base_version_id,
      position: row.position,
      rows: unpackIntegers(row.rows),
      labels: row.kind === 'numeric' ? unpackDoubles(row.labels) : unpackIntegers(row.labels),
      excluded: unpackIntegers(row.excluded),
      record: JSON.parse(row.record) as unknown,
    }
  } catch (error) {
    if (!(error instanceof DamagedBlobError)) throw error
    throw new ProjectError(
      'project_damaged',
      'The project file is damaged: the corrected labels of a version cannot be read. Restore the ' +
        'project from a backup, or apply the reviews again.',
      file,
      error,
    )
  }
}
