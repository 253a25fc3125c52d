/** Holds the stated memory of a run against what the process really took at its peak. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-memory-'))
const configurations = {
  lr: { name: 'lr', model: { kind: 'logistic_regression' } },
  gbdt: { name: 'gbdt', model: { kind: 'gradient_boosting', iterations: 10 } },
  lr_smote: {
    name: 'lr_smote',
    model: { kind: 'logistic_regression' },
    sampling: { kind: 'smote' },
  },
} as const
const tables = [
  { rows: 3000, columns: 30 },
  { rows: 50_000, columns: 100 },
  { rows: 200_000, columns: 30 },
  { rows: 500_000, columns: 30 },
] as const

const sayPeak = `process.on('exit', () => console.error('PEAK ' + process.resourceUsage().maxRSS))`

beforeAll(() => {
  for (const { rows, columns } of tables) {
    const script = join(import.meta.dirname, '../bench/make-table.ts')
    const out = join(folder, `${rows}x${columns}.csv`)
    execFileSync(process.execPath, [
      ...[script, '--rows', String(rows), '--columns', String(columns), '--out', out],
    ])
  }
  for (const [name, configuration] of Object.entries(configurations)) {
    const plan = { version: 1, folds: 2, inner_folds: 2, bootstrap_draws: 100 }
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify({ ...plan, configurations: [configuration] }),
    )
  }
  process.env['NODE_OPTIONS'] = `--import data:text/javascript,${encodeURIComponent(sayPeak)}`
}, 600_000)
afterAll(() => {
  delete process.env['NODE_OPTIONS']
  rmSync(folder, { recursive: true })
})

describe.each(tables)('$rows rows of $columns columns', ({ rows, columns }) => {
  describe.each(['1', '2'])('%s workers', (workers) => {
    const names = Object.keys(configurations).filter(
      // A few thousand rows hold too few positives for SMOTE's neighbours.
      (name) => rows > 10_000 || name !== 'lr_smote',
    )
    it.each(names)('%s', async (name) => {
      const { code, stderr } = await cli(
        [
          ...['analyze', `${rows}x${columns}.csv`, '--target', 'class', '--positive', '1'],
          ...['--plan', `${name}.json`, '--workers', workers],
          ...['--cost-fn', '10', '--cost-fp', '1'],
          ...['G10', 'G21'].flatMap((id) => ['--ack', `${id}=only memory is looked at`]),
        ],
        folder,
      )
      expect(code, stderr).toBe(0)
      const peaks = [...stderr.matchAll(/PEAK (\d+)/g)].map(([, peak]) => Number(peak) * 1024)
      const [, figure, unit] = /Needs about ([\d.]+) (GB|MB)/.exec(stderr)!
      const stated = Number(figure) * (unit === 'GB' ? 1e9 : 1e6)
      const ratio = stated / Math.max(...peaks)
      console.log(`${rows} x ${columns}, ${name}, ${workers}: stated / peak = ${ratio.toFixed(2)}`)
      expect(ratio).toBeGreaterThan(0.8)
      expect(ratio).toBeLessThan(1.5)
    })
  })
})
