import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { repository } from '../../../scripts/out-folder.mjs'

/** A browser host in a process of its own, as `npm start` makes it. */
export interface BenchHost {
  /** With the key. */
  readonly url: string
  close(): Promise<void>
}

/** Starts a host on a data folder; the page must have been built. */
export async function startBenchHost(
  dataFolder: string,
  args: readonly string[] = [],
): Promise<BenchHost> {
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
      ...['scripts/start.mjs', '--browser', '--no-open', '--no-build', ...args],
    ],
    {
      cwd: repository,
      env: { ...process.env, STEELYARD_DATA: dataFolder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => {
      resolve()
    })
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Steelyard: (http.+)$/.exec(line)?.[1]
    if (url === undefined) continue
    return {
      url,
      close() {
        child.kill('SIGTERM')
        return ended
      },
    }
  }
  throw new Error('the host ended before it printed its address')
}
