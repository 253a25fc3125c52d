/** Runs the command line as a user does, in a process of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const entry = join(root, 'src-main/hosts/cli/steelyard.ts')
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types']

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
}

/** Starts a command; relative paths are meant from `cwd`, as npm passes it on. */
export function startCli(
  args: readonly string[],
  cwd = root,
  env: Readonly<Record<string, string>> = {},
): RunningCli {
  const child = spawn(process.execPath, [...nodeFlags, entry, ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr })
    })
  })
  return { child, finished }
}

export function cli(
  args: readonly string[],
  cwd?: string,
  env?: Readonly<Record<string, string>>,
): Promise<Finished> {
  return startCli(args, cwd, env).finished
}
