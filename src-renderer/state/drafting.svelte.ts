import type { Draft } from '#shared/contract/work.ts'
import { noEdits, recordEdit, redoEdit, undoEdit } from './edit-history.ts'
import type { EditHistory } from './edit-history.ts'
import { createSaveQueue } from './save-queue.ts'
import type { SaveQueue } from './save-queue.ts'

/** What drafting needs of the session. */
export interface DraftKeeper {
  readonly versionId: number | null
  readonly draft: Draft | null
  /** Shows a draft before it is saved. */
  show(draft: Draft): void
  save(versionId: number, draft: Draft, reason: string | null): Promise<void>
  /** A draft could not be saved; it is no longer shown. */
  refused(error: unknown): void
}

interface Save {
  readonly versionId: number
  readonly draft: Draft
}

/** Edits of the draft: shown at once, saved one after the other, and taken back one by one. */
export class Drafting {
  #keeper: DraftKeeper
  #queue: SaveQueue<Save>
  #history: EditHistory<Draft> = $state.raw(noEdits)
  #versionId: number | null = null
  /** The last draft that is known to be saved. */
  #saved: Draft | null = null

  constructor(keeper: DraftKeeper) {
    this.#keeper = keeper
    this.#queue = createSaveQueue(
      async ({ versionId, draft }, reason) => {
        await keeper.save(versionId, draft, reason)
        if (versionId === this.#versionId) this.#saved = draft
      },
      (error) => {
        if (this.#saved !== null && keeper.versionId === this.#versionId) keeper.show(this.#saved)
        this.#history = noEdits
        keeper.refused(error)
      },
    )
  }

  /** What Undo would take back; null when there is nothing. */
  get undoLabel(): string | null {
    return this.#history.done.at(-1)?.label ?? null
  }

  get redoLabel(): string | null {
    return this.#history.undone.at(-1)?.label ?? null
  }

  /** True while an edit is on its way: what the workbench tells of the draft is older. */
  get saving(): boolean {
    return this.#queue.busy
  }

  /**
   * Changes the draft and saves it.
   *
   * @param label    What is done, as it follows "Undo".
   * @param reason   Asked for where a locked frame changes.
   * @param mergeKey Edits with one key that follow each other are undone together.
   * @returns false when it was not saved, which the user has been told.
   */
  async edit(
    label: string,
    change: (draft: Draft) => Draft,
    reason: string | null = null,
    mergeKey: string | null = null,
  ): Promise<boolean> {
    const before = this.#keeper.draft
    if (before === null) return false
    this.#begin(before)
    const after = change(before)
    if (JSON.stringify(after) === JSON.stringify(before)) return true
    this.#history = recordEdit(this.#history, { label, before, after, mergeKey })
    return this.#put(after, reason)
  }

  async undo(): Promise<boolean> {
    const edit = this.#present() ? this.#history.done.at(-1) : undefined
    if (edit === undefined) return false
    this.#history = undoEdit(this.#history)
    return this.#put(edit.before, `Undone: ${edit.label}`)
  }

  async redo(): Promise<boolean> {
    const edit = this.#present() ? this.#history.undone.at(-1) : undefined
    if (edit === undefined) return false
    this.#history = redoEdit(this.#history)
    return this.#put(edit.after, `Done again: ${edit.label}`)
  }

  /** Sends what waits to be saved: the page is being left. */
  flush(): void {
    this.#queue.flush()
  }

  /** Forgets all edits: another project or version is worked on. */
  forget(): void {
    this.#history = noEdits
    this.#versionId = null
    this.#saved = null
  }

  #begin(draft: Draft): void {
    if (!this.#present()) {
      this.forget()
      this.#versionId = this.#keeper.versionId
    }
    if (!this.#queue.busy) this.#saved = draft
  }

  /** True while the history belongs to the version that is worked on. */
  #present(): boolean {
    return this.#versionId !== null && this.#versionId === this.#keeper.versionId
  }

  #put(draft: Draft, reason: string | null): Promise<boolean> {
    this.#keeper.show(draft)
    return this.#queue.save({ versionId: this.#versionId!, draft }, reason)
  }
}
