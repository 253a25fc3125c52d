/** Where cases changed side between two runs: which slices are shown, their scale, and the tables. */
import type { ChangedSlice, ChangedSlices } from '#shared/core/slices/changed-slices.ts'
import type { RightnessByClass } from '#shared/core/statistics/rightness-sentence.ts'
import type { TwinTable } from '../../format/csv.ts'
import { isCertain } from '../slices/slice-cells.ts'

export type SliceOrder = 'certain' | 'cost' | 'money'

export interface ShownSlice {
  readonly slice: ChangedSlice
  /** Among all slices of the answer: what cases name theirs by. */
  readonly position: number
}

/** Whether one of the runs is cheaper in a slice for certain. */
export function isCostCertain({ worthAdjusted }: ChangedSlice): boolean {
  return worthAdjusted !== null && isCertain({ adjusted: worthAdjusted })
}

/**
 * Slices in which more cases change for certain, those in which one run is cheaper for certain, or
 * all of them; the latter two by what they are worth.
 */
export function shownSlices({ slices }: ChangedSlices, order: SliceOrder): ShownSlice[] {
  const all = slices.map((slice, position): ShownSlice => ({ slice, position }))
  if (order === 'certain') return all.filter(({ slice }) => isCertain(slice))
  return all
    .filter(({ slice }) => order === 'money' || isCostCertain(slice))
    .sort((a, b) => Math.abs(b.slice.worth) - Math.abs(a.slice.worth) || a.position - b.position)
}

/** Ends of a scale that all worths, their intervals and zero lie on. */
export function worthScale(slices: readonly ShownSlice[]): { min: number; max: number } {
  const ends = slices.flatMap(({ slice: { worth, worthInterval } }) => [
    worth,
    ...(worthInterval === null ? [] : [worthInterval.lower, worthInterval.upper]),
  ])
  return {
    min: ends.reduce((a, b) => Math.min(a, b), 0),
    max: ends.reduce((a, b) => Math.max(a, b), 0),
  }
}

/** Who is right where exactly one is, unrounded. */
export function rightnessTable(
  { all, positives, negatives }: RightnessByClass,
  [first, second]: readonly [string, string],
): TwinTable {
  const numeric = true
  return {
    head: [
      { text: 'Among' },
      { text: 'Cases', numeric },
      { text: `Right by ${first} alone`, numeric },
      { text: `Right by ${second} alone`, numeric },
      { text: 'p, exact', numeric },
      { text: `Share right, ${second} less ${first}`, numeric },
      { text: 'lower, 95 %', numeric },
      { text: 'upper, 95 %', numeric },
      { text: 'Why there is no p' },
    ],
    rows: (
      [
        ['all', all],
        ['positives', positives],
        ['negatives', negatives],
      ] as const
    ).map(([among, one]) => [
      ...[among, one.cases, one.onlyFirst, one.onlySecond, one.pValue, one.difference],
      ...[one.interval?.lower ?? null, one.interval?.upper ?? null, one.reason],
    ]),
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
  const columns: readonly (readonly [string, (slice: ChangedSlice) => number | null])[] = [
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
    ['lower, 95 %', ({ worthInterval }) => worthInterval && amount(worthInterval.lower)],
    ['upper, 95 %', ({ worthInterval }) => worthInterval && amount(worthInterval.upper)],
    ['The same elsewhere', (slice) => amount(worth - slice.worth)],
    ['p of more changed', ({ pValue }) => pValue],
    ['p of more changed, adjusted', ({ adjusted }) => adjusted],
    ['p of the cost', ({ worthPValue }) => worthPValue],
    ['p of the cost, adjusted', ({ worthAdjusted }) => worthAdjusted],
  ]
  return {
    head: [{ text: 'Slice' }, ...columns.map(([text]) => ({ text, numeric: true }))],
    rows: slices.map((slice) => [slice.text, ...columns.map(([, of]) => of(slice))]),
  }
}
