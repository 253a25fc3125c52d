import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { remedies } from '#shared/core/plan/ladder.ts'
import { cli } from '../../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-methods-'))

beforeAll(() => {
  const rows = Array.from({ length: 400 }, (_, row) => {
    const isFraud = row % 20 === 0
    return `${row % 7},${(row * 13) % 11},${['a', 'b', 'c'][row % 3]!},${isFraud ? 'fraud' : 'ok'}`
  })
  writeFileSync(join(folder, 't.csv'), ['amount,days,country,label', ...rows].join('\n'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const asked = ['methods', 't.csv', '--target', 'label', '--positive', 'fraud']

it('judges every treatment on the table and writes its card', { timeout: 60_000 }, async () => {
  const { code, stdout } = await cli([...asked, '--json', 'out.json'], folder)
  expect(code).toBe(0)
  expect(stdout).toContain('t.csv: 20 positives, 380 negatives.')
  for (const { card } of remedies) expect(stdout).toContain(`${card.title} `)
  expect(stdout).toMatch(/SMOTE +little speaks for it, because 1 column of categories/)
  expect(stdout).toMatch(/SMOTEN +can't run, because it takes categories alone/)
  expect(stdout).toMatch(/Weights by cost +little speaks for it, because no costs are stated/)
  expect(stdout).toContain('Not here:')
  const { facts, methods } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
    facts: { positives: number }
    methods: {
      kind: string
      verdict: { fit: string }
      configurations: { obstacle: string | null; configuration: { name: string } }[]
    }[]
  }
  expect(facts.positives).toBe(20)
  expect(methods).toHaveLength(remedies.length)
  const of = (kind: string) => methods.find((one) => one.kind === kind)!
  expect(of('smote_n').configurations.every(({ obstacle }) => obstacle !== null)).toBe(true)
  expect(of('smote_nc').configurations.every(({ obstacle }) => obstacle === null)).toBe(true)
  expect(of('random_under').configurations[0]!.obstacle).toBeNull()
})

it('goes by the frame, and refuses in words', { timeout: 60_000 }, async () => {
  const costs = ['--cost-fn', 'amount', '--cost-fp', '1', '--cost-tp', '0']
  const stated = await cli([...asked, ...costs], folder)
  expect(stated.stderr + stated.stdout).toMatch(/Weights by cost +fits, because costs differ/)
  const wrong = await cli(['methods', 't.csv', '--target', 'nobody', '--positive', 'x'], folder)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('There is no column "nobody"')
})
