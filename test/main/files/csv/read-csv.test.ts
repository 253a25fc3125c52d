import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { CsvSink } from '#main/files/csv/csv-types.ts'
import { chunkRows, defaultCsvOptions } from '#main/files/csv/csv-types.ts'
import { readCsv } from '#main/files/csv/read-csv.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-csv-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const ignored: CsvSink = { begin: () => undefined, chunk: () => undefined, finish: () => undefined }
const nothing = (): undefined => undefined
const never = (): boolean => false

// Each reading starts a thread, which may take its time on a busy machine.
describe('readCsv', { timeout: 30_000 }, () => {
  it('hands chunks over in order, one at a time, and starts again when a kind was wrong', async () => {
    const nRows = 10 * chunkRows + 3
    const path = fileOf(
      'late.csv',
      `a,b\n${Array.from({ length: nRows - 1 }, (_, i) => `${i},1\n`).join('')}last,2\n`,
    )
    const events: string[] = []
    let sum = 0
    let busy = false
    const summary = await readCsv(
      path,
      defaultCsvOptions,
      {
        begin: () => {
          events.push('begin')
          sum = 0
        },
        chunk: async (columns, rows) => {
          expect(busy).toBe(false)
          busy = true
          await new Promise((resolve) => setTimeout(resolve, 2))
          busy = false
          events.push(`${columns.map(({ kind }) => kind[0]).join('')}${rows}`)
          const second = columns[1]!
          if (second.kind === 'numeric') sum += second.values.reduce((all, value) => all + value, 0)
        },
        finish: (found, levels) => {
          events.push(`finish ${found.nRows} ${levels[0]!.length}`)
        },
      },
      nothing,
      never,
    )
    const last = events.slice(events.lastIndexOf('begin'))
    expect(last).toEqual([
      'begin',
      ...Array<string>(10).fill('cn16384'),
      'cn3',
      `finish ${nRows} ${nRows}`,
    ])
    expect(events.filter((event) => event === 'begin').length).toBe(2)
    expect(sum).toBe(nRows + 1)
    expect(summary.columns[0]).toMatchObject({ kind: 'categorical', allDistinct: true })
  })

  it('rejects with the error of the parser', async () => {
    const path = fileOf('ragged.csv', 'a,b\n1,2\n3\n')
    await expect(readCsv(path, defaultCsvOptions, ignored, nothing, never)).rejects.toMatchObject({
      code: 'bad_input',
      row: 3,
      file: path,
    })
    const none = join(folder, 'none.csv')
    await expect(readCsv(none, defaultCsvOptions, ignored, nothing, never)).rejects.toThrow(
      /no such file/,
    )
    await expect(readCsv(folder, defaultCsvOptions, ignored, nothing, never)).rejects.toThrow(
      /regular file/,
    )
  })

  it('stops when it is cancelled, also while the sink holds a chunk', async () => {
    const path = fileOf('long.csv', `a,b\n${'1,2\n'.repeat(20 * chunkRows)}`)
    let chunks = 0
    const reading = readCsv(
      path,
      defaultCsvOptions,
      {
        ...ignored,
        chunk: () => {
          chunks++
          return new Promise(nothing)
        },
      },
      nothing,
      () => chunks > 0,
    )
    await expect(reading).rejects.toBeInstanceOf(Cancelled)
    expect(chunks).toBe(1)
  })

  it('rejects with what the sink threw', async () => {
    const path = fileOf('small.csv', 'a,b\n1,2\n')
    const full: CsvSink = {
      ...ignored,
      chunk: () => {
        throw new Error('disk full')
      },
    }
    await expect(readCsv(path, defaultCsvOptions, full, nothing, never)).rejects.toThrow(
      'disk full',
    )
  })

  it('reports growing progress up to 1', async () => {
    const path = fileOf('progress.csv', `a,b\n${'1,2\n'.repeat(20 * chunkRows)}`)
    const fractions: number[] = []
    await readCsv(path, defaultCsvOptions, ignored, (fraction) => fractions.push(fraction), never)
    expect(fractions.length).toBeGreaterThan(2)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions.at(-1)).toBe(1)
  })
})
