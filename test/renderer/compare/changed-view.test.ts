import { describe, expect, it } from 'vitest'
import type { ChangedSlice, ChangedSlices } from '#shared/core/slices/changed-slices.ts'
import { toCsv } from '../../../src-renderer/format/csv.ts'
import {
  changedSlicesTable,
  rightnessTable,
  shownSlices,
  worthScale,
} from '../../../src-renderer/views/compare/changed-view.ts'

function slice(text: string, worth: number, adjusted: number): ChangedSlice {
  return {
    worthInterval: { lower: worth - 10, upper: worth + 20 },
    ...{ worthPValue: 0.01, worthAdjusted: worth < 0 ? 0.02 : null },
    ...{ where: [{ kind: 'missing', column: text }], text, cases: 100, changed: 10, won: 7 },
    ...{ changedShare: 0.1, restShare: 0.02, shrunkShare: 0.08, worth, pValue: adjusted / 2 },
    interval: { lower: 0.05, upper: 0.2 },
    adjusted,
  } as unknown as ChangedSlice
}

const found: ChangedSlices = {
  slices: [slice('a', -20, 0.001), slice('b', 5, 0.01), slice('c', 60, 0.7)],
  ...{
    tested: 9,
    worthTested: 3,
    pairedColumns: 2,
    cases: 1000,
    changed: 40,
    worth: -30,
    reason: null,
  },
}

describe('slices of changed cases', () => {
  it('are the certain ones, or all by money; cases find theirs by position', () => {
    expect(shownSlices(found, 'certain').map(({ position }) => position)).toEqual([0, 1])
    expect(shownSlices(found, 'money').map(({ slice: { text } }) => text)).toEqual(['c', 'a', 'b'])
    expect(shownSlices(found, 'money').map(({ position }) => position)).toEqual([2, 0, 1])
    expect(shownSlices(found, 'cost').map(({ slice: { text } }) => text)).toEqual(['a'])
  })

  it('have intervals and zero on one scale', () => {
    expect(worthScale(shownSlices(found, 'money'))).toEqual({ min: -30, max: 80 })
    const only = shownSlices({ ...found, slices: [slice('a', 50, 0.01)] }, 'money')
    expect(worthScale(only)).toEqual({ min: 0, max: 70 })
    expect(worthScale([])).toEqual({ min: 0, max: 0 })
  })

  it('are written with what is elsewhere, in the unit of the page', () => {
    const [head, first] = toCsv(
      changedSlicesTable(found, ['lr', 'gbdt'], 'a month', (worth) => 60 * worth),
    ).split('\r\n')
    expect(head!.replace('\ufeff', '').split(',').slice(0, 3)).toEqual([
      'Slice',
      'Cases',
      'Changed',
    ])
    expect(head).toContain('"Cost a month, gbdt less lr","lower, 95 %"')
    expect(first).toBe(
      'a,100,10,0.1,0.05,0.2,0.02,0.08,7,3,-1200,-1800,0,-600,0.0005,0.001,0.01,0.02',
    )
  })
})

describe('who is right more often', () => {
  it('is written with the p-value, or why there is none, and the interval', () => {
    const counts = { cases: 20, onlyFirst: 1, onlySecond: 6, difference: 0.25 }
    const interval = { lower: 0.05, upper: 0.4, level: 0.95, method: 'of cases' }
    const sure = { ...counts, pValue: 0.125, reason: null, interval }
    const weighted = { ...sure, pValue: null, reason: 'cases differ in weight', interval: null }
    const lines = toCsv(
      rightnessTable({ all: weighted, positives: sure, negatives: sure }, ['lr', 'gbdt']),
    ).split('\r\n')
    expect(lines[1]).toBe('all,20,1,6,,0.25,,,cases differ in weight')
    expect(lines[2]).toBe('positives,20,1,6,0.125,0.25,0.05,0.4,')
  })
})
