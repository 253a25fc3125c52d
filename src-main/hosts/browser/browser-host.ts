/** The workbench in the user's own browser. */
import { createAssets } from '../assets.ts'
import { dataFolder } from '../data-folder.ts'
import { createDeskServices } from '../desk-services.ts'
import { createDesk } from '../../workbench/desk.ts'
import type { Desk } from '../../workbench/desk.ts'
import { addressLeftBehind, forgetAddress, keepAddress, newAddress } from './browser-address.ts'
import { startLoopback } from './loopback.ts'
import type { Loopback } from './loopback.ts'
import { openInBrowser } from './open-in-browser.ts'

interface BrowserHostOptions {
  /** Where the built page lies. */
  readonly pageFolder: string
  /** Show the page; without it somebody else will, and the host stays until it is told to end. */
  readonly open: boolean
  /** A file to open first; null for none. */
  readonly project: string | null
  /** Development only: the origin of Vite's server. */
  readonly devOrigin: string | null
}

/** How long the host stays when the last page has gone and nothing runs: a tab may be reopened. */
const idleMs = 5 * 60_000
const lookMs = 5000

/**
 * Runs until it is told to end, or until nobody needs it any more.
 *
 * @returns The exit code: 0, or 2 where the file to open was refused.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<number> {
  const folder = dataFolder()
  const desk = createDesk(await createDeskServices('browser', folder))
  if (options.project !== null) {
    const reply = await desk.openPath(options.project)
    if (!reply.ok) {
      console.error(reply.error.message)
      await desk.close()
      return 2
    }
  }
  const loopback = await openLoopback(desk, folder, options)
  keepAddress(folder, loopback.address)

  // The one line that other programs read.
  console.log(`Steelyard: ${loopback.url}`)
  if (options.open) openInBrowser(loopback.url)

  await untilTold(desk, loopback, !options.open)
  await loopback.close()
  await desk.close()
  forgetAddress(folder)
  return 0
}

/** At the address of a host that died here, if it is still free, else at a new one. */
async function openLoopback(
  desk: Desk,
  folder: string,
  { pageFolder, devOrigin }: BrowserHostOptions,
): Promise<Loopback> {
  const start = (address: ReturnType<typeof newAddress>): Promise<Loopback> =>
    startLoopback({
      desk,
      address,
      devOrigin,
      assets: (origin) => createAssets(pageFolder, `'self' ${origin.replace(/^http/, 'ws')}`),
    })
  const left = addressLeftBehind(folder)
  if (left === null) return start(newAddress())
  try {
    return await start(left)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error
    // Whoever listens there now may have been told the old key.
    return start(newAddress())
  }
}

/** Resolves on a signal, and where nobody needs the host any more. */
async function untilTold(desk: Desk, loopback: Loopback, stays: boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearInterval(looking)
      resolve()
    }
    let wasSeen = false
    let neededAt = performance.now()
    const looking = setInterval(() => {
      const isNeeded = loopback.pages() > 0 || desk.busy()
      if (isNeeded) {
        wasSeen = true
        neededAt = performance.now()
      } else if (wasSeen && !stays && performance.now() - neededAt > idleMs) end()
    }, lookMs)
    process.once('SIGINT', end).once('SIGTERM', end).once('SIGHUP', end)
  })
}
