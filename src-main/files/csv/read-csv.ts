import { Worker } from 'node:worker_threads'

import { Cancelled } from '#shared/core/math/checkpoint.ts'

import { InputError } from '../input-error.ts'
import type { CsvWorkerData, CsvWorkerMessage } from './csv-messages.ts'
import { controlCells } from './csv-messages.ts'
import type { CsvOptions, CsvSink, CsvSummary } from './csv-types.ts'

/** How often `cancelled` is asked. */
const pollMs = 100

/**
 * Reads a CSV file in a thread of its own.
 *
 * The sink is called from this thread, one call at a time and in the order of the file; the reader
 * waits while the sink is more than a few chunks behind.
 *
 * @param onProgress  Gets the fraction of the file read, in [0, 1]; it starts again from 0 when the
 *   kind of a column had to be revised.
 * @param cancelled   Asked about ten times a second.
 * @returns The summary, after the sink's `finish` is done.
 * @throws InputError when the file is not a table that these options allow; Cancelled when
 *   `cancelled` answered true; or what the sink threw. The sink's `finish` has then not been called
 *   or has itself thrown: whatever it has received is to be dropped.
 */
export async function readCsv(
  path: string,
  options: CsvOptions,
  sink: CsvSink,
  onProgress: (fractionOfBytes: number) => void,
  cancelled: () => boolean,
): Promise<CsvSummary> {
  const control = new Int32Array(
    new SharedArrayBuffer(controlCells.count * Int32Array.BYTES_PER_ELEMENT),
  )
  const worker = new Worker(new URL('./csv-worker.ts', import.meta.url), {
    workerData: { path, options, control } satisfies CsvWorkerData,
  })
  const stop = (): void => {
    Atomics.store(control, controlCells.cancelled, 1)
    Atomics.notify(control, controlCells.consumed)
  }
  let poll: NodeJS.Timeout | undefined

  /** Does what one message asks for; returns the summary with the last one. */
  const handle = async (message: CsvWorkerMessage): Promise<CsvSummary | null> => {
    if (cancelled()) throw new Cancelled()
    switch (message.type) {
      case 'begin':
        sink.begin()
        return null
      case 'chunk':
        await sink.chunk(message.columns, message.nRows)
        Atomics.add(control, controlCells.consumed, 1)
        Atomics.notify(control, controlCells.consumed)
        return null
      case 'progress':
        onProgress(message.fraction)
        return null
      case 'finish':
        await sink.finish(message.summary, message.levels)
        return message.summary
      case 'inputError':
        throw new InputError(message.message, {
          file: path,
          row: message.row,
          column: message.column,
        })
    }
  }

  try {
    return await new Promise<CsvSummary>((resolve, reject) => {
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
            const summary = await handle(message)
            if (summary === null) return
            settled = true
            resolve(summary)
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
