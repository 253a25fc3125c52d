/**
 * `node scripts/run.mjs <script> [arguments]`: runs a script, TypeScript or not, on a Node that is
 * new enough, before anything native loads (better-sqlite3 crashes an old Node instead of refusing
 * it).
 *
 * That is the running one, else the one that `npm ci` installs on Linux and Windows as an optional
 * package. npm 11 puts that one first on the PATH of npm scripts; npm 10 does not, because it
 * removes the link together with those of the packages for other platforms.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const node = findNode()
if (node === null) {
  console.error(
    `Steelyard needs Node 22.15 or newer (or 24), this is ${process.version}.\n` +
      'On Linux (x64, arm64) and Windows (x64), `npm ci` installs Node 24 beside the program: run it\n' +
      'again, without --omit=optional. Elsewhere install Node 24 from https://nodejs.org.',
  )
  process.exit(1)
}

const child = spawn(
  node,
  // Node 22 strips types only when asked to, and warns that it does.
  ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
  },
)
// The terminal sends Ctrl-C to the script as well, which decides what becomes of it.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM']
})

/** @returns {string | null} The path of a Node that is new enough, or null. */
function findNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major >= 24 || (major === 22 && minor >= 15)) return process.execPath

  const platform = process.platform === 'win32' ? 'win' : process.platform
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  const packaged = join(ROOT, 'node_modules', `node-${platform}-${process.arch}`, 'bin', executable)
  return existsSync(packaged) ? packaged : null
}
