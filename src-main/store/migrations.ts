import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'

import type { Database } from 'better-sqlite3'

import { ProjectError, toProjectError } from './project-error.ts'

export interface Migration {
  /** From 1, without gaps: the version of a project once it is applied. */
  readonly number: number
  readonly name: string
  readonly sql: string
  /** SHA-256 of the SQL with line ends as `\n`, so that a checkout on Windows has the same. */
  readonly checksum: string
}

const MIGRATION_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/

/**
 * Reads the migrations of a folder, in order.
 *
 * @throws Error when a `.sql` file is not named `NNNN-name.sql`, or when numbers have gaps or
 *   repeat: the program was not put together right, which no user can mend.
 */
export function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  if (names.length === 0) throw new Error(`no migrations in ${folder}`)
  return names.map((name, index) => {
    const number = Number(MIGRATION_NAME.exec(name)?.[1])
    if (number !== index + 1) {
      const wanted = String(index + 1).padStart(4, '0')
      throw new Error(`migrations have no gaps: wanted ${wanted}-name.sql, got ${name}`)
    }
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
    return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

/** The refusal of a project that a later version of the program has written. */
export function refuseNewer(file: string, version: number, migrations: readonly Migration[]): void {
  if (version <= migrations.length) return
  throw new ProjectError(
    'project_newer',
    `The project was written by a newer version of Steelyard (project version ${version}; this ` +
      `program knows up to ${migrations.length}); nothing was changed. Update Steelyard to open it.`,
    file,
  )
}

/**
 * Brings a project up to the last migration, each in one transaction with its bookkeeping, and
 * stops at the first that fails. A project that has been in use is first copied aside to
 * `<file>.backup-v<N>`, N being the version it had.
 *
 * @throws ProjectError `project_newer`; `project_migrations_differ` when a migration was edited
 *   after the project had been through it; `project_migration_failed`, with the project as it
 *   was before the step that failed.
 */
export function migrate(database: Database, file: string, migrations: readonly Migration[]): void {
  const version = database.pragma('user_version', { simple: true }) as number
  refuseNewer(file, version, migrations)
  refuseDifferent(database, file, version, migrations)

  const due = migrations.slice(version)
  if (due.length === 0) return
  const backup = version > 0 ? copyAside(database, file, version) : null
  for (const migration of due) {
    try {
      apply(database, migration)
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      // Every failed attempt would leave another copy of a project that nothing has happened to.
      if (backup !== null && migration === due[0]) rmSync(backup, { force: true })
      throw migrationFailed(error, file, migration)
    }
  }
}

function refuseDifferent(
  database: Database,
  file: string,
  version: number,
  migrations: readonly Migration[],
): void {
  if (version === 0) return
  const applied = database
    .prepare<[], { number: number; checksum: string }>(
      'SELECT number, checksum FROM migrations ORDER BY number',
    )
    .all()
  const differing = migrations
    .slice(0, version)
    .find(({ checksum }, index) => applied[index]?.checksum !== checksum)
  if (differing === undefined) return
  throw new ProjectError(
    'project_migrations_differ',
    `The project was made by a different build of Steelyard: step ${differing.name} is not the ` +
      'one it has been through. Nothing was changed. Open it with the build that made it.',
    file,
  )
}

/** @returns Where the copy is. Never writes over an earlier copy. */
function copyAside(database: Database, file: string, version: number): string {
  const plain = `${file}.backup-v${version}`
  let backup = plain
  for (let copy = 2; existsSync(backup); copy++) backup = `${plain}.${copy}`
  try {
    database.prepare('VACUUM INTO ?').run(backup)
    const descriptor = openSync(backup, 'r+')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    rmSync(backup, { force: true })
    throw error
  }
  return backup
}

function apply(database: Database, { number, name, sql, checksum }: Migration): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, ' +
      'checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  )
  database.exec(sql)
  if (!database.inTransaction) throw new Error(`${name} must not end the transaction it runs in`)
  database
    .prepare('INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)')
    .run(number, name, checksum, new Date().toISOString())
  database.pragma(`user_version = ${number}`)
  database.exec('COMMIT')
}

function migrationFailed(error: unknown, file: string, { name }: Migration): unknown {
  const known = toProjectError(error, file)
  if (known instanceof ProjectError) return known
  return new ProjectError(
    'project_migration_failed',
    `The project could not be brought up to date: step ${name} failed and was undone, so it ` +
      'opens with the version of Steelyard that wrote it. Please report this.',
    file,
    error,
  )
}
