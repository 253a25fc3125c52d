/** Folders for projects that nobody named: gone when the command ends, or else with a later one. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Younger ones may belong to a program that is just starting. */
const leastAgeMs = 5000

const pattern = /^steelyard-(\d+)-\w{6}$/

/**
 * Makes a folder, and removes those that killed programs left behind: a project may be gigabytes.
 *
 * @param isHeld Whether a folder is in use after all. Process numbers alone don't tell, where
 *   containers share the folder of temporary files.
 */
export function makeTemporaryFolder(isHeld: (folder: string) => boolean): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = pattern.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = join(tmpdir(), name)
    try {
      const isYoung = Date.now() - statSync(folder).mtimeMs < leastAgeMs
      if (!isYoung && !isHeld(folder)) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Somebody else's, or just removed by another program.
    }
  }
  return mkdtempSync(join(tmpdir(), `steelyard-${process.pid}-`))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
