/** The keys of the whole window. */
import { tinykeys } from 'tinykeys'
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

  const command =
    (id: string, isFree: (event: KeyboardEvent) => boolean) =>
    (event: KeyboardEvent): void => {
      if (!isFree(event)) return
      event.preventDefault()
      run(id)
    }
  const go =
    (id: string) =>
    (event: KeyboardEvent): void => {
      if (event.timeStamp - goingSince > patienceMs || isTyped(event)) return
      goingSince = -Infinity
      event.preventDefault()
      run(id)
    }
  const anywhere = (): boolean => document.querySelector('dialog[open]') === null
  // A text box undoes what was typed in it by itself.
  const notInText = (event: KeyboardEvent): boolean => anywhere() && !isTyped(event)

  return tinykeys(
    window,
    {
      '$mod+k': (event) => {
        event.preventDefault()
        togglePalette()
      },
      '$mod+z': command('edit.undo', notInText),
      '$mod+Shift+z': command('edit.redo', notInText),
      '$mod+y': command('edit.redo', notInText),
      '$mod+j': command('view.jobs', anywhere),
      '$mod+Comma': command('view.settings', anywhere),
      g: (event) => {
        if (notInText(event)) goingSince = event.timeStamp
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
