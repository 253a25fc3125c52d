import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** Where a Chromium is: CHROMIUM_PATH, the system's, or Playwright's own; null without one. */
export function chromiumPath(): string | null {
  const named = process.env['CHROMIUM_PATH']
  const places =
    named === undefined || named === ''
      ? ['/usr/bin/chromium', '/usr/bin/google-chrome', chromium.executablePath()]
      : [named]
  return places.find((place) => existsSync(place)) ?? null
}
