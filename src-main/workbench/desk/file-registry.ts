/** Files that the page knows by a handle only: granted by the host, or sent by the page in pieces. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { FileHandle } from '#shared/contract/app.ts'
import { UserError } from '#shared/contract/errors.ts'
import { safeFileName } from './file-names.ts'

export interface KnownFile {
  readonly path: string
  /** Without its folder. */
  readonly name: string
  /** True for a copy of ours, which may be moved away. */
  readonly uploaded: boolean
}

export interface FileRegistry {
  /** Makes a path known; the file need not exist yet. */
  grant(path: string): FileHandle
  /** A place for a file of our own, until it is dropped. */
  place(name: string): { readonly fileId: string; readonly path: string }
  /** Begins an upload. @throws UserError `disk_full`, `bad_input`. */
  upload(name: string, sizeBytes: number): FileHandle
  /** @returns How many bytes have arrived. @throws UserError `bad_input`, `disk_full`. */
  append(fileId: string, bytes: Uint8Array): number
  /** @throws UserError `bad_input` for a handle that isn't known or a file that isn't complete. */
  find(fileId: string): KnownFile
  /** Forgets a handle, and its copy if there is one. */
  drop(fileId: string): void
  close(): void
}

/** The most bytes that one piece of an upload may have. */
const pieceBytes = 4 * 2 ** 20

/** Folders of this process; one that is left of another with the same number is not among them. */
const ownFolders = new Set<string>()

const mostUploads = 64
const spareBytes = 64 * 2 ** 20

interface Upload {
  readonly sizeBytes: number
  receivedBytes: number
  descriptor: number | null
}

export function createFileRegistry(folder: string, newId: () => string): FileRegistry {
  removeAbandoned(folder)
  const ownFolder = join(folder, `${process.pid}-${newId()}`)
  ownFolders.add(ownFolder)
  const files = new Map<string, KnownFile & { readonly upload: Upload | null }>()

  const closeUpload = (upload: Upload | null): void => {
    const descriptor = upload?.descriptor ?? null
    if (upload === null || descriptor === null) return
    closeSync(descriptor)
    upload.descriptor = null
  }

  const drop = (fileId: string): void => {
    const file = files.get(fileId)
    if (file === undefined) return
    files.delete(fileId)
    closeUpload(file.upload)
    if (file.uploaded) rmSync(join(ownFolder, fileId), { recursive: true, force: true })
  }

  const require = (fileId: string): KnownFile & { readonly upload: Upload | null } => {
    const file = files.get(fileId)
    if (file !== undefined) return file
    throw new UserError('bad_input', 'This file is no longer known. Choose it again.')
  }

  return {
    grant(path) {
      const fileId = newId()
      const name = basename(path)
      const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      files.set(fileId, { path, name, uploaded: false, upload: null })
      return { fileId, name, sizeBytes }
    },

    place(name) {
      const fileId = newId()
      mkdirSync(join(ownFolder, fileId), { recursive: true })
      const path = join(ownFolder, fileId, safeFileName(name))
      files.set(fileId, { path, name, uploaded: true, upload: null })
      return { fileId, path }
    },

    upload(given, sizeBytes) {
      const name = safeFileName(given)
      const open = [...files.values()].filter(({ upload }) => (upload?.descriptor ?? null) !== null)
      if (open.length >= mostUploads) {
        throw new UserError('bad_input', 'Too many files are being sent at once. Wait for some.')
      }
      const fileId = newId()
      const path = join(ownFolder, fileId, name)
      try {
        mkdirSync(join(ownFolder, fileId), { recursive: true })
        const { bavail, bsize } = statfsSync(ownFolder)
        if (bavail * bsize < sizeBytes + spareBytes) throw diskFull(name)
        const descriptor = openSync(path, 'wx')
        const upload: Upload = { sizeBytes, receivedBytes: 0, descriptor }
        if (sizeBytes === 0) closeUpload(upload)
        files.set(fileId, { path, name, uploaded: true, upload })
      } catch (error) {
        rmSync(join(ownFolder, fileId), { recursive: true, force: true })
        throw asUserError(error, name)
      }
      return { fileId, name, sizeBytes }
    },

    append(fileId, bytes) {
      const { upload, name } = require(fileId)
      if (upload === null) {
        throw new UserError('bad_input', `${name} is not being sent.`)
      }
      if (bytes.length > pieceBytes) {
        throw new UserError('bad_arguments', `bytes must be at most ${pieceBytes} bytes long`)
      }
      if (upload.receivedBytes + bytes.length > upload.sizeBytes) {
        drop(fileId)
        throw new UserError(
          'bad_input',
          `${name} is longer than the ${upload.sizeBytes} bytes it was said to have. Send it again.`,
        )
      }
      try {
        for (let done = 0; done < bytes.length;) {
          done += writeSync(upload.descriptor!, bytes, done)
        }
      } catch (error) {
        drop(fileId)
        throw asUserError(error, name)
      }
      upload.receivedBytes += bytes.length
      if (upload.receivedBytes === upload.sizeBytes) closeUpload(upload)
      return upload.receivedBytes
    },

    find(fileId) {
      const { upload, path, name, uploaded } = require(fileId)
      if (upload !== null && upload.receivedBytes < upload.sizeBytes) {
        throw new UserError(
          'bad_input',
          `${name} has not arrived whole: ${upload.receivedBytes} of ${upload.sizeBytes} bytes. Send it again.`,
        )
      }
      return { path, name, uploaded }
    },

    drop,

    close() {
      for (const { upload } of files.values()) closeUpload(upload)
      files.clear()
      ownFolders.delete(ownFolder)
      rmSync(ownFolder, { recursive: true, force: true })
    },
  }
}

/** Removes what was sent to programs that are no more. */
function removeAbandoned(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const pid = Number(/^(\d+)-/.exec(name)?.[1])
    if (pid === process.pid ? ownFolders.has(path) : pid > 0 && isAlive(pid)) continue
    rmSync(path, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function asUserError(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOSPC' || code === 'EDQUOT' ? diskFull(name) : error
}

function diskFull(name: string): UserError {
  return new UserError(
    'disk_full',
    `There is no room on the disk for a copy of ${name}. Make room and send it again.`,
  )
}
