import { steps } from '../../state/steps.ts'

export interface KeyRow {
  readonly where: string
  /** Pressed together, or one after the other where `then` is among them. */
  readonly keys: string
  readonly does: string
}

/** What can be done with the keyboard, beyond Tab, Enter and the arrow keys of a control. */
export const keyTable: readonly KeyRow[] = [
  {
    where: 'Everywhere',
    keys: 'Ctrl K',
    does: 'Opens the command palette; on a Mac ⌘ stands for Ctrl',
  },
  {
    where: 'Everywhere',
    keys: `G then ${steps.flatMap(({ items }) => items.map(({ key }) => key)).join(' ')}`,
    does: `Goes to ${steps.flatMap(({ items }) => items.map(({ label }) => label)).join(', ')}`,
  },
  { where: 'Everywhere', keys: 'Ctrl Z', does: 'Takes back the last edit of the draft' },
  { where: 'Everywhere', keys: 'Ctrl Shift Z', does: 'Does again what was taken back; Ctrl Y too' },
  { where: 'Everywhere', keys: 'Ctrl J', does: 'Opens and closes the list of jobs' },
  { where: 'Everywhere', keys: 'Ctrl ,', does: 'Opens the settings' },
  { where: 'Everywhere', keys: 'Esc', does: 'Closes what lies over the page' },
  {
    where: 'Number boxes',
    keys: '↑ ↓',
    does: 'One step more or less, ten with Shift; Esc takes back what was typed',
  },
  { where: 'Import', keys: 'Ctrl Enter', does: 'Goes to the next step' },
  {
    where: 'Threshold',
    keys: '← →',
    does: 'Moves the threshold by a step; with Shift to the next score',
  },
  {
    where: 'Threshold',
    keys: 'PgUp PgDn',
    does: 'Moves it by twenty steps; Home and End alert on all and on none',
  },
  {
    where: 'Tables of rows',
    keys: '← ↑ ↓ →',
    does: 'Moves the marked cell; PgUp and PgDn by a screen',
  },
]
