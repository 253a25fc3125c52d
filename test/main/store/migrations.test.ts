import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { openConnection, type Connection } from '#main/store/connection.ts'
import { readMigrations } from '#main/store/migrations.ts'

import { exampleExperiment, exampleFoldResult, importExample } from './examples.ts'
import { MIGRATIONS, open, refusal, scratchFolder, startChild } from './support.ts'

const FIRST = '0001-initial.sql'

/** A folder with the migrations as shipped and the given ones after them. */
function migrationsWith(folder: string, more: Readonly<Record<string, string>>): string {
  const own = join(folder, `migrations-${readdirSync(folder).length}`)
  mkdirSync(own)
  for (const name of readdirSync(MIGRATIONS)) copyFileSync(join(MIGRATIONS, name), join(own, name))
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(own, name), sql)
  return own
}

function connect<T>(file: string, migrationsDir: string, work: (connection: Connection) => T): T {
  const connection = openConnection(file, { create: true, migrationsDir, program: 'test' })
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}

function versionOf({ database }: Connection): unknown {
  return database.pragma('user_version', { simple: true })
}

/** The last version that is shipped, and names of migrations after it. */
const LAST = readMigrations(MIGRATIONS).length
const nextNamed = (name: string, more = 1): string =>
  `${String(LAST + more).padStart(4, '0')}-${name}.sql`

const NEXT = { [nextNamed('colour')]: `ALTER TABLE datasets ADD COLUMN colour TEXT;` }

/** Written by the program when it had one migration: table, experiment, folds, job. */
const VERSION_1 = fileURLToPath(new URL('./version-1.steelyard', import.meta.url))

describe('the step to version 2', () => {
  it('opens a project of version 1 with all it holds, and keeps a copy of it', () => {
    const folder = scratchFolder()
    const file = join(folder, 'old.steelyard')
    copyFileSync(VERSION_1, file)
    const project = open(file)
    const [version] = project.datasets.list()
    const versionId = importExample(project, 'the same again', [700, 300])
    expect(project.datasets.load(version!.id)).toEqual(project.datasets.load(versionId))
    expect(version!.fingerprint).toBe(project.datasets.get(versionId)!.fingerprint)

    const [experiment] = project.experimentFacts()
    expect(experiment).toMatchObject({ name: 'old', folds: 5, state: 'running', digest: null })
    expect(experiment!.frame.currency).toBeNull()
    expect(experiment!.runs.map(({ timings }) => [...timings])).toEqual([
      [[0, { durationMs: 12 }]],
      [],
    ])
    expect(project.experiments.get(experiment!.id)!.frame.currency).toBeNull()
    expect(project.experiments.loadFoldResults(experiment!.id)).toEqual([
      { ...exampleFoldResult('plain', 0), importance: null },
    ])

    expect(project.workspace.selected()).toBe(versionId)
    expect(project.workspace.draft(version!.id)).toBeNull()
    project.workspace.saveDraft(version!.id, { notes: 'a' }, null)
    project.workspace.keep(experiment!.id, 'plain', Infinity, 'never alert')
    project.close()

    const again = open(file)
    expect(again.workspace.kept(version!.id)).toMatchObject([
      { configuration: 'plain', threshold: Infinity, reason: 'never alert' },
    ])
    expect(readFileSync(`${file}.backup-v1`).length).toBeGreaterThan(0)
  })
})

describe('migrations', () => {
  it('bring a new project to the last version and keep a checksum of each step', () => {
    const folder = scratchFolder()
    const migrationsDir = migrationsWith(folder, NEXT)
    connect(join(folder, 'p.steelyard'), migrationsDir, (connection) => {
      expect(versionOf(connection)).toBe(LAST + 1)
      const steps = connection.database
        .prepare('SELECT number, name, checksum FROM migrations')
        .all()
      expect(steps).toEqual(
        readMigrations(migrationsDir).map(({ number, name, checksum }) => ({
          number,
          name,
          checksum,
        })),
      )
    })
    expect(readdirSync(folder).filter((name) => name.includes('backup'))).toEqual([])
  })

  it('copy an older project aside, then carry it over with all it holds', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    const project = open(file)
    const versionId = importExample(project, 'a', [500])
    project.experiments.create(exampleExperiment('e', versionId))
    const before = project.datasets.load(versionId)
    project.close()

    const newer = open(file, migrationsWith(folder, NEXT))
    expect(newer.datasets.load(versionId)).toEqual(before)
    expect(newer.experiments.find('e')).toMatchObject(exampleExperiment('e', versionId))
    newer.close()

    const backup = open(`${file}.backup-v${LAST}`)
    expect(backup.datasets.load(versionId)).toEqual(before)
    backup.close()
    refusal('project_newer', () => open(file))
  })

  it('never write over an earlier copy', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    writeFileSync(`${file}.backup-v${LAST}`, 'precious')
    open(file, migrationsWith(folder, NEXT)).close()
    expect(readFileSync(`${file}.backup-v${LAST}`, 'utf8')).toBe('precious')
    open(`${file}.backup-v${LAST}.2`).close()
  })

  it('stop at the first failure and leave the project as it was', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    const migrationsDir = migrationsWith(folder, {
      [nextNamed('broken')]: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);',
      [nextNamed('never', 2)]: 'CREATE TABLE never (x);',
    })
    const { message } = refusal('project_migration_failed', () => open(file, migrationsDir))
    expect(message).toContain(nextNamed('broken'))
    expect(readdirSync(folder).filter((name) => name.startsWith('p.'))).toEqual(['p.steelyard'])
    connect(file, MIGRATIONS, (connection) => {
      expect(versionOf(connection)).toBe(LAST)
      const tables = connection.database.prepare('SELECT name FROM sqlite_schema').pluck().all()
      expect(tables).toContain('datasets')
      expect(tables).not.toContain('half')
      expect(tables).not.toContain('never')
    })
  })

  it('keep the steps before a failing one, and then the copy as well', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    const migrationsDir = migrationsWith(folder, { ...NEXT, [nextNamed('broken', 2)]: 'nonsense' })
    refusal('project_migration_failed', () => open(file, migrationsDir))
    expect(existsSync(`${file}.backup-v${LAST}`)).toBe(true)
    connect(file, migrationsWith(folder, NEXT), (connection) => {
      expect(versionOf(connection)).toBe(LAST + 1)
    })
  })

  it('leave nothing behind when a new project cannot be made', () => {
    const folder = scratchFolder()
    const migrationsDir = join(folder, 'migrations')
    mkdirSync(migrationsDir)
    writeFileSync(join(migrationsDir, '0001-broken.sql'), 'nonsense')
    const file = join(folder, 'p.steelyard')
    refusal('project_migration_failed', () => open(file, migrationsDir))
    expect(readdirSync(folder)).toEqual(['migrations'])
  })

  it('must stay in the transaction that undoes them', () => {
    const folder = scratchFolder()
    const migrationsDir = migrationsWith(folder, { [nextNamed('escape')]: 'COMMIT;' })
    refusal('project_migration_failed', () => open(join(folder, 'p.steelyard'), migrationsDir))
  })

  it('must not have changed since the project went through them', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file, migrationsWith(folder, NEXT)).close()
    const before = readFileSync(file)
    const edited = migrationsWith(folder, { [nextNamed('colour')]: '-- edited\n' })
    const { message } = refusal('project_migrations_differ', () => open(file, edited))
    expect(message).toContain(nextNamed('colour'))
    open(file, migrationsWith(folder, NEXT)).close()
    expect(readFileSync(file).length).toBe(before.length)
  })

  it('are the same with line ends of Windows', () => {
    const folder = scratchFolder()
    const windows = migrationsWith(folder, {})
    const sql = readFileSync(join(MIGRATIONS, FIRST), 'utf8')
    writeFileSync(join(windows, FIRST), sql.replaceAll('\n', '\r\n'))
    expect(readMigrations(windows)[0]).toEqual(readMigrations(MIGRATIONS)[0])
  })

  it.each([
    ['a gap', { [nextNamed('late', 2)]: '' }],
    ['a number twice', { '0001-other.sql': '' }],
    ['another form', { '2-short.sql': '' }],
  ])('are refused with %s in their numbers', (_, more) => {
    const migrationsDir = migrationsWith(scratchFolder(), more)
    expect(() => readMigrations(migrationsDir)).toThrow(/no gaps/)
  })

  it('refuse a project whose newer version only the log of a crashed program knows', async () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    const migrationsDir = migrationsWith(folder, NEXT)
    const child = startChild('hold', file, migrationsDir)
    expect(await child.nextLine()).toBe('open')
    await child.kill()
    const { message } = refusal('project_newer', () => open(file))
    expect(message).toMatch(new RegExp(`version ${LAST + 1}.* up to ${LAST}`))
    open(file, migrationsDir).close()
  })
})
