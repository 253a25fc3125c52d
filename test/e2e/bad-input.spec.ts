/** What a page, a file or a machine does to the workbench that it should not. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import WebSocket from 'ws'
import { wsProtocol } from '#shared/contract/channel.ts'
import { commandArgs } from '#shared/contract/commands.ts'
import type { Reply } from '#shared/contract/commands.ts'
import { decode, encode } from '#shared/contract/wire.ts'
import { invoiceRows, invoices } from './invoices.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'
import type { Host } from './workbench.ts'

const computed = { timeout: 60_000 }

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name, level: 1, exact: true })
}

async function importTable(page: Page, name: string, text: string, nRows: string): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Import cases')).toBeVisible()
  await page.locator('main input[type=file]').setInputFiles({
    name: `${name}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  })
  await expect(page.getByRole('heading', { name: 'Noticed in this file' })).toBeVisible(computed)
  await page.getByRole('button', { name: /^Next: checks/ }).click()
  await page.getByRole('button', { name: /^Next: save version/ }).click()
  await page.getByRole('button', { name: `Save ${nRows} rows` }).click()
  await expect(heading(page, 'Data')).toBeVisible(computed)
}

function show(page: Page, view: string): Promise<void> {
  return page.evaluate((hash) => {
    location.hash = hash
  }, `#/${view}`)
}

/** A page of somebody else's making: it can send any bytes. */
async function liar(host: Host): Promise<{
  ask: (command: unknown, args: unknown) => Promise<Reply>
  send: (bytes: Uint8Array) => void
  /** Resolves with the code that the workbench closes with. */
  closed: Promise<number>
}> {
  const token = new URLSearchParams(new URL(host.url).hash.slice(1)).get('token')!
  const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, [wsProtocol, token], {
    origin: host.origin,
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.on('message', (data) => {
    const { id, reply } = decode(data as Buffer) as { id?: number; reply?: Reply }
    if (id !== undefined) waiting.get(id)?.(reply!)
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.on('open', resolve))
  let nextId = 1
  return {
    closed,
    send: (bytes) => {
      socket.send(bytes)
    },
    ask(command, args) {
      const id = nextId++
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        socket.send(encode({ id, command, args }))
      })
    },
  }
}

test.describe('a page that lies', () => {
  test('is refused in words, whatever it asks with whatever arguments', async ({ page, host }) => {
    await expect(heading(page, 'Steelyard')).toBeVisible()
    const { ask } = await liar(host)
    const deep = Array.from({ length: 2000 }).reduce<unknown>((inner) => [inner], null)
    const lies = [null, 7, 'x', [], [{}], { unheardOf: 1 }, { versionId: -1 }, { fileId: '../..' }]
    for (const command of Object.keys(commandArgs)) {
      for (const args of [
        ...lies,
        { versionId: NaN, firstRow: -1, nRows: 1e9, columns: {} },
        deep,
      ]) {
        const reply = await ask(command, args)
        const said = `${command} with ${JSON.stringify(args).slice(0, 60)}`
        expect(reply.ok, said).toBe(false)
        if (!reply.ok) {
          expect(reply.error.code, said).toBe('bad_arguments')
          // No stack and no path of this machine.
          expect(reply.error.message, said).not.toMatch(/\bat .*:\d+|\/(?:home|root|tmp|work)\//)
        }
      }
    }
    for (const command of ['no.such', '__proto__', 'constructor', '', 7, null, {}]) {
      expect(await ask(command, {})).toMatchObject({ ok: false, error: { code: 'bad_arguments' } })
    }
    const missing = await ask('data.rows', { versionId: 9, firstRow: 0, nRows: 5, columns: [0] })
    expect(missing).toMatchObject({ ok: false, error: { code: 'no_project' } })

    // The page beside it never noticed.
    await page.getByRole('button', { name: 'New project' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Unharmed')
    await page.keyboard.press('Enter')
    await expect(heading(page, 'Import cases')).toBeVisible()
  })

  test('is cut off where it sends what is no message, or too much', async ({ page, host }) => {
    await expect(heading(page, 'Steelyard')).toBeVisible()
    const message = encode({ id: 1, command: 'app.info', args: {} })
    const noMessages = [
      new Uint8Array(0),
      new Uint8Array(64).fill(255),
      message.subarray(0, message.length - 20),
      encode({ command: 'app.info', args: {} }),
      encode([1, 2, 3]),
    ]
    for (const bytes of noMessages) {
      const { send, closed } = await liar(host)
      send(bytes)
      expect(await closed).toBe(1007)
    }
    const { send, closed } = await liar(host)
    send(new Uint8Array(9 * 2 ** 20))
    // Or the connection breaks before the code comes, since it isn't read any further.
    expect([1006, 1009]).toContain(await closed)
    await expect(page.getByText(/The workbench has gone away/)).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'New project' })).toBeEnabled()
  })
})

test('two windows on one project show the same', async ({ page, openPage }) => {
  await importTable(page, 'Shared', invoices(), String(invoiceRows))
  const other = await openPage()
  await show(page, 'frame')
  await show(other, 'frame')
  const perDay = page.getByRole('textbox', { name: 'Cases a day' })
  await perDay.fill('300')
  await perDay.press('Enter')
  await expect(other.getByRole('textbox', { name: 'Cases a day' })).toHaveValue('300')
  await other.getByRole('textbox', { name: 'Cost when false alarm' }).fill('9')
  await other.getByRole('textbox', { name: 'Cost when missed' }).fill('90')
  await other.getByRole('textbox', { name: 'Cost when missed' }).press('Enter')
  await expect(page.getByRole('textbox', { name: 'Cost when missed' })).toHaveValue('90')
  await other.close()
})

test('a project that is moved while open says so, saves nothing, and goes on when it is back', async ({
  page,
  host,
}) => {
  await importTable(page, 'Wandering', invoices(), String(invoiceRows))
  const file = join(host.dataFolder, 'projects/Wandering.steelyard')
  renameSync(file, `${file}.elsewhere`)
  const lost = page
    .getByRole('main')
    .getByRole('alert')
    .filter({ hasText: 'moved or deleted while it was open' })
  await expect(lost).toBeVisible(computed)
  await show(page, 'frame')
  const perDay = page.getByRole('textbox', { name: 'Cases a day' })
  await perDay.fill('300')
  await perDay.press('Enter')
  await expect(page.getByText(/moved or deleted/).nth(1)).toBeVisible()

  renameSync(`${file}.elsewhere`, file)
  await expect(lost).toHaveCount(0, computed)
  await perDay.fill('250')
  await perDay.press('Enter')
  await expect(page.getByRole('contentinfo').getByText(/^Saved /)).toBeVisible()
  await page.reload()
  await expect(perDay).toHaveValue('250')
})

test('a run goes on without its page, and a page that is opened shows it', async ({
  page,
  openPage,
}) => {
  await page.getByRole('button', { name: /sample/i }).click()
  await expect(heading(page, 'Data')).toBeVisible(computed)
  await show(page, 'threshold')
  await page.getByRole('button', { name: 'Run the plain model first' }).click()
  await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible()
  await page.close()
  const next = await openPage()
  const jobs = next.getByRole('contentinfo', { name: 'Jobs' })
  await expect(jobs.getByRole('progressbar')).toBeVisible()
  await jobs.getByRole('button', { name: /^Cancel / }).click()
  await expect(jobs.getByRole('progressbar')).toHaveCount(0, computed)
})

test.describe('a host that is killed in the middle of a run', () => {
  test.use({ tolerated: /WebSocket connection to|ERR_CONNECTION_REFUSED/ })

  test('returns with what was saved, and the run can be resumed', async ({ page, host }) => {
    await page.getByRole('button', { name: /sample/i }).click()
    await expect(heading(page, 'Data')).toBeVisible(computed)
    const file = join(host.dataFolder, 'projects/Card payments (sample).steelyard')
    await show(page, 'threshold')
    await page.getByRole('button', { name: 'Run the plain model first' }).click()
    await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible()
    await host.kill()
    await expect(page.getByText('The workbench has gone away. Reconnecting…')).toBeVisible()
    await host.restart(['--project', file])
    await expect(page.getByText('The workbench is back.')).toBeVisible(computed)
    await page.keyboard.press('Control+j')
    const drawer = page.getByRole('region', { name: 'All jobs' })
    await expect(drawer.getByRole('button', { name: /^Resume / })).toBeVisible()
    await drawer.getByRole('button', { name: /^Resume / }).click()
    await expect(drawer.getByRole('row', { name: /^running / })).toBeVisible()
    await drawer
      .getByRole('button', { name: /^Cancel / })
      .first()
      .click()
    await expect(drawer.getByRole('cell', { name: 'cancelled', exact: true })).toBeVisible(computed)
  })
})

test('200 columns, long and right-to-left names, and a text for every case keep their place', async ({
  page,
}) => {
  test.setTimeout(90_000)
  const nRows = 3000
  const odd = ['class', `long ${'name '.repeat(59)}`.trim(), 'المبلغ المستحق', 'הערות', 'case id']
  const names = [...odd, ...Array.from({ length: 195 }, (_, i) => `measure ${i + 1}`)]
  const rows = Array.from({ length: nRows }, (_, row) => {
    const label = row % 9 === 0 ? '"نعم، احتيال"' : 'לא'
    const text = `${row}-${'דוגמה '.repeat(8)}${row * 7919}`
    const numbers = Array.from({ length: 195 }, (_, i) => (row * 31 + i * 17) % 97)
    return [label, row % 50, row * 3, text, `c${row}`, ...numbers].join(',')
  })
  await importTable(page, 'Wide', [names.join(','), ...rows].join('\n'), '3,000')
  await page.setViewportSize({ width: 1024, height: 700 })
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await expect(page.getByText('imbalance 8.0 : 1')).toBeVisible(computed)
  const views = ['data', 'frame', 'diagnose', 'labels', 'threshold', 'strategies', 'runs']
  for (const view of [...views, 'compare', 'slices', 'report']) {
    await show(page, view)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await beyond(), view).toBe(0)
  }
  await show(page, 'data?show=rows')
  const grid = page.getByRole('grid')
  await expect(grid.getByRole('gridcell').first()).toBeVisible()
  await grid.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('End')
  await expect(grid.getByRole('columnheader', { name: 'measure 195' })).toBeVisible()
  expect(await beyond()).toBe(0)
  await expectNothingSerious(page)
})
