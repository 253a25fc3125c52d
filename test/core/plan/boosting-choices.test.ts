import { expect, it } from 'vitest'
import { parsePlan } from '#shared/contract/schemas.ts'
import { checkPlan } from '#shared/core/plan/check-plan.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { categoricalsInUse } from '#shared/core/plan/plan.ts'

const read = (model: object) =>
  parsePlan(
    JSON.stringify({
      version: 1,
      configurations: [{ name: 'trees', model: { kind: 'gradient_boosting', ...model } }],
    }),
    'plan',
  )

const messagesOf = (model: object): string[] =>
  checkPlan(read(model), {
    positives: 500,
    negatives: 5000,
    numericColumns: ['age', 'income'],
  }).map(({ message }) => message)

it('adds nothing to a plan that asks for nothing more', () => {
  expect(read({}).configurations[0]!.model).toEqual(defaultModels.gradient_boosting)
})

it('takes all that boosting can be asked for', () => {
  const model = {
    loss: { kind: 'focal' },
    growth: 'leaf',
    max_leaves: 63,
    row_share: 0.8,
    column_share: 0.5,
    monotone: [{ column: 'age', direction: 'increasing' }],
    early_stopping: { metric: { kind: 'cost', false_positive: 1, false_negative: 20 } },
  }
  expect(messagesOf(model)).toEqual([])
  expect(read(model).configurations[0]!.model).toEqual({
    ...defaultModels.gradient_boosting,
    loss: { kind: 'focal', gamma: 2, alpha: 0.25 },
    growth: 'leaf',
    maxLeaves: 63,
    rowShare: 0.8,
    columnShare: 0.5,
    monotone: [{ column: 'age', direction: 'increasing' }],
    earlyStopping: {
      validationShare: 0.1,
      patience: 20,
      metric: { kind: 'cost', falsePositive: 1, falseNegative: 20 },
    },
  })
})

it('takes both ways to split categories, and no other', () => {
  const asked = read({ categoricals: 'native' }).configurations[0]!
  expect(asked.model).toMatchObject({ categoricals: 'native' })
  expect(categoricalsInUse(asked)).toBe('native')
  expect(categoricalsInUse(read({}).configurations[0]!)).toBe('one_hot')
  expect(() => read({ categoricals: 'ordinal' })).toThrow('categoricals')
})

it('falls back to one-hot features, and says so, where a sampler would make codes between codes', () => {
  const [configuration] = read({ categoricals: 'native' }).configurations
  const smote = { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 } as const
  expect(categoricalsInUse({ ...configuration!, sampling: smote })).toBe('one_hot')
  const under = { kind: 'random_under', targetImbalanceRatio: 3 } as const
  expect(categoricalsInUse({ ...configuration!, sampling: under })).toBe('native')
  const plan = { ...read({}), configurations: [{ ...configuration!, sampling: smote }] }
  const notes = (hasCategories: boolean): string[] =>
    checkPlan(plan, { positives: 500, negatives: 5000, hasCategories }).map(
      ({ severity, message }) => `${severity} ${message}`,
    )
  expect(notes(false)).toEqual([])
  expect(notes(true)).toEqual([
    expect.stringMatching(/^noted .*one 0\/1 feature per category/) as string,
  ])
})

it.each([
  [{ loss: { kind: 'focal', gamma: -1 } }, 'gamma must be 0 to 20, got -1'],
  [{ loss: { kind: 'focal', alpha: 1 } }, 'alpha must be between 0 and 1, got 1'],
  [{ max_leaves: 1 }, 'max_leaves must be 2 to 1,024, got 1'],
  [{ row_share: 0 }, 'row_share must be above 0 and at most 1, got 0'],
  [{ column_share: 1.5 }, 'column_share must be above 0 and at most 1, got 1.5'],
  [
    { early_stopping: { validation_share: 0.6 } },
    'validation_share must be above 0 and at most 0.5, got 0.6',
  ],
  [
    { monotone: [{ column: 'city', direction: 'decreasing' }] },
    'monotone names "city", which is not a numeric column of the data',
  ],
  [
    {
      monotone: [
        { column: 'age', direction: 'decreasing' },
        { column: 'age', direction: 'increasing' },
      ],
    },
    'monotone names "age" more than once',
  ],
])('refuses %j', (model, message) => {
  expect(messagesOf(model)).toEqual([message])
})
