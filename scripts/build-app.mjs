/**
 * Builds what the window needs, where it is missing or older than its sources: the page, and the
 * bundle of the desktop app (main process, preload, kernels).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { outFolder, repository } from './out-folder.mjs'

/** @typedef {{ what: string, made: string, sources: readonly string[], command: readonly string[] }} Build */

const tools = ['package-lock.json', 'svelte.config.js', 'vite.renderer.config.ts']

/** @returns {Build} */
function pageBuild() {
  return {
    what: 'the page',
    made: join(outFolder(), 'renderer/index.html'),
    sources: ['src-renderer', 'src-shared', ...tools],
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.renderer.config.ts'],
  }
}

/** @returns {Build} */
function appBuild() {
  return {
    what: 'the desktop app',
    made: join(outFolder(), 'main/index.js'),
    sources: [
      'src-main',
      'src-renderer',
      'src-shared',
      'migrations',
      'electron.vite.config.ts',
      ...tools,
    ],
    command: ['node_modules/electron-vite/bin/electron-vite.js', 'build'],
  }
}

/**
 * @param {'page' | 'app'} what  The app includes the page.
 * @returns {boolean} False when it can't be built; the tool has said why.
 */
export function buildIfStale(what) {
  const build = what === 'page' ? pageBuild() : appBuild()
  return isFresh(build) || run(build)
}

/**
 * @param {'page' | 'app'} what
 * @returns {boolean}
 */
export function buildAnew(what) {
  return run(what === 'page' ? pageBuild() : appBuild())
}

/**
 * @param {Build} build
 * @returns {boolean}
 */
function isFresh({ made, sources }) {
  if (!existsSync(made)) return false
  const madeAt = statSync(made).mtimeMs
  return sources.every((source) => newest(join(repository, source)) < madeAt)
}

/**
 * @param {string} path
 * @returns {number} When it, or anything in it, was last changed.
 */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    stats.mtimeMs,
  )
}

/**
 * @param {Build} build
 * @returns {boolean}
 */
function run({ what, command }) {
  const [script, ...args] = command
  console.error(`Building ${what} …`)
  const { status } = spawnSync(
    process.execPath,
    // With what Node 22 needs to run TypeScript, but never with a script of `--eval`.
    [
      ...process.execArgv.filter((option) => /^--(experimental|no)-/.test(option)),
      join(repository, script ?? ''),
      ...args,
      '--logLevel',
      'warn',
    ],
    {
      cwd: repository,
      // What is asked for on stdout is the address alone.
      stdio: ['ignore', 2, 2],
      // For building, `development` would bundle Svelte's warnings.
      env: { ...process.env, NODE_ENV: 'production' },
    },
  )
  return status === 0
}
