/** The keys of the whole window. */
import { tinykeys } from 'tinykeys'
import { goKey, keyBindings, paletteCommand } from '../../state/key-bindings.ts'
import type { KeyBinding } from '../../state/key-bindings.ts'
import { steps } from '../../state/steps.ts'

interface KeyActions {
  /** Runs a command of the palette by its id. */
  readonly run: (id: string) => void
  readonly togglePalette: () => void
}

/** How long after G the letter of a step is waited for. */
const patienceMs = 1500

/** @returns Stops listening. */
export function listenToKeys({ run, togglePalette }: KeyActions): () => void {
  /** When G was pressed, in milliseconds. */
  let goingSince = -Infinity

  const pressed =
    (id: string, except: KeyBinding['except']) =>
    (event: KeyboardEvent): void => {
      if (!isFree(event, except)) return
      event.preventDefault()
      if (id === paletteCommand) togglePalette()
      else run(id)
    }
  const go =
    (id: string) =>
    (event: KeyboardEvent): void => {
      if (event.timeStamp - goingSince > patienceMs || isTyped(event)) return
      goingSince = -Infinity
      event.preventDefault()
      run(id)
    }
  return tinykeys(
    window,
    {
      ...Object.fromEntries(
        keyBindings.flatMap(({ command, chords, except }) =>
          chords.map((chord) => [chord, pressed(command, except)]),
        ),
      ),
      [goKey.toLowerCase()]: (event: KeyboardEvent) => {
        if (isFree(event, 'text')) goingSince = event.timeStamp
      },
      ...Object.fromEntries(
        steps.flatMap(({ items }) =>
          items.map(({ id, key }) => [key.toLowerCase(), go(`go.${id}`)]),
        ),
      ),
    },
    { ignore: ({ isComposing }) => isComposing },
  )
}

/** Whether a key means what it means to the window, and nothing to what is under it. */
function isFree(event: KeyboardEvent, except: KeyBinding['except']): boolean {
  if (except === null) return true
  if (document.querySelector('dialog[open]') !== null) return false
  return except === 'dialog' || !isTyped(event)
}

/** True where a letter is text, or chooses from a list. */
function isTyped({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) {
    return !['range', 'checkbox', 'radio', 'button', 'submit'].includes(target.type)
  }
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}
