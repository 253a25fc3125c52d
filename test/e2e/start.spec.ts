/** The start screen: new, open, recent, sample, files that are dropped, and what can go wrong. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

async function goToStart(page: Page): Promise<void> {
  await page.getByRole('link', { name: /start/i }).first().click()
  await expect(heading(page, 'Steelyard')).toBeVisible()
}

async function createProject(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Import cases')).toBeVisible()
}

/** What the browser does when a file is let go over the window. */
async function drop(page: Page, name: string, contents: Buffer): Promise<void> {
  // Only a screen that is there can take it.
  await expect(heading(page, 'Steelyard')).toBeVisible()
  await page.evaluate(
    ({ file, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([bytes], file))
      for (const type of ['dragover', 'drop']) {
        window.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      }
    },
    { file: name, base64: contents.toString('base64') },
  )
}

test('an empty start screen says what the program is and what to do', async ({ page }) => {
  await expect(heading(page, 'Steelyard')).toBeVisible()
  await expect(page.getByText('No projects yet')).toBeVisible()
  await expect(page.getByRole('button', { name: 'New project' })).toBeEnabled()
  await expectNothingSerious(page)
})

test('a project is made by name, by keyboard alone, and listed as recent', async ({ page }) => {
  await page.getByRole('button', { name: 'New project' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.type('Betrug / מרמה')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Import cases')).toBeVisible()
  await goToStart(page)
  await expect(page.getByRole('row', { name: /Betrug/ })).toContainText('Saved')
  await page.getByRole('link', { name: 'Go on with it' }).click()
  await expect(heading(page, 'Import cases')).toBeVisible()
})

test('the sample opens in one click', async ({ page }) => {
  await page.getByRole('button', { name: /Open the sample/ }).click()
  await expect(heading(page, 'Data')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('button', { name: /^Import a new version/ })).toBeVisible()
  await expect(page.getByText(/^imbalance [\d.]+ : 1$/)).toBeVisible()
})

test('a CSV file that is dropped becomes a project and goes to the import', async ({ page }) => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i},${i % 7},${i % 10 === 0 ? 1 : 0}`)
  await drop(page, 'cards 2026.csv', Buffer.from(['a,b,class', ...rows].join('\n')))
  await expect(heading(page, 'cards 2026.csv')).toBeVisible()
  await expect(page.getByText('200 rows, 3 columns, comma')).toBeVisible()
})

test('a project that is dropped is opened; what is none is refused in words', async ({
  page,
  host,
}) => {
  await createProject(page, 'First')
  await goToStart(page)
  await createProject(page, 'Second')
  const file = readFileSync(join(host.dataFolder, 'projects', 'First.steelyard'))
  await goToStart(page)
  await drop(page, 'Sent.steelyard', file)
  await expect(heading(page, 'Import cases')).toBeVisible()
  await expect(page).toHaveTitle(/Sent/)

  await goToStart(page)
  await drop(page, 'Broken.steelyard', Buffer.from('no project at all, but long enough to look at'))
  await expect(page.getByRole('alert')).toContainText(/not a .*project/i)
  await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('alert')).toBeHidden()
})

test('a project whose file has gone says so and can be taken off the list', async ({
  page,
  host,
}) => {
  await createProject(page, 'Moved away')
  await goToStart(page)
  await createProject(page, 'Here')
  const file = join(host.dataFolder, 'projects', 'Moved away.steelyard')
  renameSync(file, `${file}.elsewhere`)
  await goToStart(page)
  const row = page.getByRole('row', { name: /Moved away/ })
  await expect(row).toContainText('File is gone')
  await expect(row.getByRole('button', { name: /^Moved away/ })).toBeDisabled()
  await row.getByRole('button', { name: 'Remove Moved away from this list' }).click()
  await expect(row).toBeHidden()
})

test('a project that can not be opened says why and what to do', async ({ page, host }) => {
  await createProject(page, 'Damaged')
  await goToStart(page)
  await createProject(page, 'Other')
  writeFileSync(join(host.dataFolder, 'projects', 'Damaged.steelyard'), 'x'.repeat(5000))
  await goToStart(page)
  await page.getByRole('button', { name: /^Damaged/ }).click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText(/Damaged\.steelyard|project/)
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible()
})
