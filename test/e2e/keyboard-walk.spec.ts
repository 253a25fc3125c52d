/** The whole job with the keyboard alone: the mouse is never used, and the focus is always seen. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { invoiceRows, invoices } from './invoices.ts'
import { tabTo } from './keys.ts'
import { expect, test } from './workbench.ts'

/** What workers compute takes its time where others compute as well. */
const computed = { timeout: 60_000 }

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

test('from a file to a report by keys, with the focus in view', async ({ page }) => {
  test.setTimeout(240_000)
  const press = (keys: string): Promise<void> => page.keyboard.press(keys)
  const button = (name: string | RegExp) => page.getByRole('main').getByRole('button', { name })
  const fill = async (name: string, text: string): Promise<void> => {
    await tabTo(page, page.getByRole('textbox', { name }), name)
    await page.keyboard.type(text)
    await press('Enter')
  }
  /** Chooses by typing how the option begins. */
  const choose = async (label: string, letters: string, value: string): Promise<void> => {
    const list = page.getByLabel(label)
    await tabTo(page, list, label)
    await page.keyboard.type(letters)
    await expect(list).toHaveValue(value)
  }

  await test.step('data', async () => {
    await expect(heading(page, 'Steelyard')).toBeVisible()
    await tabTo(page, page.getByRole('button', { name: 'New project' }), 'New project')
    await press('Enter')
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await page.keyboard.type('By keys')
    await press('Enter')
    await expect(heading(page, 'Import cases')).toBeVisible()

    await tabTo(page, button(/^Choose a/), 'Choose a file')
    const asking = page.waitForEvent('filechooser')
    await press('Enter')
    const chooser = await asking
    await chooser.setFiles({
      name: 'invoices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(invoices()),
    })
    await expect(heading(page, 'invoices.csv')).toBeVisible()
    await expect(page.getByLabel('Target column')).toHaveValue('outcome')
    await choose('Role of amount', 'am', 'amount')
    await press('Control+Enter')
    await expect(page.getByRole('heading', { name: 'In order' })).toBeVisible()
    await press('Control+Enter')
    await expect(page.getByRole('button', { name: `Save ${invoiceRows} rows` })).toBeVisible()
    await press('Control+Enter')
    await expect(heading(page, 'Data')).toBeVisible()
  })

  await test.step('frame', async () => {
    await press('g')
    await press('f')
    await expect(heading(page, 'Frame')).toBeVisible()
    await choose(
      'Cost when missed: for every case alike, or from a column',
      'column a',
      'column amount',
    )
    await fill('Cost when false alarm', '12')
    await fill('Cases a day', '300')
    await expect(page.getByRole('textbox', { name: 'Alerts a day at most' })).toBeEnabled()
    await fill('Alerts a day at most', '90')
    await press('Control+k')
    await page.keyboard.type('lock the frame')
    await press('Enter')
    await expect(button('Change with a reason')).toBeVisible()
    await tabTo(page, button('Next: threshold'), 'Next: threshold')
    await press('Enter')
  })

  await test.step('untreated run and threshold', async () => {
    await tabTo(page, button('Run the plain model first'), 'Run the plain model first')
    await press('Space')
    const slider = page.getByRole('slider', { name: 'Decision threshold' })
    await expect(slider).toBeVisible(computed)
    await tabTo(page, slider, 'the slider')
    const tuned = await slider.getAttribute('aria-valuetext')
    await press('ArrowRight')
    await expect(slider).not.toHaveAttribute('aria-valuetext', tuned!)
    await tabTo(page, button(/^Keep /), 'Keep')
    await press('Enter')
    await tabTo(page, page.getByLabel('Because'), 'Because')
    await page.keyboard.type('By keys.')
    await tabTo(page, page.getByRole('dialog').getByRole('button', { name: /^Keep / }), 'Keep')
    await press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(page.getByText('By keys.')).toBeVisible()
  })

  await test.step('strategies and runs', async () => {
    await press('g')
    await press('s')
    await expect(heading(page, 'Strategies')).toBeVisible()
    const weights = button(/^Class weights for logistic regression/)
    await tabTo(page, weights, 'class weights')
    await press('Space')
    await expect(weights).toHaveAttribute('aria-pressed', 'true')
    await tabTo(page, button(/^Run 3 configurations/), 'Run')
    await press('Enter')
    const why = page.getByRole('dialog', { name: 'Say why, and it runs' })
    await tabTo(page, why.getByLabel('Because'), 'the reason')
    await page.keyboard.type('By keys.')
    await tabTo(page, why.getByRole('button', { name: 'Keep the reason and run' }), 'and run')
    await press('Enter')
    await expect(heading(page, 'Runs')).toBeVisible()
    await expect(page.getByText(/^3 of 3 finished/)).toBeVisible(computed)
  })

  await test.step('compare', async () => {
    await press('g')
    await press('c')
    const table = page.getByRole('region', { name: 'Runs against the champion' })
    await expect(table.getByRole('row')).toHaveCount(4, computed)
    const pin = table.getByRole('button', { name: /as champion|the champion$/ }).last()
    await tabTo(page, pin, 'another champion')
    await press('Enter')
    await expect(table.getByRole('row').nth(1)).toContainText('reference')
  })

  await test.step('report', async () => {
    await press('g')
    await press('p')
    await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toBeVisible(
      computed,
    )
    const save = button('Save HTML')
    await tabTo(page, save, 'Save HTML')
    const coming = page.waitForEvent('download')
    await press('Enter')
    expect(readFileSync(await (await coming).path(), 'utf8')).toMatch(/^<!doctype html>/i)
  })
})
