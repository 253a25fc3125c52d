import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
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

/**
 * Refuses a path to which no file could be written, before the work whose result it is to hold.
 *
 * @throws UserError `bad_input` when the folder is missing or read-only, or the path is a folder.
 */
export function requireWritable(path: string): void {
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError('bad_input', `${path} can't be written: there is no folder ${folder}.`)
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UserError('bad_input', `${path} can't be written: it is a folder.`)
  }
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new UserError('bad_input', `${path} can't be written: the folder is read-only.`)
  }
}
