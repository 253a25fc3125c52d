import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What one measured run took. Names and units are those of the peers' output. */
export interface Measurement {
  /** Of all threads. */
  readonly cpu_s: number
  readonly wall_s: number
  /** Resident memory just before and at its highest, in MiB; null where the system can't tell. */
  readonly base_rss_mb: number | null
  readonly peak_rss_mb: number | null
  /** The work was done in part only: times are to be multiplied by this. */
  readonly scale?: number
}

/** Names and values; a peer may say other things than numbers. */
export type Facts = Readonly<Record<string, unknown>>

/** One side of a comparison: a process that has prepared its data and runs when told to. */
export interface Contestant {
  run(): Promise<Measurement>
  /** What shows that the work was done in the last run. */
  check(): Promise<Facts>
  close(): Promise<void>
}

/** Numeric libraries of the peers start a thread per core unless told not to; and leave no files. */
const environment = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
}

/**
 * Starts a process that speaks the protocol of run-item.ts and waits until it is prepared.
 *
 * @throws Error with what it wrote to the standard error, when it ends before it was told to.
 */
export async function startContestant(
  command: string,
  args: readonly string[],
): Promise<Contestant> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const complaints: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  child.stdin.on('error', () => undefined) // the process is gone, which `next` reports
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve()
    })
    child.on('error', (error) => {
      complaints.push(error.message)
      resolve()
    })
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const line = await lines.next()
    if (line.done !== true) return JSON.parse(line.value) as unknown
    await closed
    throw new Error(complaints.join('').trim() || `${command} ended without an answer`)
  }
  const ask = (request: 'run' | 'check'): Promise<unknown> => {
    child.stdin.write(`${request}\n`)
    return next()
  }

  await next()
  return {
    run: async () => (await ask('run')) as Measurement,
    check: async () => (await ask('check')) as Facts,
    close() {
      child.stdin.end()
      return closed
    },
  }
}
