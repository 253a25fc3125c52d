import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'
import {
  evidenceMeter,
  intervalWarning,
  positivesForHalfWidth,
  positivesForSureRecall,
} from '#shared/core/statistics/evidence-meter.ts'
import { practicalEquivalence } from '#shared/core/statistics/practical-equivalence.ts'

describe('evidenceMeter', () => {
  it('states half of the widest Wilson interval', () => {
    const { lower, upper } = wilsonInterval(21, 42, 0.95)!
    const evidence = evidenceMeter(42, 0.01)
    expect(evidence.halfWidth).toBeCloseTo((upper - lower) / 2, 12)
    expect(evidence.sentence).toBe(
      '42 positives: recall to ± 15 points at best; 138 more positives, about 13,800 labels, halve it.',
    )
  })

  it('counts the positives that halve it', () => {
    for (const positives of [0, 3, 20, 57, 1000]) {
      const { halfWidth, positivesToHalve } = evidenceMeter(positives, null)
      const after = evidenceMeter(positives + positivesToHalve, null).halfWidth
      const before = evidenceMeter(positives + positivesToHalve - 1, null).halfWidth
      expect(after).toBeLessThanOrEqual(halfWidth / 2)
      expect(before).toBeGreaterThan(halfWidth / 2)
    }
    expect(evidenceMeter(positivesForHalfWidth(0.05), null).halfWidth).toBeLessThanOrEqual(0.05)
  })

  it('claims more with more positives, and nothing with next to none', () => {
    const claims = [0, 4, 5, 19, 20, 92, 93, 380, 381].map((n) => evidenceMeter(n, null).claim)
    expect(claims).toEqual([
      ...['nothing', 'nothing', 'counts only', 'counts only', 'rough', 'rough', 'usable'],
      ...['usable', 'fine'],
    ])
    // 0.95⁵⁹ < 0.05 < 0.95⁵⁸
    expect(positivesForSureRecall(0.95, 0.95)).toBe(59)
    expect(evidenceMeter(59, null).largestSureRecall).toBeGreaterThan(0.95)
    expect(evidenceMeter(58, null).largestSureRecall).toBeLessThan(0.95)
    expect(() => evidenceMeter(-1, null)).toThrow('positives must be a non-negative integer')
  })

  it('warns below 20 positives, and below 5 successes or failures', () => {
    expect(intervalWarning(19, null)).toContain('19 positives')
    expect(intervalWarning(20, null)).toBeNull()
    expect(intervalWarning(50, { successes: 46, failures: 4 })).toBe('rests on 4 failures')
    expect(intervalWarning(50, { successes: 5, failures: 5 })).toBeNull()
  })
})

describe('practicalEquivalence', () => {
  /** Normal intervals around a difference. */
  const judge = (difference: number, error: number, zone: number, lowerIsBetter = true) =>
    practicalEquivalence({
      difference,
      interval90: { lower: difference - 1.645 * error, upper: difference + 1.645 * error },
      interval95: { lower: difference - 1.96 * error, upper: difference + 1.96 * error },
      zone,
      nSamples: 10_000,
      lowerIsBetter,
    })

  it('follows the rule', () => {
    expect(judge(0.1, 0.2, 1).verdict).toBe('equal')
    expect(judge(-3, 1, 1).verdict).toBe('better')
    expect(judge(-3, 1, 1, false).verdict).toBe('worse')
    expect(judge(3, 1, 1).verdict).toBe('worse')
    expect(judge(-1, 1, 1).verdict).toBe('undecided')
    // Certain, and too small to matter.
    expect(judge(-0.5, 0.1, 1).verdict).toBe('equal')
    expect(judge(0, 0.1, 0).verdict).toBe('undecided')
  })

  it('says how many rows decide: with them, the same difference is decided', () => {
    const now = judge(-1.5, 1, 0.5)
    expect(now).toMatchObject({ verdict: 'undecided', wouldBe: 'better' })
    // (1.96 + 0.8416)² · 10,000 / 1.5², by the usual formula of sample sizes.
    expect(now.rowsNeeded! / 34_884).toBeCloseTo(1, 3)
    expect(judge(-1.5, Math.sqrt(10_000 / now.rowsNeeded!), 0.5).verdict).toBe('better')
    const small = judge(0.1, 1, 1)
    expect(small).toMatchObject({ verdict: 'undecided', wouldBe: 'equal' })
    expect(judge(0.1, Math.sqrt(10_000 / small.rowsNeeded!), 1).verdict).toBe('equal')
    expect(judge(0, 1, 0)).toMatchObject({ rowsNeeded: null, wouldBe: null })
  })
})
