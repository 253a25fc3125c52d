import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { writeCardSample } from '#main/files/sample/write-card-sample.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-sample-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('writeCardSample', () => {
  it('writes the table and the truth, the same bytes for the same numbers', async () => {
    const path = join(folder, 'cards.csv')
    const said = await writeCardSample(path, { nRows: 5000, seed: 7 }, () => false)
    expect(said).toContain('25 frauds, 5 of them labelled legitimate')
    expect(readdirSync(folder).sort()).toEqual(['cards.csv', 'cards.truth.csv'])
    const table = readFileSync(path, 'utf8')
    const truth = readFileSync(join(folder, 'cards.truth.csv'), 'utf8')
    expect(table.split('\n').length).toBe(5002)
    expect(truth.split('\n')[0]).toBe('transaction_id,is_fraud_true,mechanism')
    expect(truth.match(/,1,/g)!.length).toBe(25)
    expect(table.match(/,1$/gm)!.length).toBe(20)

    await writeCardSample(path, { nRows: 5000, seed: 7 }, () => false)
    expect(readFileSync(path, 'utf8')).toBe(table)
    await writeCardSample(path, { nRows: 5000, seed: 8 }, () => false)
    expect(readFileSync(path, 'utf8')).not.toBe(table)
  })

  it('leaves nothing behind when it is cancelled or cannot write', async () => {
    const path = join(folder, 'gone.csv')
    await expect(
      writeCardSample(path, { nRows: 5000, seed: 1 }, () => true),
    ).rejects.toBeInstanceOf(Cancelled)
    const nowhere = join(folder, 'no/such/folder.csv')
    await expect(
      writeCardSample(nowhere, { nRows: 10, seed: 1 }, () => false),
    ).rejects.toMatchObject({
      code: 'bad_input',
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('gone'))).toEqual([])
  })
})
