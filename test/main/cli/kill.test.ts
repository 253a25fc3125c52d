import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import { createStream } from '#shared/core/math/random.ts'
import { cli, startCli } from '../../support/cli.ts'
import { quickPlan } from '../../support/small-table.ts'

const seed = 20260101
const moments = 10

const folder = mkdtempSync(join(tmpdir(), 'steelyard-kill-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const analyze = (project: string, json: string): string[] => [
  ...['analyze', 's.csv', '--target', 'is_fraud', '--positive', '1', '--id', 'transaction_id'],
  ...['--time', 'time', '--cost-fn', '100', '--cost-fp', '5', '--plan', 'plan.json'],
  ...['--project', project, '--json', json],
]
const digestOf = (json: string): string =>
  (JSON.parse(readFileSync(join(folder, json), 'utf8')) as { about: { digest: string } }).about
    .digest

/** What a project holds, read without the program, as a crash left it. */
function inspect(project: string): { integrity: unknown; datasets: number; folds: number } {
  const database = new Database(join(folder, project))
  try {
    const count = (sql: string): number => database.prepare(sql).pluck().get() as number
    return {
      integrity: database.pragma('integrity_check', { simple: true }),
      datasets: count("SELECT count(*) FROM dataset_versions WHERE state = 'ready'"),
      folds: count('SELECT count(*) FROM fold_results'),
    }
  } finally {
    database.close()
  }
}

let undisturbed = ''
let durationMs = 0

beforeAll(async () => {
  await cli(['sample', '--rows', '60000', '--out', 's.csv'], folder)
  const plan = quickPlan(['lr', 'gbdt', 'lr_random_under', 'gbdt_random_under'])
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(toJson(plan)))
  const start = performance.now()
  const { code, stderr } = await cli(analyze('calm.steelyard', 'calm.json'), folder)
  expect(code, stderr).toBe(0)
  durationMs = performance.now() - start
  undisturbed = digestOf('calm.json')
}, 120_000)

describe(`kill -9 at ${moments} moments of import and run (seed ${seed})`, () => {
  const stream = createStream(seed, 'moments')
  const shares = Array.from({ length: moments }, () => stream.uniform())

  it.each(shares)(
    'at %f of the way: the project is sound, finished work is kept, the digest is the same',
    async (share) => {
      const name = `killed-${Math.round(share * 1e6)}`
      const project = `${name}.steelyard`
      const { child, finished } = startCli(analyze(project, `${name}.json`), folder)
      await new Promise((resolve) => setTimeout(resolve, 300 + share * durationMs))
      child.kill('SIGKILL')
      await finished

      let kept = { datasets: 0, folds: 0 }
      try {
        const { integrity, ...counts } = inspect(project)
        expect(integrity).toBe('ok')
        kept = counts
      } catch (error) {
        // Killed before the project was there.
        if (!String(error).includes('no such table')) throw error
      }
      const again = await cli(analyze(project, `${name}.json`), folder)
      expect(again.code, again.stderr).toBe(0)
      expect(digestOf(`${name}.json`)).toBe(undisturbed)
      const after = inspect(project)
      expect(after).toEqual({ integrity: 'ok', datasets: 1, folds: 12 })
      if (kept.datasets === 1) expect(again.stdout).toContain('already in the project')
    },
    120_000,
  )
})
