import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'

import { readMigrations } from '#main/store/migrations.ts'
import { openConnection } from '#main/store/connection.ts'
import { createDatasetStore } from '#main/store/datasets.ts'
import { withProjectErrors } from '#main/store/project-error.ts'

import { exampleChunk, HEADINGS, importExample } from './examples.ts'
import {
  MIGRATIONS,
  open,
  openExisting,
  readText,
  refusal,
  scratchFolder,
  startChild,
} from './support.ts'

describe('a project file', () => {
  it('is one file when closed, and says what it is in its header', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    const project = open(file)
    importExample(project, 'a', [16384, 100])
    expect(readdirSync(folder)).toContain('p.steelyard.lock')
    project.close()
    project.close()
    expect(readdirSync(folder)).toEqual(['p.steelyard'])

    const header = readFileSync(file).subarray(0, 100)
    expect(header.toString('latin1', 68, 72)).toBe('Stly')
    expect(header.readUInt16BE(16)).toBe(8192)
    expect(header.readUInt32BE(60)).toBe(readMigrations(MIGRATIONS).length)
    expect(header.readUInt32BE(64), 'incremental vacuum').toBe(1)
    expect(header[18], 'rollback mode').toBe(1)
  })

  it('runs with the settings that its promises rest on', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const connection = openConnection(file, {
      create: true,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    const setting = (name: string): unknown => connection.database.pragma(name, { simple: true })
    try {
      expect(setting('journal_mode')).toBe('wal')
      expect(setting('locking_mode')).toBe('exclusive')
      expect(setting('synchronous')).toBe(1)
      expect(setting('foreign_keys')).toBe(1)
      connection.writeDurably(() => {
        expect(setting('synchronous')).toBe(2)
      })
      expect(setting('synchronous')).toBe(1)
      const loose = connection.database
        .prepare(`SELECT name FROM pragma_table_list WHERE strict = 0 AND name NOT LIKE 'sqlite_%'`)
        .all()
      expect(loose).toEqual([])
    } finally {
      connection.close()
    }
  })

  it('is opened through a link as the file that it is', () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'links'))
    open(join(folder, 'p.steelyard')).close()
    symlinkSync(join(folder, 'p.steelyard'), join(folder, 'links', 'q.steelyard'))
    const project = openExisting(join(folder, 'links', 'q.steelyard'))
    refusal('project_locked', () => open(join(folder, 'p.steelyard')))
    project.close()
    expect(readdirSync(join(folder, 'links'))).toEqual(['q.steelyard'])
  })

  it('is not created by opening one that is missing', () => {
    const folder = scratchFolder()
    const missing = join(folder, 'p.steelyard')
    const { message } = refusal('project_not_found', () => openExisting(missing))
    expect(message).toContain(missing)
    refusal('project_folder_missing', () => open(join(folder, 'no', 'p.steelyard')))
    refusal('not_a_project', () => open(folder))
    expect(readdirSync(folder)).toEqual([])
  })

  it('may take the place of an empty file when creating, not when opening', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    writeFileSync(file, '')
    refusal('not_a_project', () => openExisting(file))
    expect(statSync(file).size).toBe(0)
    open(file).close()
    openExisting(file).close()
  })

  it('takes the place of a database without any table, as a crash while creating leaves', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const database = new Database(file)
    database.pragma('auto_vacuum = INCREMENTAL') // writes the first page, before anything is in it
    database.close()
    expect(statSync(file).size).toBeGreaterThan(0)
    refusal('not_a_project', () => openExisting(file))
    open(file).close()
    openExisting(file).close()
  })
})

describe('what is not a project', () => {
  const sqlite = (sql: string, journalMode = 'delete'): Buffer => {
    const file = join(scratchFolder(), 'other.db')
    const database = new Database(file)
    database.pragma(`journal_mode = ${journalMode}`)
    database.exec(sql)
    database.close()
    return readFileSync(file)
  }
  const cases: Readonly<Record<string, () => Buffer>> = {
    'a text': () => Buffer.from('amount,class\n1,0\n'.repeat(100)),
    'a short text': () => Buffer.from('x'),
    'random bytes': () => Buffer.from(Array.from({ length: 20000 }, (_, i) => (i * 7919) % 251)),
    'a database without application id': () => sqlite('CREATE TABLE t (x)'),
    'one in WAL mode': () => sqlite('CREATE TABLE t (x)', 'wal'),
    'one of another application': () =>
      sqlite('PRAGMA application_id = 1196444487; CREATE TABLE t (x)'),
    'one without tables': () => sqlite('PRAGMA user_version = 1'),
  }

  it.each(Object.entries(cases))('is refused and left as it is: %s', (_, make) => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    writeFileSync(file, make())
    const { mtimeMs } = statSync(file)
    refusal('not_a_project', () => openExisting(file))
    refusal('not_a_project', () => open(file))
    expect(readFileSync(file).equals(make())).toBe(true)
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
    expect(readdirSync(folder)).toEqual(['p.steelyard'])
  })

  it('a project of a newer version is refused and left as it is', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    const content = readFileSync(file)
    content.writeUInt32BE(7, 60)
    writeFileSync(file, content)
    const { message } = refusal('project_newer', () => open(file))
    expect(message).toContain('version 7')
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(readdirSync(folder)).toEqual(['p.steelyard'])
  })

  it('a project that was cut short is called damaged', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    importExample(project, 'a', [16384])
    project.close()
    writeFileSync(file, readFileSync(file).subarray(0, 8192 * 3))
    refusal('project_damaged', () => {
      const { datasets } = openExisting(file)
      datasets.load(datasets.list()[0]!.id)
    })
  })
})

describe('the lock of a project', () => {
  it('keeps a second process out and tells who has it', async () => {
    const file = join(scratchFolder(), 'p.steelyard')
    open(file).close()
    const child = startChild('hold', file, MIGRATIONS)
    expect(await child.nextLine()).toBe('open')
    const { message } = refusal('project_locked', () => open(file))
    expect(message).toContain('test child 1.0')
    expect(message).toContain(`process ${child.pid} `)

    await child.kill()
    expect(JSON.parse(readText(`${file}.lock`))).toMatchObject({ pid: child.pid })
    const project = openExisting(file)
    // No -shm: the index of the log is shared with nobody.
    expect(readdirSync(join(file, '..')).sort()).toEqual(
      ['', '-wal', '.lock'].map((end) => `p.steelyard${end}`),
    )
    expect(JSON.parse(readText(`${file}.lock`))).toMatchObject({
      pid: process.pid,
      host: expect.any(String),
      program: 'test',
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
    project.close()
    expect(readdirSync(join(file, '..'))).toEqual(['p.steelyard'])
  })

  it('survives a second attempt in the same process', async () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    refusal('project_locked', () => open(file))
    expect(await startChild('try', file, MIGRATIONS).nextLine()).toBe('project_locked')
    project.close()
    expect(await startChild('try', file, MIGRATIONS).nextLine()).toBe('opened')
  })

  it('is SQLite’s alone: a sidecar without a lock keeps nobody out', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    open(file).close()
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: 1, host: 'x', program: 'y', since: 'z' }))
    openExisting(file).close()
    writeFileSync(`${file}.lock`, 'garbage')
    openExisting(file).close()
  })

  it('leaves nothing of a program that died while it wrote its name', () => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    writeFileSync(`${file}.lock.new`, '{"pid": 1')
    open(file).close()
    expect(readdirSync(folder)).toEqual(['p.steelyard'])
  })

  it('names nobody when the sidecar is of a process that is gone', async () => {
    const file = join(scratchFolder(), 'p.steelyard')
    open(file).close()
    const child = startChild('hold', file, MIGRATIONS)
    expect(await child.nextLine()).toBe('open')
    const gone = startChild('try', file, MIGRATIONS)
    await gone.kill()
    const sidecar = JSON.parse(readText(`${file}.lock`)) as object
    writeFileSync(`${file}.lock`, JSON.stringify({ ...sidecar, pid: gone.pid }))
    expect(refusal('project_locked', () => open(file)).message).toContain('another program')
  })
})

describe('a project that cannot be written', () => {
  it.each([
    ['the file is read-only', 0o777, 0o444],
    ['the folder is read-only', 0o555, 0o666],
  ])('says so when %s', async (_, folderMode, fileMode) => {
    const folder = scratchFolder()
    const file = join(folder, 'p.steelyard')
    open(file).close()
    const before = readFileSync(file)
    chmodSync(file, fileMode)
    chmodSync(folder, folderMode)
    const child = startChild('tryAsNobody', file, MIGRATIONS)
    expect(await child.nextLine()).toBe('project_read_only')
    chmodSync(folder, 0o777)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(folder)).toEqual(['p.steelyard'])
  })

  it('says so when the folder to create it in is read-only', async () => {
    const folder = scratchFolder()
    chmodSync(folder, 0o555)
    const child = startChild('createAsNobody', join(folder, 'p.steelyard'), MIGRATIONS)
    expect(await child.nextLine()).toBe('project_read_only')
    chmodSync(folder, 0o777)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says when the disk is full, keeps what was saved and goes on when there is room', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const connection = openConnection(file, {
      create: true,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    const datasets = createDatasetStore(connection)
    const { database } = connection
    const handle = datasets.begin({ name: 'a', sourceName: 'a.csv', options: {} })
    const chunk = exampleChunk(0, 16384)
    handle.appendChunk(chunk)

    const unlimited = database.pragma('max_page_count', { simple: true }) as number
    const used = database.pragma('page_count', { simple: true }) as number
    database.pragma(`max_page_count = ${used + 5}`)
    const { message } = refusal('disk_full', () => {
      handle.appendChunk(chunk)
    })
    expect(message).toMatch(/disk is full.*Make room/)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')

    database.pragma(`max_page_count = ${unlimited}`)
    handle.appendChunk(chunk)
    const id = handle.finish({ columns: HEADINGS, fingerprint: 'f', summary: {} })
    expect(datasets.load(id).nRows).toBe(2 * 16384)
    connection.close()
  })

  it.each([
    ['SQLITE_IOERR_WRITE', 'project_unreachable'],
    ['SQLITE_READONLY', 'project_read_only'],
    ['SQLITE_READONLY_DBMOVED', 'project_not_found'],
    ['SQLITE_FULL', 'disk_full'],
    ['SQLITE_CORRUPT_INDEX', 'project_damaged'],
    ['SQLITE_BUSY_SNAPSHOT', 'project_locked'],
  ] as const)('has words for %s', (code, expected) => {
    const cause = new Database.SqliteError('from below', code)
    const error = refusal(expected, () =>
      withProjectErrors('/p.steelyard', () => {
        throw cause
      }),
    )
    expect(error.cause).toBe(cause)
    expect(error.message).toMatch(/File: \/p\.steelyard$/)
  })

  it('leaves mistakes of the program as they are', () => {
    const mistake = new Database.SqliteError('constraint', 'SQLITE_CONSTRAINT_CHECK')
    expect(() =>
      withProjectErrors('/p.steelyard', () => {
        throw mistake
      }),
    ).toThrow(mistake)
  })
})
