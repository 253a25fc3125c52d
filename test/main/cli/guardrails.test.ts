import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import { cli } from '../../support/cli.ts'
import { quickPlan } from '../../support/small-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-guardrails-'))
const data = ['s.csv', '--target', 'is_fraud', '--positive', '1', '--id', 'transaction_id']
const costs = ['--cost-fn', '120', '--cost-fp', '5']
const analyze = ['analyze', ...data, '--time', 'time', '--plan', 'plan.json']

interface Results {
  readonly guardrails: readonly {
    readonly id: string
    readonly state: string
    readonly acknowledgement: string | null
  }[]
  readonly ledger: readonly { readonly rule: string; readonly untreated: boolean }[]
  readonly cost_uncertainty: {
    readonly tornado: { readonly bars: readonly { readonly input: string }[] } | null
    readonly best_by_ratio: readonly { readonly to: number | null }[] | null
    readonly decision_curves: readonly { readonly points: readonly unknown[] }[] | null
    readonly sentences: readonly string[]
  }
  readonly operating_point: {
    readonly configuration: string
    readonly requirements: readonly unknown[]
    readonly solved: { readonly feasible: boolean; readonly sentence: string }
  }
  readonly experiment: { readonly proof: { readonly scheme: string } }
  readonly frame: object
  readonly configurations: readonly {
    readonly threshold: { readonly rule: string; readonly feasible: boolean }
  }[]
}
const resultsOf = (name: string): Results =>
  (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { results: Results }).results

beforeAll(async () => {
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(toJson(quickPlan(['lr', 'lr_balanced']))))
  const { code, stderr } = await cli(['sample', '--rows', '12000', '--out', 's.csv'], folder)
  expect(code, stderr).toBe(0)
}, 180_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('guardrails in the terminal', () => {
  it('refuse a treatment without costs, for good', async () => {
    const { code, stderr } = await cli([...analyze, '--ack', 'G21=x'], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^G01: /m)
    const passed = await cli([...analyze, '--ack', 'G01=x'], folder)
    expect(passed.code).toBe(2)
    expect(passed.stderr).toMatch(/G01: this guardrail can't be passed over/)
  })

  it('ask for a reason, and take it', async () => {
    const silent = await cli([...analyze, ...costs], folder)
    expect(silent.code).toBe(2)
    expect(silent.stderr).toMatch(/^G21: /m)
    expect(silent.stderr).toContain("--ack G21='reason'")
    const { code, stderr, stdout } = await cli(
      [
        ...[...analyze, ...costs, '--ack', 'G21=labels were audited in March'],
        ...['--json', 'r.json', '--report', 'r.html', '--tables', 'tables'],
      ],
      folder,
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^ +G21 .* Passed over: labels were audited in March$/m)
    const { guardrails, ledger, operating_point } = resultsOf('r.json')
    expect(guardrails.find(({ id }) => id === 'G21')).toMatchObject({
      state: 'overridden',
      acknowledgement: 'labels were audited in March',
    })
    expect(guardrails.find(({ id }) => id === 'G02')).toMatchObject({ state: 'passed' })
    expect(ledger.map(({ rule, untreated }) => `${rule} ${untreated}`)).toEqual([
      ...['half true', 'bayes true', 'tuned true', 'tuned false', 'prevalence true'],
    ])
    expect(operating_point.solved).toMatchObject({ feasible: true })
    expect(stdout).toContain(operating_point.solved.sentence)
    const html = readFileSync(join(folder, 'r.html'), 'utf8')
    expect(html).toContain('labels were audited in March')
    expect(html).toMatch(/<h2 id="guardrails-title">\d+ Guardrails/)
    const table = readFileSync(join(folder, 'tables', 'guardrails.csv'), 'utf8')
    expect(table).toMatch(/^G21,passed over,/m)
  }, 180_000)

  it.each([
    ['G21', /must read like/],
    ['G21=', /must read like/],
    ['G99=x', /no such guardrail/],
    ['audited', /must read like/],
  ])('refuse --ack %s', async (text, message) => {
    const { code, stderr } = await cli([...analyze, ...costs, '--ack', text], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('say what can’t be had together, and which limit to give way on', async () => {
    const { code, stderr, stdout } = await cli(
      [
        ...['analyze', ...data, '--plan', 'untreated.json', ...costs, '--json', 'hard.json'],
        ...['--cases-per-day', '1000', '--capacity', '1', '--commitment', 'recall>=0.95'],
      ].map((one) => (one === 'untreated.json' ? untreated() : one)),
      folder,
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/No threshold keeps recall at least 0\.95 and alerts at most 1 a day/)
    const { operating_point, guardrails } = resultsOf('hard.json')
    expect(operating_point.solved.feasible).toBe(false)
    expect(guardrails.find(({ id }) => id === 'G28')).toMatchObject({ state: 'failed' })
  }, 180_000)

  it('keep to a recall, a precision, alerts and review hours at once', async () => {
    const { code, stderr, stdout } = await cli(
      [
        ...['analyze', ...data, '--plan', untreated(), ...costs, '--json', 'limits.json'],
        ...['--report', 'limits.html', '--cases-per-day', '1000', '--capacity', '900'],
        ...['--review-minutes', '6', '--review-hours', '60'],
        ...['--commitment', 'precision>=0.1', '--commitment', 'recall>=0.2'],
      ],
      folder,
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/Operating point of lr: Alerts from/)
    const { frame, operating_point, configurations } = resultsOf('limits.json')
    expect(frame).toMatchObject({
      capacity: 900,
      minutes_per_alert: 6,
      review_hours_per_day: 60,
      commitments: [
        { measure: 'recall', at_least: 0.2 },
        { measure: 'precision', at_least: 0.1 },
      ],
    })
    expect(operating_point.requirements).toEqual([
      { kind: 'recall', limit: 0.2 },
      { kind: 'precision', limit: 0.1 },
      { kind: 'alerts', limit: 900 },
      { kind: 'review hours', limit: 60 },
    ])
    expect(configurations[0]!.threshold.rule).toBe(
      'least cost with recall at least 0.2 and precision at least 0.1 and alerts within the review hours',
    )
    expect(configurations[0]!.threshold.feasible).toBe(true)
    const { cost_uncertainty: told } = resultsOf('limits.json')
    expect(told).toMatchObject({ name: 'lr', doubt: { misses: 50, alarms: 50, prevalence: 30 } })
    expect(told.tornado!.bars.map(({ input }) => input).toSorted()).toEqual([
      'falseNegative',
      'falsePositive',
      'prevalence',
    ])
    expect(told.best_by_ratio!.at(-1)!.to).toBeNull()
    expect(told.decision_curves![0]!.points.length).toBeGreaterThan(30)
    expect(told.sentences).toHaveLength(3)
    for (const sentence of told.sentences) expect(stdout).toContain(`  ${sentence}`)
    const report = readFileSync(join(folder, 'limits.html'), 'utf8')
    expect(report).toContain('If costs or prevalence are others')
    expect(report).toMatch(
      /600 alerts a day \(60 h of review at 6 min each, less than the 900 alerts allowed\)/,
    )
    expect(report).toMatch(/Committed to recall of at least/)
    expect(report).toMatch(/Committed to precision of at least/)
  }, 60_000)

  function untreated(): string {
    const plan = quickPlan(['lr'])
    writeFileSync(join(folder, 'untreated.json'), JSON.stringify(toJson(plan)))
    return 'untreated.json'
  }
})

describe('validation in the terminal', () => {
  const project = ['--project', 'locked.steelyard']

  it('judges later cases by earlier ones, and opens the locked test set when asked', async () => {
    const run = await cli(
      [
        ...[...analyze, ...costs, '--ack', 'G21=x', ...project, '--json', 'time.json'],
        ...['--split', 'time', '--labels-mature-after', '3', '--test-share', '0.2'],
      ],
      folder,
    )
    expect(run.code, run.stderr).toBe(0)
    const { guardrails, experiment } = resultsOf('time.json')
    expect(experiment.proof.scheme).toBe('in order of time, a gap of 3 days')
    expect(guardrails.find(({ id }) => id === 'G23')).toMatchObject({ state: 'passed' })

    const silent = await cli(['final-test', ...project], folder)
    expect(silent.code).toBe(2)
    expect(silent.stderr).toMatch(/Say why/)
    const first = await cli(['final-test', ...project, '--reason', 'sign-off'], folder)
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/opening number 1\./)
    const again = await cli(
      ['final-test', ...project, '--reason', 'again', '--run', 'lr', '--threshold', '0.3'],
      folder,
    )
    expect(again.stdout).toMatch(/opening number 2\.\nlr at 0\.3:/)
    const report = await cli(['report', ...project, '--report', 'locked.html'], folder)
    expect(report.code, report.stderr).toBe(0)
    expect(readFileSync(join(folder, 'locked.html'), 'utf8')).toMatch(/Opened 2 times/)
  }, 120_000)

  it('promises a threshold on cases that nothing has seen, and says why not without', async () => {
    const promise = async (...options: string[]): Promise<string> => {
      const asked = ['--commitment', 'recall>=0.3', '--cases-per-day', '1000', '--capacity', '300']
      const { code, stderr, stdout } = await cli(
        [...analyze, ...costs, '--ack', 'G21=x', ...asked, ...options],
        folder,
      )
      expect(code, stderr).toBe(0)
      return stdout
    }
    expect(await promise('--calibration-share', '0.4')).toMatch(
      /From [\d.]+ on, a model .* keeps recall at least 0\.3 and alerts at most 300 .* 90 %/,
    )
    expect(await promise()).toMatch(/No threshold is promised: no cases were kept unseen/)
  }, 180_000)

  it('shows what leakage would claim, marked invalid', async () => {
    const shown = await cli(['leakage-demo', ...project], folder)
    expect(shown.code, shown.stderr).toBe(0)
    expect(shown.stdout).toMatch(/^INVALID ON PURPOSE/)
    const refused = await cli(['leakage-demo', ...project, '--json', 'leak.json'], folder)
    expect(refused.code).toBe(2)
  }, 180_000)

  it('opens nothing that was not locked away', async () => {
    const open = ['--project', 'open.steelyard']
    const run = await cli([...analyze, ...costs, '--ack', 'G21=x', ...open], folder)
    expect(run.code, run.stderr).toBe(0)
    const { code, stderr } = await cli(['final-test', ...open, '--reason', 'x'], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/No cases of this experiment are locked away/)
  }, 180_000)

  it.each([
    [['--split', 'random'], /--split must be stratified or time/],
    [['--gap-days', '3'], /needs validation.scheme "time"/],
    [['--test-share', '0.9'], /\[0, 0\.5\]/],
    [['--test-share', '0.2', '--folds', 'folds.csv'], /Leave one of them out/],
  ])('refuses %j', async (options, message) => {
    const { code, stderr } = await cli([...analyze, ...costs, '--ack', 'G21=x', ...options], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
