import { expect, it } from 'vitest'
import { brierSentence } from '#shared/core/metrics/brier-sentence.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'
import { referenceRun } from '#shared/core/plan/reference-run.ts'

const untreated = { name: 'gbdt', brier: 0.00316 }

it('says that a treated Brier score stays above the untreated one, and when it does not', () => {
  const worse = brierSentence({ name: 'smote', brier: 0.00338 }, untreated)
  expect(worse.isWorse).toBe(true)
  expect(worse.text).toContain('stays above that of the untreated model, gbdt: 3.38 against 3.16.')
  expect(brierSentence({ name: 'smote', brier: 0.003 }, untreated)).toEqual({
    isWorse: false,
    text: 'Its Brier score × 1,000 is not above that of the untreated model, gbdt: 3 against 3.16.',
  })
  // What reads the same is the same.
  expect(brierSentence({ name: 'smote', brier: 0.0031601 }, untreated).isWorse).toBe(false)
})

it('a run is held against the untreated run of its model, with its hyperparameters if there is one', () => {
  const offer = (id: string, kind: ModelChoice['kind']): Configuration =>
    offeredBy(
      remedies.find((one) => one.id === id)!,
      kind,
      { weightColumns: [] },
    )!
  const gbdt = offer('threshold', 'gradient_boosting')
  const shallow = {
    ...{ ...gbdt, name: 'shallow' },
    model: { ...gbdt.model, maxDepth: 2 } as ModelChoice,
  }
  const forest = offer('threshold', 'random_forest')
  const smote = offer('over.smote', 'gradient_boosting')
  const runs = [gbdt, shallow, forest, smote].map((configuration) => ({ configuration }))
  const held = (configuration: Configuration): string | undefined =>
    referenceRun({ configuration }, runs)?.configuration.name
  expect(held(smote)).toBe('gbdt')
  expect(held({ ...smote, model: shallow.model })).toBe('shallow')
  expect(held(offer('ensembles.easy_ensemble', 'easy_ensemble'))).toBe('rf')
  expect(held(gbdt)).toBeUndefined()
  expect(held(offer('weights.balanced', 'logistic_regression'))).toBeUndefined()
  // All treated runs of the default plan have one.
  const all = defaultPlan().configurations.map((configuration) => ({ configuration }))
  for (const run of all.slice(2)) expect(referenceRun(run, all)).not.toBeNull()
})
