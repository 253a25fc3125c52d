/**
 * How arrays and texts lie in the project file. Every blob describes and guards itself:
 *
 *     byte 0        format, 1
 *     byte 1        type of the elements
 *     byte 2        compression: 0 none, 1 zstd
 *     byte 3        0
 *     bytes 4–7     number of elements
 *     bytes 8–11    length of the body before compression
 *     bytes 12–15   CRC-32 of bytes 0–11 and of the body as stored
 *     bytes 16–     body
 *
 * Numbers are little-endian; the header of 16 bytes keeps a body of doubles aligned.
 */
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** A blob that is not what was written; the caller knows which data it was. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError'
}

export interface BlobContent {
  /** Type of the elements, 0 to 255. */
  readonly type: number
  /** Number of elements. */
  readonly count: number
  readonly body: Uint8Array
}

const FORMAT = 1
const HEADER_LENGTH = 16
const CRC_AT = 12
/** Level 1 gives most of what zstd can give on such data, at several hundred MB/s. */
const ZSTD_LEVEL_1 = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** Compression that saves less than this fraction is not worth undoing it on every load. */
const LEAST_SAVING_FRACTION = 0.15

export function sealBlob({ type, count, body }: BlobContent): Buffer {
  const packed = zstdCompressSync(body, ZSTD_LEVEL_1)
  const compressed = packed.length < body.length * (1 - LEAST_SAVING_FRACTION)
  const stored = compressed ? packed : body

  const blob = Buffer.alloc(HEADER_LENGTH + stored.length)
  blob[0] = FORMAT
  blob[1] = type
  blob[2] = compressed ? 1 : 0
  blob.writeUInt32LE(count, 4)
  blob.writeUInt32LE(body.length, 8)
  blob.set(stored, HEADER_LENGTH)
  blob.writeUInt32LE(checksumOf(blob), CRC_AT)
  return blob
}

/** @throws DamagedBlobError when header, checksum or lengths don't fit together. */
export function unsealBlob(blob: Buffer): BlobContent {
  if (blob.length < HEADER_LENGTH || blob[0] !== FORMAT) {
    throw new DamagedBlobError('the header is not of a known format')
  }
  if (blob.readUInt32LE(CRC_AT) !== checksumOf(blob)) {
    throw new DamagedBlobError('the checksum does not match')
  }
  const stored = blob.subarray(HEADER_LENGTH)
  const body = blob[2] === 1 ? zstdDecompressSync(stored) : stored
  if (body.length !== blob.readUInt32LE(8)) throw new DamagedBlobError('the length does not match')
  return { type: blob[1]!, count: blob.readUInt32LE(4), body }
}

function checksumOf(blob: Buffer): number {
  return crc32(blob.subarray(HEADER_LENGTH), crc32(blob.subarray(0, CRC_AT)))
}
