/** The whole job with the mouse, from a file to a report, and its results from the command line. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import { repository } from '../../scripts/out-folder.mjs'
import { openProject } from '#main/store/project.ts'
import { cli } from '../support/cli.ts'
import { invoiceRows, invoices } from './invoices.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** What workers compute takes its time where others compute as well. */
const computed = { timeout: 60_000 }

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

async function download(page: Page, start: () => Promise<void>): Promise<[Download, string]> {
  const coming = page.waitForEvent('download')
  await start()
  const file = await coming
  return [file, readFileSync(await file.path(), 'utf8')]
}

test('from a file to a report, with the same results as on the command line', async ({
  page,
  host,
}) => {
  test.setTimeout(300_000)

  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Invoices')
  await page.getByRole('button', { name: 'Create project' }).click()
  await expect(heading(page, 'Import cases')).toBeVisible()

  await test.step('data', async () => {
    await page.locator('main input[type=file]').setInputFiles({
      name: 'invoices.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(invoices()),
    })
    await expect(heading(page, 'invoices.csv')).toBeVisible()
    await page.getByLabel('Target column').selectOption('outcome')
    await page.getByRole('radio', { name: /^disputed/ }).check()
    await expect(page.getByLabel('Role of invoice')).toHaveValue('id')
    await page.getByLabel('Role of amount').selectOption('amount')
    await page.getByLabel('Name of positive').fill('Disputed')
    await page.getByLabel('Name of negative').fill('Paid')
    await page.getByRole('button', { name: /^Next: checks/ }).click()
    await page.getByRole('button', { name: /^Next: save version/ }).click()
    await page.getByRole('button', { name: `Save ${invoiceRows} rows` }).click()
    await expect(heading(page, 'Data')).toBeVisible()
    await expect(page.getByText('imbalance 7.0 : 1')).toBeVisible()
  })

  await test.step('frame', async () => {
    await page.getByRole('link', { name: /^Frame/ }).click()
    await page.getByLabel('Currency').fill('€')
    await page.getByLabel('Currency').press('Tab')
    await page
      .getByLabel('Cost when missed: for every case alike, or from a column')
      .selectOption('column amount')
    const alarm = page.getByRole('textbox', { name: 'Cost when false alarm' })
    await alarm.fill('12')
    await alarm.press('Enter')
    const perDay = page.getByRole('textbox', { name: 'Cases a day' })
    await perDay.fill('300')
    await perDay.press('Enter')
    const capacity = page.getByRole('textbox', { name: 'Alerts a day at most' })
    await expect(capacity).toBeEnabled()
    await capacity.fill('90')
    await capacity.press('Enter')
    await expect(page.getByRole('table', { name: /^The first rows/ })).toContainText('€')
    await expectNothingSerious(page)
    await page.getByRole('button', { name: 'Lock the frame' }).click()
    await expect(page.getByRole('button', { name: 'Change with a reason' })).toBeVisible()
    await page.getByRole('button', { name: 'Next: threshold' }).click()
  })

  const slider = page.getByRole('slider', { name: 'Decision threshold' })
  await test.step('untreated run and threshold', async () => {
    await page.getByRole('button', { name: 'Run the plain model first' }).click()
    await expect(slider).toBeVisible(computed)
    await slider.focus()
    const tuned = await slider.getAttribute('aria-valuetext')
    await page.keyboard.press('ArrowRight')
    await expect(slider).not.toHaveAttribute('aria-valuetext', tuned!)
    await page.getByRole('button', { name: /^Keep / }).click()
    await page.getByLabel('Because').fill('Half a day for three people.')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Keep / })
      .click()
    await expect(page.getByRole('button', { name: /^Kept 0/ }).first()).toBeVisible()
    await expectNothingSerious(page)
  })

  await test.step('strategies', async () => {
    await page.getByRole('link', { name: /^Strategies/ }).click()
    await page.getByRole('button', { name: /^Class weights for logistic regression/ }).click()
    await expectNothingSerious(page)
    await page.getByRole('button', { name: /^Run \d+ configurations/ }).click()
    // The labels have not been scanned, and a treatment is to be run.
    const why = page.getByRole('dialog', { name: 'Say why, and it runs' })
    await expect(why).toContainText('G21')
    await expectNothingSerious(page)
    await why.getByLabel('Because').fill('labels were audited')
    await why.getByRole('button', { name: 'Keep the reason and run' }).click()
  })

  await test.step('runs', async () => {
    await expect(heading(page, 'Runs')).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Folds' })).toBeVisible(computed)
    await expect(page.getByText(/^3 of 3 finished/)).toBeVisible(computed)
    await expectNothingSerious(page)
  })

  await test.step('compare', async () => {
    await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
    const table = page.getByRole('region', { name: 'Runs against the champion' })
    await expect(table.getByRole('row')).toHaveCount(4, computed)
    await expectNothingSerious(page)
    await page.getByRole('link', { name: 'To report' }).click()
  })

  let digest = ''
  await test.step('report', async () => {
    const report = page.frameLocator('iframe')
    await expect(report.getByRole('heading', { level: 1 })).toBeVisible(computed)
    digest = (await page.locator('dd.mono').getAttribute('title'))!
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    const [file, html] = await download(page, () =>
      page.getByRole('button', { name: 'Save HTML' }).click(),
    )
    expect(file.suggestedFilename()).toMatch(/\.html$/)
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).toContain(digest.slice(0, 12))
    const [table, csv] = await download(page, () =>
      page
        .getByTitle(/^Save .* as CSV$/)
        .first()
        .click(),
    )
    expect(table.suggestedFilename()).toMatch(/\.csv$/)
    expect(csv.split('\n').length).toBeGreaterThan(2)
    // Axe would wait for scripts in it, which it doesn't allow; report.spec.ts looks at the report.
    await page.locator('iframe').evaluate((frame) => {
      frame.remove()
    })
    await expectNothingSerious(page)
  })

  await test.step('the command line', async () => {
    await page.close()
    await host.stop()
    const project = openProject(join(host.dataFolder, 'projects/Invoices.steelyard'), {
      create: false,
      migrationsDir: join(repository, 'migrations'),
      program: 'test',
    })
    const { plan, roles, seed } = project.experiments.get(project.experiments.list().at(-1)!.id)!
    project.close()
    const file = (name: string, text: string): string => {
      const path = join(host.dataFolder, name)
      writeFileSync(path, text)
      return path
    }
    const { code, stdout } = await cli([
      ...['analyze', file('invoices.csv', invoices())],
      ...['--roles', file('roles.json', JSON.stringify(roles))],
      ...['--plan', file('plan.json', JSON.stringify(plan)), '--seed', String(seed)],
      ...['--cost-fn', 'amount', '--cost-fp', '12', '--currency', '€'],
      ...['--cases-per-day', '300', '--capacity', '90'],
      ...['--ack', 'G21=labels were audited'],
    ])

    expect(code).toBe(0)
    expect(/^Digest ([0-9a-f]+)$/m.exec(stdout)?.[1]).toBe(digest)
  })
})
