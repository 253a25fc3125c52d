/// <reference lib="dom" />
/**
 * `npm run screens`: pictures of every screen in docs/screens, light and dark, at 1440 × 900 and
 * 1024 × 700, from a project that it makes of the sample.
 *
 *     npm run screens -- [--project FILE] [VIEW …]
 */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { buildIfStale } from './build-app.mjs'
import { findChromium } from './chromium.mjs'
import { repository } from './out-folder.mjs'
import { withPalette } from './palette-png.mjs'

/**
 * @typedef {import('@playwright/test').Page} Page
 *
 * What is used of the sources, which have types of their own.
 * @typedef {{ ok: true, result: unknown } | { ok: false, error: { message: string } }} Reply
 * @typedef {{
 *   call(command: string, args: object): Promise<Reply>,
 *   grantFile(path: string): { fileId: string },
 *   close(): Promise<void>,
 * }} Desk
 * @typedef {{
 *   projectFolder: string,
 *   writeCardSample(path: string, of: object, isCancelled: () => boolean): Promise<unknown>,
 * }} DeskServices
 * @typedef {{ createDesk: (services: DeskServices) => Desk }} DeskModule
 * @typedef {{
 *   createDeskServices: (host: string, folder: string) => Promise<DeskServices>,
 * }} ServicesModule
 * @typedef {{ jobId: string, state: string, reason: string | null }} Job
 * @typedef {{ name: string, datasets: readonly { versionId: number }[] }} ProjectState
 * @typedef {{ results: { configurations: readonly { name: string, costPer1000: number }[] } }} Outcome
 */

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]
const themes = /** @type {const} */ (['light', 'dark'])
const nRows = 24_000

/** How each screen is reached, and what it waits for. */
const screens = /** @type {const} */ ([
  'start',
  'data',
  'import',
  'frame',
  'diagnose',
  'labels',
  'review',
  'impact',
  'threshold',
  'strategies',
  'runs',
  'compare',
  'slices',
  'report',
  'settings',
])

/** Screens that are a part of a view. */
const views = { import: 'data', review: 'labels?queue=1', impact: 'labels?impact=2' }

const { values, positionals } = parseArgs({
  options: { project: { type: 'string' } },
  allowPositionals: true,
})
const wanted = screens.filter((name) => positionals.length === 0 || positionals.includes(name))
const folder = mkdtempSync(join(tmpdir(), 'steelyard-screens-'))
const output = join(repository, 'docs/screens')
mkdirSync(output, { recursive: true })
if (!buildIfStale('page')) throw new Error('the page does not build')

try {
  process.env['STEELYARD_DATA'] = folder
  // Paths in the pictures then begin with ~.
  process.env['HOME'] = process.env['USERPROFILE'] = folder
  const sample = join(folder, 'card payments.csv')
  const project = await prepareProject(sample)
  await takeAll(project, sample)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * A project with runs, a comparison and a kept threshold: what a page would have asked for.
 *
 * @param {string} sample Where the table goes.
 * @returns {Promise<string>} Its file.
 */
async function prepareProject(sample) {
  const { createDesk } = /** @type {DeskModule} */ (
    await importSource('../src-main/workbench/desk.ts')
  )
  const { createDeskServices } = /** @type {ServicesModule} */ (
    await importSource('../src-main/hosts/desk-services.ts')
  )
  const services = await createDeskServices('browser', folder)
  await services.writeCardSample(sample, { nRows, seed: 4 }, () => false)
  const project = join(folder, 'Card payments, April.steelyard')
  if (values.project !== undefined) {
    copyFileSync(resolve(values.project), project)
    return project
  }
  const desk = createDesk(services)
  /** @type {(command: string, args: object) => Promise<unknown>} */
  const call = async (command, args) => {
    const reply = await desk.call(command, args)
    if (!reply.ok) throw new Error(`${command}: ${reply.error.message}`)
    return reply.result
  }
  /** @type {(jobId: string) => Promise<void>} */
  const finished = (jobId) =>
    new Promise((done, failed) => {
      const look = async () => {
        const jobs = /** @type {readonly Job[]} */ (await call('job.list', {}))
        const job = jobs.find((one) => one.jobId === jobId)
        if (job?.state === 'done') done()
        else if (job?.state === 'failed') failed(new Error(job.reason ?? 'a job failed'))
        else setTimeout(() => void look().catch(failed), 200)
      }
      void look().catch(failed)
    })

  await call('project.create', { name: 'Card payments, April', fileId: null })
  const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} }
  const { fileId } = desk.grantFile(sample)
  const importing = await call('data.import', { fileId, name: 'April', options })
  await finished(/** @type {Job} */ (importing).jobId)
  const { name, datasets } = /** @type {ProjectState} */ (await call('project.state', {}))
  const versionId = datasets[0]?.versionId
  await call('data.select', { versionId })
  const roles = {
    ...{ target: 'is_fraud', positive: '1', id: 'transaction_id', time: 'time' },
    ...{ group: null, amount: 'amount', weight: null, ignore: [] },
  }
  const frame = {
    costs: {
      truePositive: 6,
      falsePositive: 6,
      trueNegative: 0,
      falseNegative: { column: 'amount' },
    },
    ...{ casesPerDay: 8000, capacity: 200, prevalence: null, currency: '€' },
    commitments: [{ measure: 'recall', atLeast: 0.5 }],
  }
  const configurations = plannedConfigurations()
  const draft = {
    ...{ roles, frame, frameLocked: true, seed: 1, folds: 5, innerFolds: 4, configurations },
    classNames: { positive: 'Fraud', negative: 'Legitimate' },
    ...{ compared: [], notes: '' },
  }
  await call('draft.save', { versionId, draft, reason: null })
  const scan = { versionId, roles, frame, seed: 1 }
  const scanning = await call('labels.scan', { ...scan, repeats: 3, audit: true })
  await finished(/** @type {Job} */ (scanning).jobId)
  const plan = { versionId, roles, frame, seed: 1, folds: 5, innerFolds: 4, configurations }
  const started = await call('run.start', plan)
  const { jobId, experimentId } = /** @type {Job & { experimentId: number }} */ (started)
  await finished(jobId)
  const { results } = /** @type {Outcome} */ (await call('run.outcome', { experimentId }))
  const costs = results.configurations.toSorted((a, b) => a.costPer1000 - b.costPer1000)
  const untreated = costs.find((run) => run.name === 'lr') ?? costs[0]
  const champion = { experimentId, name: untreated?.name ?? '' }
  const compared = [
    champion,
    ...costs
      .filter((run) => run.name !== champion.name)
      .slice(0, 5)
      .map((run) => ({ experimentId, name: run.name })),
  ]
  const decision = await call('threshold.data', { run: champion })
  const { tuned } = /** @type {{ tuned: number }} */ (decision)
  await call('threshold.keep', {
    run: champion,
    threshold: tuned,
    reason: 'Least cost that 200 alerts a day allow.',
  })
  const notes = 'Treatments bought nothing that could be told from chance. Look again after May.'
  await call('draft.save', { versionId, draft: { ...draft, compared, notes }, reason: null })
  await reviewSome(call, finished, scan, missedRows(sample))
  await desk.close()
  return join(services.projectFolder, `${name}.steelyard`)
}

/**
 * @param {string} sample
 * @returns {ReadonlySet<number>} Rows that the truth beside the sample calls frauds and the sample doesn't.
 */
function missedRows(sample) {
  const column = (/** @type {string} */ path, /** @type {string} */ name) => {
    const [head = '', ...rows] = readFileSync(path, 'utf8').trim().split('\n')
    const at = head.split(',').indexOf(name)
    return rows.map((row) => row.split(',')[at])
  }
  const given = column(sample, 'is_fraud')
  const truth = column(sample.replace(/\.csv$/, '.truth.csv'), 'is_fraud_true')
  return new Set(given.flatMap((label, row) => (label === '0' && truth[row] === '1' ? [row] : [])))
}

/**
 * A queue by money of which the first rows are decided, and a version with the labels corrected.
 *
 * @param {(command: string, args: object) => Promise<unknown>} call
 * @param {(jobId: string) => Promise<void>} finished
 * @param {{ versionId: number | undefined, roles: object, frame: object, seed: number }} scan
 * @param {ReadonlySet<number>} missed Rows of frauds that nobody has found.
 */
async function reviewSome(call, finished, scan, missed) {
  const making = await call('queue.make', {
    ...{ ...scan, kind: 'money', name: null, size: 120, controlShare: 0.15, actionability: 1 },
    ...{ secondsPerReview: 30, costPerReview: 2, run: null, rows: null },
  })
  await finished(/** @type {Job} */ (making).jobId)
  const view = await call('queue.view', { queueId: 1, reviewer: 'Ann' })
  const { items } = /** @type {{ items: readonly { position: number, row: number }[] }} */ (view)
  for (const { position, row } of items.slice(0, 60)) {
    await call('review.decide', {
      ...{ queueId: 1, position, key: `screens-${position}`, kind: 'verdict', alsoSame: false },
      verdict: missed.has(row) ? 'relabel' : 'keep',
      ...{ reviewer: 'Ann', reason: '', note: '', seconds: 6 + position, suggestionVisible: true },
    })
  }
  const applied = await call('labels.apply', { versionId: scan.versionId, roles: scan.roles })
  for (const jobId of /** @type {{ jobIds: string[] }} */ (applied).jobIds) await finished(jobId)
}

function plannedConfigurations() {
  const lr = { kind: 'logistic_regression', c: 1 }
  const trees = {
    ...{ kind: 'gradient_boosting', iterations: 100, maxDepth: 4, learningRate: 0.1 },
    ...{ lambda: 1, minChildWeight: 1, bins: 256 },
  }
  const none = { kind: 'none' }
  const repaired = { correction: true, calibrator: 'auto' }
  const plain = { correction: false, calibrator: 'none' }
  return [
    { name: 'lr', model: lr, sampling: none, weighting: none, calibration: plain },
    { name: 'gbdt', model: trees, sampling: none, weighting: none, calibration: plain },
    {
      ...{ name: 'gbdt_balanced', model: trees, sampling: none },
      ...{ weighting: { kind: 'balanced' }, calibration: repaired },
    },
    {
      ...{ name: 'gbdt_focal', sampling: none, weighting: none, calibration: repaired },
      model: { ...trees, loss: { kind: 'focal', gamma: 2, alpha: 0.25 } },
      insight: {
        gradientFlow: true,
        learningCurve: { shares: [0.1, 0.2, 0.4, 0.7], metric: 'average_precision' },
      },
    },
    {
      ...{ name: 'gbdt_smote', model: trees, weighting: none, calibration: repaired },
      sampling: { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
    },
    {
      ...{ name: 'gbdt_random_under', model: trees, weighting: none, calibration: repaired },
      sampling: { kind: 'random_under', targetImbalanceRatio: 3 },
    },
    {
      ...{ name: 'lr_balanced', model: lr, sampling: none },
      ...{ weighting: { kind: 'balanced' }, calibration: repaired },
    },
  ]
}

/**
 * @param {string} project
 * @param {string} sample
 */
async function takeAll(project, sample) {
  const host = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
      ...['scripts/start.mjs', '--browser', '--no-open', '--no-build', '--project', project],
    ],
    { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const url = await printedUrl(host)
    for (const viewport of sizes) {
      for (const colorScheme of themes) {
        const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' })
        page.on('pageerror', (error) => {
          console.error(error.message)
        })
        await page.goto(url)
        for (const screen of wanted) {
          await show(page, screen, sample)
          const file = join(output, `${screen}-${colorScheme}-${viewport.width}.png`)
          writeFileSync(file, withPalette(await page.screenshot()))
        }
        await page.close()
      }
    }
  } finally {
    await browser.close()
    host.kill('SIGTERM')
    await new Promise((done) => host.once('exit', done))
  }
}

/**
 * @param {import('node:child_process').ChildProcess} host
 * @returns {Promise<string>}
 */
async function printedUrl(host) {
  if (host.stdout === null) throw new Error('the host has no output')
  for await (const line of createInterface({ input: host.stdout })) {
    const url = /^Steelyard: (http.+)$/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the host ended before it printed its address')
}

/**
 * Shows a screen as someone would see it who waits for it.
 *
 * @param {Page} page
 * @param {typeof screens[number]} screen
 * @param {string} sample
 */
async function show(page, screen, sample) {
  const view = screen in views ? views[/** @type {keyof typeof views} */ (screen)] : screen
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/${view}`)
  if (view === screen && view !== 'start') {
    const title = view.charAt(0).toUpperCase() + view.slice(1)
    await page.waitForFunction((start) => document.title.startsWith(start), `${title} · `)
  }
  await page.locator('h1').first().waitFor()
  if (screen === 'import') {
    const another = page.getByRole('button', { name: /import|another file|new version/i }).first()
    if (await another.isVisible()) await another.click()
    await page.locator('input[type=file]').first().setInputFiles(sample)
    await page
      .getByRole('heading', { name: /columns|roles/i })
      .first()
      .waitFor()
  }
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  if (screen === 'impact') await page.getByRole('heading', { name: 'Conclusions' }).waitFor()
  if (screen === 'report') await page.locator('iframe').waitFor()
  // What was pressed to come here isn't to look as if the pointer were on it.
  await page.mouse.move(1, 1)
  // Charts are drawn in the frames after their numbers came.
  await page.waitForTimeout(700)
}

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
async function importSource(path) {
  /** @type {unknown} */
  const source = await import(path)
  return source
}
