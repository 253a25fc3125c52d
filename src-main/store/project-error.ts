import Database from 'better-sqlite3'

import { UserError } from '#shared/contract/errors.ts'
import type { ErrorCode } from '#shared/contract/errors.ts'

export type ProjectErrorCode = Exclude<ErrorCode, 'bad_input'>

/**
 * What went wrong with a project file, in words for the person who uses it: what happened, what
 * to do, and, last because it may be private, which file.
 */
export class ProjectError extends UserError {
  override readonly name = 'ProjectError'
  readonly file: string

  constructor(code: ProjectErrorCode, message: string, file: string, cause?: unknown) {
    super(code, `${message} File: ${file}`, cause === undefined ? undefined : { cause })
    this.file = file
  }
}

/** Runs `work` and turns whatever SQLite or the file system throws into a ProjectError. */
export function withProjectErrors<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toProjectError(error, file)
  }
}

/**
 * The one place that knows the error codes of SQLite and of the file system.
 *
 * @returns A ProjectError, or `error` itself where it is a mistake in the program rather than
 *   trouble with the file.
 */
export function toProjectError(error: unknown, file: string): unknown {
  if (error instanceof ProjectError) return error
  const code = systemCodeOf(error)
  if (code === null) return error
  const known = (Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]).find(
    // SQLite's extended codes carry the primary one in front: SQLITE_IOERR_WRITE.
    (name) => code === name || code.startsWith(`${name}_`),
  )
  if (known === undefined) return error
  const [projectCode, message] = MEANINGS[known]
  return new ProjectError(projectCode, message, file, error)
}

/** Whether `error` is one of SQLite's or the file system's; its code, or null. */
function systemCodeOf(error: unknown): string | null {
  if (error instanceof Database.SqliteError) return error.code
  if (error instanceof Error && 'syscall' in error && 'code' in error) return String(error.code)
  return null
}

const FULL: readonly [ProjectErrorCode, string] = [
  'disk_full',
  'The disk is full, so the last change was not saved; everything saved before it is intact. ' +
    'Make room on the disk and try again.',
]
const READ_ONLY: readonly [ProjectErrorCode, string] = [
  'project_read_only',
  'The project cannot be written: the file or its folder is read-only. Change the permissions, ' +
    'or copy the project to a folder that can be written.',
]
const DAMAGED: readonly [ProjectErrorCode, string] = [
  'project_damaged',
  'The project file is damaged. Restore it from a backup.',
]
const LOCKED: readonly [ProjectErrorCode, string] = [
  'project_locked',
  'The project is open in another program. Close it there, or work on a copy.',
]
const UNREACHABLE: readonly [ProjectErrorCode, string] = [
  'project_unreachable',
  'The project file could not be read or written. Check that its disk is connected and healthy, ' +
    'and try again.',
]

// The longer name stands before the shorter one that it starts with.
const MEANINGS = {
  SQLITE_READONLY_DBMOVED: [
    'project_not_found',
    'The project file was moved or deleted while it was open. Put it back, or open it again.',
  ],
  SQLITE_READONLY: READ_ONLY,
  SQLITE_PERM: READ_ONLY,
  SQLITE_AUTH: READ_ONLY,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EROFS: READ_ONLY,
  SQLITE_FULL: FULL,
  ENOSPC: FULL,
  EDQUOT: FULL,
  SQLITE_BUSY: LOCKED,
  SQLITE_LOCKED: LOCKED,
  EBUSY: LOCKED,
  SQLITE_CORRUPT: DAMAGED,
  SQLITE_NOTADB: DAMAGED,
  SQLITE_CANTOPEN: UNREACHABLE,
  SQLITE_IOERR: UNREACHABLE,
  SQLITE_NOLFS: UNREACHABLE,
  EIO: UNREACHABLE,
  ENODEV: UNREACHABLE,
  EMFILE: UNREACHABLE,
  ENFILE: UNREACHABLE,
  ENAMETOOLONG: UNREACHABLE,
  ELOOP: UNREACHABLE,
  ENOENT: ['project_not_found', 'The project file is no longer there. Put it back and try again.'],
} as const satisfies Record<string, readonly [ProjectErrorCode, string]>
