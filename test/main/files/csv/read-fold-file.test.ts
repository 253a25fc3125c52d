import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFoldFile } from '#main/files/csv/read-fold-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-folds-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function read(content: string, nRows: number): Int32Array {
  const path = join(folder, 'folds.csv')
  writeFileSync(path, content)
  return readFoldFile(path, nRows)
}

describe('readFoldFile', () => {
  it('reads a fold per row', () => {
    expect(read('fold\n2\n0\n1\n0\n', 4)).toEqual(Int32Array.of(2, 0, 1, 0))
    expect(read('id,fold\r\na,1\r\nb,0', 2)).toEqual(Int32Array.of(1, 0))
  })

  it.each([
    ['no column fold', 'f\n0\n1\n', /no column "fold"/],
    ['too few rows', 'fold\n0\n', /has 1 rows, the table 2/],
    ['too many rows', 'fold\n0\n1\n0\n', /has 3 rows, the table 2/],
    ['a fraction', 'fold\n0\n0.5\n', /row 3: 0.5 is not a fold number/],
    ['a negative number', 'fold\n-1\n0\n', /row 2: -1 is not a fold number/],
    ['an empty cell', 'fold,x\n0,1\n,1\n', /row 3: an empty cell/],
    ['a text', 'fold\nzero\n1\n', /"zero" is not a fold number/],
    ['a gap', 'fold\n1\n1\n', /no row has fold 0/],
    ['one fold', 'fold\n0\n0\n', /At least two folds/],
    ['a huge number', 'fold\n0\n1e9\n', /is not a fold number/],
  ])('refuses %s', (_, content, message) => {
    expect(() => read(content, 2)).toThrow(message)
  })
})
