import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'

const patienceMs = 3000

/**
 * Where Electron's binary is. It is found by looking, never by importing the package, which would
 * start a download.
 *
 * @returns {string | null} Its path, or null where it isn't there.
 */
export function electronBinary() {
  const named = process.env['ELECTRON_EXEC_PATH']
  if (named !== undefined && named !== '') return existing(named)
  const folder = packageFolder()
  if (folder === null) return null
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (dist !== undefined && dist !== '') return existing(join(dist, name ?? 'electron'))
  return name === null ? null : existing(join(folder, 'dist', name))
}

/**
 * Downloads the binary, after asking for three seconds whether its source can be reached at all.
 *
 * @returns {Promise<string | null>} Its path, or null where it can't be had.
 */
export async function fetchElectron() {
  const folder = packageFolder()
  const mirror =
    process.env['ELECTRON_MIRROR'] ??
    process.env['npm_config_electron_mirror'] ??
    'https://github.com/'
  if (folder === null || !URL.canParse(mirror)) return null
  const { hostname, port, protocol } = new URL(mirror)
  const usualPort = protocol === 'http:' ? 80 : 443
  if (!(await isReachable(hostname, port === '' ? usualPort : Number(port)))) return null
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 2, 2] })
  return electronBinary()
}

/** @returns {string | null} */
function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/**
 * @param {string} path
 * @returns {string | null}
 */
function existing(path) {
  return existsSync(path) ? path : null
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isReachable(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => end(false), patienceMs)
    /** @param {boolean} answer */
    const end = (answer) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
