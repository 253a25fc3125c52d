/**
 * `npm run package`: the app, built and packed for this platform into `release`.
 *
 * Where Electron's binary can't be had it goes as far as it can: it packs the archive of the app
 * around a stand-in, looks through it, says so and fails.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildAnew } from './build-app.mjs'
import { electronBinary, fetchElectron } from './electron-binary.mjs'
import { repository } from './out-folder.mjs'

/** @typedef {{ listPackage(file: string, options: { isPack: boolean }): readonly string[] }} Asar */

const release = join(repository, 'release')
// The configuration names the usual folder.
delete process.env['STEELYARD_OUT']

if (!buildAnew('app')) process.exit(1)
rmSync(release, { recursive: true, force: true })
const binary = electronBinary() ?? (await fetchElectron())
if (binary === null) packAroundStandIn()
else process.exitCode = electronBuilder([], {})

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} environment
 * @returns {number} The exit code.
 */
function electronBuilder(args, environment) {
  const cli = join(repository, 'node_modules/electron-builder/cli.js')
  const { status } = spawnSync(
    process.execPath,
    [cli, '--config', 'electron-builder.config.mjs', '--publish', 'never', ...args],
    { cwd: repository, stdio: 'inherit', env: { ...process.env, ...environment } },
  )
  return status ?? 1
}

function packAroundStandIn() {
  console.error("Electron's binary is not here and can't be fetched: only the archive is made.")
  const standIn = join(repository, '.cache/electron-stand-in')
  for (const path of ['electron', 'electron.exe', 'version', 'locales/en-US.pak']) {
    mkdirSync(dirname(join(standIn, path)), { recursive: true })
    writeFileSync(join(standIn, path), '')
  }
  const packed = electronBuilder(['--dir'], { STEELYARD_ELECTRON_STAND_IN: standIn })
  const archive = findArchive(release)
  if (packed !== 0 || archive === null) {
    console.error('The archive could not be made; see above.')
  } else {
    const faults = faultsOf(archive)
    for (const fault of faults) console.error(fault)
    console.log(
      faults.length > 0
        ? `The archive is not right: ${archive}`
        : `The archive is whole: ${archive}\nMissing: Electron's binary, its fuses, and the installers.`,
    )
  }
  process.exitCode = 1
}

/**
 * @param {string} folder
 * @returns {string | null}
 */
function findArchive(folder) {
  if (!existsSync(folder)) return null
  const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('app.asar'),
  )
  return name === undefined ? null : join(folder, name)
}

/**
 * @param {string} archive
 * @returns {string[]} What is missing in it, and what has no place there.
 */
function faultsOf(archive) {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
  const loaded = /** @type {unknown} */ (
    createRequire(builder.resolve('app-builder-lib'))('@electron/asar')
  )
  const files = /** @type {Asar} */ (loaded)
    .listPackage(archive, { isPack: false })
    .map((path) => path.replaceAll('\\', '/'))
  const wanted = [
    ...[
      'index',
      'workbench-process',
      'worker',
      'csv-worker',
      'report-worker',
      'profile-worker',
    ].map((name) => `/out/main/${name}.js`),
    ...['boosting', 'forest', 'logistic', 'neighbors', 'network'].map(
      (name) => `/out/main/kernels/${name}.wasm`,
    ),
    ...readdirSync(join(repository, 'migrations')).map((name) => `/out/main/migrations/${name}`),
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
    '/package.json',
    `/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
  ]
  const allowed = /^\/(?:out|package\.json|node_modules(?:\/better-sqlite3|$))/
  return [
    ...wanted.filter((path) => !files.includes(path)).map((path) => `Missing: ${path}`),
    ...files.filter((path) => !allowed.test(path)).map((path) => `Has no place: ${path}`),
  ]
}
