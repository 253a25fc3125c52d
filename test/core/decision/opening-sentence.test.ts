import { describe, expect, it } from 'vitest'
import type { Comparison, LedgerRow } from '#shared/core/decision/comparison.ts'
import { openingSentence } from '#shared/core/decision/opening-sentence.ts'

const row = (name: string, rule: LedgerRow['rule'], untreated: boolean): LedgerRow => ({
  name,
  rule,
  untreated,
  costPer1000: 0,
  costPer1000Interval: null,
  precision: null,
  recall: null,
  alertsPer1000: 0,
  differenceToReference: null,
  differenceInterval: null,
})
const interval = (lower: number, upper: number): NonNullable<LedgerRow['differenceInterval']> => ({
  lower,
  upper,
  level: 0.95,
  method: 'test',
})
const won: Comparison = {
  ledger: [
    row('gbdt', 'tuned', true),
    row('gbdt', 'bayes', true),
    row('gbdt_smote', 'tuned', false),
  ],
  reference: 'gbdt',
  champion: {
    name: 'gbdt_smote',
    rule: 'tuned',
    costPer1000: 41.23,
    costPer1000BiasCorrected: 42.04,
    costPer1000BiasCorrectedInterval: null,
    competitors: 12,
  },
  difference: {
    opponent: 'gbdt',
    opponentRule: 'tuned',
    costPer1000: -3.14,
    interval: interval(-5.93, -0.41),
    certain: true,
  },
}
const stated = { casesPerDay: null, costsAssumed: false, shortfall: null }
const withDifference = (
  comparison: Comparison,
  changes: Partial<NonNullable<Comparison['difference']>>,
): Comparison => ({ ...comparison, difference: { ...comparison.difference!, ...changes } })
const unclear = withDifference(won, {
  costPer1000: -0.3,
  interval: interval(-2.1, 1.42),
  certain: false,
})
const untreatedWins = (rule: LedgerRow['rule']): Comparison => ({
  ...won,
  champion: { ...won.champion, name: 'gbdt', rule },
})

describe('openingSentence', () => {
  it('says who wins, by how much, out of how many', () => {
    expect(openingSentence(won, stated)).toBe(
      'Of 12 ways to decide, gbdt_smote at its tuned threshold is cheapest: 41.2 per 1,000 cases (42 when corrected for having picked the best), 3.14 [0.41, 5.93] less than the untreated gbdt at its tuned threshold.',
    )
  })

  it('speaks of months where the cases per day are known', () => {
    // 2,000 cases a day are 60 thousands a month.
    expect(openingSentence(won, { ...stated, casesPerDay: 2000 })).toBe(
      'Of 12 ways to decide, gbdt_smote at its tuned threshold is cheapest: 2,470 per month (2,520 when corrected for having picked the best), 188 [25, 356] less than the untreated gbdt at its tuned threshold.',
    )
  })

  it('calls chance by its name', () => {
    expect(openingSentence(unclear, stated)).toBe(
      'No clear winner among 12 ways to decide: gbdt_smote at its tuned threshold comes out cheapest at 41.2 per 1,000 cases (42 when corrected for having picked the best), but its difference to the untreated gbdt at its tuned threshold is −0.30 [−2.10, 1.42] per 1,000 cases and may be chance, so the untreated model with a tuned threshold is enough.',
    )
  })

  it('says that no treatment helped', () => {
    const lost = withDifference(untreatedWins('tuned'), { opponent: 'gbdt_smote' })
    expect(openingSentence(lost, stated)).toMatch(
      /^No treatment helped: of 12 ways to decide, the untreated gbdt at its tuned threshold is cheapest: 41.2 .* 3\.14 \[0\.41, 5\.93\] less than gbdt_smote at its tuned threshold\.$/,
    )
    const barely = { ...unclear, champion: untreatedWins('bayes').champion }
    expect(openingSentence(barely, stated)).toMatch(
      /^No treatment helped: .*the untreated gbdt at the Bayes threshold is cheapest at .* is −0\.30 \[−2\.10, 1\.42\] per 1,000 cases and may be chance\.$/,
    )
  })

  it('does not speak of treatments where there were none', () => {
    const bare = { ...untreatedWins('bayes'), ledger: won.ledger.slice(0, 2) }
    expect(openingSentence(bare, stated)).toMatch(
      /^Of 12 ways to decide, all without a treatment, /,
    )
  })

  it('admits that costs were assumed and that constraints cannot be kept', () => {
    const text = openingSentence(won, {
      ...stated,
      costsAssumed: true,
      shortfall: 'recall 0.85 is out of reach',
    })
    expect(text).toMatch(/^On assumed costs: of 12 ways/)
    expect(text).toMatch(/\. No threshold keeps every constraint: recall 0\.85 is out of reach\.$/)
  })

  it('manages without an interval, and without an opponent', () => {
    const bare = withDifference(unclear, { interval: null })
    expect(openingSentence(bare, stated)).toContain('is −0.3 per 1,000 cases and may be chance')
    const alone = {
      ...untreatedWins('tuned'),
      champion: { ...untreatedWins('tuned').champion, competitors: 1 },
      difference: null,
    }
    expect(openingSentence(alone, stated)).toBe(
      'Only one way to decide was compared: the untreated gbdt at its tuned threshold costs 41.2 per 1,000 cases.',
    )
  })

  it('says more where keeping a constraint costs money', () => {
    const dearer = withDifference(won, { costPer1000: 2, interval: interval(1, 3) })
    expect(openingSentence(dearer, stated)).toContain('2.00 [1.00, 3.00] more than')
  })
})
