import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stratifiedKFold } from '#shared/core/folds/stratified-k-fold.ts'
import { createStream } from '#shared/core/math/random.ts'

const stream = (seed = 7) => createStream(seed, 'folds')

/** Counts per fold of the samples with one label. */
function countsOf(folds: Int32Array, yTrue: Uint8Array, k: number, label: number): number[] {
  const counts = new Array<number>(k).fill(0)
  folds.forEach((fold, i) => {
    if (yTrue[i] === label) counts[fold]!++
  })
  return counts
}

const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts)

const split = fc
  .record({ k: fc.integer({ min: 2, max: 12 }), seed: fc.nat(1000) })
  .chain(({ k, seed }) =>
    fc
      .record({
        positives: fc.integer({ min: k, max: 60 }),
        negatives: fc.integer({ min: k, max: 60 }),
      })
      .chain(({ positives, negatives }) =>
        fc
          .shuffledSubarray(
            [...new Array<number>(positives).fill(1), ...new Array<number>(negatives).fill(0)],
            { minLength: positives + negatives },
          )
          .map((labels) => ({ k, seed, yTrue: Uint8Array.from(labels) })),
      ),
  )

describe('stratifiedKFold without groups', () => {
  it('spreads each class and the whole set with counts that differ by at most one', () => {
    fc.assert(
      fc.property(split, ({ k, seed, yTrue }) => {
        const folds = stratifiedKFold(yTrue, k, stream(seed))
        const positives = countsOf(folds, yTrue, k, 1)
        const negatives = countsOf(folds, yTrue, k, 0)
        expect(folds).toHaveLength(yTrue.length)
        expect(spread(positives)).toBeLessThanOrEqual(1)
        expect(spread(negatives)).toBeLessThanOrEqual(1)
        expect(spread(positives.map((count, fold) => count + negatives[fold]!))).toBeLessThan(2)
      }),
      { numRuns: 100 },
    )
  })

  it('gives the same folds for the same stream and others for another', () => {
    const yTrue = Uint8Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 1 : 0))
    expect(stratifiedKFold(yTrue, 5, stream(1))).toEqual(stratifiedKFold(yTrue, 5, stream(1)))
    expect(stratifiedKFold(yTrue, 5, stream(1))).not.toEqual(stratifiedKFold(yTrue, 5, stream(2)))
  })

  it('puts every sample into every fold equally often over seeds', () => {
    const yTrue = Uint8Array.from({ length: 12 }, (_, i) => (i < 4 ? 1 : 0))
    const times = Array.from({ length: 12 }, () => new Array<number>(4).fill(0))
    for (let seed = 0; seed < 2000; seed++) {
      stratifiedKFold(yTrue, 4, stream(seed)).forEach((fold, i) => times[i]![fold]!++)
    }
    // 500 expected; 5 standard deviations of a binomial are 97.
    for (const count of times.flat()) expect(Math.abs(count - 500)).toBeLessThan(97)
  })

  it('refuses more folds than a class has samples, and says the counts', () => {
    const yTrue = Uint8Array.from([1, 1, 1, 0, 0, 0, 0, 0])
    expect(() => stratifiedKFold(yTrue, 5, stream())).toThrow(
      new RangeError('5 folds need at least 5 positives, got 3'),
    )
    const flipped = yTrue.map((y) => 1 - y)
    expect(() => stratifiedKFold(flipped, 5, stream())).toThrow('5 negatives, got 3')
    expect(() => stratifiedKFold(yTrue, 1, stream())).toThrow('k must be an integer from 2, got 1')
    expect(() => stratifiedKFold(yTrue, 2.5, stream())).toThrow(RangeError)
  })
})

describe('stratifiedKFold with groups', () => {
  it('keeps groups whole and leaves no fold empty', () => {
    fc.assert(
      fc.property(split, fc.integer({ min: 13, max: 40 }), ({ k, seed, yTrue }, nGroups) => {
        const groups = Int32Array.from(yTrue, (_, i) => (i * 7 + seed) % nGroups)
        // Groups that hold all of a class together are refused; the next test is about these.
        const groupsOf = (y: number): number =>
          new Set(groups.filter((_, i) => yTrue[i] === y)).size
        fc.pre(groupsOf(0) >= k && groupsOf(1) >= k)
        const folds = stratifiedKFold(yTrue, k, stream(seed), groups)
        const foldOfGroup = new Map<number, number>()
        folds.forEach((fold, i) => {
          expect(foldOfGroup.get(groups[i]!) ?? fold).toBe(fold)
          foldOfGroup.set(groups[i]!, fold)
        })
        expect(new Set(folds).size).toBe(k)
      }),
      { numRuns: 100 },
    )
  })

  it('spreads both classes evenly over groups of unlike sizes', () => {
    // 300 groups of 1 to 6 samples, a tenth positive.
    const random = createStream(3, 'sizes')
    const groups: number[] = []
    for (let group = 0; group < 300; group++) {
      for (let i = random.below(6); i >= 0; i--) groups.push(group)
    }
    const yTrue = Uint8Array.from(groups, () => (random.uniform() < 0.1 ? 1 : 0))
    const folds = stratifiedKFold(yTrue, 5, stream(), Int32Array.from(groups))
    const positives = countsOf(folds, yTrue, 5, 1)
    expect(spread(positives)).toBeLessThanOrEqual(2)
    expect(spread(countsOf(folds, yTrue, 5, 0))).toBeLessThanOrEqual(6)
  })

  it('with one sample per group spreads classes by at most one', () => {
    const yTrue = Uint8Array.from({ length: 103 }, (_, i) => (i % 9 === 0 ? 1 : 0))
    const groups = Int32Array.from(yTrue, (_, i) => i)
    const folds = stratifiedKFold(yTrue, 4, stream(), groups)
    expect(spread(countsOf(folds, yTrue, 4, 1))).toBeLessThanOrEqual(1)
    expect(spread(countsOf(folds, yTrue, 4, 0))).toBeLessThanOrEqual(1)
  })

  it('takes a negative number for a sample without a group', () => {
    const yTrue = Uint8Array.from([1, 0, 1, 0, 1, 0])
    const folds = stratifiedKFold(yTrue, 3, stream(), new Int32Array(6).fill(-1))
    expect(countsOf(folds, yTrue, 3, 1)).toEqual([1, 1, 1])
  })

  it('refuses too few groups, and groups that put a whole class into one fold', () => {
    const yTrue = Uint8Array.from([1, 1, 1, 0, 0, 0])
    expect(() => stratifiedKFold(yTrue, 3, stream(), Int32Array.of(0, 0, 1, 1, 0, 0))).toThrow(
      '3 folds need at least 3 groups, got 2',
    )
    expect(() => stratifiedKFold(yTrue, 3, stream(), Int32Array.of(0, 0, 0, 1, 2, 3))).toThrow(
      'one fold takes all 3 positives',
    )
    expect(() => stratifiedKFold(yTrue, 3, stream(), new Int32Array(2))).toThrow(
      'groups must have length 6, got 2',
    )
  })
})
