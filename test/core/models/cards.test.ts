import { expect, it } from 'vitest'
import { judgeModel, modelCards } from '#shared/core/models/cards.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'

const facts = { positives: 400, negatives: 40_000, nFeatures: 30, needsProbabilities: false }

it('every kind of model has a card', () => {
  expect(modelCards.map(({ kind }) => kind)).toEqual(
    // Two stages have a card of their own, beside rules and searches.
    Object.keys(defaultModels).filter((kind) => kind !== 'two_stage'),
  )
  for (const { title, when, whenNot, needs, risks } of modelCards) {
    for (const text of [title, when, whenNot, needs, risks]) expect(text).not.toBe('')
  }
})

it('says why, and other data get another verdict', () => {
  const few = { ...facts, positives: 8 }
  for (const { kind } of modelCards) {
    expect(judgeModel(kind, facts).because).toMatch(/^because /u)
    expect(judgeModel(kind, few).because).toMatch(/^because /u)
  }
  expect(judgeModel('balanced_random_forest', facts).fit).toBe('good')
  expect(judgeModel('balanced_random_forest', few).fit).toBe('poor')
  expect(judgeModel('balanced_random_forest', { ...facts, negatives: 800 }).fit).toBe('fair')
  expect(judgeModel('isolation_forest', facts).fit).toBe('poor')
  expect(judgeModel('isolation_forest', few).fit).toBe('fair')
})
