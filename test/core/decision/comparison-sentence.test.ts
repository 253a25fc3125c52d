import { describe, expect, it } from 'vitest'
import { comparisonSentence, verdictOf } from '#shared/core/decision/comparison-sentence.ts'
import type { AgainstChampion } from '#shared/core/decision/comparison-sentence.ts'

const units = { casesPerDay: null, currency: null, costsAssumed: false }
const champion: AgainstChampion = {
  name: 'gbdt',
  costPer1000: 41.2,
  difference: null,
  verdict: 'champion',
  shortfall: null,
}
function other(
  name: string,
  value: number,
  lower: number,
  upper: number,
  shortfall: string | null = null,
): AgainstChampion {
  const difference = { value, interval: { lower, upper, level: 0.95, method: 'test' } }
  return {
    name,
    costPer1000: 41.2 + value,
    difference,
    verdict: verdictOf(difference, shortfall),
    shortfall,
  }
}

describe('verdictOf', () => {
  it('asks whether the interval excludes 0', () => {
    const verdicts = [
      other('a', -2, -3, -1),
      other('a', 2, 1, 3),
      other('a', -2, -3, 0),
      other('a', 2, -1, 3),
      other('a', -2, -3, -1, 'recall 0.9 is out of reach'),
    ].map(({ verdict }) => verdict)
    expect(verdicts).toEqual([
      'cheaper',
      'dearer',
      'no_clear_difference',
      'no_clear_difference',
      'over_constraint',
    ])
    expect(verdictOf(null, 'out of reach')).toBe('champion')
    expect(verdictOf({ value: -5, interval: null }, null)).toBe('no_clear_difference')
  })
})

describe('comparisonSentence', () => {
  it('says what is cheaper, and by how much', () => {
    expect(comparisonSentence([champion, other('smote', -3.14, -5.93, -0.41)], units)).toBe(
      'smote is cheaper than gbdt by 3.14 [0.41, 5.93] per 1,000 cases: 38.1 against 41.2.',
    )
    const two = [other('a', -1, -2, -0.1), other('b', -3, -4, -2)]
    expect(comparisonSentence([champion, ...two], units)).toMatch(
      /^b is cheaper.* So is a, by less/,
    )
  })

  it('says when nothing is clear', () => {
    expect(comparisonSentence([champion, other('smote', -1, -2.5, 0.5)], units)).toBe(
      'No clear difference: gbdt costs 41.2 per 1,000 cases, and smote came out 1.00 [−0.50, 2.50] cheaper, which may be chance.',
    )
    const three = [other('a', 0.5, -1, 2), other('b', -1, -2, 1), other('c', 9, 8, 10)]
    expect(comparisonSentence([champion, ...three], units)).toMatch(
      /b came out .* cheaper.* Nor is there a clear difference to a\.$/,
    )
  })

  it('says when the champion stays the cheapest', () => {
    expect(comparisonSentence([champion, other('smote', 3, 1, 5)], units)).toBe(
      'gbdt is cheapest, at 41.2 per 1,000 cases; smote costs 3.00 [1.00, 5.00] more.',
    )
    const two = [other('a', 9, 8, 10), other('b', 3, 1, 5)]
    expect(comparisonSentence([champion, ...two], units)).toMatch(
      /; the closest, b, costs 3\.00 \[1\.00, 5\.00\] more\.$/,
    )
  })

  it('names who misses a constraint and never calls it cheaper', () => {
    const missing = other('smote', -3, -5, -1, 'recall 0.9 is out of reach')
    expect(comparisonSentence([champion, missing], units)).toBe(
      "gbdt costs 41.2 per 1,000 cases; nothing beside it keeps the constraints. smote can't keep every constraint: recall 0.9 is out of reach.",
    )
  })

  it('speaks of months and money where both are known, and of assumptions', () => {
    const runs = [champion, other('smote', -3.14, -5.93, -0.41)]
    const month = { casesPerDay: 2000, currency: '€', costsAssumed: true }
    expect(comparisonSentence(runs, month)).toBe(
      'On assumed costs: smote is cheaper than gbdt by €188 [€25, €356] a month: €2,284 against €2,472.',
    )
  })
})
