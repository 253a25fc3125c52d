/** From a file to a version and what is in it, as a person does it. */
import type { Page } from '@playwright/test'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

async function startProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Cases')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Import cases')).toBeVisible()
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.locator('main input[type=file]').setInputFiles({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  })
}

/** 600 cases, one in ten fraudulent; `x` tells them apart, `note` doesn't. */
function cases(edit: (row: string[], i: number) => string[] = (row) => row): string {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const isFraud = i % 10 === 3
    return edit(
      [
        `case-${i}`,
        ((isFraud ? 3 : 0) + ((i * 37) % 100) / 25).toFixed(2),
        (((i * 13) % 400) / 4).toFixed(2),
        ['shop', 'web', 'phone'][i % 3]!,
        isFraud ? 'fraud' : 'ok',
      ],
      i,
    ).join(',')
  })
  return ['id,x,amount,channel,class', ...rows].join('\n')
}

async function saveAs(page: Page, name: string, text: string): Promise<void> {
  await choose(page, name, text)
  await page.getByRole('button', { name: /^Next: checks/ }).click()
  await page.getByRole('button', { name: /^Next: save version/ }).click()
  await page.getByRole('button', { name: /^Save 600 rows/ }).click()
  await expect(heading(page, 'Data')).toBeVisible()
}

async function importCases(page: Page, text = cases()): Promise<void> {
  await startProject(page)
  await choose(page, 'cases.csv', text)
  await expect(page.getByRole('heading', { name: 'Noticed in this file' })).toBeVisible()
  await page.getByRole('button', { name: /^Next: checks/ }).click()
  await page.getByRole('button', { name: /^Next: save version/ }).click()
  await page.getByRole('button', { name: /^Save 600 rows/ }).click()
  await expect(heading(page, 'Data')).toBeVisible()
  await expect(page.getByText('imbalance 9.0 : 1')).toBeVisible()
}

test('a file becomes a version, with counts before anything is written', async ({ page }) => {
  await startProject(page)
  await expectNothingSerious(page)
  await choose(page, 'cases.csv', cases())
  await expect(heading(page, 'cases.csv')).toBeVisible()
  await expect(page.getByText('600 rows, 5 columns, comma')).toBeVisible()
  await expect(page.getByLabel('Target column')).toHaveValue('class')
  await expect(page.getByRole('radio', { name: 'fraud 60, 10.0' })).toBeChecked()
  await expect(page.getByLabel('Name of positive')).toHaveValue('Fraud')
  await expect(page.getByLabel('Name of negative')).toHaveValue('Ok')
  await expect(page.getByLabel('Role of id')).toHaveValue('id')
  await expect(page.getByLabel('Role of amount')).toHaveValue('amount')
  await page.getByRole('button', { name: 'Random rows' }).click()
  await expect(page.getByText('any 60 of 600 rows')).toBeVisible()
  await expectNothingSerious(page)

  await page.getByLabel('Role of channel').selectOption('ignore')
  await expect(
    page.getByText('2 features, 1 target, 1 amount, 1 identifier, 1 left out'),
  ).toBeVisible()
  await page.getByLabel('Name of negative').fill('Legitimate')
  // By keyboard from step to step.
  await page.getByLabel('Name of negative').press('Control+Enter')
  await expect(page.getByRole('heading', { name: 'In order' })).toBeVisible()
  await expectNothingSerious(page)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/600 rows and 5 columns will be saved/)).toBeVisible()
  await expectNothingSerious(page)
  await page.keyboard.press('Control+Enter')
  await expect(heading(page, 'Data')).toBeVisible()
  await expect(page.getByText('imbalance 9.0 : 1')).toBeVisible()
  await expect(page.getByText('Legitimate', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('row', { name: /^x feature/ })).toBeVisible()
  await expectNothingSerious(page)
})

test('texts among numbers are named with their rows and put right by one press', async ({
  page,
}) => {
  await startProject(page)
  const text = cases((row, i) => (i === 40 || i === 70 ? row.with(2, 'n.k.') : row))
  await choose(page, 'cases.csv', text)
  await expect(page.getByText(/2 of 600 values are not a number/)).toContainText('rows 42, 72')
  await expect(page.getByLabel('Type of amount')).toHaveValue('categorical')

  // Asked to be numeric, the reader says where it isn't; the file stays as it was read.
  await page.getByLabel('Type of amount').selectOption('numeric')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('row 42, column "amount"')
  await expect(alert).toContainText('still read as it was before')
  await expect(page.getByLabel('Type of amount')).toHaveValue('categorical')
  await alert.getByRole('button', { name: /as missing/ }).click()
  await expect(page.getByLabel('Type of amount')).toHaveValue('numeric')
  await expect(page.getByText(/In .amount.: 2 of 600/)).toBeVisible()
  await expect(alert).toBeHidden()
})

test('ragged rows stop the import until it is said what becomes of them', async ({ page }) => {
  await startProject(page)
  await choose(
    page,
    'cases.csv',
    cases((row, i) => (i === 8 ? row.slice(0, 3) : row)),
  )
  await expect(page.getByText('1 row has more or fewer cells than the header')).toBeVisible()
  await page.getByRole('button', { name: /^Next: checks/ }).click()
  await expect(page.getByRole('button', { name: /^Next: save version/ })).toBeDisabled()
  await expect(
    page.getByRole('complementary', { name: 'Inspector' }).getByText('Settle the checks first.'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Keep them, fill with missing' }).click()
  await expect(page.getByText(/They are kept: cells they lack are missing/)).toBeVisible()
  // The case without a class can't be judged.
  await expect(page.getByText(/class.? has no value in 1 row/)).toBeVisible()
  await page.getByRole('button', { name: 'Leave them out' }).click()
  await page.getByRole('button', { name: /^Next: save version/ }).click()
  await expect(page.getByText('1 row is left out')).toBeVisible()
})

test('a file that is no table is refused in words, and another can be chosen', async ({ page }) => {
  await startProject(page)
  await choose(page, 'empty.csv', '')
  await expect(page.getByRole('alert')).toContainText('empty.csv')
  await choose(page, 'twice.csv', 'a,a\n1,2\n')
  await expect(page.getByRole('alert')).toContainText('the name "a" is used by columns 1 and 2')
  await choose(page, 'cases.csv', cases())
  await expect(heading(page, 'cases.csv')).toBeVisible()
  await expect(page.getByRole('alert')).toBeHidden()
})

test('another delimiter makes other columns', async ({ page }) => {
  await startProject(page)
  await choose(page, 'cases.csv', cases().replaceAll(',', ';'))
  await expect(page.getByText('600 rows, 5 columns, semicolon')).toBeVisible()
  await page.getByText('How the file is read').click()
  await page.getByLabel('Delimiter').selectOption(',')
  await expect(page.getByText('600 rows, 1 columns, comma')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Next: checks/ })).toBeDisabled()
  await page.getByLabel('Delimiter').selectOption('')
  await expect(page.getByLabel('Target column')).toHaveValue('class')
})

test('the columns are described by class, searched, and given other roles with undo', async ({
  page,
}) => {
  await importCases(page)
  await page.reload()
  const columns = page.getByRole('region', { name: 'Columns' })
  const x = columns.getByRole('button', { name: 'x', exact: true })
  await x.click()
  await expect(page.getByRole('region', { name: 'x', exact: true })).toBeVisible()
  await expect(page.getByText(/Separates alone/)).toBeVisible()
  // The arrow keys go from column to column.
  await x.press('ArrowDown')
  await expect(columns.getByRole('row', { selected: true })).not.toContainText(/^x /)

  await columns.getByRole('searchbox', { name: 'Find a column' }).fill('chan')
  await expect(columns.getByText('1 of 5')).toBeVisible()
  await columns.getByRole('button', { name: 'channel' }).click()
  await page.getByLabel('Role of this column').selectOption('ignore')
  await expect(columns.getByRole('row', { name: /^channel left out/ })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(columns.getByRole('row', { name: /^channel feature/ })).toBeVisible()
  await expectNothingSerious(page)
})

test('rows are looked at by number, and versions stand side by side', async ({ page }) => {
  await importCases(page)
  await page.getByRole('button', { name: 'Rows', exact: true }).click()
  const grid = page.getByRole('grid', { name: 'Rows of version 1' })
  await expect(grid.getByRole('gridcell', { name: 'case-0', exact: true })).toBeVisible()
  await page.getByLabel(/^Go to row/).fill('591')
  await page.getByLabel(/^Go to row/).press('Enter')
  await expect(grid.getByRole('gridcell', { name: 'case-590', exact: true })).toBeVisible()
  await expectNothingSerious(page)

  await page.getByRole('button', { name: 'Import a new version' }).click()
  await saveAs(
    page,
    'more.csv',
    cases((row, i) => (i === 0 ? row.with(2, '1.50') : row)),
  )
  await page.getByRole('button', { name: 'Versions', exact: true }).click()
  await expect(page.getByRole('row', { name: /^v2 more/ })).toContainText('Worked on')
  await page.getByRole('button', { name: 'Work on it, version 1' }).click()
  await expect(page.getByRole('row', { name: /^v1/ })).toContainText('Worked on')

  // The same table once more is no third version.
  await page.getByRole('button', { name: 'Import a new version' }).click()
  await saveAs(page, 'again.csv', cases())
  await expect(page.getByText('The project holds this table already, as version 1')).toBeVisible()
})

test('names of any length and script stay in their place', async ({ page }) => {
  const names = ['class', 'x'.repeat(300), 'المبلغ', '<img src=x onerror=alert(1)>', '__proto__']
  const rows = Array.from({ length: 120 }, (_, i) =>
    [i % 8 === 0 ? 'نعم' : 'لا', i, (i * 7) % 50, `"${'é'.repeat(400)}${i % 5}"`, i % 3].join(','),
  )
  await startProject(page)
  await choose(page, 'קבוץ.csv', [names.join(','), ...rows].join('\n'))
  await expect(page.getByLabel('Role of __proto__')).toHaveValue('feature')
  await page.getByLabel('Target column').selectOption('class')
  await page.getByRole('button', { name: /^Next: checks/ }).click()
  await page.getByRole('button', { name: /^Next: save version/ }).click()
  await page.getByRole('button', { name: /^Save 120 rows/ }).click()
  await expect(heading(page, 'Data')).toBeVisible()
  await expect(page.getByText('imbalance 7.0 : 1')).toBeVisible()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(wide).toBe(false)
})
