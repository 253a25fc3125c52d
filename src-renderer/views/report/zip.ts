/** Several files as one, by the ZIP format of PKWARE's APPNOTE.TXT 6.3.3, stored as they are. */

export interface ZippedFile {
  readonly name: string
  readonly text: string
}

const versionNeeded = 20
const namesAreUtf8 = 1 << 11
/** The first day that the format knows: the same files give the same bytes. */
const firstDay = (1 << 5) | 1

/** @throws {RangeError} When there is more than the format can hold. */
export function zipOf(files: readonly ZippedFile[]): Blob {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  for (const { name, text } of files) {
    const path = encoder.encode(name)
    const contents = encoder.encode(text)
    const facts = [
      ...[2, versionNeeded, 2, namesAreUtf8, 2, 0, 2, 0, 2, firstDay],
      ...[4, crc32(contents), 4, contents.length, 4, contents.length],
      ...[2, path.length, 2, 0],
    ]
    const head = record([4, 0x04034b50, ...facts])
    directory.push(
      record([4, 0x02014b50, 2, versionNeeded, ...facts, 2, 0, 2, 0, 2, 0, 4, 0, 4, offset]),
      path,
    )
    parts.push(head, path, contents)
    offset += head.length + path.length + contents.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  if (files.length > 0xffff || offset + size > 0xffffffff) {
    throw new RangeError('The tables are too large for one ZIP file. Save them one by one.')
  }
  const count = files.length
  const end = record([4, 0x06054b50, 2, 0, 2, 0, 2, count, 2, count, 4, size, 4, offset, 2, 0])
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

/** Whole numbers, each with how many bytes it takes before it, the lowest byte first. */
function record(fields: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  for (let i = 0; i < fields.length; i += 2) {
    for (let byte = 0; byte < fields[i]!; byte++) bytes.push((fields[i + 1]! >>> (8 * byte)) & 0xff)
  }
  return Uint8Array.from(bytes)
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!
  return (crc ^ 0xffffffff) >>> 0
}
