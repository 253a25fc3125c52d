/**
 * `npm start`: the desktop app where Electron's binary is or can be had, otherwise the same
 * workbench in the user's browser.
 *
 *     --browser | --electron   choose
 *     --no-open                 in a browser: print the address and show nothing
 *     --project FILE            open it
 *     --no-build                show what was built, however old it is
 *     --dev                     in a browser, with the page served from source
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build-app.mjs'
import { electronBinary, fetchElectron } from './electron-binary.mjs'
import { outFolder, repository } from './out-folder.mjs'

/**
 * @typedef {{ pageFolder: string, open: boolean, project: string | null, devOrigin: string | null }} HostOptions
 * @typedef {{ startBrowserHost(options: HostOptions): Promise<number> }} BrowserHost
 */

const quickMs = 5000

const options = readOptions()
const electron = options.wantsBrowser ? null : await findElectron(options.wantsElectron)
if (options.wantsElectron && electron === null) {
  fail(
    "Electron's binary is not here and can't be fetched. `npm start -- --browser` works without it.",
  )
}
if (options.build && !buildIfStale(electron === null ? 'page' : 'app'))
  fail('It could not be built; see above.')
if (electron === null) await startBrowser()
else startElectron(electron)

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      options: {
        browser: { type: 'boolean', default: false },
        electron: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        project: { type: 'string' },
      },
      allowPositionals: true,
    })
    if (values.browser && values.electron)
      throw new Error('--browser and --electron exclude each other')
    const project = values.project ?? positionals[0] ?? null
    return {
      // Without a window to show there is only the browser.
      wantsBrowser: values.browser || values['no-open'] || values.dev,
      wantsElectron: values.electron,
      open: !values['no-open'],
      build: !values['no-build'],
      dev: values.dev,
      // npm starts scripts in the folder of the package; paths are meant from where the user is.
      project: project === null ? null : resolve(process.env['INIT_CWD'] ?? process.cwd(), project),
    }
  } catch (error) {
    return fail(
      `${error instanceof Error ? error.message : String(error)}\n` +
        'npm start -- [--browser | --electron] [--no-open] [--project FILE]',
    )
  }
}

/**
 * @param {boolean} insists
 * @returns {Promise<string | null>}
 */
async function findElectron(insists) {
  const hasScreen =
    process.platform !== 'linux' ||
    (process.env['DISPLAY'] ?? '') !== '' ||
    (process.env['WAYLAND_DISPLAY'] ?? '') !== ''
  if (!hasScreen && !insists) {
    console.error('There is no screen here: Steelyard opens in a browser.')
    return null
  }
  const found = electronBinary() ?? (await fetchElectron())
  if (found === null && !insists) {
    console.error(
      "Electron's binary is not here and can't be fetched: Steelyard opens in a browser.",
    )
  }
  return found
}

async function startBrowser() {
  const vite = options.dev ? await startVite() : null
  const entry = '../src-main/hosts/browser/browser-host.ts'
  const loaded = /** @type {unknown} */ (await import(entry))
  const host = /** @type {BrowserHost} */ (loaded)
  process.exitCode = await host.startBrowserHost({
    pageFolder: join(outFolder(), 'renderer'),
    open: options.open,
    project: options.project,
    devOrigin: vite?.origin ?? null,
  })
  await vite?.close()
}

/** A server that builds the page as it is asked for. */
async function startVite() {
  const { createServer } = await import('vite')
  const server = await createServer({ configFile: join(repository, 'vite.renderer.config.ts') })
  await server.listen()
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error("Vite's server has no address")
  return { origin: new URL(url).origin, close: () => server.close() }
}

/** @param {string} binary */
function startElectron(binary) {
  const began = performance.now()
  const child = spawn(
    binary,
    [join(outFolder(), 'main/index.js'), ...(options.project === null ? [] : [options.project])],
    { stdio: 'inherit' },
  )
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    if (code !== 0 && performance.now() - began < quickMs) {
      console.error('Electron did not start. `npm start -- --browser` opens the same workbench.')
    }
    process.exitCode = code ?? (signal === null ? 0 : 1)
  })
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message)
  process.exit(1)
}
