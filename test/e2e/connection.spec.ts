/** What lies between the page and the workbench, in a real browser. */
import { reportStyle } from '#main/files/report/report-style.ts'
import { expect, test } from './workbench.ts'

const lostSocket = /WebSocket connection to|ERR_CONNECTION_REFUSED/

test('the key leaves the address bar, and the page can be reloaded', async ({ page, host }) => {
  await expect(page.getByRole('heading', { name: 'Steelyard' })).toBeVisible()
  expect(page.url()).not.toContain('token')
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Steelyard' })).toBeVisible()
  expect(host.url).toContain('#token=')
})

test.describe('the policy of the page', () => {
  test.use({ tolerated: /Content Security Policy/ })

  test('the page is isolated, keeps no cookie and may not run what it is given', async ({
    page,
    context,
  }) => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await context.cookies()).toEqual([])
    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      const blocked = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          resolve(event.effectiveDirective)
        })
      })
      document.head.append(script)
      return blocked.then((directive) => [directive, 'ran' in window])
    })
    expect(ran).toEqual(['script-src-elem', false])
  })
})

test('the report may be styled as it is, in a frame without scripts', async ({ page }) => {
  await page.evaluate((style) => {
    const frame = document.createElement('iframe')
    frame.sandbox.add('allow-downloads')
    frame.srcdoc = `<style>${style}</style><h1>Report</h1>`
    document.body.append(frame)
  }, reportStyle)
  const heading = page.frameLocator('iframe').getByRole('heading', { name: 'Report' })
  await expect(heading).toHaveCSS('margin-top', '0px')
})

test('an address without the key shows nothing, and says what to do', async ({ browser, host }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(host.origin)
  await expect(page.getByRole('alert')).toContainText('This address carries no key.')
  await page.goto(`${host.origin}/#token=wrong`)
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('Start Steelyard again')
  await context.close()
})

test.describe('a host that dies and returns', () => {
  test.use({ tolerated: lostSocket })

  test('is found again by the page, which says so', async ({ page, host }) => {
    await expect(page.getByRole('heading', { name: 'Steelyard' })).toBeVisible()
    const { url } = host
    await host.kill()
    await expect(page.getByText('The workbench has gone away. Reconnecting…')).toBeVisible()
    await host.restart()
    expect(host.url).toBe(url)
    await expect(page.getByText('The workbench is back.')).toBeVisible({ timeout: 15_000 })
    await expect(page.getByText(/The workbench has gone away/)).toHaveCount(0)
  })
})

test('a host that was ended properly has a new address the next time', async ({ host }) => {
  const { url } = host
  expect(await host.stop()).toBe(0)
  await host.restart()
  expect(host.url).not.toBe(url)
  expect(new URL(host.url).hash).not.toBe(new URL(url).hash)
})

test('pages of one host see the same', async ({ page, openPage }) => {
  const other = await openPage()
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible({
    timeout: 20_000,
  })
  await other.reload()
  await expect(other.getByText('Card payments (sample)').first()).toBeVisible()
})
