import type { ByteSource } from '#main/files/csv/byte-source.ts'

/** A file in memory that hands out at most `blockBytes` at a time. */
export function memorySource(content: string | Uint8Array, blockBytes = Infinity): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    name: 'test.csv',
    sizeBytes: bytes.length,
    read: (into, at, length, position) => {
      const part = bytes.subarray(position, position + Math.min(length, blockBytes))
      into.set(part, at)
      return part.length
    },
    close: () => undefined,
  }
}
