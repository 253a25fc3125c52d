import { describe, expect, it } from 'vitest'
import { calibrators } from '#shared/core/calibration/calibrator.ts'
import { losses } from '#shared/core/losses/losses.ts'
import { calibratorCards } from '#shared/core/plan/cards/calibrator-cards.ts'
import { lossCards } from '#shared/core/plan/cards/loss-cards.ts'
import type { CardFacts, CardVerdict, MethodCard } from '#shared/core/plan/cards/method-card.ts'
import { modelCards } from '#shared/core/plan/cards/model-cards.ts'
import { partCards } from '#shared/core/plan/cards/part-cards.ts'
import { samplingCards } from '#shared/core/plan/cards/sampling-cards.ts'
import { weightingCards } from '#shared/core/plan/cards/weighting-cards.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { defaultSamplings, samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'
import { weightings } from '#shared/core/weighting/weighting.ts'

const facts: CardFacts = {
  positives: 300,
  negatives: 9000,
  numericColumns: 10,
  categoricalColumns: 0,
  nFeatures: 10,
  prevalenceInUse: 0.032,
  commitments: [],
  hasCosts: true,
  costsPerRow: false,
  movesProbabilities: true,
}
const groups: [string, Readonly<Record<string, MethodCard>>, readonly string[]][] = [
  ['weightings', weightingCards, Object.keys({ none: 0, ...weightings })],
  ['losses', lossCards, Object.keys(losses)],
  ['calibrators', calibratorCards, Object.keys({ none: 0, auto: 0, ...calibrators })],
  ['samplers', samplingCards, Object.keys(samplingKinds)],
  ['models', modelCards, Object.keys(defaultModels)],
  ['parts', partCards, ['rules', 'search']],
]

describe.each(groups)('cards of %s', (_, cards, kinds) => {
  it('are one for each kind of the registry, each with a title of its own', () => {
    expect(Object.keys(cards)).toHaveLength(kinds.length)
    expect(Object.keys(cards).sort()).toEqual([...kinds].sort())
    for (const [kind, card] of Object.entries(cards)) expect(card.kind).toBe(kind)
    const titles = Object.values(cards).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const { title, does } of Object.values(cards)) {
      for (const text of [title, does]) expect(text).toMatch(/^[A-Z].*[^.]$/)
    }
  })

  it('say all there is to say, in sentences, and give a reason for each verdict', () => {
    for (const card of Object.values(cards)) {
      for (const text of [card.when, card.whenNot, card.needs, card.risks]) {
        expect(text).toMatch(/^[A-Z\d].*\.$/)
      }
      for (const positives of [1, 3, 300, 30_000]) {
        for (const negatives of [300, 9000, 3_000_000]) {
          const { because } = card.judge({ ...facts, positives, negatives })
          expect(because).toMatch(/^[a-z\d½].*[^.]$/)
          expect(because).not.toMatch(/NaN|undefined|Infinity/)
        }
      }
    }
  })
})

function fit(card: MethodCard, changes: Partial<CardFacts> = {}): CardVerdict['fit'] {
  return card.judge({ ...facts, ...changes }).fit
}

it('judge weightings, losses and calibrators by data and frame', () => {
  expect(fit(weightingCards.costs)).toBe('speaks_against')
  expect(fit(weightingCards.costs, { costsPerRow: true })).toBe('fits')
  expect(fit(weightingCards.balanced)).toBe('fits')
  expect(fit(weightingCards.balanced, { positives: 8000 })).toBe('speaks_against')
  expect(fit(weightingCards.inverse_sqrt, { negatives: 1e6 })).toBe('fits')
  expect(fit(calibratorCards.isotonic)).toBe('fits')
  expect(fit(calibratorCards.isotonic, { positives: 150 })).toBe('speaks_against')
  expect(fit(calibratorCards.none)).toBe('speaks_against')
  expect(fit(lossCards.hard_mining, { positives: 20 })).toBe('speaks_against')
  expect(fit(lossCards.logit_adjusted)).toBe('speaks_against')
  expect(lossCards.focal.judge(facts).because).toBe(
    'there are 30 of one class for each of the other, and most of these will be easy',
  )
})

it('judge models by the rarer class', () => {
  const many = { positives: 400, negatives: 40_000 }
  const few = { ...many, positives: 8 }
  expect(fit(modelCards.balanced_random_forest, many)).toBe('fits')
  expect(fit(modelCards.balanced_random_forest, few)).toBe('speaks_against')
  expect(fit(modelCards.balanced_random_forest, { ...many, negatives: 800 })).toBe('worth_trying')
  expect(fit(modelCards.isolation_forest, many)).toBe('speaks_against')
  expect(fit(modelCards.isolation_forest, few)).toBe('worth_trying')
})

it.each([
  [modelCards.two_stage, { prevalenceInUse: 0.005 }, 'fits', '0.5 % of cases are positive'],
  [modelCards.two_stage, { positives: 30 }, 'speaks_against', 'there are 30 positives'],
  [modelCards.two_stage, { prevalenceInUse: 0.08 }, 'worth_trying', '8 % of cases'],
  [
    modelCards.two_stage,
    { prevalenceInUse: 0.08, commitments: [{ measure: 'recall', atLeast: 0.9 }] },
    'fits',
    'a recall of 90 %',
  ],
  [partCards.rules, {}, 'worth_trying', 'only you know'],
  [partCards.search, {}, 'worth_trying', 'enough to tell trials apart'],
  [partCards.search, { positives: 99 }, 'speaks_against', 'lucky ones'],
] as const)('judge parts of a plan: %o with %o is %s', (card, changes, wanted, because) => {
  const verdict = card.judge({ ...facts, ...changes })
  expect(verdict.fit).toBe(wanted)
  expect(verdict.because).toContain(because)
})

describe('cards of samplers', () => {
  const fitOf = (kind: SamplerKind, changes: Partial<CardFacts> = {}): CardVerdict['fit'] =>
    samplingCards[kind].judge({ ...facts, positives: 500, negatives: 20_000, ...changes }).fit

  it('refuse what cannot run, with the hyperparameters at hand', () => {
    expect(samplingCards.smote.judge({ ...facts, positives: 4 })).toEqual({
      fit: 'cannot_run',
      because: 'it needs 6 samples of the rarer class and there are 4',
    })
    const choice = { ...defaultSamplings.smote, neighbors: 2 }
    expect(samplingCards.smote.judge({ ...facts, positives: 4 }, choice).fit).toBe('fits')
    expect(fitOf('smote_n')).toBe('cannot_run')
    expect(fitOf('smote_nc', { numericColumns: 0 })).toBe('cannot_run')
  })

  it('doubt what loses or invents', () => {
    expect(fitOf('smote')).toBe('fits')
    expect(fitOf('smote', { categoricalColumns: 2 })).toBe('speaks_against')
    expect(fitOf('smote_nc', { categoricalColumns: 2 })).toBe('fits')
    expect(fitOf('random_under', { positives: 50 })).toBe('speaks_against')
    expect(fitOf('random_over', { positives: 15_000 })).toBe('speaks_against')
    const commitments = [{ measure: 'precision', atLeast: 0.5 }] as const
    expect(fitOf('edited_nearest_neighbors', { commitments })).toBe('speaks_against')
    expect(fitOf('edited_nearest_neighbors', { negatives: 2_000_000 })).toBe('speaks_against')
    expect(fitOf('tomek_links', { negatives: 2_000_000 })).toBe('fits')
  })
})
