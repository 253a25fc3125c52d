import type { Locator, Page } from '@playwright/test'
import { usePaymentsProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

test.describe('a project with untreated runs', () => {
  usePaymentsProject('untreated')

  test('everything follows the threshold, by keyboard, box and drag', async ({ page }) => {
    const slider = await openThreshold(page)
    const tuned = await spoken(slider)
    expect(tuned).toMatch(/^0\.\d+: €.* a month, recall .* alerts a day$/)

    // Steps change decisions, and lead back.
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    const higher = await spoken(slider)
    expect(higher).not.toBe(tuned)
    await page.keyboard.press('End')
    await expect(slider).toHaveAttribute('aria-valuetext', /recall 0\.0\u202f%, 0 alerts/)
    await expect(figure(page, 'Alerts that are')).toContainText('no alert, so no precision')
    await page.keyboard.press('Home')
    await expect(slider).toHaveAttribute('aria-valuetext', /recall 100\.0\u202f%, 200 alerts/)
    await expect(figure(page, 'Caught')).toContainText('100 of 100')

    const box = page.getByLabel('Threshold', { exact: true })
    await box.fill('0.5')
    await expect(slider).toHaveAttribute('aria-valuetext', /^0\.500: /)
    await box.fill('7')
    await expect(box).toHaveAttribute('aria-invalid', 'true')
    await expect(slider).toHaveAttribute('aria-valuetext', /^0\.500: /)
    await box.blur()

    const charts = {
      'Cost by threshold': 0.75,
      'Scores by class': 0.6,
      'Precision and recall': 0.8,
    }
    for (const [title, to] of Object.entries(charts)) {
      const before = await spoken(slider)
      const plot = page
        .locator('section', { has: page.getByRole('heading', { name: title }) })
        .last()
        .locator('.chart')
      const { x, y, width, height } = (await plot.boundingBox())!
      await page.mouse.move(x + 0.4 * width, y + 0.5 * height)
      await page.mouse.down()
      await page.mouse.move(x + to * width, y + 0.4 * height, { steps: 4 })
      await page.mouse.up()
      expect(await spoken(slider), title).not.toBe(before)
    }

    // Cases of the matrix add up to those of the data.
    await page.getByRole('button', { name: 'Data', exact: true }).click()
    const cells = await page.locator('.conf .n').allTextContents()
    const counts = cells.map((text) => Number(text.split(' ')[0]!.replaceAll(',', '')))
    expect(counts.reduce((a, b) => a + b)).toBe(800)
  })

  test('a threshold is kept with its reason, and listed', async ({ page }) => {
    const slider = await openThreshold(page)
    await page.getByLabel('Threshold', { exact: true }).fill('0.2')
    await page.getByRole('button', { name: 'Keep 0.200' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Because').fill('Eight people can look at these.')
    await dialog.getByRole('button', { name: 'Keep 0.200' }).click()
    await expect(page.getByRole('button', { name: 'Kept 0.200', exact: true })).toBeVisible()
    await expect(page.getByText('Eight people can look at these.')).toBeVisible()
    await slider.press('End')
    await page.getByRole('button', { name: 'Kept 0.200: move to it' }).click()
    await expect(slider).toHaveAttribute('aria-valuetext', /^0\.200: /)

    const runs = page.getByLabel('Run', { exact: true })
    const another = (await runs.inputValue()) === '0' ? '1' : '0'
    await runs.selectOption(another)
    await expect(page).toHaveURL(/run=(lr|gbdt)/)
    await expect(page.getByText('Nothing kept for this run yet.')).toBeVisible()
  })

  test('charts have a table of the same numbers, and axe finds nothing serious', async ({
    page,
  }) => {
    await openThreshold(page)
    const views = page.getByRole('group', { name: 'Show Cost by threshold as' })
    await views.getByRole('button', { name: 'Table' }).click()
    await expect(page.getByRole('columnheader', { name: 'Lowest fold' })).toBeVisible()
    await views.getByRole('button', { name: 'Chart' }).click()
    await expectNothingSerious(page)
  })
})

test('before any run the plain model is offered, and its run can be cancelled', async ({
  page,
}) => {
  await page.getByRole('button', { name: /sample/i }).click()
  await expect(page.getByRole('link', { name: /Threshold/ })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('link', { name: /Threshold/ }).click()
  await page.getByRole('button', { name: 'Run the plain model first' }).click()
  const running = page.getByRole('main')
  await expect(running.getByRole('progressbar')).toBeVisible()
  const cancel = running.getByRole('button', { name: 'Cancel' })
  const before = await cancel.boundingBox()
  await expect(running.getByText(/^Fitting/)).toBeVisible()
  expect(await cancel.boundingBox(), 'stays under the pointer').toEqual(before)
  await cancel.click()
  await expect(running.getByText('The last run was stopped')).toBeVisible()
  await expect(running.getByRole('button', { name: 'Resume the last run' })).toBeVisible()
})

test.describe('a project with one cost for each outcome, and limits', () => {
  usePaymentsProject('compared', [
    ...['--cost-fn', '120', '--commitment', 'recall>=0.4'],
    ...['--review-minutes', '6', '--review-hours', '5'],
  ])

  test('what if costs and prevalence are others', async ({ page }) => {
    await openThreshold(page)
    await page.getByLabel('Run', { exact: true }).selectOption({ label: 'lr_balanced' })
    await page.getByRole('button', { name: 'What if', exact: true }).click()
    const main = page.getByRole('main')

    // The decision curve follows the threshold, and has its numbers in a table.
    await expect(main.getByText(/^Acting on lr_balanced beats alerting on everybody/)).toBeVisible()
    await main.getByLabel('Threshold in use').fill('0.3')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Keep 0.300' })).toBeVisible()
    await expect(main.getByText(/ at 0\.300$/)).toBeVisible()
    const shown = main.getByRole('group', { name: 'Show Decision curve as' })
    await shown.getByRole('button', { name: 'Table' }).click()
    const head = main.getByRole('columnheader', { name: /^Net benefit of (lr|gbdt)$/ })
    await expect(head).toBeVisible()
    await shown.getByRole('button', { name: 'Chart' }).click()

    await expect(main.getByRole('cell', { name: 'Cost of a miss', exact: true })).toBeVisible()
    await expect(main.getByText(/as now \(19\)/)).toBeVisible()

    // Another prevalence is solved under the limits: 50 alerts a day fit into five hours.
    await main.getByLabel('Threshold in use').fill('0.05')
    await page.keyboard.press('Enter')
    await main.getByLabel('Prevalence, percent').fill('30')
    await page.keyboard.press('Enter')
    await expect(main.getByText(/^The threshold kept breaks: .*a day/)).toBeVisible()
    const alerts = main.getByRole('row', { name: /^Alerts a day/ })
    const cells = await alerts.getByRole('cell').allTextContents()
    expect(Number(cells[0])).toBeGreaterThan(50)
    expect(Number(cells[1])).toBeLessThanOrEqual(50)
    await expectNothingSerious(page)
  })
})

async function openThreshold(page: Page): Promise<Locator> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate(() => {
    location.hash = '#/threshold'
  })
  const slider = page.getByRole('slider', { name: 'Decision threshold' })
  await expect(slider).toBeVisible()
  return slider
}

async function spoken(slider: Locator): Promise<string> {
  return (await slider.getAttribute('aria-valuetext')) ?? ''
}

function figure(page: Page, title: string): Locator {
  return page.locator('.fig', { hasText: title })
}
