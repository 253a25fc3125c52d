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
    await page.getByRole('button', { name: 'Key metrics' }).click()
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

  test('tells everything that is measured, with intervals, and saves it', async ({ page }) => {
    await openCompare(page)
    await page.getByRole('button', { name: 'All measures' }).click()
    const region = page.getByRole('region', { name: 'All measures' })
    for (const [measure, written] of [
      ['Matthews correlation', /^0\.\d{3} ?\[0\.\d+, 0\.\d+\]/],
      ['Savings', /%.*\[.*%\]/],
      ['Lift in the top 1\u202f%', /×/],
      ['Area under precision-recall-gain', /^0\.\d{3}\s*$/],
      ['Calibration error, bins of equal count', /\[/],
    ] as const) {
      const row = region.getByRole('row', { name: measure })
      await expect(row.locator('td')).toHaveCount(3)
      await expect(row.locator('td').first()).toContainText(written)
    }
    await expectNothingSerious(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export the comparison as CSV' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('measures.csv')
    expect(readFileSync(await saved.path(), 'utf8')).toMatch(/\r\nMatthews correlation,0\.\d+,0/)
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

  test('points at a run in table and chart alike, by pointer and by keys', async ({ page }) => {
    const rows = await openCompare(page)
    const names = await rows.locator('b').allTextContents()
    const chart = page.locator('.chart-panel', { hasText: 'Parallel coordinates' })
    const values = chart.locator('.over text')
    await expect(chart.getByRole('img')).toHaveAttribute('aria-label', new RegExp(names[1]!))

    await rows.nth(1).locator('td').first().hover()
    await expect(values).toHaveCount(7)
    await expect(values.first()).toHaveText(/€/)
    await page.mouse.move(1, 1)
    await expect(values).toHaveCount(0)

    const of = (name: string) =>
      chart.getByRole('toolbar', { name: 'Runs of the chart' }).getByRole('button', {
        name,
        exact: true,
      })
    await of(names[2]!).hover()
    await expect(rows.nth(2)).toHaveClass(/linked/)
    await page.mouse.move(1, 1)
    await expect(rows.nth(2)).not.toHaveClass(/linked/)

    // One stop for Tab; arrows go from name to name, and Enter keeps the run.
    await of(names[0]!).focus()
    await expect(rows.nth(0)).toHaveClass(/linked/)
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const kept = chart.locator('[aria-pressed=true][data-run]')
    await expect(kept).toHaveCount(1)
    const run = Number(await kept.getAttribute('data-run'))
    await page.getByRole('button', { name: 'Side by side' }).click()
    await expect(page.locator(`th[data-run='${run}']`)).toHaveClass(/linked/)
    await expect(values).toHaveCount(7)
    await page.locator(`td[data-run='${run}']`).first().click()
    await expect(kept).toHaveCount(0)
  })

  test('keeps the runs lit that lie in a range, dragged or by keys', async ({ page }) => {
    const rows = await openCompare(page)
    const chart = page.locator('.chart-panel', { hasText: 'Parallel coordinates' })
    const status = chart.getByRole('status')
    const cost = chart.getByRole('slider', { name: 'Range of Cost a month' })
    await expect(cost).toHaveAttribute('aria-valuetext', 'all, 3 of 3 runs')
    await cost.focus()
    await page.keyboard.press('ArrowUp')
    await expect(status).toHaveText('2 of 3 runs')
    await expect(cost).toHaveAttribute('aria-valuetext', /^from €.* to €.*, 2 of 3 runs$/)
    await expect(rows.and(page.locator('.unlit'))).toHaveCount(1)
    await expectNothingSerious(page)
    await page.keyboard.press('End')
    await expect(status).toHaveText('1 of 3 runs')
    await page.keyboard.press('Delete')
    await expect(status).toHaveText('')

    await cost.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await cost.boundingBox())!
    await page.mouse.move(x + width / 2, y + 2)
    await page.mouse.down()
    await page.mouse.move(x + width / 2, y + height - 2, { steps: 5 })
    await page.mouse.up()
    await expect(status).toHaveText('3 of 3 runs')
    await page.mouse.move(x + width / 2, y + 1)
    await page.mouse.down()
    await page.mouse.move(x + width / 2, y + 12, { steps: 3 })
    await page.mouse.up()
    await expect(status).toHaveText(/^[012] of 3 runs$/)
    await chart.getByRole('button', { name: 'Clear ranges' }).click()
    await expect(status).toHaveText('')
    await expect(rows.and(page.locator('.unlit'))).toHaveCount(0)
  })

  test('has its lines as picture, drawing and numbers', async ({ page }) => {
    const rows = await openCompare(page)
    const names = await rows.locator('b').allTextContents()
    const save = async (kind: string): Promise<string> => {
      await page.getByRole('button', { name: 'Export Parallel coordinates' }).click()
      const download = page.waitForEvent('download')
      const files = page.getByRole('group', { name: 'Export Parallel coordinates as' })
      await files.getByRole('button', { name: kind }).click()
      const file = await download
      expect(file.suggestedFilename()).toBe(`parallel coordinates.${kind.toLowerCase()}`)
      return readFileSync(await file.path(), 'latin1')
    }
    expect((await save('PNG')).slice(1, 4)).toBe('PNG')
    const drawing = await save('SVG')
    for (const text of ['lower is better', 'nearer 1 is better', ...names]) {
      expect(drawing).toContain(text)
    }
    const [head, ...lines] = (await save('CSV')).trimEnd().split('\r\n')
    expect(head!.split(',').slice(1)).toEqual([
      ...['Cost a month', 'Recall', 'Precision', 'AP', 'ROC AUC', 'Brier', 'Slope'],
    ])
    expect(lines.map((line) => line.split(',')[0])).toEqual(names)
  })

  test('says in which slices cases changed side, and shows those of one', async ({ page }) => {
    await openCompare(page)
    const region = page.getByRole('region', { name: 'Slices of changed cases' })
    await expect(region).toBeVisible(patient)
    await expect(page.getByText(/^Of all cases, .* alone is right in \d+, .*McNemar/)).toBeVisible()
    const byMoney = page.getByRole('button', { name: 'All, by money' })
    if (await byMoney.isVisible()) await byMoney.click()
    const slices = region.locator('tbody tr')
    const [name, , changed] = await slices.first().locator('td').allInnerTexts()
    const cases = page.getByRole('region', { name: 'Cases worth most' }).locator('tbody tr')
    const before = await cases.count()
    await region.getByRole('button', { name: name!, exact: true }).click()
    const chip = page.getByRole('button', { name: `Show all, not only ${name!}` })
    await expect(chip).toBeVisible()
    await expect(cases).toHaveCount(Math.min(12, Number(changed)))
    await expectNothingSerious(page)

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export the slices of cases' }).click()
    const [head, ...lines] = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(head).toMatch(/^\ufeffSlice,Cases,Changed,/)
    expect(lines.map((line) => line.split(',')[0])).toContain(name)
    await chip.click()
    await expect(chip).toBeHidden()
    await expect(cases).toHaveCount(before)
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
    for (const shows of ['Differences', 'Key metrics', 'Side by side']) {
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
