import { describe, expect, it } from 'vitest'
import { calibrators } from '#shared/core/calibration/calibrator.ts'
import { losses } from '#shared/core/losses/losses.ts'
import { calibratorCards } from '#shared/core/plan/cards/calibrator-cards.ts'
import { lossCards } from '#shared/core/plan/cards/loss-cards.ts'
import type { CardFacts, MethodCard } from '#shared/core/plan/cards/method-card.ts'
import { weightingCards } from '#shared/core/plan/cards/weighting-cards.ts'
import { weightings } from '#shared/core/weighting/weighting.ts'

const facts: CardFacts = {
  positives: 300,
  negatives: 9000,
  hasCosts: true,
  costsPerRow: false,
  movesProbabilities: true,
}
const groups: [string, Record<string, MethodCard>, string[]][] = [
  ['weightings', weightingCards, Object.keys({ none: 0, ...weightings })],
  ['losses', lossCards, Object.keys(losses)],
  ['calibrators', calibratorCards, Object.keys({ none: 0, auto: 0, ...calibrators })],
]

describe.each(groups)('cards of %s', (_, cards, kinds) => {
  it('are one for each kind of the registry', () => {
    expect(Object.keys(cards).sort()).toEqual(kinds.sort())
    for (const [kind, card] of Object.entries(cards)) expect(card.kind).toBe(kind)
  })

  it('say all there is to say, in sentences, and give a reason for each verdict', () => {
    for (const card of Object.values(cards)) {
      for (const text of [card.when, card.whenNot, card.needs, card.risks]) {
        expect(text).toMatch(/^[A-Z\d].*\.$/)
      }
      for (const positives of [3, 300, 30_000]) {
        for (const negatives of [300, 9000, 3_000_000]) {
          const { because } = card.judge({ ...facts, positives, negatives })
          expect(because).toMatch(/^[a-z\d½].*[^.]$/)
        }
      }
    }
  })
})

it('judge by data and frame', () => {
  const fit = (card: MethodCard, changes: Partial<CardFacts> = {}) =>
    card.judge({ ...facts, ...changes }).fit
  expect(fit(weightingCards.costs)).toBe('not')
  expect(fit(weightingCards.costs, { costsPerRow: true })).toBe('fits')
  expect(fit(weightingCards.balanced)).toBe('fits')
  expect(fit(weightingCards.balanced, { positives: 8000 })).toBe('not')
  expect(fit(weightingCards.inverse_sqrt, { negatives: 1e6 })).toBe('fits')
  expect(fit(calibratorCards.isotonic)).toBe('fits')
  expect(fit(calibratorCards.isotonic, { positives: 150 })).toBe('not')
  expect(fit(calibratorCards.none)).toBe('not')
  expect(fit(lossCards.hard_mining, { positives: 20 })).toBe('not')
  expect(fit(lossCards.logit_adjusted)).toBe('not')
  expect(lossCards.focal.judge(facts).because).toBe(
    'there are 30 of one class for each of the other, and most of these will be easy',
  )
})
