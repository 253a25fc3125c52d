/** What can be done with the keyboard, beyond Tab, Enter and the arrow keys of a control. */
export const keyTable: readonly {
  readonly where: string
  readonly keys: string
  readonly does: string
}[] = [
  { where: 'Everywhere', keys: 'Ctrl K', does: 'Opens the command palette; ⌘ K on a Mac' },
  { where: 'Everywhere', keys: 'Ctrl Z', does: 'Takes back the last edit of the draft' },
  { where: 'Everywhere', keys: 'Ctrl Shift Z', does: 'Does again what was taken back' },
  { where: 'Everywhere', keys: 'Esc', does: 'Closes what lies over the page' },
  { where: 'Number boxes', keys: '↑ ↓', does: 'One step more or less; ten with Shift' },
  { where: 'Threshold', keys: '← →', does: 'Moves the threshold by one step of the slider' },
  { where: 'Tables of rows', keys: 'PgUp PgDn', does: 'A screen of rows up or down' },
]
