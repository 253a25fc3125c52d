import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openProject } from '#main/store/project.ts'
import { resources } from '#main/resources.ts'
import { decide } from '#main/workbench/labels/reviewing.ts'
import { cli } from '../../support/cli.ts'
import { hiddenRows, paymentsCsv } from '../workbench/labels/support.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-reviews-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** As a person would in the window: relabels what was hidden, and keeps the rest. */
function review(file: string): void {
  const project = openProject(file, {
    ...{ create: false, migrationsDir: resources.migrations, program: 'test' },
  })
  const ports = { project }
  const [queue] = project.reviews.queues()
  for (const { position, row } of project.reviews.items(queue!.id)) {
    decide(
      ports,
      {
        ...{ queueId: queue!.id, position, key: `k${position}`, kind: 'verdict', alsoSame: false },
        ...{ verdict: hiddenRows.includes(row) ? 'relabel' : 'keep', reviewer: 'Ann' },
        ...{ reason: '', note: '=1+1', seconds: 1, suggestionVisible: true },
      },
      new Date(),
    )
  }
  project.close()
}

describe('reviews in the terminal', { timeout: 240_000 }, () => {
  it('make a queue, pack it, take it in elsewhere, and correct', async () => {
    writeFileSync(join(folder, 'payments.csv'), paymentsCsv())
    writeFileSync(
      join(folder, 'plan.json'),
      JSON.stringify({
        ...{ version: 1, folds: 3 },
        configurations: [{ name: 'lr', model: { kind: 'logistic_regression' } }],
      }),
    )
    const roles = ['--target', 'fraud', '--positive', 'yes', '--id', 'id', '--amount', 'amount']
    const frame = ['--cost-fn', 'amount', '--cost-fp', '5', '--currency', '€']
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await cli(args, folder)
      expect(code, stderr).toBe(0)
      return stdout
    }
    await run(
      ...['analyze', 'payments.csv', '--project', 'p.steelyard', '--plan', 'plan.json'],
      ...roles,
      ...frame,
    )
    const made = await run(
      ...['queue', '--project', 'p.steelyard', '--repeats', '1', '--size', '40', '--random', '25'],
      ...roles,
      ...frame,
    )
    expect(made).toBe('Queue 1, "Most doubtful labels": 40 rows of payments.csv.\n')
    review(join(folder, 'p.steelyard'))

    const told = await run('verdicts', '--project', 'p.steelyard', '--out', 'log.csv')
    expect(told).toContain('Queue 1, "Most doubtful labels": 40 of 40 decided')
    expect(told).toMatch(/Hidden positives, by 10 random rows: .* to .* of the rows/)
    const head = /Log: 40 events, whole\. Head ([0-9a-f]{64})/.exec(told)![1]!
    const log = readFileSync(join(folder, 'log.csv'), 'utf8')
    expect(log.trim().endsWith(head)).toBe(true)
    // What a spreadsheet would run is text.
    expect(log).toContain("'=1+1")

    await run('pack', '--project', 'p.steelyard', '--with-reviews', '--out', 'back.json')
    await run('import', 'payments.csv', '--project', 'other.steelyard')
    const merged = await run('merge', 'back.json', '--project', 'other.steelyard')
    expect(merged).toContain('40 reviews added, 0 were here already; 0 rows to settle.')
    const again = await run('merge', 'back.json', '--project', 'other.steelyard')
    expect(again).toContain('0 reviews added, 40 were here already')

    const corrected = await run('correct', '--project', 'p.steelyard')
    expect(corrected).toMatch(
      /^Version 2: 6 labels turned to positive, 0 to negative, 0 rows left out/m,
    )
    const row = /^lr +(€\S+) +(€\S+) +([+−]€\S+) +([+−]?€\S+) +([+−]?€\S+)$/m.exec(corrected)!
    const [before, after, change, judging, fitting] = row
      .slice(1)
      .map((text) => Number(text.replace('−', '-').replace(/[€,+]/g, '')))
    // Each is rounded by itself.
    expect(Math.abs(before! + change! - after!)).toBeLessThanOrEqual(2)
    expect(Math.abs(judging! + fitting! - change!)).toBeLessThanOrEqual(2)
    expect(corrected).toContain('Test rows are corrected like all others')
    const twice = await cli(['correct', '--project', 'p.steelyard', '--dataset', 'x'], folder)
    expect([twice.code, twice.stderr]).toEqual([
      2,
      'The project has no dataset "x". It has: payments.\n',
    ])
  })
})
