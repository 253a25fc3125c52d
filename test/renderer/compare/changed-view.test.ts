import { describe, expect, it } from 'vitest'
import type { ChangedSlice, ChangedSlices } from '#shared/core/slices/changed-slices.ts'
import { toCsv } from '../../../src-renderer/format/csv.ts'
import {
  changedSlicesTable,
  shownSlices,
  worthScale,
} from '../../../src-renderer/views/compare/changed-view.ts'

function slice(text: string, worth: number, adjusted: number): ChangedSlice {
  return {
    ...{ where: { kind: 'missing', column: text }, text, cases: 100, changed: 10, won: 7 },
    ...{ changedShare: 0.1, restShare: 0.02, shrunkShare: 0.08, worth, pValue: adjusted / 2 },
    interval: { lower: 0.05, upper: 0.2 },
    adjusted,
  } as unknown as ChangedSlice
}

const found: ChangedSlices = {
  slices: [slice('a', -20, 0.001), slice('b', 5, 0.01), slice('c', 60, 0.7)],
  ...{ tested: 9, cases: 1000, changed: 40, worth: -30, reason: null },
}

describe('slices of changed cases', () => {
  it('are the certain ones, or all by money; cases find theirs by position', () => {
    expect(shownSlices(found, 'certain').map(({ position }) => position)).toEqual([0, 1])
    expect(shownSlices(found, 'money').map(({ slice: { text } }) => text)).toEqual(['c', 'a', 'b'])
    expect(shownSlices(found, 'money').map(({ position }) => position)).toEqual([2, 0, 1])
  })

  it('have bars from zero on one scale', () => {
    const { zero, barOf } = worthScale(shownSlices(found, 'money'))
    expect(zero).toBe(25)
    expect(barOf(-20)).toEqual({ left: 0, width: 25 })
    expect(barOf(60)).toEqual({ left: 25, width: 75 })
    expect(barOf(0)).toEqual({ left: 25, width: 0 })
    const nothing = worthScale(shownSlices({ ...found, slices: [slice('a', 0, 0.01)] }, 'money'))
    expect([nothing.zero, nothing.barOf(0)]).toEqual([0, { left: 0, width: 0 }])
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
    expect(head).toContain('"Cost a month, gbdt less lr",The same elsewhere')
    expect(first).toBe('a,100,10,0.1,0.05,0.2,0.02,0.08,7,3,-1200,-600,0.0005,0.001')
  })
})
