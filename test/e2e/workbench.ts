/** The whole workbench in a browser: each test has a host of its own, with a data folder of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test as base } from '@playwright/test'
import type { Page } from '@playwright/test'
import { repository } from '../../scripts/out-folder.mjs'
import { chromiumPath } from './chromium.ts'

export interface Host {
  /** With the key. */
  readonly url: string
  readonly origin: string
  /** Settings and uploads lie here, projects in `projects`. */
  readonly dataFolder: string
  /** Ends it as a user does. @returns The exit code. */
  stop(): Promise<number | null>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  /** Starts it again on the same data folder; `url` is then that of the new one. */
  restart(args?: readonly string[]): Promise<void>
}

/** The recorder of traces tries to run in the report's frame, which allows no scripts at all. */
const ofTheRecorder = "error: Blocked script execution in 'about:srcdoc'"

interface Fixtures {
  readonly chromiumIsThere: undefined
  readonly host: Host
  /** Another page on the same host, watched as the first. */
  readonly openPage: () => Promise<Page>
}

interface Options {
  /** Arguments of `npm start` besides those that every test has. */
  readonly hostArgs: readonly string[]
  /** Complaints of the page that the test provokes itself. */
  readonly tolerated: RegExp | null
}

/**
 * `test` with `page` open on a host. It fails on any error or warning in the console of a page, on
 * any error that a page doesn't catch, and on any request that leaves the origin of the host.
 */
export const test = base.extend<Fixtures & Options>({
  hostArgs: [[], { option: true }],
  tolerated: [null, { option: true }],

  chromiumIsThere: [
    async ({}, use, testInfo) => {
      testInfo.skip(chromiumPath() === null, 'No Chromium: set CHROMIUM_PATH or install one.')
      await use(undefined)
    },
    { auto: true },
  ],

  host: async ({ hostArgs }, use) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'steelyard-e2e-'))
    const host = createHost(dataFolder)
    await host.restart(hostArgs)
    await use(host)
    const code = await host.stop()
    rmSync(dataFolder, { recursive: true, force: true })
    expect(code, 'exit code of the host').toBe(0)
  },

  openPage: async ({ context, host, tolerated }, use) => {
    const complaints: string[] = []
    const complain = (complaint: string): void => {
      const isTolerated = complaint.startsWith(ofTheRecorder) || tolerated?.test(complaint) === true
      if (!isTolerated) complaints.push(complaint)
    }
    context.on('request', (request) => {
      if (!isOwn(request.url(), host.origin)) complain(`request: ${request.url()}`)
    })
    await use(async () => {
      const page = await context.newPage()
      page.on('console', (message) => {
        const type = message.type()
        if (type === 'error' || type === 'warning') complain(`${type}: ${message.text()}`)
      })
      page.on('pageerror', (error) => {
        complain(`page error: ${error.message}`)
      })
      page.on('websocket', (socket) => {
        if (!isOwn(socket.url(), host.origin)) complain(`web socket: ${socket.url()}`)
      })
      await page.goto(host.url)
      return page
    })
    expect(complaints, 'errors, warnings and outside requests of the page').toEqual([])
  },

  page: async ({ openPage }, use) => {
    const page = await openPage()
    await use(page)
    await page.close()
  },
})

export { expect }

function isOwn(url: string, origin: string): boolean {
  return /^(?:data|blob|about):/.test(url) || new URL(url).host === new URL(origin).host
}

/** A host that is not running yet. */
function createHost(dataFolder: string): Host {
  let child: ChildProcess | null = null
  let exited: Promise<number | null> = Promise.resolve(0)
  let url = ''

  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child?.kill(signal)
    return exited
  }
  return {
    dataFolder,
    get url() {
      return url
    },
    get origin() {
      return new URL(url).origin
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL')
      // Nothing is to be stopped any more.
      exited = Promise.resolve(0)
    },
    async restart(args = []) {
      const started = spawn(
        process.execPath,
        [
          ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
          ...['scripts/start.mjs', '--browser', '--no-open', '--no-build', ...args],
        ],
        {
          cwd: repository,
          env: { ...process.env, STEELYARD_DATA: dataFolder },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      child = started
      exited = new Promise((resolve) => {
        started.on('exit', (code) => {
          resolve(code)
        })
      })
      url = await printedUrl(started)
    },
  }
}

async function printedUrl(host: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: host.stdout! })) {
    const url = /^Steelyard: (http.+)$/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the host ended before it printed its address')
}
