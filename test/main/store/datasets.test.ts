import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { openConnection } from '#main/store/connection.ts'
import { CHUNK_ROWS, createDatasetStore, type ChunkColumn } from '#main/store/datasets.ts'
import { packNumbers } from '#main/store/packed-numbers.ts'
import type { Project } from '#main/store/project.ts'

import { exampleChunk, importExample } from './examples.ts'
import { damage, MIGRATIONS, open, openExisting, refusal, scratchFolder } from './support.ts'

function newProject(): Project {
  return open(join(scratchFolder(), 'p.steelyard'))
}

const SOURCE = { name: 'a', sourceName: 'a.csv', options: { delimiter: ';' } }
const X = [{ name: 'x', kind: 'numeric' }] as const

describe('datasets', () => {
  it('come back as they were written, after closing as well', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const id = importExample(project, 'a', [CHUNK_ROWS, CHUNK_ROWS, 7])
    project.close()

    const { datasets } = openExisting(file)
    const dataset = datasets.load(id)
    const part = datasets.load(id, ['country', 'none', 'amount'])
    expect(part.columns).toEqual([dataset.columns[0], dataset.columns[2]])
    expect(dataset.nRows).toBe(2 * CHUNK_ROWS + 7)
    expect(dataset.columns.map(({ name }) => name)).toEqual(['amount', 'count', 'country'])
    const chunks = [CHUNK_ROWS, CHUNK_ROWS, 7].map((nRows, i) => exampleChunk(i, nRows))
    dataset.columns.forEach((column, position) => {
      const written = chunks.flatMap((chunk) => {
        const part = chunk[position]!
        return Array.from(part.kind === 'numeric' ? part.values : part.codes)
      })
      const read = column.kind === 'numeric' ? column.values : column.codes
      expect(Array.from<number>(read)).toEqual(written)
      if (column.kind === 'categorical') expect(column.levels).toEqual(['de', 'fr', 'it'])
    })
  })

  it('lie in memory that workers share', () => {
    const project = newProject()
    const { columns } = project.datasets.load(importExample(project, 'a', [100]))
    const buffers = columns.map((column) =>
      column.kind === 'numeric' ? column.values.buffer : column.codes.buffer,
    )
    expect(buffers[0]).toBeInstanceOf(SharedArrayBuffer)
    expect(new Set(buffers).size).toBe(1)
    expect(buffers[0]!.byteLength).toBe(100 * (8 + 8 + 4))
  })

  it('keep hostile doubles in chunks of any length', () => {
    const { datasets } = newProject()
    const hostile = fc.oneof(
      fc.constantFrom(0, -0, NaN, Number.MIN_VALUE, 2 ** 53, 0.1, 127, 128, -32769),
      fc.double({ noDefaultInfinity: true }),
      fc.integer(),
    )
    const chunk = fc.array(hostile, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 4 }), (chunks) => {
        const handle = datasets.begin(SOURCE)
        for (const values of chunks) {
          handle.appendChunk([{ kind: 'numeric', values: Float64Array.from(values) }])
        }
        const id = handle.finish({ columns: X, fingerprint: 'f', summary: {} })
        const [column] = datasets.load(id).columns
        // toEqual tells -0 from 0 and takes NaN for itself.
        expect(column).toEqual({ ...X[0], values: Float64Array.from(chunks.flat()) })
      }),
      { numRuns: 60 },
    )
  })

  it('are listed with what is known of them', () => {
    const project = newProject()
    const id = importExample(project, 'a', [100])
    const again = importExample(project, 'a', [100])
    const other = importExample(project, 'b', [5])
    const { datasets } = project
    expect(datasets.list().map(({ id, name, number }) => [id, name, number])).toEqual([
      [id, 'a', 1],
      [again, 'a', 2],
      [other, 'b', 3],
    ])
    const version = datasets.get(id)!
    const [amount, count] = exampleChunk(0, 100) as [ChunkColumn, ChunkColumn]
    const amounts = amount.kind === 'numeric' ? Array.from(amount.values) : []
    const counts = count.kind === 'numeric' ? Array.from(count.values) : []
    expect(version).toMatchObject({ nRows: 100, sourceName: 'a.csv', summary: { notes: [] } })
    expect(version.columns.map(({ facts }) => facts)).toEqual([
      { missing: 0, minimum: Math.min(...amounts), maximum: Math.max(...amounts), levels: null },
      {
        missing: counts.filter(Number.isNaN).length,
        minimum: Math.min(...counts.filter((value) => !Number.isNaN(value))),
        maximum: Math.max(...counts.filter((value) => !Number.isNaN(value))),
        levels: null,
      },
      { missing: expect.any(Number), minimum: null, maximum: null, levels: 3 },
    ])
    expect(datasets.findByFingerprint(version.fingerprint)?.id).toBe(id)
    expect(datasets.findByFingerprint('0'.repeat(64))).toBeNull()
    expect(datasets.get(99)).toBeNull()
    refusal('dataset_not_found', () => datasets.load(99))
  })

  it('are not seen before they are finished, and gone when aborted', () => {
    const { datasets } = newProject()
    const handle = datasets.begin(SOURCE)
    handle.appendChunk(exampleChunk(0, 10))
    expect(datasets.list()).toEqual([])
    handle.abort()
    expect(() => {
      handle.appendChunk(exampleChunk(0, 10))
    }).toThrow(/has ended/)
    expect(datasets.removeUnfinished()).toBe(0)
    // A column read as a number at first may be a text after all: begin again.
    const second = datasets.begin(SOURCE)
    second.appendChunk([{ kind: 'categorical', codes: Int32Array.of(0) }])
    const columns = [{ name: 'x', kind: 'categorical', levels: ['1'] }] as const
    const id = second.finish({ columns, fingerprint: 'f', summary: {} })
    expect(datasets.get(id)?.number).toBe(1)
  })

  it('may have no rows', () => {
    const { datasets } = newProject()
    const columns = [...X, { name: 'c', kind: 'categorical', levels: [] }] as const
    const id = datasets.begin(SOURCE).finish({ columns, fingerprint: 'f', summary: {} })
    expect(datasets.load(id)).toEqual({
      nRows: 0,
      columns: [
        { name: 'x', kind: 'numeric', values: new Float64Array() },
        { name: 'c', kind: 'categorical', codes: new Int32Array(), levels: [] },
      ],
    })
  })

  it('give their space back when an import is aborted', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const connection = openConnection(file, {
      create: true,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    const datasets = createDatasetStore(connection)
    const pages = (): unknown => connection.database.pragma('page_count', { simple: true })
    const before = pages()
    const handle = datasets.begin(SOURCE)
    for (let i = 0; i < 4; i++) handle.appendChunk(exampleChunk(i, CHUNK_ROWS))
    expect(pages()).toBeGreaterThan(Number(before) + 50)
    handle.abort()
    expect(pages()).toBe(before)
    connection.close()
  })

  it('never change once they are ready', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    importExample(project, 'a', [10])
    project.close()
    const connection = openConnection(file, {
      create: false,
      migrationsDir: MIGRATIONS,
      program: 'test',
    })
    const { database } = connection
    for (const sql of [
      `UPDATE dataset_versions SET n_rows = 11`,
      `UPDATE column_chunks SET first_row = 5`,
      `INSERT INTO column_chunks SELECT NULL, dataset_version_id, position, 10, 1, data
        FROM column_chunks`,
    ]) {
      expect(() => database.exec(sql)).toThrow(/not change/)
    }
    connection.close()
  })

  it('refuse chunks and headings that do not fit together', () => {
    const { datasets } = newProject()
    const handle = datasets.begin(SOURCE)
    const numbers = (...values: number[]): ChunkColumn => ({
      kind: 'numeric',
      values: Float64Array.from(values),
    })
    const codes = (...values: number[]): ChunkColumn => ({
      kind: 'categorical',
      codes: Int32Array.from(values),
    })
    const wrong = (chunk: readonly ChunkColumn[], message: RegExp): void => {
      expect(() => {
        handle.appendChunk(chunk)
      }).toThrow(message)
    }
    wrong([], /at least one column/)
    wrong([numbers()], /1 to 16384 rows, got 0/)
    wrong([numbers(...new Float64Array(CHUNK_ROWS + 1))], /got 16385/)
    wrong([numbers(1), numbers(1, 2)], /column 1 must have 1 rows, got 2/)
    wrong([numbers(1, Infinity), codes(1, 1)], /finite/)
    wrong([numbers(-Infinity, 1), codes(1, 1)], /finite/)
    handle.appendChunk([numbers(1, 2), codes(-1, 2)])
    wrong([numbers(1)], /2 columns, got 1/)
    wrong([codes(1), codes(1)], /column 0 must be numeric/)

    const x = { name: 'x', kind: 'numeric' } as const
    const c = { name: 'c', kind: 'categorical', levels: ['a', 'b', 'c'] } as const
    const finish = (columns: readonly (typeof x | typeof c)[]): unknown =>
      handle.finish({ columns, fingerprint: 'f', summary: {} })
    expect(() => finish([x])).toThrow(/2 headings, got 1/)
    expect(() => finish([c, x])).toThrow(/must be numeric/)
    expect(() => finish([x, { ...c, name: 'x' as 'c' }])).toThrow(/distinct/)
    expect(() => finish([x, { ...c, levels: ['a', 'b'] as never }])).toThrow(/below its 2 levels/)
    expect(datasets.load(finish([x, c]) as number).nRows).toBe(2)
  })

  it('say which values are damaged', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const id = importExample(project, 'a', [CHUNK_ROWS, 1000])
    project.close()

    const [amount] = exampleChunk(1, 1000) as [{ kind: 'numeric'; values: Float64Array }]
    const content = readFileSync(file)
    // What SQLite lets lie in one piece: a few hundred bytes from within the blob.
    damage(content, packNumbers(amount.values).blob.subarray(100, 400))
    writeFileSync(file, content)

    const { datasets } = openExisting(file)
    const { message } = refusal('project_damaged', () => datasets.load(id))
    expect(message).toContain('column "amount", rows 16385 to 17384,')
    expect(message).toContain('dataset "a"')
  })

  it('say so when a chunk or a dictionary is missing or does not belong', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    for (const [sql, words] of [
      [
        `DELETE FROM column_chunks WHERE position = 1 AND first_row = 0`,
        'column "count", rows 1 to',
      ],
      [`DELETE FROM column_chunks WHERE position = 1 AND first_row > 0`, 'rows 16385 to 16484,'],
      [`DELETE FROM dictionaries`, 'the list of texts in column "country"'],
    ] as const) {
      const project = open(file)
      const id = importExample(project, 'a', [CHUNK_ROWS, 100])
      project.close()
      const options = { create: false, migrationsDir: MIGRATIONS, program: 'test' }
      const connection = openConnection(file, options)
      connection.database.exec(
        `${sql} ${sql.includes('WHERE') ? 'AND' : 'WHERE'} dataset_version_id = ${id}`,
      )
      expect(
        refusal('project_damaged', () => createDatasetStore(connection).load(id)).message,
      ).toContain(words)
      connection.close()
    }
  })
})
