/** The window around the screens: palette, undo, jobs, theme, keyboard, charts as files. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

async function openSample(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(heading(page, 'Data')).toBeVisible({ timeout: 20_000 })
}

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

async function choose(page: Page, letters: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill(letters)
  await page.keyboard.press('Enter')
}

test('the palette finds commands, says why one is closed, and gives the focus back', async ({
  page,
}) => {
  await expect(heading(page, 'Steelyard')).toBeVisible()
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill('threshold')
  await expect(page.getByRole('option', { name: /Go to Threshold/ })).toContainText(
    'Open a project first',
  )
  await page.keyboard.press('Enter')
  await expect(palette).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  await openSample(page)
  const search = page.getByRole('button', { name: 'Search or run a command' })
  await search.click()
  await expect(page.getByRole('option', { name: /Go to Frame/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(search).toBeFocused()

  await choose(page, 'go to fra')
  await expect(heading(page, 'Frame')).toBeVisible()
  await expect(page).toHaveTitle('Frame · Card payments (sample) · Steelyard')
  await page.goBack()
  await expect(heading(page, 'Data')).toBeVisible()
})

test('edits are undone and done again, by keys and by buttons', async ({ page }) => {
  await openSample(page)
  await page.getByRole('link', { name: /^Frame/ }).click()
  const perDay = page.getByRole('textbox', { name: 'Cases a day' })
  await perDay.fill('2,500')
  await perDay.press('Enter')
  const undo = page.getByRole('button', { name: /^Undo: / })
  await expect(undo).toBeEnabled()
  await expect(undo).toHaveAttribute('title', /^Undo: .+ \(Ctrl Z\)$/)
  await page.getByRole('main').focus()
  await page.keyboard.press('Control+z')
  await expect(perDay).toHaveValue('')
  await page.keyboard.press('Control+Shift+z')
  await expect(perDay).toHaveValue(/^2,?500$/)
  await undo.click()
  await expect(perDay).toHaveValue('')
  await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeDisabled()
  // What is typed in a box is undone by the box itself.
  await page.getByRole('button', { name: /^Redo: / }).click()
  await expect(perDay).toHaveValue(/^2,?500$/)
  await page.reload()
  await expect(perDay).toHaveValue(/^2,?500$/)
})

test('jobs show while they work, can be cancelled, and are still there after reloading', async ({
  page,
}) => {
  await openSample(page)
  await page.getByRole('link', { name: /^Threshold/ }).click()
  await page.getByRole('button', { name: /Run the plain model/i }).click()
  const jobs = page.getByRole('contentinfo', { name: 'Jobs' })
  await expect(jobs.getByRole('progressbar')).toBeVisible()
  await page.reload()
  await expect(jobs.getByRole('progressbar')).toBeVisible()
  await page.keyboard.press('Control+j')
  const drawer = page.getByRole('region', { name: 'All jobs' })
  await drawer
    .getByRole('button', { name: /^Cancel / })
    .first()
    .click()
  await expect(drawer.getByRole('cell', { name: 'cancelled', exact: true })).toBeVisible()
  await expect(jobs.getByRole('progressbar')).toHaveCount(0)
  await expectNothingSerious(page)
  await drawer
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  await expect(page).toHaveURL(/#\/runs\?experiment=\d+$/)
  await expect(drawer).toBeHidden()
})

test('light or dark stays as it was chosen', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  const background = () =>
    page.evaluate(() => getComputedStyle(document.body.parentElement!).backgroundColor)
  await expect(heading(page, 'Steelyard')).toBeVisible()
  const light = await background()
  await page.getByRole('button', { name: 'Dark colours' }).click()
  await expect(page.getByRole('button', { name: 'Light colours' })).toBeVisible()
  expect(await background()).not.toBe(light)
  const dark = await background()
  await page.reload()
  await expect(heading(page, 'Steelyard')).toBeVisible()
  expect(await background()).toBe(dark)
  await choose(page, "system's colours")
  await expect(page.getByRole('button', { name: 'Dark colours' })).toBeVisible()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.getByRole('button', { name: 'Light colours' })).toBeVisible()
})

test('the size of text scales what is read', async ({ page }) => {
  await expect(heading(page, 'Steelyard')).toBeVisible()
  const size = () => page.evaluate(() => getComputedStyle(document.body).fontSize)
  expect(await size()).toBe('13px')
  await choose(page, 'larger text')
  await expect.poll(size).toBe('14.3px')
  await choose(page, 'usual size')
  await expect.poll(size).toBe('13px')
})

test('all steps are reached by keys, and the first of them skips to the contents', async ({
  page,
}) => {
  await openSample(page)
  await page.reload()
  await expect(heading(page, 'Data')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  for (const [key, name] of [
    ['f', 'Frame'],
    ['i', 'Diagnose'],
    ['t', 'Threshold'],
    ['s', 'Strategies'],
    ['r', 'Runs'],
    ['c', 'Compare'],
    ['e', 'Slices'],
    ['p', 'Report'],
    ['d', 'Data'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page.getByRole('link', { name: new RegExp(`^${name}`) })).toHaveAttribute(
      'aria-current',
      'page',
    )
  }
})

test('a chart has a table twin and gives PNG, SVG and CSV files', async ({ page }) => {
  await openSample(page)
  const chart = page.locator('.chart-panel').first()
  await expect(chart.getByRole('img')).toBeVisible()
  await chart.getByRole('button', { name: 'Table', exact: true }).click()
  await expect(chart.getByRole('columnheader').first()).toBeVisible()
  await chart.getByRole('button', { name: 'Chart', exact: true }).click()

  const file = async (kind: string): Promise<Buffer> => {
    await chart.getByRole('button', { name: /^Export/ }).click()
    const coming = page.waitForEvent('download')
    await chart.getByRole('button', { name: kind }).click()
    const download = await coming
    expect(download.suggestedFilename()).toMatch(new RegExp(`[.]${kind.toLowerCase()}$`))
    return readFileSync(await download.path())
  }
  const png = await file('PNG')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  // Twice the pixels of the panel.
  const { width } = (await chart.locator('.plot').boundingBox())!
  expect(png.readUInt32BE(16)).toBe(2 * Math.round(width))
  const svg = (await file('SVG')).toString()
  expect(svg).toMatch(/^<svg [^>]*xmlns=/)
  // In a page without the policy of ours, as whoever opens the file has one.
  const reader = await page.context().newPage()
  const texts = await reader.evaluate((text) => {
    const drawing = new DOMParser().parseFromString(text, 'image/svg+xml')
    if (drawing.querySelector('parsererror') !== null) throw new Error('the SVG is not well-formed')
    return [...drawing.querySelectorAll('text')].map(({ textContent }) => textContent)
  }, svg)
  await reader.close()
  const title = (await chart.getByRole('heading').textContent())!.trim()
  expect(title.startsWith(texts[0]!.replace(/…$/, ''))).toBe(true)
  expect(texts.length).toBeGreaterThan(3)
  const csv = (await file('CSV')).toString()
  expect(csv).toMatch(/^\ufeff[^\r\n]+\r\n/)
  expect(csv.split('\r\n').length).toBeGreaterThan(2)
})

test('axe finds nothing serious in the window', async ({ page }) => {
  test.slow()
  await expect(heading(page, 'Steelyard')).toBeVisible()
  await expectNothingSerious(page)
  await openSample(page)
  await page.keyboard.press('Control+j')
  await expect(page.getByRole('region', { name: 'All jobs' })).toBeVisible()
  await expectNothingSerious(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: /Go to Frame/ })).toBeVisible()
  await expectNothingSerious(page)
})

test('nothing is wider than a window of 1024 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 700 })
  await openSample(page)
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await beyond()).toBe(0)
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(inspector).toBeHidden()
  await page.getByRole('button', { name: 'Inspector' }).click()
  await expect(inspector).toBeVisible()
  expect(await beyond()).toBe(0)
})
