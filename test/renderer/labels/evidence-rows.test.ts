import { describe, expect, it } from 'vitest'
import type { ReviewColumn, ReviewEvidence } from '#shared/contract/labels.ts'
import { comparedCells, evidenceRows } from '../../../src-renderer/views/labels/evidence-rows.ts'
import { nextOpen } from '../../../src-renderer/views/labels/next-open.ts'

const columns: readonly ReviewColumn[] = [
  {
    ...{ name: 'speed', kind: 'numeric' },
    ...{ negatives: [0, 1, 2, 3, 4], positives: [4, 5, 6, 7, 8] },
  },
  { name: 'country', kind: 'categorical' },
  { name: 'empty', kind: 'numeric', negatives: null, positives: null },
  { name: 'constant', kind: 'numeric', negatives: [1, 1, 1, 1, 1], positives: null },
]
const evidence: ReviewEvidence = {
  values: [9, 'de', null, 1],
  shares: [null, { negatives: 0.25, positives: 0.5 }, null, null],
  contributions: [0.6, -1.2, 0.1, 0.01],
  ...{ repeats: [0.3], byModel: [0.3], neighbors: null },
  ...{ similarPositives: [], similarNegatives: [], reasons: [] },
  same: { withThisLabel: [], withTheOther: [], more: 0 },
}

describe('the columns of a card', () => {
  it('stand by what they contribute, and lean to the side that they push to', () => {
    const rows = evidenceRows(columns, evidence)
    expect(rows.map(({ name, lean }) => [name, lean])).toEqual([
      ['country', 'negative'],
      ['speed', 'positive'],
      // Less than a tenth of the largest.
      ['empty', 'neither'],
      ['constant', 'neither'],
    ])
    expect(rows[0]).toMatchObject({ value: 'de', strip: null })
    expect(rows[0]!.shares).toEqual({ negatives: '25\u202f%', positives: '50\u202f%' })
    expect(rows[2]).toMatchObject({ value: 'missing', strip: null })
  })

  it('stay in their order, and lean nowhere, where nothing was explained', () => {
    const rows = evidenceRows(columns, { ...evidence, contributions: null })
    expect(rows.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
    expect(rows.every(({ lean, weight }) => lean === 'neither' && weight === 0)).toBe(true)
  })

  it('place values between the ends of both classes', () => {
    const [, speed, , constant] = evidenceRows(columns, evidence)
    const { strip } = speed!
    expect(strip!.negatives!.low).toBeCloseTo(0.06, 12)
    expect(strip!.positives!.high).toBeCloseTo(0.94, 12)
    expect(strip!.negatives!.middle).toBeCloseTo(0.06 + 0.88 / 4, 12)
    // 9 lies an eighth of the scale beyond its end.
    expect(strip).toMatchObject({ value: 1, beyond: true })
    expect(constant!.strip).toMatchObject({ value: 0.5, beyond: false, positives: null })
  })
})

describe('a similar row', () => {
  it('differs where its text is another, or its number lies beyond the middle half', () => {
    const cells = (values: readonly (number | string | null)[]): unknown =>
      comparedCells(columns, evidence.values, { row: 1, distance: 1, values }).map(
        ({ differs }) => differs,
      )
    expect(cells([9, 'de', null, 1])).toEqual([false, false, false, false])
    expect(cells([7.5, 'fr', 3, 1])).toEqual([false, true, true, false])
    expect(cells([6.5, null, null, 2])).toEqual([true, true, false, true])
  })
})

it('goes on to the next open row, and round to the front', () => {
  const items = ['keep', null, 'keep', null].map((mine) => ({ mine }))
  expect(nextOpen(items, 1)).toBe(3)
  expect(nextOpen(items, 3)).toBe(1)
  expect(nextOpen(items, -1)).toBe(1)
  expect(nextOpen([{ mine: 'keep' }], 0)).toBe(null)
  expect(nextOpen([], 0)).toBe(null)
})
