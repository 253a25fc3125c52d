import { Worker } from 'node:worker_threads'

import { Cancelled } from '#shared/core/math/checkpoint.ts'

import { InputError } from '../input-error.ts'
import type { CsvWorkerData, CsvWorkerMessage } from './csv-messages.ts'
import { controlCells } from './csv-messages.ts'
import type { CsvOptions } from './csv-types.ts'

/** How often `cancelled` is asked. */
const pollMs = 100

/** What becomes of the messages of a reading thread, one at a time. */
export interface ReadingHandler<T> {
  /** Returns null until the message that ends the work. */
  readonly handle: (
    message: Exclude<CsvWorkerMessage, { type: 'progress' | 'inputError' }>,
    /** Tells the thread that a chunk is done with. */
    consumed: () => void,
  ) => T | null | Promise<T | null>
  readonly onProgress: (fractionOfBytes: number) => void
  readonly cancelled: () => boolean
}

/**
 * Lets a thread of its own work on a CSV file.
 *
 * @throws InputError as `parseCsv` does; Cancelled; or what the handler threw.
 */
export async function withReadingThread<T>(
  path: string,
  options: CsvOptions,
  task: CsvWorkerData['task'],
  { handle, onProgress, cancelled }: ReadingHandler<T>,
): Promise<T> {
  const control = new Int32Array(
    new SharedArrayBuffer(controlCells.count * Int32Array.BYTES_PER_ELEMENT),
  )
  const worker = new Worker(new URL('./csv-worker.ts', import.meta.url), {
    workerData: { path, options, task, control } satisfies CsvWorkerData,
  })
  const stop = (): void => {
    Atomics.store(control, controlCells.cancelled, 1)
    Atomics.notify(control, controlCells.consumed)
  }
  let poll: NodeJS.Timeout | undefined

  const consumed = (): void => {
    Atomics.add(control, controlCells.consumed, 1)
    Atomics.notify(control, controlCells.consumed)
  }

  /** Does what one message asks for; returns the result with the last one. */
  const take = (message: CsvWorkerMessage): T | null | Promise<T | null> => {
    if (cancelled()) throw new Cancelled()
    if (message.type === 'inputError') {
      throw new InputError(message.message, {
        file: path,
        row: message.row,
        column: message.column,
      })
    }
    if (message.type !== 'progress') return handle(message, consumed)
    onProgress(message.fraction)
    return null
  }

  try {
    return await new Promise<T>((resolve, reject) => {
      // One message after the other, though a sink may take its time over a chunk.
      let previous = Promise.resolve()
      let settled = false
      const fail = (error: unknown): void => {
        settled = true
        stop()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      worker.on('message', (message: CsvWorkerMessage) => {
        previous = previous.then(async () => {
          if (settled) return
          try {
            const result = await take(message)
            if (result === null) return
            settled = true
            resolve(result)
          } catch (error) {
            fail(error)
          }
        })
      })
      worker.on('error', fail)
      worker.on('exit', () => {
        // All messages have arrived; when they are handled and none was the last, it broke off.
        void previous.then(() => {
          if (!settled) fail(new Error(`the thread that reads ${path} ended without a result`))
        })
      })
      poll = setInterval(() => {
        if (!settled && cancelled()) fail(new Cancelled())
      }, pollMs)
    })
  } finally {
    clearInterval(poll)
    await worker.terminate()
  }
}
