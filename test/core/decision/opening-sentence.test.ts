import { describe, expect, it } from 'vitest'
import type { Comparison, LedgerRow } from '#shared/core/decision/comparison.ts'
import { openingSentence } from '#shared/core/decision/opening-sentence.ts'

const row = (
  name: string,
  rule: LedgerRow['rule'],
  untreated: boolean,
  costPer1000: number,
): LedgerRow => ({
  name,
  rule,
  untreated,
  costPer1000,
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
    row('gbdt', 'tuned', true, 44.37),
    row('gbdt', 'bayes', true, 44.9),
    row('gbdt_smote', 'tuned', false, 41.23),
  ],
  markers: [],
  reference: 'gbdt',
  recommended: { name: 'gbdt_smote', rule: 'tuned' },
  champion: {
    name: 'gbdt_smote',
    rule: 'tuned',
    costPer1000: 41.23,
    costPer1000BiasCorrected: 42.04,
    costPer1000BiasCorrectedInterval: null,
    competitors: 3,
  },
  difference: {
    opponent: 'gbdt',
    opponentRule: 'tuned',
    costPer1000: -3.14,
    interval: interval(-5.93, -0.41),
    certain: true,
  },
}
const stated = { casesPerDay: null, currency: null, costsAssumed: false, shortfall: null }
const withDifference = (
  comparison: Comparison,
  changes: Partial<NonNullable<Comparison['difference']>>,
): Comparison => ({ ...comparison, difference: { ...comparison.difference!, ...changes } })
const reference = { name: 'gbdt', rule: 'tuned' } as const
const unclear: Comparison = {
  ...withDifference(won, { interval: interval(-7.1, 1.42), certain: false }),
  recommended: reference,
}
const withChampion = (
  comparison: Comparison,
  changes: Partial<Comparison['champion']>,
): Comparison => ({ ...comparison, champion: { ...comparison.champion, ...changes } })
const referenceWon: Comparison = {
  ...withDifference(withChampion(won, { ...reference, costPer1000: 40 }), {
    opponent: 'gbdt_smote',
    costPer1000: -1.23,
    interval: interval(-4, 1.5),
    certain: false,
  }),
  recommended: reference,
}

describe('openingSentence', () => {
  it('says what to do, what it costs, how much less, out of how many', () => {
    expect(openingSentence(won, stated)).toBe(
      'Of 3 ways to decide, gbdt_smote at its tuned threshold is cheapest: 41.2 per 1,000 cases, 3.14 [0.41, 5.93] less than the untreated gbdt at its tuned threshold. (Corrected for having picked the best of 3: 42.0.)',
    )
  })

  it('speaks of months where the cases per day are known', () => {
    // 2,000 cases a day are 60 thousands a month.
    expect(openingSentence(won, { ...stated, casesPerDay: 2000 })).toBe(
      'Of 3 ways to decide, gbdt_smote at its tuned threshold is cheapest: 2,470 per month, 188 [25, 356] less than the untreated gbdt at its tuned threshold. (Corrected for having picked the best of 3: 2,520.)',
    )
  })

  it('shows amounts with the currency', () => {
    const text = openingSentence(won, { ...stated, casesPerDay: 2000, currency: '€' })
    expect(text).toMatch(/€2,474 per month, €188 \[€25, €356\] less than/)
    expect(openingSentence(won, { ...stated, currency: 'CHF' })).toContain(
      'CHF\u00a041.2 per 1,000',
    )
  })

  it('recommends the reference where the rest may be chance', () => {
    expect(openingSentence(unclear, stated)).toBe(
      'No clear winner among 3 ways to decide: the untreated gbdt at its tuned threshold is enough, at 44.4 per 1,000 cases. gbdt_smote at its tuned threshold came out 3.14 [−1.42, 7.10] cheaper, which may be chance.',
    )
  })

  it('does so too where an untreated run with a fixed threshold came out cheapest', () => {
    const byRule = withChampion(unclear, { name: 'gbdt', rule: 'bayes' })
    expect(openingSentence(byRule, stated)).toBe(
      'No clear winner among 3 ways to decide: the untreated gbdt at its tuned threshold is enough, at 44.4 per 1,000 cases. The untreated gbdt at the Bayes threshold came out 3.14 [−1.42, 7.10] cheaper, which may be chance.',
    )
  })

  it('says that no treatment helped', () => {
    expect(openingSentence(referenceWon, stated)).toBe(
      'No treatment helped: the untreated gbdt at its tuned threshold is cheapest of 3 ways to decide, at 40.0 per 1,000 cases; the cheapest treated run, gbdt_smote, costs 1.23 [−1.50, 4.00] more. (Corrected for having picked the best of 3: 42.0.)',
    )
    const byRule = { ...withChampion(won, { name: 'gbdt', rule: 'bayes' }) }
    expect(openingSentence(byRule, stated)).toMatch(
      /^No treatment helped: the untreated gbdt at the Bayes threshold is cheapest of 3 ways to decide, at 41\.2 per 1,000 cases, 3\.14 \[0\.41, 5\.93\] less than the untreated gbdt at its tuned threshold\. \(/,
    )
  })

  it('speaks of no clear winner exactly where the interval to the reference contains 0', () => {
    for (const [lower, upper] of [
      [-5, -0.001],
      [-5, 0],
      [-5, 1],
    ] as const) {
      const certain = upper < 0
      const recommended = certain ? won.champion : reference
      const comparison = {
        ...withDifference(won, { interval: interval(lower, upper), certain }),
        recommended,
      }
      for (const costsAssumed of [false, true]) {
        const text = openingSentence(comparison, { ...stated, costsAssumed })
        expect(/no clear winner/i.test(text)).toBe(!certain)
      }
    }
    expect(openingSentence(referenceWon, stated)).not.toMatch(/no clear winner/i)
  })

  it('does not speak of treatments where there were none', () => {
    const ledger = won.ledger.slice(0, 2)
    const bare = withDifference(
      { ...referenceWon, ledger },
      { opponent: 'gbdt', opponentRule: 'bayes' },
    )
    expect(openingSentence(withChampion(bare, { competitors: 2 }), stated)).toBe(
      'Of 2 ways to decide, all without a treatment, the untreated gbdt at its tuned threshold is cheapest: 40.0 per 1,000 cases; the next, the untreated gbdt at the Bayes threshold, costs 1.23 [−1.50, 4.00] more. (Corrected for having picked the best of 2: 42.0.)',
    )
  })

  it('admits that costs were assumed and that constraints cannot be kept', () => {
    const text = openingSentence(won, {
      ...stated,
      costsAssumed: true,
      shortfall: 'recall 0.85 is out of reach',
    })
    expect(text).toMatch(/^On assumed costs: of 3 ways/)
    expect(text).toMatch(/ No threshold keeps every constraint: recall 0\.85 is out of reach\.$/)
  })

  it('manages without an interval, and without an opponent', () => {
    const bare = withDifference(unclear, { interval: null })
    expect(openingSentence(bare, stated)).toContain('came out 3.14 cheaper, which may be chance.')
    const alone = {
      ...withChampion(referenceWon, { competitors: 1 }),
      ledger: won.ledger.slice(0, 1),
      difference: null,
    }
    expect(openingSentence(alone, stated)).toBe(
      'Only one way to decide was compared: the untreated gbdt at its tuned threshold costs 40.0 per 1,000 cases.',
    )
  })

  it('says so where something cheaper breaks a constraint', () => {
    const kept = withChampion(won, { competitors: 2 })
    const dearer = withDifference(kept, { costPer1000: 2, interval: interval(1, 3) })
    expect(openingSentence(dearer, stated)).toMatch(
      /^Of 2 ways to decide within the constraints, .* 2\.00 \[1\.00, 3\.00\] more than the untreated gbdt at its tuned threshold, which breaks a constraint\. /,
    )
    const even = { ...withChampion(unclear, { competitors: 2 }), recommended: won.recommended }
    expect(openingSentence(even, stated)).toBe(
      'No clear winner in cost, but the untreated gbdt at its tuned threshold breaks a constraint: of 2 ways to decide within the constraints, gbdt_smote at its tuned threshold is cheapest, at 41.2 per 1,000 cases. (Corrected for having picked the best of 2: 42.0.)',
    )
    const lone = withDifference(withChampion(referenceWon, { competitors: 1 }), {
      costPer1000: 2,
      interval: interval(1, 3),
    })
    expect(openingSentence(lone, stated)).toBe(
      'No treatment helped: the untreated gbdt at its tuned threshold is cheapest of 1 way to decide within the constraints, at 40.0 per 1,000 cases; the cheapest treated run, gbdt_smote, costs 2.00 [1.00, 3.00] less, but breaks a constraint.',
    )
  })
})
