import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import type { Args, Command, Result } from '#shared/contract/commands.ts'
import type { CountedCurve } from '#shared/core/decision/read-curve.ts'
import { createStream } from '#shared/core/math/random.ts'
import { buildIfStale } from '../../../scripts/build-app.mjs'
import { chromiumPath } from '../../e2e/chromium.ts'
import type { BenchItem } from '../bench-item.ts'
import { median } from '../measure-item.ts'
import { startBenchHost } from '../page/bench-host.ts'
import { makeReviewProject, measureReviews } from '../page/review-keys.ts'
import { madeCurve, measureMoves } from '../page/threshold-moves.ts'

interface State {
  readonly dataFolder: string
  readonly browser: Browser
  readonly usual: CountedCurve
  readonly many: CountedCurve
  /** Every figure of every run, in milliseconds. */
  readonly figures: Record<string, number[]>
}

const jumps = 20
const reviewProject = 'Reviews'
const reviewsEachTime = 60
const projects = {
  numbers: { name: 'Bench', target: 'Class', lastColumn: /V1\D/ },
  /** Two columns with another text in nearly every row. */
  texts: { name: 'Texts', target: 'class', lastColumn: /second/ },
} as const
type ProjectOf = (typeof projects)[keyof typeof projects]

export const item: BenchItem<State> = {
  name: 'page',
  about: 'the built page in Chromium: slider at 284,807 and 10 M scores, projects of 1 M rows',
  nRows: 1_000_000,
  async prepare({ table, folder }) {
    const executablePath = chromiumPath()
    if (executablePath === null) throw new Error('no Chromium: set CHROMIUM_PATH or install one')
    if (!buildIfStale('page')) throw new Error('the page does not build')
    const kept = { numbers: join(folder, 'page'), texts: join(folder, 'page-texts') }
    if (!existsSync(kept.numbers)) await importTable(table.csvPath, kept.numbers, projects.numbers)
    if (!existsSync(kept.texts)) {
      const path = join(folder, 'texts.csv')
      writeFileSync(path, textsCsv(table.nSamples))
      await importTable(path, kept.texts, projects.texts)
      rmSync(path)
    }
    const reviews = join(folder, 'page-reviews')
    if (!existsSync(reviews)) {
      const draft = `${reviews}.${process.pid}`
      mkdirSync(draft, { recursive: true })
      await makeReviewProject(draft, reviewProject)
      renameSync(draft, reviews)
    }
    const dataFolder = mkdtempSync(join(tmpdir(), 'steelyard-page-'))
    // Reviews are for good: each time they are made in a copy.
    const copy = join(dataFolder, `${reviewProject}.steelyard`)
    copyFileSync(join(reviews, `projects/${reviewProject}.steelyard`), copy)
    await openOnce(dataFolder, copy)
    for (const key of ['numbers', 'texts'] as const) {
      await openOnce(dataFolder, join(kept[key], `projects/${projects[key].name}.steelyard`))
    }
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const state: State = {
      dataFolder,
      browser: await chromium.launch({ executablePath, args }),
      usual: madeCurve(284_807),
      many: madeCurve(10_000_000),
      figures: {},
    }
    return state
  },
  async run({ dataFolder, browser, usual, many, figures }) {
    const note = (name: string, ms: number): void => {
      ;(figures[name] ??= []).push(ms)
    }
    const started = performance.now()
    const host = await startBenchHost(dataFolder)
    try {
      note('host_start_ms', performance.now() - started)
      note('first_paint_ms', await firstPaint(browser, host.url))
      const opened = await openProject(browser, host.url, projects.numbers)
      note('open_project_ms', opened.openMs)
      note('grid_first_ms', opened.firstGridMs)
      note('grid_page_ms', opened.gridMs)
      note('grid_page_while_profiling_ms', opened.busyGridMs)
      for (const [name, curve] of Object.entries({ '284807': usual, '10m': many })) {
        const times = await measureMoves(browser, host.url, curve)
        note(`move_${name}_ms`, times.median)
        note(`move_${name}_p95_ms`, times.p95)
        note(`drag_script_${name}_ms`, times.draggedScript)
      }
    } finally {
      await host.close()
    }
    const another = await startBenchHost(dataFolder)
    try {
      const texts = await openProject(browser, another.url, projects.texts)
      note('open_texts_ms', texts.openMs)
      note('grid_texts_first_ms', texts.firstGridMs)
      note('grid_texts_ms', texts.gridMs)
      note('grid_texts_while_profiling_ms', texts.busyGridMs)
      const keys = await measureReviews(browser, another.url, reviewProject, reviewsEachTime)
      note('review_key_ms', median(keys))
      note('review_key_p95_ms', keys.toSorted((a, b) => a - b)[Math.floor(0.95 * keys.length)]!)
    } finally {
      await another.close()
    }
  },
  check({ usual, many, figures }) {
    const medians = Object.entries(figures).map(([name, values]) => [name, median(values)])
    return {
      ...(Object.fromEntries(medians) as Record<string, number>),
      candidates_284807: usual.thresholds.length,
      candidates_10m: many.thresholds.length,
    }
  },
  async close({ browser, dataFolder }) {
    await browser.close()
    rmSync(dataFolder, { recursive: true, force: true })
  },
}

/** Milliseconds from asking for the page, with nothing kept by the browser, to its first contents. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  try {
    await page.goto(url)
    await page.getByRole('heading', { name: 'Steelyard' }).waitFor()
    return await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
    )
  } finally {
    await context.close()
  }
}

/**
 * Clicks the project on the start page, until its data are there; then looks at its rows: for the
 * first time, all over while its columns are profiled, and afterwards.
 */
async function openProject(
  browser: Browser,
  url: string,
  { name, lastColumn }: ProjectOf,
): Promise<{ openMs: number; firstGridMs: number; busyGridMs: number; gridMs: number }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.goto(url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await show(page, '#/start')
    // Its path, which the button names too, holds the name of this bench.
    const button = page.getByRole('button', { name: new RegExp(`^${name}`) }).first()
    await button.waitFor()
    const openMs = await button.evaluate(async (element, { source }) => {
      const names = new RegExp(source)
      const start = performance.now()
      ;(element as HTMLElement).click()
      // The first screen: the columns of the table, by name.
      while (!names.test(document.querySelector('main')?.textContent ?? '')) {
        if (performance.now() - start > 30_000) throw new Error('the data did not come')
        await new Promise(requestAnimationFrame)
      }
      return performance.now() - start
    }, lastColumn)
    const firstGridMs = await page.evaluate(async () => {
      const start = performance.now()
      location.hash = '#/data?show=rows'
      const isShown = (): boolean =>
        (document.querySelector('[role=grid] [role=gridcell]')?.textContent ?? '') !== ''
      while (!isShown()) await new Promise(requestAnimationFrame)
      return performance.now() - start
    })
    const busyGridMs = await measureGrid(page)
    await show(page, '#/data')
    await page
      .getByText(/^imbalance [\d.]+ : 1$/)
      .first()
      .waitFor({ timeout: 120_000 })
    return { openMs, firstGridMs, busyGridMs, gridMs: await measureGrid(page) }
  } finally {
    await page.close()
  }
}

function show(page: Page, hash: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to
  }, hash)
}

async function measureGrid(page: Page): Promise<number> {
  await show(page, '#/data?show=rows')
  await page.locator('[role=grid] [role=gridcell]').first().waitFor()
  return median(await jumpAbout(page))
}

/** Milliseconds from each jump until the rows there are shown. */
async function jumpAbout(page: Page): Promise<number[]> {
  return page.locator('[role=grid]').evaluate(async (grid, times) => {
    const shownAt = (): string | null => {
      const box = grid.getBoundingClientRect()
      for (const row of grid.querySelectorAll('[role=row]')) {
        const { top } = row.getBoundingClientRect()
        const cells = [...row.querySelectorAll('[role=gridcell]')]
        if (top < box.top + 60 || cells.length === 0) continue
        return cells.every(({ textContent }) => textContent.trim() !== '') ? row.textContent : null
      }
      return null
    }
    const found: number[] = []
    for (let jump = 0; jump < times; jump++) {
      const before = shownAt()
      const start = performance.now()
      grid.scrollTop = ((0.618_034 * (jump + 1)) % 1) * (grid.scrollHeight - grid.clientHeight)
      for (;;) {
        await new Promise(requestAnimationFrame)
        const now = shownAt()
        if (now !== null && now !== before) break
        if (performance.now() - start > 5000) throw new Error('the rows did not come')
      }
      found.push(performance.now() - start)
    }
    return found
  }, jumps)
}

type Call = <C extends Command>(command: C, args: Args<C>) => Promise<Result<C>>

/** Imports the table into a project of its own folder; on the first run only. */
async function importTable(
  csvPath: string,
  folder: string,
  { name, target }: ProjectOf,
): Promise<void> {
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  await withDesk(draft, async (call, desk) => {
    await call('project.create', { name, fileId: null })
    const { fileId } = desk.grantFile(csvPath)
    const imported = new Promise<void>((resolve, reject) => {
      desk.onEvent(({ event, data }) => {
        if (event === 'data.imported') resolve()
        else if (event === 'job.changed' && data.state === 'failed') {
          reject(new Error(data.reason ?? 'the import failed'))
        }
      })
    })
    const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} } as const
    await call('data.import', { fileId, name: 'cases', options })
    await imported
    const state = (await call('project.state', {}))!
    await call('draft.save', {
      versionId: state.versionId!,
      reason: null,
      draft: {
        ...structuredClone(state.draft!),
        roles: {
          ...{ target, positive: '1', id: null, time: null, group: null },
          ...{ amount: null, weight: null, ignore: [] },
        },
      },
    })
  })
  renameSync(draft, folder)
}

/** A number, two texts that few rows share, and a class. */
function textsCsv(nRows: number): string {
  const stream = createStream(0, 'bench', 'texts')
  const text = (most: number): string => `case ${Math.floor(most * stream.uniform()).toString(36)}`
  const lines = Array.from({ length: nRows }, (_, row) =>
    // Draws of so many, put back each time, come to 850,000 different ones in a million rows.
    [row % 1000, text(2.9 * nRows), text(2.9 * nRows), Number(row % 579 === 0)].join(','),
  )
  return `${['number', 'first', 'second', 'class'].join(',')}\n${lines.join('\n')}\n`
}

/** So that the start page lists it. */
async function openOnce(dataFolder: string, project: string): Promise<void> {
  await withDesk(dataFolder, async (_, desk) => {
    const reply = await desk.openPath(project)
    if (!reply.ok) throw new Error(reply.error.message)
  })
}

async function withDesk(
  dataFolder: string,
  work: (call: Call, desk: ReturnType<typeof createDesk>) => Promise<void>,
): Promise<void> {
  // Projects that are named lie beside the data where these were put elsewhere.
  process.env['STEELYARD_DATA'] = dataFolder
  const desk = createDesk(await createDeskServices('browser', dataFolder))
  try {
    await work(async (command, args) => {
      const reply = await desk.call(command, args)
      if (!reply.ok) throw new Error(reply.error.message)
      return reply.result as never
    }, desk)
  } finally {
    await desk.close()
  }
}
