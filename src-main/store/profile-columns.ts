import { Worker } from 'node:worker_threads'
import { UserError } from '#shared/contract/errors.ts'
import type { ProfileByClass } from '#shared/core/dataset/class-profile.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { ProfileAnswer, ProfileWorkerData } from './profile-worker.ts'
import type { RowReader } from './row-reader.ts'

/** Which columns to profile, and against what. */
export interface ColumnsToProfile {
  readonly versionId: number
  readonly nColumns: number
  /** Position of the column that holds the class. */
  readonly targetAt: number
  /** Its value that makes a row positive. */
  readonly positive: string
}

export interface ProfiledColumns {
  readonly positives: number
  /** In the order of the table. */
  readonly columns: readonly ProfileByClass[]
}

/**
 * Profiles all columns of a dataset version in a thread of its own, so that whoever answers a page
 * only reads packed columns.
 *
 * @throws Cancelled when the signal is aborted; UserError as reading the columns does.
 */
export async function profileColumns(
  rows: Pick<RowReader, 'readPacked'>,
  { versionId, nColumns, targetAt, positive }: ColumnsToProfile,
  signal: AbortSignal,
): Promise<ProfiledColumns> {
  if (signal.aborted) throw new Cancelled()
  const worker = new Worker(new URL('./profile-worker.ts', import.meta.url), {
    workerData: { positive } satisfies ProfileWorkerData,
  })
  let onAbort: (() => void) | undefined
  try {
    return await new Promise<ProfiledColumns>((resolve, reject) => {
      let positives = 0
      const columns: ProfileByClass[] = []
      let sent = 0
      const send = (position: number): void => {
        try {
          worker.postMessage(rows.readPacked(versionId, position))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      const sendNext = (): void => {
        if (sent < nColumns) send(sent++)
      }
      onAbort = () => {
        reject(new Cancelled())
      }
      signal.addEventListener('abort', onAbort)
      worker.on('message', (answer: ProfileAnswer) => {
        if (signal.aborted) return
        if ('refusal' in answer) reject(new UserError(answer.refusal.code, answer.refusal.message))
        else if ('positives' in answer) positives = answer.positives
        else if (columns.push(answer.column) === nColumns) resolve({ positives, columns })
        sendNext()
      })
      worker.on('error', reject)
      worker.on('exit', (code) => {
        reject(new Error(`The thread that profiles columns ended with exit code ${code}.`))
      })
      send(targetAt)
      // One column ahead of the one that is worked on, so that the thread never waits.
      sendNext()
    })
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}
