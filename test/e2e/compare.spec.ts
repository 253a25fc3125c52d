/** Runs held against a champion. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { usePaymentsProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what a worker computes. */
const patient = { timeout: 20_000 }

test.describe('a project with three runs', () => {
  usePaymentsProject('compared')

  test('is compared before anybody has chosen, in money first', async ({ page }) => {
    const rows = await openCompare(page)
    await expect(page.locator('.say')).toContainText(/€[\d.,]+k?.* a month/)
    await expect(
      page.getByText(/^Same 5 folds, each threshold tuned under 60 alerts a day/),
    ).toBeVisible()
    await expect(rows).toHaveCount(3)
    await expect(rows.first()).toContainText('champion')
    await expect(rows.first()).toContainText('reference')
    for (const row of (await rows.all()).slice(1)) {
      await expect(row).toContainText(/cheaper|dearer|no clear difference|misses a limit/)
      await expect(row).toContainText(/\[[−+]?€[\d.,]+k?, [−+]?€[\d.,]+k?\]/)
      await expect(row.locator('svg.forest')).toBeVisible()
    }
  })

  test('has another champion, fewer runs and more, and takes each back', async ({ page }) => {
    const rows = await openCompare(page)
    const names = rows.locator('b')
    const before = await names.allTextContents()
    await page.getByRole('button', { name: `Make ${before[2]!} the champion`, exact: true }).click()
    await expect(names.first()).toHaveText(before[2]!, patient)
    await expect(names).toHaveText([before[2]!, before[1]!, before[0]!])

    await page.getByRole('button', { name: `Remove ${before[0]!}`, exact: true }).click()
    await expect(rows).toHaveCount(2, patient)
    // Two are the least: what would leave one says so and does nothing.
    const last = page.getByRole('button', { name: `Remove ${before[1]!}`, exact: true })
    await expect(last).toHaveAttribute('aria-disabled', 'true')

    await page.getByRole('button', { name: 'Choose runs' }).click()
    const dialog = page.getByRole('dialog', { name: 'Choose runs to compare' })
    await expect(dialog.getByRole('checkbox', { checked: true })).toHaveCount(2)
    await dialog.getByRole('checkbox', { checked: false }).check()
    await dialog.getByRole('button', { name: 'Compare 3 runs' }).click()
    await expect(rows).toHaveCount(3, patient)

    for (const left of [2, 3]) {
      await page.keyboard.press('Control+z')
      await expect(rows).toHaveCount(left, patient)
    }
    await page.keyboard.press('Control+z')
    await expect(names).toHaveText(before, patient)
  })

  test('shows all metrics, and what was set side by side', async ({ page }) => {
    await openCompare(page)
    await page.getByRole('button', { name: 'All metrics' }).click()
    await expect(page.getByRole('columnheader', { name: 'ROC AUC' })).toBeVisible()
    await expect(page.getByRole('columnheader', { name: 'Brier' })).toBeVisible()

    await page.getByRole('button', { name: 'Side by side' }).click()
    const region = page.getByRole('region', { name: 'Runs side by side' })
    await expect(region.getByRole('rowheader', { name: 'Model', exact: true })).toBeVisible()
    const equal = region.getByRole('rowheader', { name: 'Sampling', exact: true })
    await expect(equal).toBeHidden()
    await region.getByRole('button', { name: /settings that are equal/ }).click()
    await expect(equal).toBeVisible()
  })

  test('is saved as a table with every figure, and each chart has a twin', async ({ page }) => {
    const rows = await openCompare(page)
    const names = await rows.locator('b').allTextContents()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export the comparison as CSV' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('comparison.csv')
    const [head, ...lines] = readFileSync(await saved.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(head).toContain('Difference in cost a month')
    expect(lines.map((line) => line.split(',')[0])).toEqual(names)

    for (const [title, column] of [
      ['Cost by threshold', 'Cost a month'],
      ['Precision and recall', 'Precision'],
      ['Reliability', 'Share of positives'],
    ] as const) {
      const show = page.getByRole('group', { name: `Show ${title} as` })
      await show.getByRole('button', { name: 'Table' }).click()
      const twin = page.locator('.chart-panel', { has: show })
      await expect(twin.getByRole('columnheader', { name: column })).toBeVisible()
      await expect(twin.getByText(names[0]!, { exact: true }).first()).toBeVisible()
    }
  })

  test('keeps notes with the project', async ({ page }) => {
    await openCompare(page)
    const notes = page.getByRole('textbox', { name: 'Conclusion' })
    await notes.fill('Confirm on the data of May. — وأيضا')
    await notes.blur()
    await expect(page.getByRole('button', { name: /^Undo: notes/ })).toBeEnabled()
    await page.reload()
    await expect(notes).toHaveValue('Confirm on the data of May. — وأيضا', patient)
  })

  test('fits a narrow window, and axe finds nothing serious', async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 700 })
    await openCompare(page)
    for (const shows of ['Differences', 'All metrics', 'Side by side']) {
      await page.getByRole('button', { name: shows }).click()
      const beyond = await page.evaluate(() => {
        const main = document.querySelector('main')!
        return main.scrollWidth - main.clientWidth
      })
      expect(beyond, `${shows}: pixels beyond the window`).toBe(0)
      await expectNothingSerious(page)
    }
    await page.getByRole('button', { name: 'Choose runs' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothingSerious(page)
  })
})

test('without runs it says what to run first', async ({ page }) => {
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible(patient)
  await page.getByRole('link', { name: /^Compare/ }).click()
  await expect(page.getByRole('heading', { name: 'Nothing to compare yet' })).toBeVisible()
  await expectNothingSerious(page)
  await page.getByRole('link', { name: 'Go to Threshold' }).click()
  await expect(page.getByRole('heading', { name: 'Threshold', level: 1 })).toBeVisible()
})

/** @returns The rows of the runs. */
async function openCompare(page: Page): Promise<Locator> {
  await page.evaluate(() => {
    location.hash = '#/compare'
  })
  const rows = page.getByRole('region', { name: 'Runs against the champion' }).locator('tbody tr')
  await expect(rows.first()).toBeVisible(patient)
  return rows
}
