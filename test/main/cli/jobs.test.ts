import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import { cli, startCli } from '../../support/cli.ts'
import { quickPlan } from '../../support/small-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-jobs-'))
const project = ['--project', 'p.steelyard']
const data = ['--target', 'is_fraud', '--positive', '1', '--id', 'transaction_id', '--time', 'time']
const acknowledged = [
  ...['--cost-fn', 'amount', '--cost-fp', '5'],
  ...['--ack', 'G21=labels were audited'],
]
const run = [
  'run',
  ...[...project, ...data, ...acknowledged],
  ...['--plan', 'plan.json', '--name', 'first look'],
]

beforeAll(async () => {
  const plan = quickPlan(['lr', 'gbdt', 'gbdt_balanced'])
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(toJson(plan)))
  await cli(['sample', '--rows', '15000', '--out', 's.csv'], folder)
  const { code, stderr } = await cli(['import', 's.csv', ...project], folder)
  expect(code, stderr).toBe(0)
}, 30_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Starts a run and ends it once it has kept some folds. */
async function interrupt(signal: NodeJS.Signals): Promise<void> {
  const { child, finished } = startCli(run, folder)
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      if (text.includes('Fitting')) resolve()
    })
  })
  await new Promise((resolve) => setTimeout(resolve, 700))
  child.kill(signal)
  await finished
}

const digestOf = (file: string): string =>
  (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { about: { digest: string } }).about
    .digest

describe('jobs', () => {
  it('shows none, then an interrupted run, and goes on with it by its name alone', async () => {
    expect((await cli(['jobs', ...project], folder)).stdout).toBe('The project has no runs yet.\n')

    await interrupt('SIGKILL')
    const { stdout } = await cli(['jobs', ...project], folder)
    const [, done] = /^first look +interrupted +(\d+) of 9 /m.exec(stdout)!
    expect(Number(done)).toBeLessThan(9)
    expect(stdout).toContain("run --project FILE --experiment 'first look'")

    const resumed = await cli(
      ['run', ...project, '--experiment', 'first look', '--json', 'resumed.json'],
      folder,
    )
    expect(resumed.code, resumed.stderr).toBe(0)
    const after = await cli(['jobs', ...project], folder)
    expect(after.stdout).toMatch(/^first look +done +9 of 9 /m)
    expect(after.stdout).not.toContain('interrupted')

    const calm = [
      '--project',
      'calm.steelyard',
      ...acknowledged,
      '--plan',
      'plan.json',
      '--json',
      'calm.json',
    ]
    await cli(['analyze', 's.csv', ...data, ...calm], folder)
    expect(digestOf('resumed.json')).toBe(digestOf('calm.json'))
  }, 180_000)

  it('takes no other options beside the experiment, and no unknown one', async () => {
    const both = await cli(['run', ...project, '--experiment', 'x', '--seed', '2'], folder)
    expect(both.code).toBe(2)
    expect(both.stderr).toContain('leave out --seed')
    const unknown = await cli(['run', ...project, '--experiment', 'nobody'], folder)
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('no experiment "nobody"')
  })
})

describe('memory', () => {
  const analyze = ['analyze', 's.csv', ...data, ...acknowledged, '--plan', 'plan.json']

  it('is stated, and fewer threads are used where the cap asks for it', async () => {
    const free = await cli([...analyze, '--workers', '2', '--json', 'free.json'], folder)
    const [, needed] = /^Needs about (\d+) MB of memory with 2 workers\.$/m.exec(free.stderr)!
    const cap = `${Number(needed) - 10}M`
    const tight = await cli(
      [...analyze, '--workers', '2', '--memory-cap', cap, '--json', 'tight.json'],
      folder,
    )
    expect(tight.code, tight.stderr).toBe(0)
    expect(tight.stderr).toMatch(/with 1 worker; 2 would need/)
    expect(digestOf('tight.json')).toBe(digestOf('free.json'))
  })

  it('beyond the cap is refused with the figure, before anything runs', async () => {
    const { code, stdout, stderr } = await cli([...analyze, '--memory-cap', '100M'], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/needs about \d+ MB of memory even with 1 worker, and 100 MB/)
    expect(stdout).not.toContain('Digest')
    const table = await cli([...analyze, '--memory-cap', '0.5M'], folder)
    expect(table.stderr).toContain('The table alone takes')
    const wrong = await cli([...analyze, '--memory-cap', 'much'], folder)
    expect(wrong.stderr).toContain('--memory-cap must be a size like 800M or 4G, got "much"')
  })
})
