import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

import { InputError } from '../input-error.ts'

/** Bytes that can be read from any place, more than once. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string
  readonly sizeBytes: number
  /** Reads up to `length` bytes from `position` to `into[at…]`; 0 at the end of the file. */
  read(into: Uint8Array, at: number, length: number, position: number): number
  close(): void
}

/** @throws InputError when there is no such file, or it is not a file, or may not be read. */
export function openFileSource(path: string): ByteSource {
  try {
    const descriptor = openSync(path, 'r')
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) {
      closeSync(descriptor)
      throw new InputError(`${path} is not a regular file. Give the path of a CSV file.`, {
        file: path,
      })
    }
    return {
      name: path,
      sizeBytes: stats.size,
      read: (into, at, length, position) => readSync(descriptor, into, at, length, position),
      close: () => {
        closeSync(descriptor)
      },
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = (error as NodeJS.ErrnoException).code
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'you may not read it'
          : (error as Error).message
    throw new InputError(`${path} cannot be read: ${reason}.`, { file: path })
  }
}
