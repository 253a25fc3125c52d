import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { rightnessOf } from '#shared/core/statistics/rightness.ts'
import type { Rightness } from '#shared/core/statistics/rightness.ts'
import { rightnessSentence } from '#shared/core/statistics/rightness-sentence.ts'
import { sumOnOneSide } from '#shared/core/statistics/sum-on-one-side.ts'

/** So many cases that both, only the first, only the second and neither decide right. */
function pairs(both: number, onlyFirst: number, onlySecond: number, neither: number) {
  const kinds = [
    [both, 1, 1],
    [onlyFirst, 1, 0],
    [onlySecond, 0, 1],
    [neither, 0, 0],
  ] as const
  const side = (k: 1 | 2): Uint8Array =>
    Uint8Array.from(kinds.flatMap((kind) => Array.from({ length: kind[0] }, () => kind[k])))
  return { first: side(1), second: side(2), among: null, weights: null, groups: null }
}

describe('rightnessOf', () => {
  it('is McNemar’s exact test on the cases that one alone decides right', () => {
    const found = rightnessOf(pairs(100, 3, 12, 20))
    // 2 · (C(15,0) + C(15,1) + C(15,2) + C(15,3)) / 2¹⁵
    expect(found.pValue).toBeCloseTo((2 * (1 + 15 + 105 + 455)) / 32768, 12)
    expect(found).toMatchObject({ cases: 135, onlyFirst: 3, onlySecond: 12, reason: null })
    expect(found.difference).toBeCloseTo(9 / 135, 12)
    expect(found.interval!.lower).toBeGreaterThan(0)
  })

  it('looks at the cases among which it is asked', () => {
    const made = pairs(5, 3, 4, 5)
    const among = made.first.map((_, i) => (i < 8 ? 1 : 0))
    expect(rightnessOf({ ...made, among })).toMatchObject({ cases: 8, onlyFirst: 3, onlySecond: 0 })
    const none = rightnessOf({ ...made, among: made.first.map(() => 0) })
    expect(none).toMatchObject({ cases: 0, pValue: 1, difference: null, interval: null })
  })

  it('has no p-value where cases differ in weight or came together, but an interval', () => {
    const made = pairs(40, 3, 12, 5)
    const even = rightnessOf({ ...made, weights: new Float64Array(60).fill(0.2) })
    expect(even.pValue).toBe(rightnessOf(made).pValue)
    const uneven = Float64Array.from({ length: 60 }, (_, i) => (i < 43 ? 1 : 3))
    const weighted = rightnessOf({ ...made, weights: uneven })
    expect(weighted).toMatchObject({ pValue: null, reason: 'cases differ in weight' })
    expect(weighted.difference).toBeCloseTo((3 * 12 - 3) / (43 + 3 * 17), 12)
    expect(weighted.interval).not.toBeNull()

    const alone = rightnessOf({ ...made, groups: new Int32Array(60).fill(-1) })
    expect(alone.pValue).toBe(rightnessOf(made).pValue)
    const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 6))
    const grouped = rightnessOf({ ...made, groups })
    expect(grouped).toMatchObject({ pValue: null, reason: 'some cases came together' })
    const width = ({ interval }: Rightness): number => interval!.upper - interval!.lower
    expect(width(grouped)).toBeGreaterThan(width(rightnessOf(made)))
  })

  it('says the same of runs exchanged', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 40 }), (a, b, both) => {
        const [one, other] = [rightnessOf(pairs(both, a, b, 3)), rightnessOf(pairs(both, b, a, 3))]
        expect(other.pValue).toBe(one.pValue)
        expect(other.difference! + one.difference!).toBeCloseTo(0, 12)
        expect(other.interval!.lower + one.interval!.upper).toBeCloseTo(0, 9)
      }),
    )
  })

  it('refuses lengths that differ', () => {
    expect(() => rightnessOf({ ...pairs(2, 1, 1, 1), among: new Uint8Array(3) })).toThrow(
      /among must have the length of first, got 3 for 5/,
    )
  })
})

describe('rightnessSentence', () => {
  const sure = rightnessOf(pairs(100, 3, 20, 20))
  const unsure = rightnessOf(pairs(100, 8, 9, 20))

  it('names who is right more often, in which cases, and where it may be chance', () => {
    expect(
      rightnessSentence({ all: sure, positives: unsure, negatives: sure }, ['lr', 'gbdt']),
    ).toBe(
      'Of all cases, gbdt alone is right in 20, lr alone in 3 (p < 0.001): gbdt is right more often. ' +
        'Of the positives (recall), gbdt alone is right in 9, lr alone in 8 (p = 1): either may be right more often. ' +
        'Of the negatives (specificity), gbdt alone is right in 20, lr alone in 3 (p < 0.001): gbdt is right more often. ' +
        'McNemar’s exact test, each p by itself.',
    )
  })

  it('tells the interval where the test does not hold, and why it does not', () => {
    const made = pairs(100, 3, 20, 20)
    const weights = Float64Array.from(made.first, (_, i) => 1 + (i % 2))
    const all = rightnessOf({ ...made, weights })
    const text = rightnessSentence({ all, positives: unsure, negatives: sure }, ['lr', 'gbdt'])
    expect(text).toMatch(/^Of all cases, .* \([\d.]+ points \[[\d.]+, [\d.]+\]\): gbdt is right/)
    expect(text).toMatch(/does not hold, since cases differ in weight: the paired 95 % interval/)
  })

  it('is short where both are right in the same cases', () => {
    const same = rightnessOf(pairs(10, 0, 0, 3))
    expect(rightnessSentence({ all: same, positives: same, negatives: same }, ['a', 'b'])).toBe(
      'Both runs are right in the same cases.',
    )
    const text = rightnessSentence({ all: sure, positives: same, negatives: sure }, ['a', 'b'])
    expect(text).toContain('Of the positives (recall), both are right in the same. Of the neg')
  })
})

describe('sumOnOneSide', () => {
  const sumsOf = (values: readonly number[]) => {
    const power = (k: number): number => values.reduce((sum, one) => sum + one ** k, 0)
    return { sum: power(1), squares: power(2), cubes: power(3), sixths: power(6) }
  }

  it('is near to what random signs give, and never far below', () => {
    for (const [n, net] of [
      [12, 12],
      [20, 12],
      [40, 16],
    ] as const) {
      const values = Array.from({ length: n }, (_, i) => (i < (n + net) / 2 ? 0.5 : -0.5))
      const choose = (k: number): number => (k === 0 ? 1 : (choose(k - 1) * (n - k + 1)) / k)
      let exact = 0
      for (let k = (n + net) / 2; k <= n; k++) exact += (2 * choose(k)) / 2 ** n
      const found = sumOnOneSide(sumsOf(values), 0)
      expect(found / exact).toBeGreaterThan(0.4)
      expect(found / exact).toBeLessThan(4)
    }
  })

  it('is not impressed by many small ones where rare large ones may be missing', () => {
    const alarms = sumsOf(Array.from({ length: 20 }, () => 0.1))
    expect(sumOnOneSide(alarms, 0)).toBeLessThan(1e-4)
    // So many units have on average one difference of 1 the other way.
    expect(sumOnOneSide(alarms, 0.2 + 1)).toBeGreaterThan(0.05)
  })

  it('loses certainty by skewness, and never gains any', () => {
    const stream = createStream(4, 'skewed')
    for (let draw = 0; draw < 200; draw++) {
      const values = Array.from({ length: 30 }, () =>
        stream.uniform() < 0.1 ? -stream.uniform() : 0.1,
      )
      const sums = sumsOf(values)
      const straight = sumOnOneSide({ ...sums, cubes: 0 }, 0)
      expect(sumOnOneSide(sums, 0)).toBeGreaterThanOrEqual(straight)
    }
  })

  it('is 1 where nothing differs, and in [0, 1] elsewhere', () => {
    expect(sumOnOneSide({ sum: 0, squares: 0, cubes: 0, sixths: 0 }, 5)).toBe(1)
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const found = sumOnOneSide(sumsOf(values), 0)
          expect(found).toBeGreaterThanOrEqual(0)
          expect(found).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})
