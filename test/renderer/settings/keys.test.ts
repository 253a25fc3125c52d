import { describe, expect, it } from 'vitest'
import { goKey, keyBindings, keysOf, shownKeys } from '../../../src-renderer/state/key-bindings.ts'
import { steps } from '../../../src-renderer/state/steps.ts'
import { keyGroups } from '../../../src-renderer/views/settings/key-table.ts'

const chords = keyBindings.flatMap((binding) => binding.chords)
const letters = steps.flatMap(({ items }) => items.map(({ key }) => key))

describe('the keys of the window', () => {
  it('mean one thing each', () => {
    expect(new Set(chords).size).toBe(chords.length)
    expect(new Set(letters).size).toBe(letters.length)
    expect(letters).not.toContain(goKey)
  })

  it('are written as on the keyboard', () => {
    expect(keysOf('$mod+Shift+z', 'Ctrl')).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(keysOf('$mod+Comma', '⌘')).toEqual(['⌘', ','])
    expect(shownKeys('edit.undo', 'Ctrl')).toBe('Ctrl Z')
    expect(shownKeys('no.such', 'Ctrl')).toBe('')
  })
})

describe('the list of keys in the settings', () => {
  it('has every chord and the letter of every step', () => {
    const rows = keyGroups('Ctrl', 'browser').flatMap((group) => group.rows)
    const shown = rows.map(({ keys }) => ` ${keys.join(' ')} `)
    for (const chord of chords) {
      const keys = ` ${keysOf(chord, 'Ctrl').join(' ')} `
      expect(
        shown.some((row) => row.includes(keys)),
        chord,
      ).toBe(true)
    }
    for (const letter of letters) expect(shown).toContain(` G then ${letter} `)
  })

  it('names the keys of the menu where there is one', () => {
    const count = (host: 'electron' | 'browser'): number => keyGroups('Ctrl', host)[0]!.rows.length
    expect(count('electron')).toBe(count('browser') + 4)
  })

  it('says each thing once', () => {
    for (const { rows } of keyGroups('⌘', 'electron')) {
      expect(new Set(rows.map(({ does }) => does)).size).toBe(rows.length)
      expect(rows.flatMap(({ keys }) => keys)).not.toContain('Ctrl')
    }
  })
})
