/** The report as it is shown, saved and printed. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { usePaymentsProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what a worker computes. */
const patient = { timeout: 20_000 }

test.describe('a project with finished runs', () => {
  usePaymentsProject('compared')

  test('shows its report in a frame without scripts, and saves the same file', async ({ page }) => {
    await openReport(page)
    const frame = page.locator('iframe')
    const sandbox = (await frame.getAttribute('sandbox'))!.split(' ')
    expect(sandbox).not.toContain('allow-scripts')
    const preview = page.frameLocator('iframe')
    await expect(preview.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(preview.getByText('Treatment ledger').first()).toBeAttached()

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save HTML' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toMatch(/^[^/\\]+\.html$/)
    const html = readFileSync(await saved.path(), 'utf8')
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).toBe(await frame.getAttribute('srcdoc'))
    await expect(page.getByText('Report saved as one HTML file.')).toBeVisible()
  })

  test('prints what is shown', async ({ page }) => {
    await openReport(page)
    await page.locator('iframe').evaluate((frame: HTMLIFrameElement) => {
      frame.contentWindow!.print = () => {
        document.documentElement.dataset['printed'] = frame.contentDocument!.title
      }
    })
    await page.getByRole('button', { name: 'Print' }).click()
    await expect(page.locator('html')).toHaveAttribute('data-printed', /\S/)
  })

  test('saves each table, and all of them', async ({ page }) => {
    await openReport(page)
    const side = page.getByRole('complementary', { name: 'Inspector' })
    const tables = side.locator('.tables button')
    const names = await tables.allTextContents()
    expect(names.length).toBeGreaterThan(10)

    const one = page.waitForEvent('download')
    await side.getByRole('button', { name: 'ledger', exact: true }).click()
    const ledger = await one
    expect(ledger.suggestedFilename()).toMatch(/, ledger\.csv$/)
    const lines = readFileSync(await ledger.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines.length).toBeGreaterThan(3)

    const all = page.waitForEvent('download')
    await side.getByRole('button', { name: 'Save all' }).click()
    const zip = await all
    expect(zip.suggestedFilename()).toMatch(/, tables\.zip$/)
    const bytes = readFileSync(await zip.path())
    for (const name of names) expect(bytes.includes(`${name.trim()}.csv`), name).toBe(true)
  })

  test('axe finds nothing serious', async ({ page }) => {
    await openReport(page)
    // What is in the frame has tests of its own, and runs no scripts.
    await expectNothingSerious(page, 'iframe')
  })
})

test('without runs it says what to do', async ({ page }) => {
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible(patient)
  await page.getByRole('link', { name: /^Report/ }).click()
  await expect(page.getByRole('heading', { name: 'Nothing to report yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Run the plain model' }).click()
  await expect(page.getByRole('heading', { name: 'Threshold', level: 1 })).toBeVisible()
})

async function openReport(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/report'
  })
  await expect(page.locator('iframe')).toBeVisible(patient)
}
