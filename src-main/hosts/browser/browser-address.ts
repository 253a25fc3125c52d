/**
 * Where the browser host is reached, kept while it runs.
 *
 * A page that is still open when the host dies can only find the next one at the same port with
 * the same key. So both lie in a file of the data folder that only the user can read; a host that
 * ends properly takes it away, and whatever finds it left behind takes up the address.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BrowserAddress {
  readonly port: number
  /** 32 random bytes. */
  readonly token: string
}

interface Left {
  readonly address: BrowserAddress
  readonly pid: number
}

/** An address that nobody knows yet, on any free port. */
export function newAddress(): BrowserAddress {
  return { port: 0, token: randomBytes(32).toString('base64url') }
}

/** The address of a host that died in this data folder; null where none did, or it still runs. */
export function addressLeftBehind(dataFolder: string): BrowserAddress | null {
  const left = readLeft(dataFolder)
  return left === null || isAlive(left.pid) ? null : left.address
}

/** Keeps the address for the case that this process dies. */
export function keepAddress(dataFolder: string, address: BrowserAddress): void {
  // A second host on one data folder leaves the first one its file.
  const left = readLeft(dataFolder)
  if (left !== null && left.pid !== process.pid && isAlive(left.pid)) return
  const file = fileOf(dataFolder)
  const own = `${file}.${process.pid}`
  writeFileSync(own, `${JSON.stringify({ address, pid: process.pid } satisfies Left)}\n`, {
    mode: 0o600,
  })
  renameSync(own, file)
}

export function forgetAddress(dataFolder: string): void {
  if (readLeft(dataFolder)?.pid === process.pid) rmSync(fileOf(dataFolder), { force: true })
}

function fileOf(dataFolder: string): string {
  return join(dataFolder, 'browser-host.json')
}

function readLeft(dataFolder: string): Left | null {
  let left: unknown
  try {
    left = JSON.parse(readFileSync(fileOf(dataFolder), 'utf8'))
  } catch {
    return null
  }
  return isLeft(left) ? left : null
}

function isLeft(value: unknown): value is Left {
  if (typeof value !== 'object' || value === null) return false
  const { address, pid } = value as { readonly address?: unknown; readonly pid?: unknown }
  if (typeof address !== 'object' || address === null || !Number.isSafeInteger(pid)) return false
  const { port, token } = address as { readonly port?: unknown; readonly token?: unknown }
  return (
    Number.isSafeInteger(port) &&
    (port as number) > 1023 &&
    (port as number) < 65_536 &&
    typeof token === 'string' &&
    /^[\w-]{43}$/.test(token)
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
