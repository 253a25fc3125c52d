/** Edits that can be taken back, without end. Knows nothing of what is edited. */

export interface Edit<T> {
  /** What was done, as it follows "Undo": "Change a missed fraud to €400". */
  readonly label: string
  readonly before: T
  readonly after: T
  /** Edits with one key that follow each other become one, as when a text is typed. */
  readonly mergeKey: string | null
}

export interface EditHistory<T> {
  /** Oldest first; the last is the next to be undone. */
  readonly done: readonly Edit<T>[]
  /** The last is the next to be done again. */
  readonly undone: readonly Edit<T>[]
}

export const noEdits: EditHistory<never> = { done: [], undone: [] }

/** The history after an edit; what was undone can't be done again any more. */
export function recordEdit<T>({ done }: EditHistory<T>, edit: Edit<T>): EditHistory<T> {
  const last = done.at(-1)
  if (last === undefined || edit.mergeKey === null || last.mergeKey !== edit.mergeKey) {
    return { done: [...done, edit], undone: [] }
  }
  return { done: [...done.slice(0, -1), { ...edit, before: last.before }], undone: [] }
}

/** The history after the last edit was undone; the same where there is none. */
export function undoEdit<T>({ done, undone }: EditHistory<T>): EditHistory<T> {
  return { done: done.slice(0, -1), undone: [...undone, ...done.slice(-1)] }
}

/** The history after the edit that was undone last was done again. */
export function redoEdit<T>({ done, undone }: EditHistory<T>): EditHistory<T> {
  return { done: [...done, ...undone.slice(-1)], undone: undone.slice(0, -1) }
}
