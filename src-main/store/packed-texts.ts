import { DamagedBlobError, sealBlob, unsealBlob } from './blob.ts'

/** Follows on the types of packed-numbers.ts. */
const TEXTS = 6

/**
 * Packs texts as one blob: each as its length in bytes (32 bits, little-endian) and its UTF-8.
 *
 * @throws RangeError when a text holds half a surrogate pair, which UTF-8 cannot say.
 */
export function packTexts(texts: readonly string[]): Buffer {
  const length = texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0)
  const body = Buffer.alloc(length)
  let at = 0
  for (const text of texts) {
    if (!text.isWellFormed()) throw new RangeError(`text is not well-formed Unicode: ${text}`)
    const size = body.write(text, at + 4)
    body.writeUInt32LE(size, at)
    at += 4 + size
  }
  return sealBlob({ type: TEXTS, count: texts.length, body })
}

/** @throws DamagedBlobError when the blob is damaged or holds no texts. */
export function unpackTexts(blob: Buffer): string[] {
  const { type, count, body } = unsealBlob(blob)
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const texts: string[] = []
  let at = 0
  while (type === TEXTS && texts.length < count && at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32LE(at)
    texts.push(bytes.toString('utf8', at + 4, end))
    at = end
  }
  if (texts.length !== count || at !== bytes.length) {
    throw new DamagedBlobError('it holds other values than it should')
  }
  return texts
}

/** Packed texts of which single ones can be read without decoding the others. */
export interface IndexedTexts {
  readonly count: number
  /** What they take in memory. */
  readonly sizeBytes: number
  /** @param index In [0, count). */
  readonly textAt: (index: number) => string
}

/** As `unpackTexts`, but decodes nothing yet. */
export function indexTexts(blob: Buffer): IndexedTexts {
  const { type, count, body } = unsealBlob(blob)
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const starts = new Uint32Array(type === TEXTS ? count + 1 : 0)
  let at = 0
  let found = 0
  while (found < starts.length - 1 && at + 4 <= body.length) {
    starts[found++] = at
    const length = body[at]! | (body[at + 1]! << 8) | (body[at + 2]! << 16)
    at += 4 + length + body[at + 3]! * 2 ** 24
  }
  if (type !== TEXTS || found !== count || at !== bytes.length) {
    throw new DamagedBlobError('it holds other values than it should')
  }
  starts[count] = at
  return {
    count,
    sizeBytes: bytes.length + starts.byteLength,
    textAt: (index) => bytes.toString('utf8', starts[index]! + 4, starts[index + 1]),
  }
}
