import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { cli } from '../../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-labels-'))

interface Queue {
  readonly about: Readonly<Record<string, unknown>>
  readonly estimates: { readonly label_issues: number }
  readonly queue: readonly {
    readonly row: number
    readonly row_number: number
    readonly given: 0 | 1
    readonly given_label: string
    readonly score: number
    readonly reasons: readonly string[]
  }[]
}

const N = 300
/** Rows that are above the line but labelled `ok`. */
const hidden: number[] = []

beforeAll(() => {
  const stream = createStream(9, 'labels cli')
  const rows = Array.from({ length: N }, (_, row) => {
    const [a, b] = [stream.uniform(), stream.uniform()]
    const isFraud = a + b > 1.4
    if (isFraud && row % 7 === 0) hidden.push(row)
    return `${a},${b},${isFraud && row % 7 !== 0 ? 'fraud' : 'ok'}`
  })
  writeFileSync(join(folder, 't.csv'), ['a,b,label', ...rows].join('\n'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('steelyard labels', () => {
  it('writes all rows, the doubtful ones first, with reasons', { timeout: 60_000 }, async () => {
    const { code, stdout } = await cli(
      ['labels', 't.csv', '--target', 'label', '--repeats', '1', '--audit', '--json', 'out.json'],
      folder,
    )
    expect(code).toBe(0)
    expect(stdout).toContain('labelled ok: wrong with probability')
    expect(stdout).toContain('each signal had among its first')
    const { about, queue } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Queue
    expect(about).toMatchObject({ target: 'label', positive: 'fraud', rows: N, repeats: 1 })
    expect(queue).toHaveLength(N)
    const first = new Set(queue.slice(0, 2 * hidden.length).map(({ row }) => row))
    expect(hidden.filter((row) => first.has(row)).length).toBeGreaterThan(hidden.length / 2)
    expect(queue.every((entry) => entry.row_number === entry.row + 1)).toBe(true)
    expect(queue[0]).toMatchObject({ given: 0, given_label: 'ok' })
    expect(queue[0]!.reasons.length).toBeGreaterThan(0)
  })

  it('says what is wrong with the request', { timeout: 60_000 }, async () => {
    const { code, stderr } = await cli(['labels', 't.csv', '--target', 'lable'], folder)
    expect(code).toBe(2)
    expect(stderr).toContain('lable')
    writeFileSync(
      join(folder, 'few.csv'),
      `a,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i < 5 ? 1 : 0}`).join('\n')}`,
    )
    const few = await cli(
      ['labels', 'few.csv', '--target', 'y', '--repeats', '2', '--audit'],
      folder,
    )
    expect(few.code).toBe(2)
    expect(few.stderr).toContain('5 folds need at least 5 positives')
  })
})
