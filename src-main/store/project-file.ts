import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import { ProjectError } from './project-error.ts'

/** In the header of every project, so that the file type can be told: the letters `Stly`. */
export const APPLICATION_ID = 0x53746c79

const SQLITE_MAGIC = 'SQLite format 3\0'
/** Length of SQLite's header and where things lie in it; numbers of 32 bits are big-endian. */
const HEADER_LENGTH = 100
const WRITE_FORMAT_AT = 18
const WAL_FORMAT = 2
const SCHEMA_COOKIE_AT = 40
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68

export interface LocatedFile {
  /** Absolute, links resolved. */
  readonly file: string
  /** False when there is none, or only an empty one, as a crash while creating leaves. */
  readonly exists: boolean
}

/**
 * Finds the file that a path means and refuses it where no project can be opened or created.
 *
 * @throws ProjectError `project_folder_missing`, `project_not_found`, `not_a_project` (a folder,
 *   an empty file). The error of the file system when the folder is read-only.
 */
export function locateProject(path: string, create: boolean): LocatedFile {
  // better-sqlite3 trims the names it is given; it must not open another file than is meant here.
  const wanted = resolve(path.trim())
  const folder = dirname(wanted)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ProjectError(
      'project_folder_missing',
      'The folder of the project does not exist. Create it, or check the path.',
      wanted,
    )
  }
  const found = statSync(wanted, { throwIfNoEntry: false })
  if (found === undefined && !create) {
    throw new ProjectError(
      'project_not_found',
      'There is no such project. Check the path, or create the project by importing data.',
      wanted,
    )
  }
  if (found !== undefined && !found.isFile()) throw notAProject(wanted, 'This is not a file')
  if (found?.size === 0 && !create) throw notAProject(wanted, 'The file is empty')

  // SQLite puts its journal beside the real file, so the folder has to be writable, too.
  const file =
    found === undefined ? join(realpathSync(folder), basename(wanted)) : realpathSync(wanted)
  accessSync(dirname(file), constants.W_OK)
  return { file, exists: found !== undefined && found.size > 0 }
}

export interface ProjectHeader {
  /** The number of the last migration that reached the main file. */
  readonly version: number
  /** True in WAL mode: some process has it open, or died while it had. */
  readonly isInUse: boolean
  /** True for a database that never had a table, as a crash while creating a project leaves. */
  readonly isBlank: boolean
}

/**
 * Reads the header of a project without SQLite, which might write to a file that is none of ours.
 *
 * Opens and closes the file, which on POSIX systems drops every lock that this process holds on
 * it: never call it on a project that is open here.
 *
 * @throws ProjectError `not_a_project`.
 */
export function readProjectHeader(file: string): ProjectHeader {
  const header = Buffer.alloc(HEADER_LENGTH)
  const descriptor = openSync(file, 'r')
  let length: number
  try {
    length = readSync(descriptor, header, 0, HEADER_LENGTH, 0)
  } finally {
    closeSync(descriptor)
  }
  if (
    length < HEADER_LENGTH ||
    header.toString('latin1', 0, SQLITE_MAGIC.length) !== SQLITE_MAGIC
  ) {
    throw notAProject(file, 'This is not a Steelyard project')
  }
  const applicationId = header.readUInt32BE(APPLICATION_ID_AT)
  const version = header.readUInt32BE(USER_VERSION_AT)
  const isBlank =
    applicationId === 0 && version === 0 && header.readUInt32BE(SCHEMA_COOKIE_AT) === 0
  if (applicationId !== APPLICATION_ID && !isBlank) {
    throw notAProject(file, 'This is a database of another program, not a Steelyard project')
  }
  return {
    version,
    isBlank,
    isInUse: header[WRITE_FORMAT_AT] === WAL_FORMAT,
  }
}

export function notAProject(file: string, what: string): ProjectError {
  return new ProjectError(
    'not_a_project',
    `${what}; nothing was changed. Choose another file, or import data into a new project.`,
    file,
  )
}
