import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

export const REPOSITORY = resolve(import.meta.dirname, '../..')

/** Files that break one rule each, and `permitted` ones that break none. */
export const CANARIES = join(import.meta.dirname, 'canaries')

/** Runs a tool of node_modules in a folder. @returns its exit code and what it printed. */
export function runTool(
  script: string,
  args: readonly string[],
  cwd: string,
): { readonly exitCode: number | null; readonly output: string } {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'node_modules', script), ...args],
    { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: '1' } },
  )
  return { exitCode: status, output: stdout }
}
