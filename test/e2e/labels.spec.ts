import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { draws } from '../support/draws.ts'
import { steelyard, useFolder } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what the workbench computes, on a busy machine. */
const patient = { timeout: 120_000 }
const nReviewed = 300

const folder = useFolder('labels')
const made = join(folder, 'Referred payments.steelyard')

test.setTimeout(600_000)

/** Payments of which some frauds are labelled legitimate; the last is the very same as one. */
function payments(nRows: number): string {
  const { uniform, bell } = draws(5)
  const lines = ['id,speed,distance,country,amount,fraud']
  for (let row = 0; row < nRows; row++) {
    const isFraud = row % 8 === 0
    const isFound = isFraud && row % 56 !== 0
    const speed = bell() + (isFraud ? 2 : 0)
    const distance = bell() - (isFraud ? 1.6 : 0)
    const amount = 5 + 300 * uniform() * uniform()
    const country = ['DE', 'FR', 'AT'][Math.floor(3 * uniform())]!
    lines.push(
      `c${row},${speed.toFixed(3)},${distance.toFixed(3)},${country},${amount.toFixed(2)},${isFound ? 'fraud' : 'legitimate'}`,
    )
  }
  // Doubtful enough to be near the front of any queue.
  lines.push(lines[57]!.replace('c56,', `c${nRows},`))
  return `${lines.join('\n')}\n`
}

test.beforeAll(() => {
  const table = join(folder, 'payments.csv')
  const plan = join(folder, 'plan.json')
  writeFileSync(table, payments(700))
  writeFileSync(
    plan,
    JSON.stringify({
      ...{ version: 1, folds: 3 },
      configurations: [
        { name: 'lr', model: { kind: 'logistic_regression' } },
        { name: 'gbdt', model: { kind: 'gradient_boosting', iterations: 20 } },
      ],
    }),
  )
  steelyard(
    ...['analyze', table, '--project', made, '--plan', plan, '--target', 'fraud'],
    ...['--positive', 'fraud', '--id', 'id', '--amount', 'amount', '--cost-fn', 'amount'],
    ...['--cost-fp', '6', '--cost-tp', '6', '--currency', '€'],
  )
  steelyard(
    ...['queue', '--project', made, '--target', 'fraud', '--positive', 'fraud', '--id', 'id'],
    ...['--amount', 'amount', '--cost-fn', 'amount', '--cost-fp', '6', '--cost-tp', '6'],
    ...['--currency', '€', '--repeats', '1', '--audit', '--size', '320', '--random', '20'],
  )
})

/** Opens a copy of the project at an address of its own. */
async function open(page: Page, hash: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
}

interface Logged {
  readonly kind: string
  readonly row: number
  readonly verdict: string
}

/** What the log of a project holds, and whether it is whole. */
function logOf(project: string): { readonly events: readonly Logged[]; readonly text: string } {
  const out = join(folder, `${Math.random().toString(36).slice(2)}.csv`)
  const text = steelyard('verdicts', '--project', project, '--out', out)
  const [header, ...lines] = readFileSync(out, 'utf8').trim().split('\r\n')
  const at = (name: string): number => header!.split(',').indexOf(name)
  const [kind, row, verdict] = [at('kind'), at('row'), at('verdict')]
  return {
    text,
    events: lines.map((line) => {
      const cells = line.split(',')
      return { kind: cells[kind]!, row: Number(cells[row]), verdict: cells[verdict]! }
    }),
  }
}

/** Number of the row that the card shows, from 1. */
async function rowOf(page: Page): Promise<number> {
  const text = await page
    .getByText(/^row [\d,]+$/)
    .first()
    .textContent()
  return Number(/[\d,]+/.exec(text!)![0].replaceAll(',', ''))
}

const waiting = (page: Page) => page.getByText(/^\d+ of 320 decided$/)

test.describe('reviewing by keyboard', () => {
  const project = join(folder, 'Reviewed.steelyard')
  test.use({
    hostArgs: ['--project', project],
    tolerated: /WebSocket connection to|ERR_CONNECTION_REFUSED/,
  })
  test.beforeAll(() => {
    copyFileSync(made, project)
  })

  test('300 rows with undo, a reload and a killed host: every verdict is there, in order, once', async ({
    page,
    host,
  }) => {
    await open(page, '/labels')
    await page.getByRole('link', { name: /^Review/ }).click(patient)
    await expect(waiting(page)).toHaveText('0 of 320 decided')
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()

    const expected: Logged[] = []
    const undone: Logged[] = []
    let decided = 0
    const keys = { q: 'keep', w: 'relabel', e: 'exclude', u: 'unsure' } as const
    const decide = async (key: keyof typeof keys): Promise<void> => {
      const row = await rowOf(page)
      await page.keyboard.press(key)
      const dialog = page.getByRole('dialog')
      decided++
      await expect
        .poll(async () => {
          if (await dialog.isVisible())
            await page.getByRole('button', { name: 'This row alone' }).click()
          return waiting(page).textContent()
        })
        .toBe(`${decided} of 320 decided`)
      expected.push({ kind: 'verdict', row, verdict: keys[key] })
      undone.length = 0
      await expect.poll(() => rowOf(page)).not.toBe(row)
    }
    const step = async (kind: 'undo' | 'redo'): Promise<void> => {
      await page.keyboard.press(kind === 'undo' ? 'z' : 'Shift+Z')
      decided += kind === 'undo' ? -1 : 1
      await expect(waiting(page)).toHaveText(`${decided} of 320 decided`)
    }

    for (let n = 0; n < nReviewed; n++) {
      await decide((['q', 'q', 'w', 'e', 'q', 'u', 'q'] as const)[n % 7]!)
      if (n % 40 === 20) {
        // Two back, one up again, and another verdict in place of the other.
        const [before, last] = expected.filter(({ kind }) => kind === 'verdict').slice(-2)
        await step('undo')
        expected.push({ ...last!, kind: 'undo', verdict: '' })
        await expect.poll(() => rowOf(page)).toBe(last!.row)
        await step('undo')
        expected.push({ ...before!, kind: 'undo', verdict: '' })
        await step('redo')
        expected.push({ ...before!, kind: 'redo', verdict: '' })
        await page.keyboard.press('j')
        await expect.poll(() => rowOf(page)).toBe(last!.row)
        await decide('w')
      }
      if (n === 90) {
        await page.reload()
        await expect(waiting(page)).toHaveText(`${decided} of 320 decided`, patient)
        await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
      }
      if (n === 180) {
        await host.kill()
        await host.restart(['--project', project])
        await page.goto(host.url)
        await page.reload()
        await open(page, '/labels?queue=1')
        await expect(waiting(page)).toHaveText(`${decided} of 320 decided`, patient)
        await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
      }
    }
    expect(decided).toBe(nReviewed)
    await host.stop()
    const { events, text } = logOf(project)
    expect(events).toEqual(expected)
    expect(text).toMatch(/Log: [\d,]+ events, whole\./)
    await host.restart(['--project', project])
    await page.goto(host.url)
  })
})

test.describe('one project', () => {
  const project = join(folder, 'Looked at.steelyard')
  test.describe.configure({ mode: 'default' })
  test.use({ hostArgs: ['--project', project] })
  test.beforeEach(() => {
    copyFileSync(made, project)
  })

  test('a key that is held decides one row; every key does what it says', async ({ page }) => {
    await open(page, '/labels?queue=1')
    await expect(waiting(page)).toHaveText('0 of 320 decided', patient)
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    await expect(page.getByRole('heading', { name: /at stake/ })).toBeVisible()
    const first = await rowOf(page)
    await page.evaluate(() => {
      for (let n = 0; n < 30; n++) {
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'q', repeat: n > 0 }))
      }
    })
    await expect(waiting(page)).toHaveText('1 of 320 decided')
    await expect.poll(() => rowOf(page)).not.toBe(first)
    const second = await rowOf(page)
    await page.keyboard.press('k')
    await expect.poll(() => rowOf(page)).toBe(first)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => rowOf(page)).toBe(second)
    await page.keyboard.press(' ')
    await expect(page.getByRole('dialog', { name: /beside similar rows/ })).toBeVisible()
    // Under a dialog nothing is decided.
    await page.keyboard.press('q')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys of the review' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.keyboard.type('quite unusual')
    await page.keyboard.press('Escape')
    await page.keyboard.press('w')
    await expect(waiting(page)).toHaveText('2 of 320 decided')
    await page.keyboard.press('k')
    await expect(page.getByText(/relabelled it .*quite unusual/)).toBeVisible()
    // What models say can be hidden, and then nothing of it is there.
    await expect(page.getByText('Chance that it is wrong')).toBeVisible()
    await page.getByRole('switch', { name: 'Show what models say' }).click()
    await expect(page.getByText('Chance that it is wrong')).toBeHidden()
    await expect(page.getByText('Why it is here')).toBeHidden()
  })

  test('rows that are the very same are decided together, once that is confirmed', async ({
    page,
  }) => {
    await open(page, '/labels?queue=1')
    await expect(waiting(page)).toHaveText('0 of 320 decided', patient)
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    const twin = page
      .getByRole('option')
      .filter({ hasText: /row (57|701),/ })
      .first()
    await twin.click()
    await expect(page.getByText('The very same values and label', { exact: false })).toBeVisible()
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'All 2 rows' }).click()
    await expect(waiting(page)).toHaveText('2 of 320 decided')
    await page.keyboard.press('z')
    await expect(waiting(page)).toHaveText('0 of 320 decided')
  })

  test('the list of queues, the review and their dialogs read well in both themes', async ({
    page,
  }) => {
    await open(page, '/labels')
    await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible(patient)
    await expect(page.getByRole('table', { name: /^Planted errors/ })).toBeVisible()
    await expectNothingSerious(page)
    await page.getByRole('button', { name: 'New queue' }).click()
    await expect(page.getByRole('dialog', { name: 'New queue' })).toBeVisible()
    await expectNothingSerious(page)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: /^Review/ }).click()
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    await expectNothingSerious(page)
  })

  test('a queue is made on the screen, and a second look of what was decided', async ({ page }) => {
    await open(page, '/labels')
    await page.getByRole('button', { name: 'New queue' }).click(patient)
    const dialog = page.getByRole('dialog', { name: 'New queue' })
    await dialog.getByLabel('Order').selectOption({ label: 'Drawn at random throughout' })
    await dialog.getByLabel('Rows at most').fill('12')
    await dialog.getByLabel('Name').fill('Control of May')
    await dialog.getByRole('button', { name: 'Make the queue' }).click()
    const row = page.getByRole('row', { name: /Control of May/ })
    await expect(row).toBeVisible(patient)
    await row.getByRole('link', { name: 'Review Control of May' }).click()
    // What has not been shown can't be judged.
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    for (let n = 1; n <= 12; n++) {
      await page.keyboard.press('q')
      await expect(page.getByText(`${n} of 12 decided`)).toBeVisible()
    }
    await expect(
      page.getByText('Every row of this queue is decided.', { exact: false }),
    ).toBeVisible()
    await page.getByRole('link', { name: 'Queues' }).click()
    await expect(page.getByText('0 of 12 judged.', { exact: false })).toBeVisible()
    await page.getByRole('button', { name: 'Second look at Control of May' }).click()
    await page.getByRole('button', { name: 'Make the queue' }).click()
    await expect(
      page.getByRole('link', { name: 'Review Second look at Control of May' }),
    ).toBeVisible()
  })

  test('corrections make a version, and a page says what changed', async ({ page }) => {
    await open(page, '/labels?queue=1')
    await expect(waiting(page)).toHaveText('0 of 320 decided', patient)
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    for (let n = 1; n <= 6; n++) {
      await page.keyboard.press(n < 6 ? 'w' : 'e')
      const alone = page.getByRole('button', { name: 'This row alone' })
      await expect
        .poll(async () => {
          if (await alone.isVisible()) await alone.click()
          return waiting(page).textContent()
        })
        .toBe(`${n} of 320 decided`)
    }
    await page.getByRole('link', { name: 'Queues' }).click()
    await expect(page.getByText('5 to relabel', { exact: false })).toBeVisible()
    await page.getByRole('button', { name: 'Make a corrected version and run again' }).click()
    await expect(page.getByRole('heading', { name: 'What the corrections changed' })).toBeVisible()
    const table = page.getByRole('table', { name: 'Cost before and after the corrections' })
    await expect(table).toBeVisible(patient)
    await expect(table.getByText('not yet')).toHaveCount(0, patient)
    await expect(table.getByRole('row')).toHaveCount(3)
    await expect(page.getByText(/cheapest run/)).toBeVisible(patient)
    await expect(
      page.getByText('Test rows are corrected like all others', { exact: false }),
    ).toBeVisible()
    await expectNothingSerious(page)
    await page.getByRole('button', { name: 'Work on this version' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Compare' })).toBeVisible()
  })

  test('a pack goes out and comes back', async ({ page }) => {
    await open(page, '/labels?queue=1')
    await expect(waiting(page)).toHaveText('0 of 320 decided', patient)
    await expect(page.getByRole('heading', { name: 'What speaks for each side' })).toBeVisible()
    await page.keyboard.press('q')
    const alone = page.getByRole('button', { name: 'This row alone' })
    await expect
      .poll(async () => {
        if (await alone.isVisible()) await alone.click()
        return waiting(page).textContent()
      })
      .toBe('1 of 320 decided')
    await page.getByRole('link', { name: 'Queues' }).click()
    await page.getByRole('button', { name: /^Pack of/ }).click()
    await page.getByRole('button', { name: 'Rows and reviews' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the pack' }).click()
    const path = join(folder, 'pack.json')
    await (await download).saveAs(path)
    await page.getByLabel('Reviewer pack to take in').setInputFiles(path)
    await expect(
      page.getByText('Everything in it was here already.', { exact: false }),
    ).toBeVisible()
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('"verdict":"keep"', '"verdict":"exclude"'),
    )
    await page.getByLabel('Reviewer pack to take in').setInputFiles(path)
    await expect(page.getByText('changed after it was written', { exact: false })).toBeVisible()
  })
})
