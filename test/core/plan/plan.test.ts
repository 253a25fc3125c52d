import { describe, expect, it } from 'vitest'
import { checkPlan, withoutInfeasible } from '#shared/core/plan/check-plan.ts'
import { defaultPlan, withUntreated } from '#shared/core/plan/default-plan.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'

const facts = { positives: 200, negatives: 9800 }
const plan = defaultPlan()
const named = (name: string): Configuration =>
  plan.configurations.find((configuration) => configuration.name === name)!
const refusals = (changed: Partial<Plan>, counts = facts): string[] =>
  checkPlan({ ...plan, ...changed }, counts)
    .filter(({ severity }) => severity === 'refused')
    .map(({ message }) => message)

describe('defaultPlan', () => {
  it('holds both models untreated and with each simple treatment', () => {
    expect(plan.configurations.map(({ name }) => name)).toEqual([
      'lr',
      'gbdt',
      'lr_balanced',
      'gbdt_balanced',
      'lr_random_under',
      'gbdt_random_under',
      'lr_smote',
      'gbdt_smote',
    ])
    expect(plan.configurations.filter(isUntreated).map(({ name }) => name)).toEqual(['lr', 'gbdt'])
  })

  it('has nothing against itself', () => {
    expect(checkPlan(plan, facts)).toEqual([])
  })
})

describe('withUntreated', () => {
  it('adds the untreated run of every model of a plan that left it out', () => {
    const { plan: completed, added } = withUntreated({
      ...plan,
      configurations: [named('gbdt_smote'), named('lr')],
    })
    expect(added).toEqual(['gbdt'])
    expect(completed.configurations.map(({ name }) => name)).toEqual(['gbdt', 'gbdt_smote', 'lr'])
    expect(isUntreated(completed.configurations[0]!)).toBe(true)
  })

  it('does not take over a name that a treated run has', () => {
    const { added } = withUntreated({
      ...plan,
      configurations: [{ ...named('lr_smote'), name: 'lr' }],
    })
    expect(added).toEqual(['lr_untreated'])
  })

  it('knows a model by its hyperparameters', () => {
    const stronger = {
      ...named('lr_balanced'),
      model: { kind: 'logistic_regression', c: 9 } as const,
    }
    const { plan: completed } = withUntreated({ ...plan, configurations: [named('lr'), stronger] })
    expect(completed.configurations.filter(isUntreated).map(({ model }) => model)).toEqual([
      { kind: 'logistic_regression', c: 9 },
      { kind: 'logistic_regression', c: 1 },
    ])
  })

  it('leaves a complete plan as it is', () => {
    expect(withUntreated(plan)).toEqual({ plan, added: [] })
  })
})

describe('checkPlan', () => {
  it('refuses folds that the positives cannot fill', () => {
    expect(refusals({}, { positives: 4, negatives: 900 })[0]).toMatch(/4 positives .* 5 folds/)
    expect(refusals({}, { positives: 900, negatives: 4 })[0]).toMatch(/4 negatives .* 5 folds/)
    expect(refusals({ innerFolds: 4 }, { positives: 4, negatives: 90 })).not.toEqual([])
    expect(refusals({ folds: 2, innerFolds: 4 }, { positives: 6, negatives: 90 })[0]).toMatch(
      /3 positives, too few for 4 inner folds/,
    )
  })

  it('refuses SMOTE with more neighbours than the smallest training set allows', () => {
    const configurations = [named('lr'), named('lr_smote')]
    // 10 positives: 8 in an outer training set, 6 in an inner one: just enough for 5 neighbours.
    expect(refusals({ configurations }, { positives: 10, negatives: 90 })).toEqual([])
    expect(refusals({ configurations }, { positives: 9, negatives: 90 })[0]).toMatch(
      /SMOTE with 5 neighbours needs at least 6/,
    )
  })

  it('leaves such a configuration out and says so, where the plan allows it', () => {
    const few = { positives: 9, negatives: 900 }
    const { plan: feasible, leftOut } = withoutInfeasible(plan, few)
    expect(feasible.configurations.map(({ name }) => name)).not.toContain('gbdt_smote')
    expect(feasible.configurations).toHaveLength(6)
    expect(leftOut).toHaveLength(2)
    expect(leftOut[0]).toMatch(/^lr_smote was left out: SMOTE with 5/)
    const strict = { ...plan, leaveOutInfeasible: false }
    expect(withoutInfeasible(strict, few)).toEqual({ plan: strict, leftOut: [] })
  })

  it.each<[string, Partial<Plan>, RegExp]>([
    ['one fold', { folds: 1 }, /folds must be 2 to 50, got 1/],
    ['a fraction of folds', { innerFolds: 2.5 }, /inner_folds/],
    ['too few draws', { bootstrapDraws: 10 }, /bootstrap_draws/],
    ['no configuration', { configurations: [] }, /no configuration/],
    ['one name twice', { configurations: [named('lr'), named('lr')] }, /used twice/],
    ['a name with a slash', { configurations: [{ ...named('lr'), name: 'a/b' }] }, /"a\/b"/],
    [
      'a negative penalty',
      { configurations: [{ ...named('lr'), model: { kind: 'logistic_regression', c: -1 } }] },
      /c must be/,
    ],
    [
      'more bins than a byte can tell',
      {
        configurations: [
          { ...named('gbdt'), model: { ...named('gbdt').model, bins: 512 } as never },
        ],
      },
      /bins must be 4 to 256/,
    ],
  ])('refuses %s', (_, changed, message) => {
    expect(refusals(changed).join('\n')).toMatch(message)
  })

  it('notes sampling that would change nothing', () => {
    const findings = checkPlan(plan, { positives: 400, negatives: 900 })
    expect(findings.map(({ severity, configuration }) => [severity, configuration])).toEqual([
      ['noted', 'lr_random_under'],
      ['noted', 'gbdt_random_under'],
      ['noted', 'lr_smote'],
      ['noted', 'gbdt_smote'],
    ])
  })
})

describe('resampledCounts', () => {
  it('shrinks the majority or grows the minority to the target ratio', () => {
    const under = { kind: 'random_under', targetImbalanceRatio: 3 } as const
    const over = { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 } as const
    expect(resampledCounts(under, 900, 50)).toEqual({ negatives: 150, positives: 50 })
    expect(resampledCounts(over, 900, 50)).toEqual({ negatives: 900, positives: 300 })
    expect(resampledCounts(under, 50, 900)).toEqual({ negatives: 50, positives: 150 })
    expect(resampledCounts(over, 100, 50)).toEqual({ negatives: 100, positives: 50 })
    expect(resampledCounts({ kind: 'none' }, 7, 3)).toEqual({ negatives: 7, positives: 3 })
  })
})
