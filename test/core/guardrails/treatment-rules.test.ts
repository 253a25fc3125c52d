import { describe, expect, it } from 'vitest'
import type { GuardrailFacts, GuardrailFinding } from '#shared/core/guardrails/guardrail.ts'
import { treatmentRules } from '#shared/core/guardrails/treatment-rules.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'

type Data = GuardrailFacts['data']

const column = (name: string, more: Partial<Data['features'][number]> = {}) => ({
  ...{ name, kind: 'numeric' as const, levels: null, zeros: 0 },
  ...more,
})
const offer = (id: string, kind: ModelChoice['kind'] = 'gradient_boosting'): Configuration =>
  offeredBy(
    remedies.find((remedy) => remedy.id === id)!,
    kind,
    { weightColumns: [] },
  )!
const weighted = offer('weights.balanced')
const smote = offer('over.smote')

function judge(
  id: string,
  configurations: readonly Configuration[],
  data: Partial<Data> = {},
  more: Partial<GuardrailFacts> = {},
): GuardrailFinding | null {
  const facts = {
    plan: { ...defaultPlan(), configurations },
    chosen: configurations,
    data: {
      ...{ rows: 10_000, positives: 400, prevalence: 0.04 },
      features: [column('amount'), column('age')],
      ...data,
    },
    history: { configurations: [], labelsScanned: true },
    results: null,
    ...more,
  } as unknown as GuardrailFacts
  return treatmentRules.find((rule) => rule.id === id)!.judge(facts)
}

it('are six, each with a reason and a phrase', () => {
  expect(treatmentRules.map(({ id }) => id)).toEqual(['G12', 'G13', 'G14', 'G15', 'G33', 'G34'])
  for (const { reason, phrase } of treatmentRules) {
    expect(reason).toMatch(/^[A-Z].*\.$/)
    expect(phrase.length).toBeGreaterThan(0)
  }
})

describe('G12, balance is no aim', () => {
  const to = (part: object): Configuration => ({
    ...smote,
    sampling: { ...smote.sampling, ...part },
  })

  it('nudges at 1:1 with what it does to the odds', () => {
    expect(judge('G12', [smote])).toBeNull()
    const finding = judge('G12', [to({ targetImbalanceRatio: 1 })])
    expect(finding).toMatchObject({ id: 'G12', kind: 'nudge' })
    // 9,600 : 400 is 24 to 1.
    expect(finding?.message).toContain('multiplies the odds in training by 24. At 1:3 it is 8')
  })

  it('asks for a reason beyond balance', () => {
    const finding = judge('G12', [to({ targetCounts: { positives: 12_000 } })])
    expect(finding).toMatchObject({ kind: 'acknowledge' })
    expect(finding?.message).toContain('gbdt_smote')
    const under = offer('under.random_under')
    const sampling = { ...under.sampling, targetCounts: { negatives: 100 } } as never
    expect(judge('G12', [{ ...under, sampling }])?.kind).toBe('acknowledge')
    // The rarer class may be the negative one.
    expect(judge('G12', [smote], { positives: 9600 })).toBeNull()
  })
})

describe('G13, weights before made-up samples', () => {
  it('blocks what has no weighted run of the same model beside it, now or before', () => {
    expect(judge('G13', [smote])).toMatchObject({ kind: 'block' })
    expect(judge('G13', [smote])?.message).toContain('gbdt_smote')
    expect(judge('G13', [smote, weighted])).toBeNull()
    const history = { configurations: [weighted], labelsScanned: true } as never
    expect(judge('G13', [smote], {}, { history })).toBeNull()
    const other = offer('weights.balanced', 'logistic_regression')
    expect(judge('G13', [smote, other])?.kind).toBe('block')
    // Weights on top of made-up samples answer nothing.
    expect(judge('G13', [smote, { ...smote, weighting: weighted.weighting }])?.kind).toBe('block')
  })

  it('asks nothing of copies and of cases taken out', () => {
    expect(judge('G13', [offer('over.random_over'), offer('under.random_under')])).toBeNull()
  })
})

describe('G14, where there is something between neighbours', () => {
  it('blocks more neighbours than there are samples', () => {
    expect(judge('G14', [smote], { positives: 5 })).toMatchObject({ kind: 'block' })
    expect(judge('G14', [smote], { positives: 6 })).toBeNull()
  })

  it.each([
    [
      'an embedding',
      Array.from({ length: 16 }, (_, i) => column(`emb_${i}`)),
      'look like an embedding',
    ],
    ['many features', Array.from({ length: 101 }, (_, i) => column(`x${i}`)), '101 features'],
    [
      'sparse columns',
      Array.from({ length: 20 }, (_, i) => column(`n${i}`, { zeros: 0.8 })),
      '80 % of all numbers are 0',
    ],
  ])('asks for a reason with %s', (_, features, message) => {
    const finding = judge('G14', [smote], { features })
    expect(finding?.kind).toBe('acknowledge')
    expect(finding?.message).toContain(message)
    // Where nothing is made between, nothing is asked.
    expect(judge('G14', [weighted, offer('under.random_under')], { features })).toBeNull()
  })

  it('names SMOTE-NC where categories would get fractions', () => {
    const features = [column('amount'), column('city', { kind: 'categorical', levels: 9 })]
    const finding = judge('G14', [smote], { features })
    expect(finding).toMatchObject({ kind: 'nudge' })
    expect(finding?.message).toContain('SMOTE-NC')
    expect(judge('G14', [offer('over.smote_nc')], { features })).toBeNull()
  })
})

describe('G15, what made-up samples are like', () => {
  const found = (synthetic: object | undefined): GuardrailFinding | null =>
    judge('G15', [smote], {}, {
      results: { configurations: [{ name: 'gbdt_smote', synthetic }] },
    } as never)

  it('says which are unlike real ones, once there are results', () => {
    expect(judge('G15', [smote])).toBeNull()
    expect(found(undefined)).toBeNull()
    const fine = { examined: 500, majorityShare: 0.2, inMajorityTerritory: 0.1, impossible: [] }
    expect(found(fine)).toBeNull()
    expect(found({ ...fine, inMajorityTerritory: 0.62 })?.message).toContain(
      '62 % of made-up samples amid the commoner class',
    )
    const impossible = [{ column: 'children', kind: 'fraction', share: 0.9 }]
    expect(found({ ...fine, impossible })).toMatchObject({
      kind: 'force',
      message: expect.stringContaining('children is a fraction in 90 %') as string,
    })
  })
})

it('G33 offers to look for what is odd where positives are a handful', () => {
  expect(judge('G33', [weighted])).toBeNull()
  expect(judge('G33', [weighted], { positives: 49 })).toMatchObject({ kind: 'nudge' })
  const isolation = offer('anomaly.isolation_forest', 'isolation_forest')
  expect(judge('G33', [isolation], { positives: 49 })).toBeNull()
})

it('G34 offers rules beside treatments, until there are some', () => {
  expect(judge('G34', [offer('threshold')])).toBeNull()
  expect(judge('G34', [weighted])).toMatchObject({ kind: 'nudge' })
  expect(judge('G34', [weighted, offer('rules.rules')])).toBeNull()
})
