import { rmSync, statSync } from 'node:fs'

import Database from 'better-sqlite3'

import { projectLocked, removeSidecar, writeSidecar } from './lock-sidecar.ts'
import { migrate, readMigrations, refuseNewer } from './migrations.ts'
import { ProjectError, withProjectErrors } from './project-error.ts'
import { APPLICATION_ID, locateProject, readProjectHeader, notAProject } from './project-file.ts'

/** The one connection to an open project. Whatever fails inside comes out as a ProjectError. */
export interface Connection {
  readonly file: string
  /** When it was last written to, if the last program on it didn't close it; else null. */
  readonly leftOpenAt: string | null
  /** For preparing statements; they run inside one of the functions below. */
  readonly database: Database.Database
  read<T>(work: () => T): T
  /** Runs `work` in one transaction: all of it or nothing. A power cut may undo the last ones. */
  write<T>(work: () => T): T
  /** As `write`, and on disk when it returns: for what a person has decided. */
  writeDurably<T>(work: () => T): T
  close(): void
}

export interface OpenOptions {
  /** Create the project where there is none; an existing one is opened as it is. */
  readonly create: boolean
  readonly migrationsDir: string
  /** Name and version of this program, to be told to others who want the project. */
  readonly program: string
}

/**
 * How long to wait for another process to let go, in milliseconds: long enough for one that is
 * just closing, short enough not to look hung.
 */
const LOCK_PATIENCE_MS = 500

/**
 * Projects open in this thread, as `device:inode`. Reading the header of one of them again would
 * drop SQLite's lock on it; see `readProjectHeader`.
 */
const openHere = new Set<string>()

/**
 * Opens a project for this process alone, creating or migrating it first where that is due.
 *
 * A project in use is in WAL mode; a closed one is in rollback mode and therefore a single file.
 * The lock is taken, in either mode, before anything is written.
 *
 * @throws ProjectError when the file is missing, no project, newer, held by another process, not
 *   writable or damaged. What is refused is left as it was.
 */
export function openConnection(path: string, options: OpenOptions): Connection {
  const migrations = readMigrations(options.migrationsDir)
  const { file, exists } = withProjectErrors(path, () => locateProject(path, options.create))
  return withProjectErrors(file, () => {
    let isInUse = false
    let leftOpenAt: string | null = null
    if (exists) {
      if (openHere.has(identityOf(file))) throw projectLocked(file)
      const header = readProjectHeader(file)
      if (header.isBlank && !options.create) throw notAProject(file, 'The file is empty')
      refuseNewer(file, header.version, migrations)
      isInUse = header.isInUse
      if (isInUse) leftOpenAt = lastWriteOf(file)
    }
    const database = new Database(file, { timeout: LOCK_PATIENCE_MS })
    let locked: 'old' | 'new' | null = null
    try {
      locked = lock(database, file, isInUse)
      writeSidecar(file, options.program)
      if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
        throw new ProjectError('project_read_only', 'The project cannot be written.', file)
      }
      database.pragma('synchronous = NORMAL')
      database.pragma('foreign_keys = ON')
      migrate(database, file, migrations)
    } catch (error) {
      if (locked === null) database.close()
      else shutQuietly(database, file)
      // Half a new project is of no use, and nobody else can have put anything into it.
      if (locked === 'new') rmSync(file, { force: true })
      throw error
    }
    return connect(database, file, leftOpenAt)
  })
}

/**
 * Takes the exclusive lock for as long as the connection lives, and marks a new file as ours.
 *
 * In rollback mode the lock is taken before it is made to stay: two who try at once would
 * otherwise keep each other's shared lock from ever becoming exclusive. In WAL mode it has to be
 * the other way round, or SQLite would share the index of the log with other processes.
 *
 * @returns Whether there was a project in the file; somebody else may just have made one.
 */
function lock(database: Database.Database, file: string, isInUse: boolean): 'old' | 'new' {
  try {
    if (isInUse) database.pragma('locking_mode = EXCLUSIVE')
    // These two only have an effect on a file without any page.
    database.pragma('page_size = 8192')
    database.pragma('auto_vacuum = INCREMENTAL')
    database.exec('BEGIN EXCLUSIVE')
    database.pragma('locking_mode = EXCLUSIVE')
    const isNew = database.pragma('schema_version', { simple: true }) === 0
    if (isNew) database.pragma(`application_id = ${APPLICATION_ID}`)
    database.exec('COMMIT')
    return isNew ? 'new' : 'old'
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw projectLocked(file, error)
    }
    throw error
  }
}

/**
 * Lets go of a project: everything goes from the write-ahead log into the one file, and the
 * sidecar before the lock, so that it cannot be the next holder's that is removed.
 */
function shut(database: Database.Database, file: string): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.pragma('journal_mode = DELETE')
  } finally {
    removeSidecar(file)
    database.close()
  }
}

/** For the way out of an error, which is the one to tell. */
function shutQuietly(database: Database.Database, file: string): void {
  try {
    shut(database, file)
  } catch {
    // What the log still holds is taken in when the project is next opened.
  }
}

/** ISO 8601, UTC. What isn't in the main file yet is in the write-ahead log beside it. */
function lastWriteOf(file: string): string {
  const times = [file, `${file}-wal`].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  )
  return new Date(Math.max(...times.map((time) => time ?? 0))).toISOString()
}

function connect(database: Database.Database, file: string, leftOpenAt: string | null): Connection {
  const identity = identityOf(file)
  openHere.add(identity)

  const transaction = database.transaction((work: () => unknown) => work())
  const write = <T>(work: () => T): T =>
    withProjectErrors(file, () => transaction.immediate(work) as T)

  return {
    file,
    leftOpenAt,
    database,
    read: (work) => withProjectErrors(file, work),
    write,
    writeDurably(work) {
      database.pragma('synchronous = FULL')
      try {
        return write(work)
      } finally {
        database.pragma('synchronous = NORMAL')
      }
    },
    close() {
      if (!database.open) return
      try {
        withProjectErrors(file, () => {
          shut(database, file)
        })
      } finally {
        openHere.delete(identity)
      }
    },
  }
}

function identityOf(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true })
  return `${dev}:${ino}`
}
