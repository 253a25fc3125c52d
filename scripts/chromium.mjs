import { existsSync } from 'node:fs'

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * The Chromium that the browser tests run in: what `CHROMIUM_PATH` names, else the system's.
 *
 * @returns {string | null} Its path, or null where there is none.
 */
export function findChromium() {
  const places = [process.env['CHROMIUM_PATH'] ?? '', ...USUAL_PLACES]
  return places.find((path) => path !== '' && existsSync(path)) ?? null
}
