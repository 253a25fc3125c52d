/** The keys of the whole window: it listens to these, and the palette and the settings show them. */

export interface KeyBinding {
  /** Id of the command that is run. */
  readonly command: string
  /** Each alone is enough; `$mod` is Ctrl, and ⌘ on a Mac. */
  readonly chords: readonly [string, ...string[]]
  readonly does: string
  /** Where they mean something else: in a text box, which undoes by itself, or nowhere. */
  readonly except: 'text' | 'dialog' | null
}

export const paletteCommand = 'view.palette'

export const keyBindings: readonly KeyBinding[] = [
  {
    command: paletteCommand,
    chords: ['$mod+k'],
    does: 'Opens the command palette',
    except: null,
  },
  {
    command: 'edit.undo',
    chords: ['$mod+z'],
    does: 'Takes back the last edit',
    except: 'text',
  },
  {
    command: 'edit.redo',
    chords: ['$mod+Shift+z', '$mod+y'],
    does: 'Does again what was taken back',
    except: 'text',
  },
  {
    command: 'view.jobs',
    chords: ['$mod+j'],
    does: 'Opens and closes the list of jobs',
    except: 'dialog',
  },
  {
    command: 'view.settings',
    chords: ['$mod+Comma'],
    does: 'Opens the settings',
    except: 'dialog',
  },
]

/** Typed before the letter of a step. */
export const goKey = 'G'

/** The keys of a chord as they are written on the keyboard: `Ctrl`, `Shift`, `Z`. */
export function keysOf(chord: string, modifier: string): string[] {
  return chord.split('+').map((key) => {
    if (key === '$mod') return modifier
    if (key === 'Comma') return ','
    return key.length === 1 ? key.toUpperCase() : key
  })
}

/** `Ctrl Z` for the command of that id. */
export function shownKeys(command: string, modifier: string): string {
  const binding = keyBindings.find((one) => one.command === command)
  return binding === undefined ? '' : keysOf(binding.chords[0], modifier).join(' ')
}
