import type { CsvOptions } from './csv-types.ts'
import type { CsvPreview } from './preview-types.ts'
import { withReadingThread } from './reading-thread.ts'

/**
 * Reads a whole CSV file in a thread of its own and says what is in it, keeping none of its rows.
 *
 * @param onProgress  As in `readCsv`.
 * @throws InputError exactly where `readCsv` would; Cancelled.
 */
export function previewCsv(
  path: string,
  options: CsvOptions,
  onProgress: (fractionOfBytes: number) => void,
  cancelled: () => boolean,
): Promise<CsvPreview> {
  return withReadingThread(path, options, 'preview', {
    onProgress,
    cancelled,
    handle(message) {
      if (message.type !== 'preview') throw new Error('a thread that previews hands over no rows')
      return message.preview
    },
  })
}
