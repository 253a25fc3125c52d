import { expect, it } from 'vitest'
import { parsePlan } from '#shared/contract/schemas.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultModels, defaultPlan, withUntreated } from '#shared/core/plan/default-plan.ts'

const facts = { positives: 500, negatives: 5000 }

const planOf = (...models: object[]): string =>
  JSON.stringify({
    version: 1,
    configurations: models.map((model, i) => ({ name: `model${i}`, model })),
  })

const messagesOf = (model: object): string[] =>
  checkPlan(parsePlan(planOf(model), 'plan'), facts).map(({ message }) => message)

it('takes a perceptron with all hyperparameters, or none', () => {
  const { configurations } = parsePlan(
    planOf(
      { kind: 'multilayer_perceptron' },
      {
        kind: 'multilayer_perceptron',
        hidden: [10, 5, 3],
        dropout: 0.2,
        batches: 'balanced',
        focal_gamma: 2,
        focal_alpha: 0.25,
      },
    ),
    'plan',
  )
  expect(configurations[0]!.model).toEqual(defaultModels.multilayer_perceptron)
  expect(configurations[1]!.model).toEqual({
    ...defaultModels.multilayer_perceptron,
    hidden: [10, 5, 3],
    dropout: 0.2,
    batches: 'balanced',
    focalGamma: 2,
    focalAlpha: 0.25,
  })
})

it.each([
  [{ hidden: [] }, 'hidden must be 1 to 3 layers of 1 to 1,024 units, got []'],
  [{ hidden: [8, 2000] }, 'hidden must be 1 to 3 layers of 1 to 1,024 units, got [8, 2000]'],
  [{ dropout: 0.95 }, 'dropout must be 0 to 0.9, got 0.95'],
  [{ l2: -1 }, 'l2 must be a finite number from 0, got -1'],
  [{ learning_rate: 0 }, 'learning_rate must be above 0 and at most 1, got 0'],
  [{ batch_size: 1 }, 'batch_size must be 2 to 65,536, got 1'],
  [{ epochs: 0 }, 'epochs must be 1 to 10,000, got 0'],
  [{ patience: 1.5 }, 'patience must be 1 to 10,000, got 1.5'],
  [{ validation_share: 0.6 }, 'validation_share must be 0 to 0.5, got 0.6'],
  [{ focal_gamma: 11 }, 'focal_gamma must be 0 to 10, got 11'],
  [{ focal_alpha: 1 }, 'focal_alpha must be null or between 0 and 1, got 1'],
])('refuses a perceptron with %o', (change, message) => {
  expect(messagesOf({ kind: 'multilayer_perceptron', ...change })).toEqual([message])
})

it('takes a share of L1 from 0 to 1 and leaves it out where the plan does', () => {
  expect(messagesOf({ kind: 'logistic_regression', l1_ratio: 0.5 })).toEqual([])
  expect(messagesOf({ kind: 'logistic_regression', l1_ratio: 1.5 })).toEqual([
    'l1_ratio must be 0 to 1, got 1.5',
  ])
  const { configurations } = parsePlan(planOf({ kind: 'logistic_regression' }), 'plan')
  expect(configurations[0]!.model).toEqual({ kind: 'logistic_regression', c: 1 })
})

it('takes a share of 0 for none: no second untreated configuration is added', () => {
  const text = planOf({ kind: 'logistic_regression', l1_ratio: 0 })
  const plan = parsePlan(text, 'plan')
  const [untreated] = plan.configurations
  const treated = {
    ...untreated!,
    name: 'balanced',
    model: { kind: 'logistic_regression', c: 1 } as const,
    weighting: { kind: 'balanced' } as const,
  }
  expect(withUntreated({ ...plan, configurations: [untreated!, treated] }).added).toEqual([])
})

it('keeps the plan for a first look at two models', () => {
  const kinds = new Set(defaultPlan().configurations.map(({ model }) => model.kind))
  expect([...kinds]).toEqual(['logistic_regression', 'gradient_boosting'])
})
