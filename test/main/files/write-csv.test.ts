import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCsv } from '#main/files/write-csv.ts'
import { defaultCsvOptions } from '#main/files/csv/csv-types.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-write-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('writeCsv', () => {
  it('quotes what needs it, guards formulas, leaves numbers alone', () => {
    const path = join(folder, 'out.csv')
    writeCsv(
      path,
      ['a', 'b,c'],
      [
        ['say "hi"', -1.5],
        ['=1+1', null],
        ['-12.5', true],
        ['-', '@x'],
        ['two\nlines', 1e-7],
      ],
    )
    expect(readFileSync(path, 'utf8')).toBe(
      'a,"b,c"\r\n"say ""hi""",-1.5\r\n\'=1+1,\r\n-12.5,true\r\n\'-,\'@x\r\n"two\nlines",1e-7\r\n',
    )
    expect(readdirSync(folder)).toEqual(['out.csv'])
  })

  it('writes what the reader reads', () => {
    const path = join(folder, 'back.csv')
    const texts = ['a,b', 'c"d', 'e\r\nf', ' g ', 'é']
    writeCsv(
      path,
      ['text', 'number'],
      texts.map((text, i) => [text, i / 3]),
    )
    const { columns } = parseCsvFile(path, { ...defaultCsvOptions, kinds: { text: 'categorical' } })
    expect(columns[0]).toMatchObject({ levels: texts })
    expect(columns[1]).toMatchObject({ values: Float64Array.from(texts, (_, i) => i / 3) })
  })
})
