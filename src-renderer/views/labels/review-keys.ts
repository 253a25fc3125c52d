/** The keys of the review screen. */
import type { Verdict } from '#shared/contract/labels.ts'
import { verdictKeys } from './label-words.ts'

export interface ReviewActs {
  readonly decide: (verdict: Verdict) => void
  readonly move: (by: number) => void
  readonly undo: () => void
  readonly redo: () => void
  readonly note: () => void
  readonly peek: () => void
  readonly help: () => void
}

/** @returns Stops listening. */
export function reviewKeys(acts: ReviewActs): () => void {
  const pressed = (event: KeyboardEvent): void => {
    const act = actOf(event, acts)
    if (act === null) return
    event.preventDefault()
    // One press, one act: a key that is held down decides and skips nothing.
    if (!event.repeat) act()
  }
  window.addEventListener('keydown', pressed)
  return () => {
    window.removeEventListener('keydown', pressed)
  }
}

function actOf(event: KeyboardEvent, acts: ReviewActs): (() => void) | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey, isComposing, target } = event
  if (ctrlKey || metaKey || altKey || isComposing) return null
  if (document.querySelector('dialog[open]') !== null) return null
  if (target instanceof HTMLElement && target.closest('input, textarea, select') !== null) {
    const isSwitch = target instanceof HTMLInputElement && target.type === 'checkbox'
    if (!isSwitch || key === ' ') return null
  }
  const letter = key.toLowerCase()
  if (letter === 'z') return shiftKey ? acts.redo : acts.undo
  if (key === '?') return acts.help
  if (shiftKey) return null
  const verdict = verdictKeys.find((one) => one.key.toLowerCase() === letter)?.verdict
  if (verdict !== undefined) return () => acts.decide(verdict)
  if (letter === 'j' || key === 'ArrowDown' || key === 'ArrowRight') return () => acts.move(1)
  if (letter === 'k' || key === 'ArrowUp' || key === 'ArrowLeft') return () => acts.move(-1)
  if (letter === 'n') return acts.note
  // On a button it presses the button.
  const isPressable = target instanceof HTMLElement && target.closest('button, a') !== null
  return key === ' ' && !isPressable ? acts.peek : null
}
