import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { UserError } from '#shared/contract/errors.ts'

/**
 * Writes a text file all or nothing: under another name first, then renamed into place, so that
 * neither a crash nor a full disk leaves half a file or harms the one that was there.
 *
 * @throws UserError `bad_input` when the folder can't be written to, `disk_full`.
 */
export function writeFileWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const descriptor = openSync(temporary, 'w')
    try {
      const bytes = Buffer.from(text, 'utf8')
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new UserError('disk_full', `There is no room on the disk for ${path}.`, {
        cause: error,
      })
    }
    throw new UserError('bad_input', `${path} can't be written: ${message}.`, { cause: error })
  }
}
