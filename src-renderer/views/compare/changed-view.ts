/** Where cases changed side between two runs: which slices are shown, their bars, and the table. */
import type { ChangedSlice, ChangedSlices } from '#shared/core/slices/changed-slices.ts'
import type { TwinTable } from '../../format/csv.ts'
import { isCertain } from '../slices/slice-cells.ts'

export type SliceOrder = 'certain' | 'money'

export interface ShownSlice {
  readonly slice: ChangedSlice
  /** Among all slices of the answer: what cases name theirs by. */
  readonly position: number
}

/** Slices in which more cases change for certain, or all of them by what they are worth. */
export function shownSlices({ slices }: ChangedSlices, order: SliceOrder): ShownSlice[] {
  const all = slices.map((slice, position): ShownSlice => ({ slice, position }))
  return order === 'certain'
    ? all.filter(({ slice }) => isCertain(slice))
    : all.toSorted(
        (a, b) => Math.abs(b.slice.worth) - Math.abs(a.slice.worth) || a.position - b.position,
      )
}

export interface Bar {
  /** In percent of the width. */
  readonly left: number
  readonly width: number
}

export interface BarScale {
  /** Place of nothing, in percent. */
  readonly zero: number
  readonly barOf: (worth: number) => Bar
}

/** A scale that all worths and zero lie on. */
export function worthScale(slices: readonly ShownSlice[]): BarScale {
  const worths = slices.map(({ slice }) => slice.worth)
  const least = worths.reduce((a, b) => Math.min(a, b), 0)
  const most = worths.reduce((a, b) => Math.max(a, b), 0)
  const width = most - least
  const place = (worth: number): number => (width > 0 ? (100 * (worth - least)) / width : 0)
  return {
    zero: place(0),
    barOf: (worth) => ({
      left: place(Math.min(0, worth)),
      width: place(Math.max(0, worth)) - place(Math.min(0, worth)),
    }),
  }
}

/**
 * Everything about the slices, unrounded.
 *
 * @param amount From a worth to an amount in the unit that the page states.
 */
export function changedSlicesTable(
  { slices, worth }: ChangedSlices,
  [first, second]: readonly [string, string],
  unit: string,
  amount: (worth: number) => number,
): TwinTable {
  const columns: readonly (readonly [string, (slice: ChangedSlice) => number])[] = [
    ['Cases', ({ cases }) => cases],
    ['Changed', ({ changed }) => changed],
    ['Share changed', ({ changedShare }) => changedShare],
    ['Share changed, lower', ({ interval }) => interval.lower],
    ['Share changed, upper', ({ interval }) => interval.upper],
    ['Share changed elsewhere', ({ restShare }) => restShare],
    ['Share changed, drawn to the common one', ({ shrunkShare }) => shrunkShare],
    [`Right by ${second} alone`, ({ won }) => won],
    [`Right by ${first} alone`, ({ changed, won }) => changed - won],
    [`Cost ${unit}, ${second} less ${first}`, (slice) => amount(slice.worth)],
    ['The same elsewhere', (slice) => amount(worth - slice.worth)],
    ['p', ({ pValue }) => pValue],
    ['p, adjusted', ({ adjusted }) => adjusted],
  ]
  return {
    head: [{ text: 'Slice' }, ...columns.map(([text]) => ({ text, numeric: true }))],
    rows: slices.map((slice) => [slice.text, ...columns.map(([, of]) => of(slice))]),
  }
}
