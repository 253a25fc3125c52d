import { describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import { parsePlan, parseRoles } from '#shared/contract/schemas.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { defaultSamplings } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'

const planText = (change: (plan: Record<string, unknown>) => void): string => {
  const plan = toJson(defaultPlan()) as Record<string, unknown>
  change(plan)
  return JSON.stringify(plan)
}

describe('parsePlan', () => {
  it('reads what plan --default prints', () => {
    expect(parsePlan(JSON.stringify(toJson(defaultPlan())), 'plan.json')).toEqual(defaultPlan())
  })

  it('fills in what a short plan leaves open', () => {
    const plan = parsePlan(
      '{"version": 1, "configurations": [{"name": "a", "model": {"kind": "logistic_regression"}}]}',
      'plan.json',
    )
    expect(plan.folds).toBe(5)
    expect(plan.configurations[0]).toEqual({
      name: 'a',
      model: { kind: 'logistic_regression', c: 1 },
      sampling: { kind: 'none' },
      weighting: { kind: 'none' },
      calibration: { correction: false, calibrator: 'none' },
    })
  })

  it.each(Object.keys(defaultSamplings) as SamplerKind[])('reads and completes %s', (kind) => {
    const planWith = (sampling: object): unknown =>
      parsePlan(
        JSON.stringify({
          version: 1,
          configurations: [{ name: 'a', model: { kind: 'logistic_regression' }, sampling }],
        }),
        'plan.json',
      ).configurations[0]!.sampling
    expect(planWith({ kind })).toEqual(defaultSamplings[kind])
    expect(planWith(toJson(defaultSamplings[kind]) as object)).toEqual(defaultSamplings[kind])
    if (!('targetImbalanceRatio' in defaultSamplings[kind])) return
    expect(planWith({ kind, target_imbalance_ratio: 'auto' })).toMatchObject({
      targetImbalanceRatio: 1,
    })
    expect(planWith({ kind, target_counts: { positives: 40 } })).toMatchObject({
      targetCounts: { positives: 40 },
    })
  })

  it.each<[string, string, RegExp]>([
    ['no JSON', '{"version": 1,', /plan\.json is not JSON/],
    ['another version', planText((plan) => (plan['version'] = 2)), /plan\.json: version/],
    ['an unknown key', planText((plan) => (plan['fold'] = 5)), /plan\.json: fold/],
    ['a text for a number', planText((plan) => (plan['inner_folds'] = '4')), /inner_folds/],
    [
      'an unknown model',
      '{"version": 1, "configurations": [{"name": "a", "model": {"kind": "forest"}}]}',
      /configurations\.0\.model/,
    ],
    ['a number', '3', /plan\.json: plan/],
  ])('refuses %s and says where', (_, text, message) => {
    expect(() => parsePlan(text, 'plan.json')).toThrow(message)
  })
})

describe('parseRoles', () => {
  it('reads roles and takes a number for the positive value as its text', () => {
    expect(parseRoles('{"target": "y", "positive": 1, "ignore": ["a_b"]}', 'roles.json')).toEqual({
      target: 'y',
      positive: '1',
      id: null,
      time: null,
      group: null,
      amount: null,
      weight: null,
      ignore: ['a_b'],
    })
  })

  it('refuses a role that does not exist', () => {
    expect(() => parseRoles('{"target": "y", "positive": "1", "label": "z"}', 'r.json')).toThrow(
      /r\.json: label/,
    )
  })
})
