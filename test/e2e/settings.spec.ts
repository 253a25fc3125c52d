/** What can be set, that it stays, and that the keys do what the list says. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what a busy machine computes. */
const patient = { timeout: 20_000 }

test('is applied at once and stays, after a reload and with another host', async ({
  page,
  host,
}) => {
  await openSettings(page)
  const html = page.locator('html')
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click()
  await expect(html).toHaveAttribute('data-theme', 'dark')
  const size = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.querySelector('main p')!).fontSize)
  const usual = parseFloat(await size())
  await page.getByRole('group', { name: 'Text size' }).getByRole('button', { name: /130/ }).click()
  await expect.poll(async () => parseFloat(await size())).toBeGreaterThan(1.2 * usual)
  const threads = page.getByRole('textbox', { name: 'Threads' })
  await threads.fill('1')
  await threads.press('Enter')
  const memory = page.getByRole('textbox', { name: 'Memory for data and models' })
  await memory.fill('1.5')
  await memory.press('Enter')
  const saved = (): unknown =>
    JSON.parse(readFileSync(join(host.dataFolder, 'settings.json'), 'utf8'))
  await expect
    .poll(saved)
    .toMatchObject({ theme: 'dark', textSize: 130, threads: 1, memoryCapBytes: 1.5 * 2 ** 30 })

  await page.goto('about:blank')
  await host.stop()
  await host.restart()
  await page.goto(host.url)
  await openSettings(page)
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await expect(threads).toHaveValue('1')
  await expect(memory).toHaveValue('1.5')
})

test('refuses what makes no sense, and says why', async ({ page }) => {
  await openSettings(page)
  const threads = page.getByRole('textbox', { name: 'Threads' })
  for (const nonsense of ['-1', '1e9', 'many']) {
    await threads.fill(nonsense)
    await expect(threads).toHaveAttribute('aria-invalid', 'true')
    await threads.press('Escape')
    await expect(threads).toHaveValue('')
  }
})

test('says what was put right at the start', async ({ page, host }) => {
  await page.goto('about:blank')
  await host.stop()
  writeFileSync(join(host.dataFolder, 'settings.json'), '{ "theme": "dar')
  await host.restart()
  await page.goto(host.url)
  await openSettings(page)
  await expect(page.getByRole('status').filter({ hasText: /settings/i })).toBeVisible()
  await expect(page.getByRole('button', { name: 'System' })).toHaveAttribute('aria-pressed', 'true')
})

test('lists keys that do what they are said to do', async ({ page }) => {
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible(patient)
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()

  const described = page.locator('dl', { has: page.locator('kbd') }).locator('dt')
  const rows: { keys: string[]; does: string }[] = []
  for (const row of await described.all()) {
    rows.push({
      keys: await row.locator('kbd').allTextContents(),
      does: (await row.locator('xpath=following-sibling::dd[1]').textContent()) ?? '',
    })
  }
  const keysFor = (does: string): string[] => {
    const row = rows.find((one) => one.does === does)
    expect(row, does).toBeDefined()
    return row!.keys
  }

  const jobs = page.getByRole('button', { name: 'Jobs', exact: true })
  for (const open of ['true', 'false']) {
    await page.keyboard.press(
      keysFor('Opens and closes the list of jobs').join('+').replace('Ctrl', 'Control'),
    )
    await expect(jobs).toHaveAttribute('aria-expanded', open)
  }
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await page.keyboard.press(
    keysFor('Opens the command palette').join('+').replace('Ctrl', 'Control').replace('K', 'k'),
  )
  await expect(palette).toBeVisible()
  await page.keyboard.press(keysFor('Closes what lies over the page')[0]!.replace('Esc', 'Escape'))
  await expect(palette).toBeHidden()

  const steps = rows.filter(({ keys }) => keys.length === 2 && keys[0] === 'G')
  expect(steps.length).toBe(10)
  for (const { keys, does } of steps) {
    for (const key of keys) await page.keyboard.press(key.toLowerCase())
    await expect(page).toHaveTitle(new RegExp(`^${does.replace('Goes to ', '')} · `))
  }
})

test('tells what computes, where projects lie, and that nothing goes out', async ({
  page,
  host,
}) => {
  await openSettings(page)
  await expect(page.getByText('Steelyard opens no network connection.')).toBeVisible()
  await expect(page.getByText(join(host.dataFolder, 'projects'))).toBeVisible()
  await expect(page.getByText(/^Steelyard \d+\.\d+\.\d+, Node /)).toBeVisible()
})

test('axe finds nothing serious', async ({ page }) => {
  await openSettings(page)
  await expectNothingSerious(page)
})

async function openSettings(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible(patient)
  await page.evaluate(() => {
    location.hash = '#/settings'
  })
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
}
