/** Whether imbalance is the problem, and where positives are missed. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { usePaymentsProject } from './prepared.ts'
import { tabTo } from './keys.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what a worker computes. */
const patient = { timeout: 60_000 }

test.setTimeout(180_000)

test.describe('a project with three runs', () => {
  usePaymentsProject('compared')

  test('is diagnosed in one sentence, with its evidence', async ({ page }) => {
    await go(page, 'i', 'Diagnose')
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await expect(verdict.getByRole('heading')).not.toBeEmpty()
    const looked = page.getByRole('table', { name: 'What was looked at for the verdict' })
    await expect(looked.getByRole('row')).toHaveCount(9)
    // One of the eight is the answer, unless nothing is wrong.
    const answers = await looked.getByText('the answer', { exact: true }).count()
    const isFine = (await verdict.textContent())!.includes('Nothing needs mending')
    expect(answers).toBe(isFine ? 0 : 1)
    await expect(looked).toContainText(/No column is a suspect/)
    await expect(looked).toContainText(/gbdt|lr/)
    const steps = page.locator('.chart-panel', { hasText: 'What each step is worth' })
    await steps.getByRole('button', { name: 'Table', exact: true }).click()
    await expect(steps.getByText(/^(Nobody|Everybody) alerted$/)).toBeVisible()
    await expect(page.getByRole('table', { name: /How well each column ranks/ })).toContainText(
      'speed',
    )
    for (const title of ['Would more data help?', 'Overlap, case by case']) {
      const chart = page.locator('.chart-panel', { hasText: title })
      await expect(chart.getByRole('img')).toBeVisible()
    }
    await expectNothingSerious(page)
  })

  test('shows where positives are missed, and the rows behind each number', async ({ page }) => {
    await go(page, 'e', 'Slices')
    const slices = page.getByRole('region', { name: 'Table of slices' })
    await expect(slices.getByRole('row').nth(1)).toContainText(/\d+ of \d+/, patient)
    const decided = page.getByRole('group', { name: 'Decisions in the slice' })
    const missed = decided.getByRole('button', { name: /missed/ })
    await expect(missed).toHaveAttribute('aria-pressed', 'true')
    const nMissed = Number((await missed.locator('b').textContent())!.replaceAll(',', ''))
    const row = slices.getByRole('row').nth(1)
    await expect(row).toContainText(`${nMissed} of `)
    const grid = page.getByRole('grid', { name: /^Rows missed/ })
    await expect(grid).toHaveAttribute('aria-rowcount', String(nMissed + 1), patient)
    await expect(grid.getByRole('gridcell').nth(4)).not.toBeEmpty()

    await decided.getByRole('button', { name: /false alarms/ }).click()
    await expect(page.getByRole('heading', { name: 'Rows false alarms' })).toBeVisible()
    await missed.click()
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Send to review' }).click()
    await expect(page.getByText(/^Scan the labels first/)).toBeVisible()
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    const csv = readFileSync(await (await coming).path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(csv[0]).toBe('row,probability,speed,distance,amount,fraud')
    expect(csv).toHaveLength(nMissed + 1)
    // They are frauds, every one.
    expect(csv.slice(1).every((line) => line.endsWith(',1'))).toBe(true)
    await expectNothingSerious(page)
  })

  test('another run has slices of its own', async ({ page }) => {
    await go(page, 'e', 'Slices')
    const run = page.getByRole('combobox', { name: 'Run' })
    await run.selectOption({ label: 'lr_balanced' })
    await expect(page.getByText(/^lr_balanced, threshold tuned: \d+ of 100/)).toBeVisible(patient)
  })

  test('is walked by keys alone', async ({ page }) => {
    await go(page, 'i', 'Diagnose')
    const action = page.getByRole('region', { name: 'Verdict' }).getByRole('link').first()
    await tabTo(page, action, 'what to do next')
    await go(page, 'e', 'Slices')
    const slices = page.getByRole('region', { name: 'Table of slices' })
    await expect(slices.getByRole('row').nth(1)).toContainText(/\d+ of \d+/, patient)
    const last = slices.getByRole('button').last()
    await tabTo(page, last, 'the last slice')
    await page.keyboard.press('Enter')
    await expect(last).toHaveAttribute('aria-pressed', 'true')
    const caught = page.getByRole('button', { name: /caught/ })
    await tabTo(page, caught, 'what was caught')
    await page.keyboard.press('Space')
    await expect(page.getByRole('heading', { name: 'Rows caught' })).toBeVisible()
  })
})

test('without runs both screens say what to do', async ({ page }) => {
  await page
    .getByRole('button', { name: /^New project/ })
    .first()
    .click()
  await page.getByRole('textbox').first().fill('Empty')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Create/ })
    .click()
  await expect(page.getByRole('navigation', { name: 'Steps' })).toBeVisible()
  for (const [key, name] of [
    ['i', 'Diagnose'],
    ['e', 'Slices'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'No data yet.' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Import a table' })).toBeVisible()
  }
  await expectNothingSerious(page)
})

async function go(page: Page, key: string, name: string): Promise<void> {
  const steps = page.getByRole('navigation', { name: 'Steps' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  if (!(await steps.isVisible())) {
    await page.evaluate(() => {
      location.hash = '#/runs'
    })
  }
  await expect(steps).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press(key)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}
