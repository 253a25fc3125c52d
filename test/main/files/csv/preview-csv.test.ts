import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { CsvOptions } from '#main/files/csv/csv-types.ts'
import { defaultCsvOptions } from '#main/files/csv/csv-types.ts'
import { previewCsv } from '#main/files/csv/preview-csv.ts'
import { InputError } from '#main/files/input-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-preview-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
function preview(text: string, options: Partial<CsvOptions> = {}) {
  const path = join(folder, `${++files}.csv`)
  writeFileSync(path, text)
  return previewCsv(
    path,
    { ...defaultCsvOptions, ...options },
    () => undefined,
    () => false,
  )
}

const lines = (header: string, nRows: number, row: (i: number) => string): string =>
  `${header}\n${Array.from({ length: nRows }, (_, i) => `${row(i)}\n`).join('')}`

describe('a preview', () => {
  it('says what an import would find, and shows the first and random rows', async () => {
    const nRows = 40_000
    const text = lines('n,kind,empty', nRows, (i) => `${i / 2},${i % 3 === 0 ? 'a' : 'b'},`)
    const found = await preview(text)
    expect(found).toMatchObject({
      nRows,
      delimiter: ',',
      sizeBytes: text.length,
      repeatedRows: 0,
    })
    const [n, kind, empty] = found.columns
    expect(n).toMatchObject({ kind: 'numeric', distinct: null, allDistinct: true, values: [] })
    expect(n!.range).toMatchObject({ min: 0, max: (nRows - 1) / 2 })
    expect(Math.abs(n!.range!.median - nRows / 4)).toBeLessThan(nRows / 100)
    expect(kind).toMatchObject({
      kind: 'categorical',
      distinct: 2,
      values: [
        { text: 'b', count: 26_666 },
        { text: 'a', count: 13_334 },
      ],
    })
    expect(empty).toMatchObject({ missing: nRows, range: null, suggestedRole: 'ignore' })
    expect(found.firstRows).toHaveLength(60)
    expect(found.firstRows[1]).toEqual({ row: 3, cells: ['0.5', 'b', null] })
    const drawn = found.randomRows.map(({ row }) => row)
    expect(drawn).toHaveLength(60)
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
    expect(new Set(drawn).size).toBe(60)
    expect(drawn.filter((row) => row > nRows / 2).length).toBeGreaterThan(15)
    for (const { row, cells } of found.randomRows) expect(cells[0]).toBe(String((row - 2) / 2))
    expect(await preview(text)).toEqual(found)
  })

  it('shows every row of a short file, by the lines on which they start', async () => {
    const found = await preview('a,b\n\n1,"x\ny"\n2,z\n\n3,\n')
    expect(found.firstRows).toEqual([
      { row: 3, cells: ['1', 'x\ny'] },
      { row: 5, cells: ['2', 'z'] },
      { row: 7, cells: ['3', null] },
    ])
    expect(found.randomRows).toEqual(found.firstRows)
    expect(found.columns[0]!.range).toEqual({ min: 1, median: 2, max: 3 })
  })

  it('names the values that make a column of numbers a column of texts', async () => {
    const found = await preview(
      lines(
        'x,y',
        20_000,
        (i) => `${i % 5000 === 4999 ? 'unknown' : i},${i % 3 === 0 ? '007' : 'x'}`,
      ),
    )
    expect(found.columns[0]).toMatchObject({
      kind: 'categorical',
      contradictions: {
        count: 4,
        rows: [5001, 10_001, 15_001, 20_001].map((row) => ({ row, text: 'unknown' })),
      },
    })
    expect(found.columns[1]!.contradictions).toEqual({ count: 0, rows: [] })
    const as = await preview(
      lines('x', 20_000, (i) => (i % 5000 === 4999 ? 'unknown' : String(i))),
      { missing: ['unknown'] },
    )
    expect(as.columns[0]).toMatchObject({ kind: 'numeric', missing: 4 })
  })

  it('says so where numbers are written with commas', async () => {
    const found = await preview(lines('price;n', 50, (i) => `1.${100 + i},50;${i}`))
    expect(found.columns[0]!.kind).toBe('categorical')
    expect(found.notes.join()).toContain('Most values of "price" are numbers written with commas')
    expect(found.notes.join()).toContain('"1.100,50"')
  })

  it('counts rows that repeat another in every column', async () => {
    const found = await preview(
      lines('a,b', 5000, (i) => `${i % 1000},${i % 7 === 0 ? '' : i % 2}`),
    )
    const distinct = new Set(
      Array.from({ length: 5000 }, (_, i) => `${i % 1000},${i % 7 === 0 ? '' : i % 2}`),
    )
    expect(found.repeatedRows).toBe(5000 - distinct.size)
  })

  it('suggests roles by names and values', async () => {
    const header = 'customerId,Created,Amount,same,isFraud,Class,text'
    const found = await preview(
      lines(header, 300, (i) =>
        [
          `u${i}`,
          `2025-01-${String((i % 28) + 1).padStart(2, '0')}`,
          i * 1.5,
          1,
          i % 9 === 0 ? 1 : 0,
          i % 11 === 0 ? 'bad' : 'good',
          `w${i % 40}`,
        ].join(','),
      ),
    )
    expect(found.columns.map(({ suggestedRole }) => suggestedRole)).toEqual([
      'id',
      'time',
      'amount',
      'ignore',
      null,
      'target',
      null,
    ])
    expect(
      found.columns.every((c) => (c.suggestedRole === null) === (c.suggestionReason === null)),
    ).toBe(true)
  })

  it('copes with a column of nothing but different texts, and with long ones', async () => {
    const found = await preview(
      lines('key,long', 100_000, (i) => `key ${i},${i === 0 ? 'z'.repeat(100_000) : 'short'}`),
    )
    expect(found.columns[0]).toMatchObject({ distinct: 100_000, allDistinct: true })
    expect(found.columns[0]!.values).toHaveLength(12)
    expect(found.firstRows[0]!.cells[1]).toBe(`${'z'.repeat(500)}…`)
  })

  it('refuses what an import would refuse, and can be cancelled', async () => {
    await expect(preview('a,b\n1\n')).rejects.toBeInstanceOf(InputError)
    await expect(preview('a\nx\n', { kinds: { a: 'numeric' } })).rejects.toMatchObject({
      row: 2,
      column: 'a',
    })
    const path = join(folder, 'cancelled.csv')
    writeFileSync(path, lines('a', 10, String))
    await expect(
      previewCsv(
        path,
        defaultCsvOptions,
        () => undefined,
        () => true,
      ),
    ).rejects.toBeInstanceOf(Cancelled)
  })
})
