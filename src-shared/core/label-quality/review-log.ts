/**
 * What a log of reviews comes to: which verdicts stand, what can be undone and redone, and where
 * reviewers agree.
 *
 * The log only grows. Undoing is an event that names a verdict, and so is redoing; a verdict stands
 * while the last of these says so. A row is judged by every reviewer's last standing verdict on it,
 * whichever queue it came from, until somebody adjudicates; a later verdict opens the row again.
 */

export type Verdict = 'keep' | 'relabel' | 'exclude' | 'unsure'

export const verdicts: readonly Verdict[] = ['keep', 'relabel', 'exclude', 'unsure']

/** The part of an event that its meaning depends on. */
export interface LoggedReview {
  readonly key: string
  readonly kind: 'verdict' | 'adjudication' | 'undo' | 'redo'
  readonly queue: string
  readonly row: number
  /** Rows with the very same features that the verdict is meant for as well. */
  readonly alsoRows?: readonly number[]
  readonly reviewer: string
  /** Null for undo and redo. */
  readonly verdict: Verdict | null
  /** The verdict that is undone or redone; else null. */
  readonly refersTo: string | null
}

/** Keys of the verdicts that stand. */
export function standing(log: readonly LoggedReview[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { key, kind, refersTo } of log) {
    if (kind === 'undo') keys.delete(refersTo!)
    else keys.add(kind === 'redo' ? refersTo! : key)
  }
  return keys
}

/** What a reviewer can take back or do again in a queue; the last element is next. */
export interface UndoStacks {
  readonly undo: readonly string[]
  readonly redo: readonly string[]
}

export function undoStacks(
  log: readonly LoggedReview[],
  queue: string,
  reviewer: string,
): UndoStacks {
  let undo: string[] = []
  let redo: string[] = []
  for (const event of log) {
    if (event.queue !== queue || event.reviewer !== reviewer) continue
    const { key, kind, refersTo } = event
    if (kind === 'undo') {
      undo = undo.filter((one) => one !== refersTo)
      redo.push(refersTo!)
    } else if (kind === 'redo') {
      redo = redo.filter((one) => one !== refersTo)
      undo.push(refersTo!)
    } else {
      undo.push(key)
      redo = []
    }
  }
  return { undo, redo }
}

/** `unsure`: nobody is sure; `adjudicate`: reviewers contradict each other. */
export type RowState = 'decided' | 'agreed' | 'unsure' | 'adjudicate' | 'adjudicated'

export interface RowDecision<E extends LoggedReview = LoggedReview> {
  readonly row: number
  readonly state: RowState
  /** What counts; null while it is open. */
  readonly verdict: Exclude<Verdict, 'unsure'> | null
  /** Each reviewer's last standing verdict, oldest first. */
  readonly byReviewer: readonly E[]
  readonly adjudication: E | null
}

/**
 * What the reviews of one dataset version say of each row.
 *
 * @returns By row; rows without a standing verdict are not in it.
 */
export function decidedRows<E extends LoggedReview>(
  log: readonly E[],
): ReadonlyMap<number, RowDecision<E>> {
  const stands = standing(log)
  const byRow = new Map<number, { verdicts: Map<string, E>; adjudication: E | null }>()
  for (const event of log) {
    if (event.verdict === null || !stands.has(event.key)) continue
    for (const at of [event.row, ...(event.alsoRows ?? [])]) {
      const row = byRow.get(at) ?? { verdicts: new Map<string, E>(), adjudication: null }
      byRow.set(at, row)
      if (event.kind === 'adjudication') {
        row.adjudication = event
        continue
      }
      const before = row.verdicts.get(event.reviewer)
      // A verdict that says something new opens what was settled.
      if (before?.verdict !== event.verdict) row.adjudication = null
      row.verdicts.delete(event.reviewer)
      row.verdicts.set(event.reviewer, event)
    }
  }
  return new Map(
    [...byRow].map(([row, { verdicts: given, adjudication }]) => [
      row,
      decisionOf(row, [...given.values()], adjudication),
    ]),
  )
}

function decisionOf<E extends LoggedReview>(
  row: number,
  byReviewer: readonly E[],
  adjudication: E | null,
): RowDecision<E> {
  const said = new Set(byReviewer.map(({ verdict }) => verdict))
  said.delete('unsure')
  const settled = adjudication?.verdict ?? null
  if (settled !== null) {
    const verdict = settled === 'unsure' ? null : settled
    const state = verdict === null ? 'unsure' : 'adjudicated'
    return { row, state, verdict, byReviewer, adjudication }
  }
  if (said.size > 1) return { row, state: 'adjudicate', verdict: null, byReviewer, adjudication }
  const [only] = said
  if (only === undefined || only === null || only === 'unsure') {
    return { row, state: 'unsure', verdict: null, byReviewer, adjudication }
  }
  const sure = byReviewer.filter(({ verdict }) => verdict === only).length
  return { row, state: sure > 1 ? 'agreed' : 'decided', verdict: only, byReviewer, adjudication }
}
