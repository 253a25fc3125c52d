/** Sends a file of the page's own to the workbench, piece by piece. */
import type { FileHandle } from '#shared/contract/app.ts'
import type { Session } from '../../state/session.svelte.ts'

/** At most 4 MiB go in one message; smaller pieces keep Cancel and progress prompt. */
const pieceBytes = 2 * 2 ** 20

/** Thrown by an upload that the user cancelled. */
export class UploadCancelled extends Error {
  constructor() {
    super('The upload was cancelled.')
    this.name = 'UploadCancelled'
  }
}

export class Upload {
  readonly name: string
  readonly sizeBytes: number
  sentBytes = $state(0)
  readonly fraction = $derived.by(() =>
    this.sizeBytes === 0 ? 1 : this.sentBytes / this.sizeBytes,
  )
  #file: File
  #cancelled = false

  constructor(file: File) {
    this.#file = file
    this.name = file.name
    this.sizeBytes = file.size
  }

  cancel(): void {
    this.#cancelled = true
  }

  /**
   * @throws UploadCancelled; WorkbenchError as the workbench answers; what the browser throws where
   *   the file can't be read any more.
   */
  async send(session: Session): Promise<FileHandle> {
    const handle = await session.call('file.upload', {
      name: this.name.slice(-200),
      sizeBytes: this.sizeBytes,
    })
    while (this.sentBytes < this.sizeBytes) {
      if (this.#cancelled) throw new UploadCancelled()
      const piece = this.#file.slice(this.sentBytes, this.sentBytes + pieceBytes)
      const bytes = new Uint8Array(await piece.arrayBuffer())
      await session.call('file.append', { fileId: handle.fileId, bytes })
      this.sentBytes += bytes.length
    }
    if (this.#cancelled) throw new UploadCancelled()
    return handle
  }
}
