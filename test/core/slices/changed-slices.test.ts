import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { ln } from '#shared/core/math/elementary.ts'
import { createStream, shuffle } from '#shared/core/math/random.ts'
import { meanInterval } from '#shared/core/metrics/mean-interval.ts'
import { changedSlices } from '#shared/core/slices/changed-slices.ts'
import type { ChangedSlice, SidesOfSamples } from '#shared/core/slices/changed-slices.ts'
import { conditionTest, conditionText } from '#shared/core/slices/condition.ts'
import { sumOnOneSide } from '#shared/core/statistics/sum-on-one-side.ts'
import { drawnShare, hypergeometricTail } from '#shared/core/slices/share-test.ts'

interface Table extends SidesOfSamples {
  readonly columns: readonly Column[]
}

/** 3,000 cases; how many of them change side is up to `share`. */
function table(
  seed: number,
  share: (row: { amount: number; country: number }) => number,
  n = 3000,
): Table {
  const stream = createStream(seed, 'changed slices')
  const amount = Float64Array.from({ length: n }, () => 1000 * stream.uniform())
  const age = Float64Array.from({ length: n }, () =>
    stream.uniform() < 0.1 ? NaN : 20 + stream.below(60),
  )
  const codes = Int32Array.from({ length: n }, () => stream.below(4))
  const changed = Uint8Array.from({ length: n }, (_, i) =>
    stream.uniform() < share({ amount: amount[i]!, country: codes[i]! }) ? 1 : 0,
  )
  const won = changed.map((one) => (one === 1 && stream.uniform() < 0.7 ? 1 : 0))
  const worth = Float64Array.from(changed, (one, i) =>
    one === 1 ? (won[i] === 1 ? -1 : 1) * amount[i]! : 0,
  )
  return {
    columns: [
      { kind: 'numeric', name: 'amount', values: amount },
      { kind: 'numeric', name: 'age', values: age },
      { kind: 'categorical', name: 'country', codes, levels: ['at', 'de', 'fr', 'it'] },
    ],
    ...{ changed, won, worth, weights: null, groups: null },
  }
}

function search({ columns, ...sides }: Table) {
  return changedSlices(columns, sides, noCheckpoint)
}

/** Whether a row lies in a slice. */
function membership({ columns }: Table, { where }: ChangedSlice): (row: number) => boolean {
  const tests = where.map((one) =>
    conditionTest(
      one,
      columns.find(({ name }) => name === one.column)!,
    ),
  )
  return (row) => tests.every((test) => test(row))
}

function permuted({ columns, changed, won, worth }: Table, order: Int32Array): Table {
  return {
    ...{ weights: null, groups: null },
    columns: columns.map((column) =>
      column.kind === 'numeric'
        ? { ...column, values: Float64Array.from(order, (row) => column.values[row]!) }
        : { ...column, codes: Int32Array.from(order, (row) => column.codes[row]!) },
    ),
    changed: Uint8Array.from(order, (row) => changed[row]!),
    won: Uint8Array.from(order, (row) => won[row]!),
    worth: Float64Array.from(order, (row) => worth[row]!),
  }
}

describe('changedSlices', () => {
  it('finds the text in which more cases change, and what they are worth there', () => {
    const made = table(1, ({ country }) => (country === 2 ? 0.2 : 0.03))
    const { slices, reason, tested } = search(made)
    const [most] = slices
    expect(reason).toBeNull()
    // Quartiles of amount and age, missing ages, four countries; and all pairs of these.
    expect(tested).toBe(4 + 5 + 4 + 4 * 5 + 4 * 4 + 5 * 4)
    expect(most!.text).toBe('country is fr')
    expect(most!.adjusted).toBeLessThan(1e-6)
    expect(most!.interval.lower).toBeGreaterThan(most!.restShare)
    expect(most!.shrunkShare).toBeLessThan(most!.changedShare)
    expect(most!.won / most!.changed).toBeCloseTo(0.7, 1)
  })

  it('counts what a plain loop counts', () => {
    const made = table(2, () => 0.1)
    for (const slice of search(made).slices) {
      const inside = membership(made, slice)
      let [cases, changed, won, worth] = [0, 0, 0, 0]
      for (let row = 0; row < made.changed.length; row++) {
        if (!inside(row)) continue
        cases++
        changed += made.changed[row]!
        won += made.won[row]!
        worth += made.worth[row]!
      }
      expect(slice).toMatchObject({ cases, changed, won })
      expect(slice.worth).toBeCloseTo(worth, 6)
    }
  })

  it('finds what only two columns together tell, in number and in money', () => {
    const made = table(6, ({ amount, country }) => (amount > 750 && country === 2 ? 0.4 : 0.05))
    const { slices, pairedColumns } = search(made)
    expect(pairedColumns).toBe(3)
    expect(slices[0]!.text).toMatch(/^amount from \d+ and country is fr$/)
    expect(slices[0]!.where).toHaveLength(2)
    expect(slices[0]!.worth).toBeLessThan(0)
    expect(slices[0]!.worthAdjusted).toBeLessThan(0.001)
    for (const { where, pValue, worthPValue } of slices.filter(({ where }) => where.length === 2)) {
      const alone = where.map((one) =>
        slices.find((slice) => slice.where.length === 1 && slice.text === conditionText(one))!,
      )
      const says =
        alone.every((one) => pValue < one.pValue) ||
        alone.every((one) => worthPValue! < (one.worthPValue ?? 1))
      expect(says).toBe(true)
    }
  })

  it('gives each slice the paired interval of its cost, and tests what ten cases or more say', () => {
    const made = table(2, () => 0.1)
    for (const slice of search(made).slices) {
      const inside = membership(made, slice)
      const worths = made.worth.filter((_, row) => inside(row))
      const mean = meanInterval(worths, null, null, 0.95)!
      expect(slice.worthInterval!.lower).toBeCloseTo(mean.lower * worths.length, 6)
      expect(slice.worthInterval!.upper).toBeCloseTo(mean.upper * worths.length, 6)
      const differences = [...worths].filter((worth) => worth !== 0)
      const power = (k: number): number => differences.reduce((sum, one) => sum + one ** k, 0)
      expect(slice.worthPValue === null).toBe(slice.changed < 10)
      if (slice.worthPValue === null) continue
      const scale = 1000
      const plain = sumOnOneSide(
        {
          sum: power(1) / scale,
          squares: power(2) / scale ** 2,
          cubes: power(3) / scale ** 3,
          sixths: power(6) / scale ** 6,
        },
        (made.worth.reduce((sum, one) => sum + one * one, 0) / scale ** 2) * (slice.cases / 3000),
      )
      expect(slice.worthPValue).toBeCloseTo(plain, 9)
      expect(slice.worthAdjusted).toBeGreaterThanOrEqual(slice.worthPValue)
    }
  })

  it('takes a group for one case where money is tested, and knows weights', () => {
    const made = table(8, () => 0.1, 600)
    const twice = Int32Array.from({ length: 1200 }, (_, i) => i >> 1)
    const doubled = { ...permuted(made, twice), groups: twice }
    const known = new Map(search(made).slices.map((slice) => [slice.text, slice]))
    const weighted = search({ ...made, weights: new Float64Array(600).fill(1) })
    for (const slice of weighted.slices) expect(slice).toEqual(known.get(slice.text))
    for (const { text, worth, worthPValue, worthInterval } of search(doubled).slices) {
      const once = known.get(text)
      if (once === undefined) continue
      expect(worth).toBeCloseTo(2 * once.worth, 6)
      if (worthPValue === null) expect(once.worthPValue).toBeNull()
      else expect(worthPValue).toBeCloseTo(once.worthPValue!, 9)
      expect(worthInterval!.lower).toBeCloseTo(2 * once.worthInterval!.lower, 6)
    }
  })

  it('calls hardly any money certain where neither run is cheaper on average', () => {
    // Few frauds of heavy-tailed amounts against many small false alarms, 0 on average.
    const found = Array.from({ length: 60 }, (_, seed) => {
      const made = table(300 + seed, () => 0)
      const stream = createStream(seed, 'no money')
      const changed = made.changed.slice()
      const worth = new Float64Array(changed.length)
      changed.forEach((_, i) => {
        const draw = stream.uniform()
        if (draw >= 0.11) return
        changed[i] = 1
        worth[i] = draw < 0.1 ? 2 : -20 * -ln(stream.uniform())
      })
      return search({ ...made, changed, worth }).slices.some(
        ({ worthAdjusted }) => worthAdjusted !== null && worthAdjusted <= 0.05,
      )
    }).filter(Boolean).length
    expect(found).toBeLessThanOrEqual(6)
  })

  it('calls hardly anything certain where changes fall by chance', () => {
    const found = Array.from({ length: 40 }, (_, seed) =>
      search(table(100 + seed, () => 0.08)).slices.some(({ adjusted }) => adjusted <= 0.05),
    ).filter(Boolean).length
    expect(found).toBeLessThanOrEqual(5)
  })

  it('adds up to the total over every column that divides all cases', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0.02, max: 0.5, noNaN: true }), (seed, share) => {
        const { slices, changed, worth, cases } = search(table(seed, () => share, 400))
        for (const column of ['amount', 'age', 'country']) {
          const parts = slices.filter(
            ({ where }) => where.length === 1 && where[0]!.column === column,
          )
          const sum = (of: (slice: (typeof parts)[number]) => number): number =>
            parts.reduce((total, slice) => total + of(slice), 0)
          expect(sum((slice) => slice.changed)).toBe(changed)
          expect(sum((slice) => slice.cases)).toBeLessThanOrEqual(cases)
          expect(sum((slice) => slice.worth)).toBeCloseTo(worth, 6)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('says the same whatever the order of the rows', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const made = table(seed, ({ amount }) => amount / 4000, 300)
        const order = Int32Array.from({ length: 300 }, (_, i) => i)
        shuffle(order, createStream(seed, 'order'))
        const [before, after] = [search(made), search(permuted(made, order))]
        expect(after.tested).toBe(before.tested)
        expect(after.worth).toBeCloseTo(before.worth, 6)
        // Sums of worth may differ in their last bits, and so may the order of equal slices.
        const known = new Map(before.slices.map((slice) => [slice.text, slice]))
        expect(after.slices).toHaveLength(known.size)
        for (const { worth, worthInterval, worthPValue, worthAdjusted, ...slice } of after.slices) {
          const same = known.get(slice.text)!
          expect(same).toMatchObject(slice)
          expect(worth).toBeCloseTo(same.worth, 6)
          expect(worthInterval!.lower).toBeCloseTo(same.worthInterval!.lower, 6)
          expect(worthPValue ?? 2).toBeCloseTo(same.worthPValue ?? 2, 8)
          expect(worthAdjusted ?? 2).toBeCloseTo(same.worthAdjusted ?? 2, 8)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells sides swapped as losses for gains', () => {
    const made = table(5, () => 0.1)
    const swapped = search({
      ...made,
      won: made.changed.map((one, i) => one - made.won[i]!),
      worth: made.worth.map((one) => -one),
    })
    const known = new Map(search(made).slices.map((slice) => [slice.text, slice]))
    for (const slice of swapped.slices) {
      const { changed, won, worth, adjusted, worthAdjusted } = known.get(slice.text)!
      expect(slice).toMatchObject({ changed, won: changed - won, adjusted, worthAdjusted })
      expect(slice.worth).toBeCloseTo(-worth, 6)
    }
  })

  it('tells the dearest slices even where nothing is certain about their number', () => {
    const n = 8000
    const columns = Array.from({ length: 70 }, (_, i): Column => {
      const stream = createStream(i, 'many')
      return {
        kind: 'numeric',
        name: `c${i}`,
        values: Float64Array.from({ length: n }, () => stream.below(2)),
      }
    })
    const stream = createStream(9, 'many changed')
    const changed = Uint8Array.from({ length: n }, () => (stream.uniform() < 0.05 ? 1 : 0))
    const dear = changed.indexOf(1)
    const worth = Float64Array.from(changed, (one, i) => (i === dear ? 1e6 : one))
    const { slices, tested } = changedSlices(
      columns,
      { changed, won: changed, worth, weights: null, groups: null },
      noCheckpoint,
    )
    // Seventy columns of two parts, 24 of them in pairs of four.
    expect(tested).toBe(140 + 4 * ((24 * 23) / 2))
    expect(slices.length).toBeGreaterThanOrEqual(60)
    expect(slices.length).toBeLessThanOrEqual(180)
    const dearest = slices.filter((slice) => slice.worth > 9e5)
    // One side of each column holds the dear case, as far as sixty go.
    expect(dearest.length).toBeGreaterThanOrEqual(60)
  })

  it('says in words why there is nothing to tell', () => {
    const made = table(3, () => 0.2)
    const nobody = { ...made, changed: made.changed.map(() => 0), won: made.won.map(() => 0) }
    expect(search({ ...nobody, worth: made.worth.map(() => 0) })).toMatchObject({
      ...{ slices: [], tested: 0, changed: 0, worth: 0 },
      reason: 'both runs decide every case alike',
    })
    expect(search({ ...made, changed: made.changed.map(() => 1) }).reason).toMatch(/^every case/)
    const few = table(4, ({ amount }) => (amount < 500 ? 1 : 0), 19)
    expect(search(few).reason).toMatch(/^19 cases are too few/)
    const constant: Column = {
      kind: 'numeric',
      name: 'one',
      values: new Float64Array(3000).fill(1),
    }
    expect(search({ ...made, columns: [constant] }).reason).toMatch(/^no column divides/)
    expect(search({ ...made, columns: [] }).reason).toMatch(/^no column divides/)
    const short = { ...made, worth: made.worth.slice(1) }
    expect(() => search(short)).toThrow(RangeError)
  })
})

describe('what keeps chance out of slices', () => {
  it('is the exact tail of a draw without putting back', () => {
    const choose = (n: number, k: number): number =>
      k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k
    const tail = hypergeometricTail(30, 8)
    for (let drawn = 1; drawn < 30; drawn++) {
      for (let found = 0; found <= Math.min(8, drawn); found++) {
        let wanted = 0
        for (let k = found; k <= Math.min(8, drawn); k++) {
          wanted += (choose(8, k) * choose(22, drawn - k)) / choose(30, drawn)
        }
        expect(tail(drawn, found)).toBeCloseTo(wanted, 10)
      }
    }
  })

  it('stays a probability far from the middle of many', () => {
    const tail = hypergeometricTail(300_000, 30_000)
    expect(tail(150_000, 10_000)).toBe(1)
    expect(tail(150_000, 20_000)).toBe(0)
    expect(tail(150_000, 15_000)).toBeCloseTo(0.5, 2)
    // Marked ones inside or outside: two ways to see one draw.
    for (const found of [14_700, 15_000, 15_300]) {
      expect(tail(150_000, found) + tail(150_000, 30_001 - found)).toBeCloseTo(1, 8)
    }
  })

  it('draws shares in by so many of the common one', () => {
    expect(drawnShare({ among: 10, found: 5 }, 0.1, 10)).toBeCloseTo(0.3, 12)
    expect(drawnShare({ among: 10, found: 5 }, 0.1, Infinity)).toBe(0.1)
  })
})
