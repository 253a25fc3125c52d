import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { renderReport } from '#main/files/report/render-report.ts'
import {
  bareReport,
  HOSTILE_NAMES,
  hostileReport,
  sampleReport,
  unclearReport,
} from '../support/sample-report.ts'
import { expect, test as base } from './fixtures.ts'

interface Reports {
  readonly sample: string
  readonly unclear: string
  readonly hostile: string
  readonly bare: string
}

const test = base.extend<object, { reports: Reports }>({
  reports: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'steelyard-report-'))
      const write = (name: string, text: string): string => {
        const path = join(folder, `${name}.html`)
        writeFileSync(path, text)
        return pathToFileURL(path).href
      }
      await use({
        sample: write('sample', renderReport(sampleReport())),
        unclear: write('unclear', renderReport(unclearReport())),
        hostile: write('hostile', renderReport(hostileReport())),
        bare: write('bare', renderReport(bareReport())),
      })
      rmSync(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],
})

for (const width of [1024, 1440]) {
  for (const kind of ['sample', 'unclear', 'hostile', 'bare'] as const) {
    test(`the ${kind} report fits a window of ${width} pixels`, async ({ page, reports }) => {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(reports[kind])
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      const beyond = await page.evaluate(() => {
        const paper = document.querySelector('.paper')!
        const edge =
          paper.getBoundingClientRect().right - parseFloat(getComputedStyle(paper).paddingRight)
        const wide = [...document.querySelectorAll('.paper *')].filter(
          (element) =>
            element.closest('svg, .scroll, .sr') === null &&
            element.getBoundingClientRect().right > edge + 1.5,
        )
        return {
          page: document.documentElement.scrollWidth - window.innerWidth,
          wide: wide.map((element) => element.outerHTML.slice(0, 120)),
        }
      })
      expect(beyond).toEqual({ page: 0, wide: [] })
    })
  }
}

test('shows one decision where the cheapest is not certain', async ({ page, reports }) => {
  await page.goto(reports.unclear)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('No clear winner')
  await expect(page.locator('tr.pick', { hasText: 'gbdt_smote' })).toHaveCount(0)
  const ledger = page.getByRole('table', { name: 'Treatment ledger' })
  const badgesOf = (row: RegExp) =>
    ledger.getByRole('row', { name: row }).locator('.badge').allTextContents()
  expect(await badgesOf(/^gbdt, tuned/)).toEqual(['recommended', 'reference'])
  expect(await badgesOf(/^gbdt_smote, tuned/)).toEqual(['cheapest'])
  const decision = page.locator('#decision')
  await expect(decision.getByText('a treatment must earn its keep')).toBeVisible()
  await expect(decision.getByRole('table', { name: /^gbdt under each/ })).toBeVisible()
  await expect(decision.getByText('gbdt_smote, cheapest').first()).toBeVisible()
})

test('asks for nothing, not even from this machine', async ({ page, reports }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(reports.sample)
  await page.waitForLoadState('networkidle')
  expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([reports.sample])
})

test('every table has a caption, column heads and row heads', async ({ page, reports }) => {
  await page.goto(reports.sample)
  const tables = await page.evaluate(() =>
    [...document.querySelectorAll('table')].map((table) => ({
      caption: table.caption?.textContent.trim() ?? '',
      columns: table.querySelectorAll('thead th[scope=col]').length,
      cells: table.tBodies[0]!.rows[0]?.cells.length ?? 0,
      bareRows: [...table.tBodies[0]!.rows].filter(
        (row) => row.querySelector('th[scope=row]') === null,
      ).length,
    })),
  )
  expect(tables.length).toBeGreaterThan(12)
  for (const table of tables) {
    expect(table.caption).not.toBe('')
    expect(table, table.caption).toMatchObject({ columns: table.cells, bareRows: 0 })
  }
})

test('every chart has a name, a table and a download', async ({ page, reports }) => {
  await page.goto(reports.sample)
  const charts = page.locator('figure.chart')
  await expect(charts).toHaveCount(6)
  for (const chart of await charts.all()) {
    await expect(chart.getByRole('img')).toHaveAccessibleName(/\w+ .{20}/)
    await expect(chart.locator('.downloads a').first()).toBeVisible()
    await chart.locator('summary').click()
    await expect(chart.locator('table tbody tr').first()).toBeVisible()
  }
})

test('ids are unique and references lead somewhere', async ({ page, reports }) => {
  await page.goto(reports.sample)
  const { ids, missing } = await page.evaluate(() => {
    const all = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    const references = [...document.documentElement.innerHTML.matchAll(/url\(#([^)]+)\)/g)]
    return {
      ids: all,
      missing: references.map((match) => match[1]!).filter((id) => !all.includes(id)),
    }
  })
  expect(new Set(ids).size).toBe(ids.length)
  expect(missing).toEqual([])
})

test('a download holds the table in full precision', async ({ page, reports }) => {
  await page.goto(reports.sample)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV: Treatment ledger' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('ledger.csv')
  const text = readFileSync(await download.path(), 'utf8')
  const lines = text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n')
  const { ledger } = sampleReport().results.comparison
  expect(lines).toHaveLength(ledger.length + 1)
  expect(lines[0]).toMatch(/^run,treatment,threshold_rule,cost_per_1000,cost_per_1000_lower,/)
  expect(lines[1]).toContain(String(ledger[0]!.costPer1000))
})

test('hostile names are shown as text', async ({ page, reports }) => {
  await page.goto(reports.hostile)
  for (const name of HOSTILE_NAMES.slice(0, 4)) {
    await expect(page.locator('#data').getByText(name, { exact: true }).first()).toBeVisible()
  }
  expect(
    await page.evaluate(() => document.querySelectorAll('script, img, [onload], [onerror]').length),
  ).toBe(0)
})

test('works without scripts', async ({ browser, reports }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(reports.sample)
  const summary = page.locator('figure.chart summary').first()
  await summary.click()
  await expect(page.getByRole('table', { name: /Cost by threshold/ }).first()).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download CSV: Metrics of every run' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('metrics.csv')
  await context.close()
})

/** Texts of the page whose colour stands out too little from what lies behind. */
function faintTexts(): string[] {
  // Mixed colours come back as shares, the others in steps of 255.
  const parse = (colour: string): number[] =>
    (colour.match(/[\d.]+/g) ?? []).map((part, i) =>
      colour.startsWith('color(srgb') && i < 3 ? 255 * Number(part) : Number(part),
    )
  const luminance = (rgb: readonly number[]): number => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const behind = (element: Element): readonly number[] => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const rgba = parse(getComputedStyle(at).backgroundColor)
      if (rgba[3] !== 0) return rgba.slice(0, 3)
    }
    return [255, 255, 255]
  }
  const faint: string[] = []
  for (const element of document.querySelectorAll('.paper *')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
    )
    if (!own || element.closest('.sr') !== null) continue
    const style = getComputedStyle(element)
    const colour = element instanceof SVGElement ? style.fill : style.color
    const [a, b] = [luminance(parse(colour).slice(0, 3)), luminance(behind(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (!(contrast >= 4.5))
      faint.push(`${element.textContent.slice(0, 40)}: ${contrast.toFixed(2)} (${colour})`)
  }
  return faint
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`texts stand out in the ${colorScheme} theme`, async ({ page, reports }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(reports.sample)
    const [background] = await page.evaluate(() => [
      getComputedStyle(document.body.parentElement!).backgroundColor,
    ])
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(15, 17, 20)' : 'rgb(243, 244, 246)')
    expect(await page.evaluate(faintTexts)).toEqual([])
  })
}

test('prints on A4 pages, always light', async ({ page, reports }) => {
  await page.goto(reports.sample)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('h1')!).color)).toBe(
    'rgb(20, 23, 28)',
  )
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString(
    'latin1',
  )
  const pages = pdf.match(/\/Type\s*\/Page\b/g) ?? []
  expect(pages.length).toBeGreaterThanOrEqual(4)
  expect(pages.length).toBeLessThanOrEqual(16)
  const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!
  expect(Number(width)).toBeCloseTo(595, -0.3)
  expect(Number(height)).toBeCloseTo(842, -0.3)
})
