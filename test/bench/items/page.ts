import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import type { Args, Command, Result } from '#shared/contract/commands.ts'
import type { CountedCurve } from '#shared/core/decision/read-curve.ts'
import { buildIfStale } from '../../../scripts/build-app.mjs'
import { chromiumPath } from '../../e2e/chromium.ts'
import type { BenchItem } from '../bench-item.ts'
import { median } from '../measure-item.ts'
import { startBenchHost } from '../page/bench-host.ts'
import { madeCurve, measureMoves } from '../page/threshold-moves.ts'

interface State {
  readonly dataFolder: string
  readonly browser: Browser
  readonly usual: CountedCurve
  readonly many: CountedCurve
  /** Every figure of every run, in milliseconds. */
  readonly figures: Record<string, number[]>
}

const projectName = 'Bench'
const jumps = 20

export const item: BenchItem<State> = {
  name: 'page',
  about: 'the built page in Chromium: slider at 284,807 and 10 M scores, a 1 M-row project',
  nRows: 1_000_000,
  async prepare({ table, folder }) {
    const executablePath = chromiumPath()
    if (executablePath === null) throw new Error('no Chromium: set CHROMIUM_PATH or install one')
    if (!buildIfStale('page')) throw new Error('the page does not build')
    const kept = join(folder, 'page')
    if (!existsSync(kept)) await importTable(table.csvPath, kept)
    const dataFolder = mkdtempSync(join(tmpdir(), 'steelyard-page-'))
    await openOnce(dataFolder, join(kept, `projects/${projectName}.steelyard`))
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
    const host = await startBenchHost(dataFolder)
    try {
      const opened = await openProject(browser, host.url)
      note('open_project_ms', opened.openMs)
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

/**
 * Clicks the project on the start page, until its data are there; then jumps about its rows, while
 * its columns are profiled and afterwards.
 */
async function openProject(
  browser: Browser,
  url: string,
): Promise<{ openMs: number; busyGridMs: number; gridMs: number }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.goto(url)
    const button = page.getByRole('button', { name: projectName }).first()
    await button.waitFor()
    const openMs = await button.evaluate(async (element) => {
      const start = performance.now()
      ;(element as HTMLElement).click()
      // The first screen: the columns of the table, by name.
      while (!/V1\D/.test(document.querySelector('main')?.textContent ?? '')) {
        if (performance.now() - start > 30_000) throw new Error('the data did not come')
        await new Promise(requestAnimationFrame)
      }
      return performance.now() - start
    })
    const busyGridMs = await measureGrid(page)
    await show(page, '#/data')
    await page.getByText('imbalance ratio').first().waitFor({ timeout: 120_000 })
    return { openMs, busyGridMs, gridMs: await measureGrid(page) }
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
async function importTable(csvPath: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  await withDesk(draft, async (call, desk) => {
    await call('project.create', { name: projectName, fileId: null })
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
          ...{ target: 'Class', positive: '1', id: null, time: null, group: null },
          ...{ amount: null, weight: null, ignore: [] },
        },
      },
    })
  })
  renameSync(draft, folder)
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
