import { describe, expect, it } from 'vitest'
import { parsePlan } from '#shared/contract/schemas.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultModels, withUntreated } from '#shared/core/plan/default-plan.ts'
import { estimateMemory } from '#shared/core/plan/memory-estimate.ts'
import { correctsPriorOdds, isBalancedModel, isUntreated } from '#shared/core/plan/plan.ts'
import type { Configuration, ModelChoice, Plan } from '#shared/core/plan/plan.ts'

const kinds = Object.keys(defaultModels) as ModelChoice['kind'][]

const planOf = (model: object, treatment: object = {}): Plan =>
  parsePlan(
    JSON.stringify({ version: 1, configurations: [{ name: 'one', model, ...treatment }] }),
    'plan',
  )
const configurationOf = (model: object, treatment: object = {}): Configuration =>
  planOf(model, treatment).configurations[0]!
const messagesOf = (model: object, treatment: object = {}): string[] =>
  checkPlan(planOf(model, treatment), { positives: 200, negatives: 5000 }).map(
    ({ message }) => message,
  )

describe.each(kinds)('%s', (kind) => {
  it('is complete by its kind alone, with nothing against it', () => {
    expect(configurationOf({ kind }).model).toEqual(defaultModels[kind])
    expect(messagesOf({ kind })).toEqual([])
  })

  it('takes memory that grows with the samples', () => {
    const bytes = (factor: number): number =>
      estimateMemory(
        planOf({ kind }),
        {
          positives: 1e4 * factor,
          negatives: 1e6 * factor,
          nFeatures: 20,
          nByteColumns: 20,
          nFeaturesOfCodes: 20,
          sharedBytes: 0,
          textBytes: 0,
        },
        1,
        1,
      ).perWorker
    expect(bytes(1)).toBeGreaterThan(8 * 20 * 0.8e6)
    expect(bytes(3)).toBeGreaterThan(1.5 * bytes(1))
  })
})

it('refuses hyperparameters out of their ranges', () => {
  expect(messagesOf({ kind: 'random_forest', trees: 0, bins: 2 })).toEqual([
    'bins must be 4 to 256, got 2',
    'trees must be 1 to 10,000, got 0',
  ])
  expect(messagesOf({ kind: 'decision_tree', max_depth: 0 })).toEqual([
    'max_depth must be null or 1 to 10,000, got 0',
  ])
  expect(messagesOf({ kind: 'self_paced_ensemble', hardness_bins: 0 })[0]).toMatch(/hardness_bins/u)
  expect(messagesOf({ kind: 'easy_ensemble', members: 1.5 })[0]).toMatch(/members/u)
  expect(messagesOf({ kind: 'rus_boost', learning_rate: 0 })[0]).toMatch(/learning_rate/u)
  expect(messagesOf({ kind: 'gaussian_naive_bayes', variance_share: -1 })[0]).toMatch(
    /variance_share/u,
  )
  expect(messagesOf({ kind: 'isolation_forest', samples_per_tree: 1 })[0]).toMatch(
    /samples_per_tree/u,
  )
})

it('holds what balances itself against a random forest, added untreated', () => {
  for (const kind of kinds.filter((one) => isBalancedModel(defaultModels[one]))) {
    const plan = planOf({ kind })
    expect(isUntreated(plan.configurations[0]!)).toBe(false)
    const { plan: completed, added } = withUntreated(plan)
    expect(added).toEqual(['rf'])
    expect(completed.configurations[0]!.model).toEqual(defaultModels.random_forest)
    expect(isUntreated(completed.configurations[0]!)).toBe(true)
  }
  expect(withUntreated(planOf({ kind: 'random_forest' })).added).toEqual([])
})

it('corrects no prior odds of what votes, and says so', () => {
  const repaired = { calibration: { correction: true, calibrator: 'auto' } }
  const corrected = kinds.filter((kind) => correctsPriorOdds(configurationOf({ kind }, repaired)))
  expect(corrected).toEqual([
    'logistic_regression',
    'gradient_boosting',
    'multilayer_perceptron',
    'decision_tree',
    'gaussian_naive_bayes',
    'isolation_forest',
    'two_stage',
  ])
  const voting = { kind: 'two_stage', filter: { kind: 'random_forest' } }
  expect(correctsPriorOdds(configurationOf(voting, repaired))).toBe(false)
  expect(messagesOf({ kind: 'random_forest' }, repaired)[0]).toMatch(/no formula/u)
  expect(messagesOf({ kind: 'decision_tree' }, repaired)).toEqual([])
  expect(correctsPriorOdds(configurationOf({ kind: 'logistic_regression' }))).toBe(false)
})
