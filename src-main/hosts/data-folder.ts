import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * The folder where Steelyard keeps its own data, made if it isn't there: what STEELYARD_DATA names,
 * else the usual place of the system. For the user's eyes only.
 */
export function dataFolder(): string {
  const named = process.env['STEELYARD_DATA']
  const folder = named === undefined || named === '' ? usualPlace() : resolve(named)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function usualPlace(): string {
  if (process.platform === 'win32') {
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData/Roaming'), 'Steelyard')
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Steelyard')
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'steelyard')
}
