import type { CsvOptions, CsvSink, CsvSummary } from './csv-types.ts'
import { withReadingThread } from './reading-thread.ts'

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
export function readCsv(
  path: string,
  options: CsvOptions,
  sink: CsvSink,
  onProgress: (fractionOfBytes: number) => void,
  cancelled: () => boolean,
): Promise<CsvSummary> {
  return withReadingThread(path, options, 'read', {
    onProgress,
    cancelled,
    async handle(message, consumed) {
      switch (message.type) {
        case 'begin':
          sink.begin()
          return null
        case 'chunk':
          await sink.chunk(message.columns, message.nRows)
          consumed()
          return null
        case 'finish':
          await sink.finish(message.summary, message.levels)
          return message.summary
        case 'preview':
          throw new Error('a thread that reads does not preview')
      }
    },
  })
}
