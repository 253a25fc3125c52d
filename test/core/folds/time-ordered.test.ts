import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinGroups } from '#shared/core/folds/join-groups.ts'
import { ONLY_TRAINS, timeOrderedFolds } from '#shared/core/folds/time-ordered.ts'

const times = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 40, maxLength: 200 })

describe('timeOrderedFolds', () => {
  it('judges no sample by a later one, and leaves samples of one time together', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 5 }), (values, k) => {
        fc.pre(new Set(values).size > 3 * k)
        const days = Float64Array.from(values)
        let folds: Int32Array
        try {
          folds = timeOrderedFolds(days, k)
        } catch (error) {
          // A moment that fills more than a block leaves too few of them.
          expect(String(error)).toMatch(/times that differ/)
          return
        }
        for (let i = 0; i < days.length; i++) {
          for (let j = 0; j < days.length; j++) {
            if (days[i]! < days[j]!) expect(folds[i]!).toBeLessThanOrEqual(folds[j]!)
            if (days[i] === days[j]) expect(folds[i]).toBe(folds[j])
          }
        }
        expect(new Set(folds)).toEqual(
          new Set(Array.from({ length: k + 1 }, (_, block) => block + ONLY_TRAINS)),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('cuts different times into blocks of one size', () => {
    const folds = timeOrderedFolds(
      Float64Array.from({ length: 12 }, (_, i) => 11 - i),
      3,
    )
    expect([...folds]).toEqual([2, 2, 2, 1, 1, 1, 0, 0, 0, -1, -1, -1])
  })

  it('refuses times that don’t differ', () => {
    expect(() => timeOrderedFolds(new Float64Array(30), 3)).toThrow(/1 blocks/)
  })
})

describe('joinGroups', () => {
  it('holds together what either holds, and nothing else', () => {
    const label = fc.array(
      fc.tuple(fc.integer({ min: -1, max: 6 }), fc.integer({ min: -1, max: 6 })),
      {
        minLength: 1,
        maxLength: 25,
      },
    )
    fc.assert(
      fc.property(label, (pairs) => {
        const a = Int32Array.from(pairs, ([one]) => one)
        const b = Int32Array.from(pairs, ([, two]) => two)
        const joined = joinGroups(a, b)
        // The slow way: reach everything from each sample.
        const n = pairs.length
        const together = (i: number, j: number): boolean =>
          (a[i]! >= 0 && a[i] === a[j]) || (b[i]! >= 0 && b[i] === b[j])
        for (let start = 0; start < n; start++) {
          const reached = new Set([start])
          for (const i of reached) {
            for (let j = 0; j < n; j++) if (together(i, j)) reached.add(j)
          }
          for (let j = 0; j < n; j++) expect(joined[start] === joined[j]).toBe(reached.has(j))
        }
      }),
    )
  })

  it('refuses groupings of different samples', () => {
    expect(() => joinGroups(new Int32Array(2), new Int32Array(3))).toThrow(/2 and 3/)
  })
})
