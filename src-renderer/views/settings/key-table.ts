import { goKey, keyBindings, keysOf } from '../../state/key-bindings.ts'
import { steps } from '../../state/steps.ts'

export interface KeyRow {
  /** Pressed together; one after the other or in place of another where a word stands between. */
  readonly keys: readonly string[]
  readonly does: string
}

export interface KeyGroup {
  readonly title: string
  readonly rows: readonly KeyRow[]
}

/** Between keys, and no keys themselves. */
export const keyWords: readonly string[] = ['then', 'or']

/** What can be done with the keyboard, beyond Tab, Enter and the arrow keys of a control. */
export function keyGroups(modifier: string, host: 'electron' | 'browser'): KeyGroup[] {
  const ofTheMenu: KeyRow[] = [
    { keys: [modifier, 'N'], does: 'Makes a new project' },
    { keys: [modifier, 'O'], does: 'Opens a project' },
    { keys: [modifier, '+', 'or', modifier, '−'], does: 'Larger or smaller text' },
    { keys: [modifier, '0'], does: 'Text of the usual size' },
  ]
  return [
    {
      title: 'Everywhere',
      rows: [
        ...keyBindings.map(({ chords, does }) => ({
          keys: chords.flatMap((chord, i) => [
            ...(i === 0 ? [] : ['or']),
            ...keysOf(chord, modifier),
          ]),
          does,
        })),
        ...(host === 'electron' ? ofTheMenu : []),
        { keys: ['Esc'], does: 'Closes what lies over the page' },
      ],
    },
    {
      title: 'Steps of the work',
      rows: steps.flatMap(({ items }) =>
        items.map(({ label, key }) => ({ keys: [goKey, 'then', key], does: `Goes to ${label}` })),
      ),
    },
    {
      title: 'On a screen',
      rows: [
        { keys: ['↑', 'or', '↓'], does: 'Number box: a step; with Shift ten' },
        { keys: [modifier, 'Enter'], does: 'Import: goes to the next step' },
        {
          keys: ['Q', 'or', 'W', 'or', 'E', 'or', 'U'],
          does: 'Review: keeps, relabels, excludes, is unsure',
        },
        { keys: ['Z', 'or', 'Shift', 'Z'], does: 'Review: takes a verdict back, or up again' },
        { keys: ['←', 'or', '→'], does: 'Threshold: a step; with Shift a score' },
        { keys: ['PgUp', 'or', 'PgDn'], does: 'Threshold: twenty steps' },
        { keys: ['Home', 'or', 'End'], does: 'Threshold: alerts on every case, or on none' },
        {
          keys: ['←', '↑', '↓', '→'],
          does: `Table of rows: a cell; with ${modifier} to the last`,
        },
        { keys: ['PgUp', 'or', 'PgDn'], does: 'Table of rows: a screen' },
      ],
    },
  ]
}
