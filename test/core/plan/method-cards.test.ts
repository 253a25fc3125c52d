import { expect, it } from 'vitest'
import { judgeCard, methodCards } from '#shared/core/plan/method-cards.ts'
import type { CardFacts } from '#shared/core/plan/method-cards.ts'

const facts: CardFacts = {
  positives: 500,
  negatives: 99_500,
  prevalenceInUse: 0.005,
  committedRecall: null,
}

it.each([
  ['two_stage', {}, 'yes', '0.5 % of cases are positive, under 1 %'],
  ['two_stage', { positives: 30 }, 'no', 'there are 30 positives'],
  ['two_stage', { prevalenceInUse: 0.08 }, 'perhaps', '8 % of cases'],
  ['two_stage', { prevalenceInUse: 0.08, committedRecall: 0.9 }, 'yes', 'a recall of 90 %'],
  ['rules', {}, 'perhaps', 'only you know'],
  ['search', {}, 'perhaps', 'enough to tell trials apart'],
  ['search', { positives: 99 }, 'no', 'lucky ones'],
] as const)('%s with %o: %s', (kind, changes, fits, because) => {
  const verdict = judgeCard(kind, { ...facts, ...changes })
  expect(verdict.fits).toBe(fits)
  expect(verdict.because).toContain(because)
})

it('is written for every kind', () => {
  for (const [kind, card] of Object.entries(methodCards)) {
    expect(card.kind).toBe(kind)
    for (const text of Object.values<string>({ ...card })) expect(text.length).toBeGreaterThan(0)
  }
})
