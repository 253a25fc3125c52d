import { expect, test as base } from '@playwright/test'
import { chromiumPath } from './chromium.ts'

/** What a page may load from: itself and this machine. */
const LOCAL =
  /^(?:file|data|blob|about):|^(?:https?|wss?):\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/

/**
 * `test` that is skipped where there is no Chromium, and fails on any error in the page's console
 * and on any request that leaves the machine.
 */
export const test = base.extend<{ browserIsThere: undefined; page: unknown }>({
  // Automatic fixtures come first, so that nothing tries to start a browser that isn't there.
  browserIsThere: [
    async ({}, use, testInfo) => {
      testInfo.skip(chromiumPath() === null, 'No Chromium: set CHROMIUM_PATH or install one.')
      await use(undefined)
    },
    { auto: true },
  ],
  page: async ({ page }, use) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
    page.on('request', (request) => {
      if (!LOCAL.test(request.url())) complaints.push(`request: ${request.url()}`)
    })
    await use(page)
    expect(complaints, 'errors and outside requests of the page').toEqual([])
  },
})

export { expect }
