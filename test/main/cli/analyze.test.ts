import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { cli, startCli } from '../../support/cli.ts'
import { quickPlan } from '../../support/small-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-cli-'))
const inFolder = (name: string): string => join(folder, name)
const write = (name: string, content: string | Uint8Array): void => {
  writeFileSync(inFolder(name), content)
}
const data = ['s.csv', '--target', 'is_fraud', '--positive', '1', '--id', 'transaction_id']
const asked = [
  ...data,
  '--time',
  'time',
  '--cost-fn',
  'amount',
  '--cost-fp',
  '5',
  '--plan',
  'plan.json',
  '--ack',
  'G21=labels were audited',
]

interface ResultFile {
  readonly results: {
    readonly dataset: Record<string, unknown>
    readonly frame: Record<string, unknown>
    readonly configurations: readonly {
      readonly name: string
      readonly metrics: Record<string, number | null>
      readonly intervals: Record<string, { lower: number; upper: number } | null>
      readonly threshold: { value: number; rule: string; fitted_on: string; per_fold: number[] }
      readonly confusion: { tp: number; fp: number; tn: number; fn: number }
      readonly cost_per_1000: number
    }[]
    readonly champion: string
    readonly sentence: string
  }
  readonly about: {
    readonly digest: string
    readonly cpu_seconds: number
    readonly workers: number
  }
}
const resultsOf = (name: string): ResultFile =>
  JSON.parse(readFileSync(inFolder(name), 'utf8')) as ResultFile

beforeAll(async () => {
  write('plan.json', JSON.stringify(toJson(quickPlan())))
  const { code } = await cli(['sample', '--rows', '6000', '--out', 's.csv'], folder)
  expect(code).toBe(0)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('analyze', () => {
  it('goes from a file to results, report and tables, and leaves nothing else', async () => {
    const temporary = inFolder('temporary')
    mkdirSync(temporary)
    const { code, stdout, stderr } = await cli(
      ['analyze', ...asked, '--json', 'r.json', '--report', 'r.html', '--tables', 'tables'],
      folder,
      { TMPDIR: temporary },
    )
    expect(stderr).toMatch(/Fitting/)
    expect(code).toBe(0)
    const { results, about } = resultsOf('r.json')
    expect(stdout).toContain(results.sentence)
    expect(stdout).toContain(about.digest)
    expect(results.dataset).toMatchObject({ rows: 6000, positives: 24, target: 'is_fraud' })
    expect(results.configurations.map(({ name }) => name)).toEqual(
      defaultPlan().configurations.map(({ name }) => name),
    )
    for (const run of results.configurations) {
      expect(Object.keys(run.metrics)).toEqual(
        expect.arrayContaining([
          'average_precision',
          'roc_auc',
          'brier',
          'log_loss',
          'ece_equal_count_10',
        ]),
      )
      const { tp, fp, tn, fn } = run.confusion
      expect(tp + fp + tn + fn).toBe(6000)
      expect(run.threshold.per_fold).toHaveLength(3)
    }
    expect(results.configurations.map(({ name }) => name)).toContain(results.champion)
    expect(readFileSync(inFolder('r.html'), 'utf8')).toContain(about.digest)
    expect(readdirSync(inFolder('tables')).length).toBeGreaterThan(5)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('gives the same digest with 1, 2 and 4 workers', async () => {
    const digests = await Promise.all(
      ['1', '2', '4'].map(async (workers) => {
        const json = `w${workers}.json`
        const { code } = await cli(
          ['analyze', ...asked, '--workers', workers, '--json', json],
          folder,
        )
        expect(code).toBe(0)
        expect(resultsOf(json).about.workers).toBe(Number(workers))
        return resultsOf(json).about.digest
      }),
    )
    expect(new Set(digests).size).toBe(1)
  })

  it('shows amounts in the currency that is named', async () => {
    const { code, stdout } = await cli(
      [
        ...['analyze', ...asked, '--currency', '€', '--json', 'euro.json', '--report', 'euro.html'],
        // What an alert takes may be known where no hours limit them.
        ...['--review-minutes', '6'],
      ],
      folder,
    )
    expect(code).toBe(0)
    const { results } = resultsOf('euro.json')
    expect(results.frame).toMatchObject({ minutes_per_alert: 6, review_hours_per_day: null })
    expect(results.frame['currency']).toBe('€')
    expect(results.sentence).toMatch(/€\d/)
    expect(stdout).toMatch(/ −?€\d[\d.,k]* \[/)
    const html = readFileSync(inFolder('euro.html'), 'utf8')
    expect(html).toMatch(/€\d/)
    expect(html).toContain('All amounts in €')
    const long = await cli(['analyze', ...asked, '--currency', 'doubloons'], folder)
    expect([long.code === 0, long.stderr]).toEqual([
      false,
      expect.stringContaining('--currency must have at most 8 characters'),
    ])
  })

  it('gives another digest with another seed', async () => {
    await cli(['analyze', ...asked, '--seed', '2', '--json', 'seed.json'], folder)
    await cli(['analyze', ...asked, '--json', 'same.json'], folder)
    expect(resultsOf('seed.json').about.digest).not.toBe(resultsOf('same.json').about.digest)
  })

  it('stops at Ctrl+C, keeps the project, and goes on later', async () => {
    write('long.json', JSON.stringify(toJson({ ...defaultPlan(), folds: 3, innerFolds: 2 })))
    const long = ['--plan', 'long.json', '--project', 'stopped.steelyard', '--json', 'stopped.json']
    const { child, finished } = startCli(['analyze', ...asked, ...long], folder)
    await new Promise<void>((resolve) => {
      child.stderr!.on('data', (text: string) => {
        if (text.includes('Fitting')) resolve()
      })
    })
    child.kill('SIGINT')
    const stopped = await finished
    expect(stopped.code).toBe(130)
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped.steelyard'))).toEqual([
      'stopped.steelyard',
    ])
    expect(existsSync(inFolder('stopped.json'))).toBe(false)
    const again = await cli(['analyze', ...asked, ...long], folder)
    expect(again.code).toBe(0)
    await cli(['analyze', ...asked, '--plan', 'long.json', '--json', 'undisturbed.json'], folder)
    expect(resultsOf('stopped.json').about.digest).toBe(resultsOf('undisturbed.json').about.digest)
  })
})

describe('a project in steps', () => {
  it('imports, runs, compares and reports what analyze would have done at once', async () => {
    const project = ['--project', 'steps.steelyard']
    const steps = [
      ['import', 's.csv', ...project],
      ['run', ...project, ...asked.slice(1), '--json', 'run.json'],
      ['compare', ...project],
      ['report', ...project, '--report', 'steps.html'],
    ]
    for (const step of steps) {
      const { code, stderr } = await cli(step, folder)
      expect(code, `${step[0]!}: ${stderr}`).toBe(0)
    }
    await cli(['analyze', ...asked, '--json', 'once.json'], folder)
    expect(resultsOf('run.json').about.digest).toBe(resultsOf('once.json').about.digest)
    expect(readFileSync(inFolder('steps.html'), 'utf8')).toContain(
      resultsOf('run.json').about.digest,
    )
  })

  it('tells a second process who has the project', async () => {
    const held = startCli(['analyze', ...data, '--project', 'held.steelyard'], folder)
    await new Promise<void>((resolve) => {
      held.child.stderr!.on('data', (text: string) => {
        if (text.includes('Fitting')) resolve()
      })
    })
    const { code, stderr } = await cli(['compare', '--project', 'held.steelyard'], folder)
    expect(code).toBe(2)
    expect(stderr).toContain(String(held.child.pid))
    held.child.kill('SIGINT')
    expect((await held.finished).code).toBe(130)
  })
})

describe('bad input ends with exit code 2, a reason, and no file', () => {
  const head = 'a,b,y\n'
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${(i * 7) % 13},${i % 5},${i % 8 === 0 ? 1 : 0}\n`,
  ).join('')
  const cases: readonly [string, string | Uint8Array, readonly string[], RegExp][] = [
    ['an empty file', '', [], /empty/i],
    ['a header only', head, [], /no rows|no data|header/i],
    ['one class only', `${head}1,2,1\n2,3,1\n`, [], /one class only/],
    ['a target that is not there', head + rows, ['--target', 'z'], /"z".*"a", "b", "y"/s],
    ['a positive value that never occurs', head + rows, ['--positive', 'yes'], /"yes".*"1", "0"/s],
    [
      'fewer positives than folds',
      `${head}1,2,1\n2,3,0\n5,4,0\n1,1,0\n3,3,1\n2,9,0\n`,
      [],
      /2 positives/,
    ],
    ['a column name twice', `a,a,y\n${rows}`, [], /"a"/],
    ['a blank column name', `a,,y\n${rows}`, [], /column 2|second|name/i],
    ['a ragged row', `${head}${rows}1,2\n`, [], /row 42/i],
    [
      'a binary file',
      Uint8Array.from({ length: 400 }, (_, i) => (i * 7919) % 256),
      [],
      /binary|text/i,
    ],
    ['an Excel file', Buffer.from('PK\u0003\u0004xl/workbook.xml'), [], /Excel|zip/i],
    ['a gz file', Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3), [], /gz/i],
    ['an unknown option', head + rows, ['--costs', '3'], /--costs/],
    ['a cost that is no number', head + rows, ['--cost-fn', '1', '--cost-fp', 'x'], /"x"/],
    ['half the costs', head + rows, ['--cost-fn', '1'], /--cost-fp is missing/],
    ['a commitment in other words', head + rows, ['--commitment', 'f1>0.5'], /recall>=0\.85/],
    [
      'a measure committed to twice',
      head + rows,
      ['--commitment', 'recall>=0.5', '--commitment', 'recall>=0.8'],
      /recall twice/,
    ],
    [
      'no review hours',
      head + rows,
      ['--review-minutes', '6', '--review-hours', '0', '--cases-per-day', '100'],
      /--review-hours must be above 0, got 0/,
    ],
    [
      'review hours without minutes',
      head + rows,
      ['--review-hours', '8', '--cases-per-day', '100'],
      /says nothing without --review-minutes/,
    ],
    [
      'review hours without cases',
      head + rows,
      ['--review-minutes', '6', '--review-hours', '8'],
      /says nothing without --cases-per-day/,
    ],
    ['a plan that is no plan', head + rows, ['--plan', 'plan.txt'], /plan\.txt/],
    ['a missing plan', head + rows, ['--plan', 'nowhere.json'], /nowhere\.json/],
    [
      'a project in a folder that is not there',
      head + rows,
      ['--project', 'no/where.steelyard'],
      /folder/i,
    ],
    [
      'an output that is the input',
      head + rows,
      ['--json', 'bad-an-output-that-is-the-input.csv'],
      /overwrite the file/,
    ],
    ['a report in a folder that is not there', head + rows, ['--report', 'no/r.html'], /no folder/],
    ['a file that is no project', head + rows, ['--project', 's.csv'], /not a Steelyard project/i],
  ]
  it.each(cases)('%s', async (what, content, options, message) => {
    const name = `bad-${what.replaceAll(/\W+/g, '-')}`
    write(`${name}.csv`, content)
    write('plan.txt', 'no plan')
    const base = ['--target', 'y', '--positive', '1']
    const { code, stdout, stderr } = await cli(
      [
        'analyze',
        `${name}.csv`,
        ...base,
        '--json',
        `${name}.json`,
        '--report',
        `${name}.html`,
        ...options,
      ],
      folder,
    )
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).not.toMatch(/Digest/)
    expect(existsSync(inFolder(`${name}.json`))).toBe(false)
    expect(existsSync(inFolder(`${name}.html`))).toBe(false)
  })

  it('a file that is not there, a command that does not exist, no command', async () => {
    const missing = await cli(
      ['analyze', 'nothing.csv', '--target', 'y', '--positive', '1'],
      folder,
    )
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('nothing.csv')
    expect((await cli(['analyse'], folder)).stderr).toContain('"analyse"')
    expect((await cli([], folder)).code).toBe(2)
  })

  it('ragged rows are skipped or padded on request', async () => {
    write('ragged.csv', `${head}${rows}1,2\n`)
    const project = ['--project', 'ragged.steelyard']
    const skipped = await cli(['import', 'ragged.csv', '--ragged', 'skip', ...project], folder)
    expect(skipped.code).toBe(0)
    expect(skipped.stdout).toMatch(/40 rows.*1 row of another length/s)
    const padded = await cli(['import', 'ragged.csv', '--ragged', 'pad', ...project], folder)
    expect(padded.stdout).toMatch(/41 rows/)
  })
})

describe('help and plan', () => {
  it('every command tells its options', async () => {
    const overview = await cli(['--help'])
    expect(overview.code).toBe(0)
    for (const [, name] of overview.stdout.matchAll(/^ {2}(\w+) {2}/gm)) {
      const { code, stdout } = await cli([name!, '--help'])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^steelyard ${name!}`))
    }
  })

  it('prints a plan that it reads back', async () => {
    const { stdout } = await cli(['plan', '--default'])
    write('printed.json', stdout)
    expect((await cli(['plan', '--plan', 'printed.json'], folder)).stdout).toBe(stdout)
  })
})
