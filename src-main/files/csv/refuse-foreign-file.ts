import { InputError } from '../input-error.ts'

/** First bytes of files that are often named .csv and are not, with what to do about each. */
const signatures: readonly { readonly bytes: readonly number[]; readonly message: string }[] = [
  {
    bytes: [0x1f, 0x8b],
    message: 'is compressed with gzip. Unpack it first (gunzip), then import the CSV file inside.',
  },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    message:
      'is a zip archive or an Excel workbook (.xlsx), not CSV text. Open it in the spreadsheet program and save it as "CSV UTF-8"; unpack a zip archive first.',
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    message:
      'is an old Excel workbook (.xls), not CSV text. Open it in the spreadsheet program and save it as "CSV UTF-8".',
  },
  {
    bytes: [0x50, 0x41, 0x52, 0x31],
    message: 'is a Parquet file, not CSV text. Export it as CSV first.',
  },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    message: 'is compressed with zstd. Unpack it first, then import the CSV file inside.',
  },
  {
    bytes: [0x42, 0x5a, 0x68],
    message: 'is compressed with bzip2. Unpack it first, then import the CSV file inside.',
  },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    message: 'is compressed with xz. Unpack it first, then import the CSV file inside.',
  },
  {
    bytes: [0xff, 0xfe],
    message: 'is UTF-16 text. Save it as UTF-8 (in Excel: "CSV UTF-8").',
  },
  {
    bytes: [0xfe, 0xff],
    message: 'is UTF-16 text. Save it as UTF-8 (in Excel: "CSV UTF-8").',
  },
]

/**
 * Refuses a file whose first bytes show that it is not UTF-8 text.
 *
 * @throws InputError that names what the file is and how to get a CSV file from it.
 */
export function refuseForeignFile(head: Uint8Array, file: string): void {
  if (head.length === 0) {
    throw new InputError(`${file} is empty. A CSV file starts with a row of column names.`, {
      file,
    })
  }
  for (const { bytes, message } of signatures) {
    if (head.length > bytes.length && bytes.every((byte, i) => head[i] === byte)) {
      throw new InputError(`${file} ${message}`, { file })
    }
  }
  // Text saved as UTF-16 without a mark alternates between characters and zero bytes.
  const zero = head.subarray(0, 4096).indexOf(0)
  if (zero >= 0) throw binaryFile(file, null)
}

/** The refusal of a zero byte, which no text file holds. */
export function binaryFile(file: string, row: number | null): InputError {
  const where = row === null ? '' : ` (row ${row})`
  return new InputError(
    `${file} holds zero bytes${where}: it is a binary file or UTF-16 text. Save the table as CSV in UTF-8.`,
    { file, row },
  )
}
