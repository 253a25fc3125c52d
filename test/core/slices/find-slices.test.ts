import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import { conditionTest, conditionText } from '#shared/core/slices/condition.ts'
import { findSlices } from '#shared/core/slices/find-slices.ts'
import { sliceRows } from '#shared/core/slices/slice-rows.ts'

interface Table {
  readonly columns: readonly Column[]
  readonly yTrue: Uint8Array
  readonly decisions: Uint8Array
}

/** 4,000 cases, a tenth of them positive; which positives are missed is up to `missed`. */
function table(
  seed: number,
  missed: (row: { amount: number; country: number; age: number }) => number,
): Table {
  const stream = createStream(seed, 'slices')
  const n = 4000
  const amount = Float64Array.from({ length: n }, () => 1000 * stream.uniform())
  const age = Float64Array.from({ length: n }, () =>
    stream.uniform() < 0.1 ? NaN : 20 + stream.below(60),
  )
  const codes = Int32Array.from({ length: n }, () => stream.below(4))
  const yTrue = Uint8Array.from({ length: n }, () => (stream.uniform() < 0.1 ? 1 : 0))
  const decisions = Uint8Array.from(yTrue, (y, i) => {
    const row = { amount: amount[i]!, country: codes[i]!, age: age[i]! }
    return y === 1 ? (stream.uniform() < missed(row) ? 0 : 1) : stream.uniform() < 0.02 ? 1 : 0
  })
  return {
    columns: [
      { kind: 'numeric', name: 'amount', values: amount },
      { kind: 'numeric', name: 'age', values: age },
      { kind: 'categorical', name: 'country', codes, levels: ['at', 'de', 'fr', 'it'] },
    ],
    yTrue,
    decisions,
  }
}

function search({ columns, yTrue, decisions }: Table) {
  return findSlices(columns, yTrue, decisions, noCheckpoint)
}

describe('findSlices', () => {
  it('finds a text in which more are missed', () => {
    const made = table(1, ({ country }) => (country === 2 ? 0.6 : 0.15))
    const { slices, tested, reason } = search(made)
    const [worst] = slices
    expect(reason).toBeNull()
    expect(worst!.text).toBe('country is fr')
    expect(worst!.adjusted).toBeLessThan(0.001)
    expect(worst!.interval.lower).toBeGreaterThan(0.4)
    expect(worst!.shrunkShare).toBeLessThan(worst!.missedShare)
    expect(worst!.excess).toBeGreaterThan(25)
    expect(tested).toBeGreaterThan(20)
  })

  it('finds where two columns meet, and then not each of them', () => {
    const made = table(2, ({ country, amount }) => (country === 1 && amount < 250 ? 0.95 : 0.1))
    const [worst] = search(made).slices
    expect(worst!.where.map(({ column }) => column)).toEqual(['amount', 'country'])
    expect(worst!.text).toMatch(/^amount below 2\d\d and country is de$/)
  })

  it('finds missing values', () => {
    const made = table(3, ({ age }) => (Number.isNaN(age) ? 0.8 : 0.15))
    expect(search(made).slices[0]!.text).toBe('age is missing')
  })

  it('calls hardly anything certain where misses fall by chance', () => {
    // Were none of them real, 5 % of the tables should have any finding.
    const found = Array.from({ length: 40 }, (_, seed) =>
      search(table(100 + seed, () => 0.3)).slices.some(({ adjusted }) => adjusted <= 0.05),
    ).filter(Boolean).length
    expect(found).toBeLessThanOrEqual(5)
  })

  it('draws shares to the common one where they vary no more than by chance', () => {
    const { slices, missed, positives } = search(table(7, () => 0.3))
    for (const { shrunkShare, missedShare } of slices) {
      const common = missed / positives
      expect(Math.abs(shrunkShare - common)).toBeLessThanOrEqual(Math.abs(missedShare - common))
    }
  })

  it('has the p-value of the exact test, counted out', () => {
    const made = table(4, ({ country }) => (country === 2 ? 0.4 : 0.3))
    const { slices, positives, missed } = search(made)
    const choose = (n: number, k: number): bigint => {
      let value = 1n
      for (let i = 1; i <= k; i++) value = (value * BigInt(n - k + i)) / BigInt(i)
      return value
    }
    expect(slices.length).toBeGreaterThan(3)
    for (const { tp, fn, pValue } of slices.slice(0, 4)) {
      const drawn = tp + fn
      let ways = 0n
      for (let k = fn; k <= Math.min(drawn, missed); k++) {
        ways += choose(missed, k) * choose(positives - missed, drawn - k)
      }
      const exact = Number((ways * 10n ** 15n) / choose(positives, drawn)) / 1e15
      expect(pValue).toBeCloseTo(exact, 10)
    }
  })

  it('counts what can be found again row by row', () => {
    const made = table(5, ({ amount }) => (amount > 700 ? 0.7 : 0.2))
    const dataset = { nRows: made.yTrue.length, columns: made.columns }
    for (const slice of search(made).slices.slice(0, 8)) {
      const rows = (cell: Parameters<typeof sliceRows>[2]): number =>
        sliceRows(dataset, slice.where, cell, made.yTrue, made.decisions).length
      expect([rows('caught'), rows('missed'), rows('false_alarm'), rows('quiet')]).toEqual([
        slice.tp,
        slice.fn,
        slice.fp,
        slice.tn,
      ])
    }
  })

  it('says why there is nothing to search', () => {
    const made = table(6, () => 0)
    expect(search(made)).toMatchObject({ slices: [], reason: 'no positive is missed' })
    expect(search({ ...made, decisions: new Uint8Array(4000) }).reason).toMatch(/every positive/)
    const few = made.yTrue.slice().fill(0)
    few.fill(1, 0, 12)
    expect(search({ ...made, yTrue: few }).reason).toMatch(/^12 positives are too few/)
    expect(() => search({ ...made, decisions: new Uint8Array(3) })).toThrow(
      /one decision per sample/,
    )
  })

  it('looks at a column of one value and one without values', () => {
    const made = table(8, () => 0.3)
    const flat: Column = { kind: 'numeric', name: 'flat', values: new Float64Array(4000).fill(2) }
    const empty: Column = {
      kind: 'numeric',
      name: 'empty',
      values: new Float64Array(4000).fill(NaN),
    }
    const { slices } = search({ ...made, columns: [flat, empty] })
    expect(slices).toEqual([])
  })
})

describe('conditions', () => {
  const amount: Column = { kind: 'numeric', name: 'amount', values: Float64Array.of(1, 5, NaN) }

  it('read as a person would say them', () => {
    const range = { kind: 'range', column: 'amount' } as const
    expect(conditionText({ ...range, from: null, below: 5 })).toBe('amount below 5')
    expect(conditionText({ ...range, from: 5, below: null })).toBe('amount from 5')
    expect(conditionText({ ...range, from: 1, below: 5 })).toBe('amount from 1 to below 5')
    expect(conditionText({ ...range, from: null, below: null })).toBe('amount has a value')
    expect(conditionText({ kind: 'missing', column: 'amount' })).toBe('amount is missing')
  })

  it('leave missing values to the condition of their own', () => {
    const has = conditionTest({ kind: 'range', column: 'amount', from: null, below: null }, amount)
    expect([0, 1, 2].map(has)).toEqual([true, true, false])
    const lacks = conditionTest({ kind: 'missing', column: 'amount' }, amount)
    expect([0, 1, 2].map(lacks)).toEqual([false, false, true])
    expect(() => conditionTest({ kind: 'text', column: 'amount', text: '1' }, amount)).toThrow(
      /can't be asked/,
    )
  })
})
