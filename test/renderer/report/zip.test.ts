import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { zipOf } from '../../../src-renderer/views/report/zip.ts'

const files = [
  { name: 'ledger.csv', text: 'run,cost\r\nlr,1\r\n' },
  { name: 'Größe, 𝒳.csv', text: '\ufeffä\r\n' },
  { name: 'empty.csv', text: '' },
]

async function bytesOf(of: typeof files): Promise<Buffer> {
  return Buffer.from(await zipOf(of).arrayBuffer())
}

/** The files by the directory at the end, as programs read them. */
function unzipped(zip: Buffer): typeof files {
  const end = zip.length - 22
  expect(zip.readUInt32LE(end)).toBe(0x06054b50)
  const found: typeof files = []
  let at = zip.readUInt32LE(end + 16)
  expect(at + zip.readUInt32LE(end + 12)).toBe(end)
  for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50)
    expect(zip.readUInt16LE(at + 8) & 0x800).toBe(0x800)
    const [crc, size, nameLength] = [
      zip.readUInt32LE(at + 16),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
    ]
    const local = zip.readUInt32LE(at + 42)
    // The head before the contents says the same.
    expect(zip.readUInt32LE(local)).toBe(0x04034b50)
    expect(zip.subarray(local + 4, local + 30)).toEqual(zip.subarray(at + 6, at + 32))
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const contents = zip.subarray(local + 30 + nameLength, local + 30 + nameLength + size)
    expect(crc32(contents)).toBe(crc)
    found.push({ name, text: contents.toString('utf8') })
    at += 46 + nameLength
  }
  expect(at).toBe(end)
  return found
}

describe('several files as one', () => {
  it('come out as they went in', async () => {
    expect(unzipped(await bytesOf(files))).toEqual(files)
  })

  it('are the same bytes each time', async () => {
    expect(await bytesOf(files)).toEqual(await bytesOf(files))
  })

  it('may be none', async () => {
    expect(unzipped(await bytesOf([]))).toEqual([])
  })
})
