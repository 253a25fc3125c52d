import { describe, expect, it } from 'vitest'
import { guardrailData } from '#shared/core/guardrails/guardrail-data.ts'
import { noHistory } from '#shared/core/guardrails/history.ts'
import { guardrails, judgeGuardrails } from '#shared/core/guardrails/judge-guardrails.ts'
import type { GuardrailFacts } from '#shared/core/guardrails/guardrail.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import type { AnalysisResults } from '#shared/core/report/analysis.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { sampleReport } from '../../support/sample-report.ts'
import { smallRequest, smallRoles } from '../../support/small-table.ts'

const all = defaultPlan().configurations
const named = (name: string): Configuration => all.find((one) => one.name === name)!
const prepared = prepareExperiment(smallRequest())
const sample = sampleReport().results

/** An order that keeps every rule; tests change what they are about. */
function facts(changes: Partial<GuardrailFacts> = {}): GuardrailFacts {
  return {
    plan: { ...defaultPlan(), configurations: [named('lr'), named('gbdt')] },
    chosen: [],
    // Enough positives that nothing has to be said of their number.
    data: {
      ...guardrailData(prepared.data.features, prepared.datasetFacts, smallRoles),
      positives: 60,
    },
    frame: { ...prepared.frameFacts, currency: '€', casesPerDay: 100 },
    history: noHistory,
    results: null,
    ...changes,
  }
}

const openOf = (given: GuardrailFacts): string[] =>
  judgeGuardrails(given, []).results.flatMap(({ id, state }) => (state === 'passed' ? [] : [id]))

const findingOf = (given: GuardrailFacts, id: string): string | undefined =>
  judgeGuardrails(given, []).results.find((one) => one.id === id)?.findings[0]?.message

const treated = { ...named('lr_balanced'), because: 'cheapest treatment' }

describe('guardrails', () => {
  it('have an id each, a reason and a phrase of the guides', () => {
    const ids = guardrails.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual([...ids].sort())
    for (const { id, reason, phrase } of guardrails) {
      expect(id).toMatch(/^G\d\d$/)
      expect(reason).toMatch(/\.$/)
      expect(phrase.length).toBeGreaterThan(10)
    }
    const own =
      'G01 G02 G03 G04 G05 G06 G07 G08 G09 G10 G11 G12 G13 G14 G15 G16 G17 G18 G19 G21 G22 G23 G24 G25 G26 G27 G28 G31 G32 G33 G34'
    expect(ids).toEqual(expect.arrayContaining(own.split(' ')))
  })

  it('have nothing against untreated runs with stated costs', () => {
    expect(openOf(facts())).toEqual([])
  })

  it.each<[string, Partial<GuardrailFacts>, RegExp]>([
    [
      'G01',
      {
        chosen: [treated],
        frame: {
          ...facts().frame,
          costsAssumed: true,
          minutesPerAlert: null,
          reviewHoursPerDay: null,
          commitments: [],
        },
      },
      /cost of a miss/,
    ],
    [
      'G08',
      { history: { ...noHistory, primaryMeasure: 'recall' } },
      /by recall, this order is by cost/,
    ],
    [
      'G10',
      { chosen: [{ ...treated, calibration: { correction: false, calibrator: 'none' } }] },
      /lr_balanced: treated, and neither/,
    ],
    [
      'G16',
      {
        plan: { ...defaultPlan(), configurations: [named('gbdt_smote')] },
        data: { ...facts().data, rows: 100_000, positives: 400 },
      },
      /1:249/,
    ],
    [
      'G18',
      {
        plan: { ...defaultPlan(), configurations: [named('lr_balanced')] },
        data: { ...facts().data, rows: 284_807, positives: 492 },
      },
      /lr_balanced \(578:1/,
    ],
    ['G21', { chosen: [treated] }, /not been scanned/],
    ['G22', { data: { ...facts().data, positives: 12 } }, /12 positives/],
    [
      'G23',
      { data: { ...facts().data, roles: { ...smallRoles, time: 'day' } } },
      /"day" is the time/,
    ],
    ['G24', { chosen: [treated] }, /no weighted run and no sampled run/],
    ['G25', { frame: { ...facts().frame, prevalenceInUse: 0.002 } }, /0\.2 %/],
    ['G31', { chosen: [named('lr_balanced')] }, /Nothing says why lr_balanced was chosen/],
    ['G32', { frame: { ...facts().frame, casesPerDay: null } }, /how many cases arrive/],
  ])('%s is found', (id, changes, message) => {
    expect(openOf(facts())).not.toContain(id)
    expect(findingOf(facts(changes), id)).toMatch(message)
  })

  it('asks focal loss for what training attends to, and takes it as given with it', () => {
    const focal: Configuration = {
      ...named('gbdt'),
      name: 'focal',
      model: { ...named('gbdt').model, loss: { kind: 'focal', gamma: 2, alpha: 0.25 } } as never,
    }
    const plan = { ...defaultPlan(), configurations: [focal] }
    expect(findingOf(facts({ plan }), 'G19')).toMatch(/gradient_flow/)
    const shown = { ...plan, configurations: [{ ...focal, insight: { gradientFlow: true } }] }
    expect(openOf(facts({ plan: shown }))).not.toContain('G19')
  })

  it('refuse what is blocked whatever anybody says, and what asks until a reason is typed', () => {
    const order = facts({
      chosen: [treated],
      frame: {
        ...facts().frame,
        costsAssumed: true,
        minutesPerAlert: null,
        reviewHoursPerDay: null,
        commitments: [],
      },
    })
    const answers = ['G01', 'G21'].map((guardrail) => ({ guardrail, reason: 'because' }))
    const silent = judgeGuardrails(order, [])
    expect(silent.blocked.map(({ id }) => id)).toEqual(['G01'])
    expect(silent.toAcknowledge.map(({ id }) => id)).toEqual(['G21'])
    const answered = judgeGuardrails(order, answers)
    expect(answered.blocked.map(({ id }) => id)).toEqual(['G01'])
    expect(answered.toAcknowledge).toEqual([])
    const stateOf = (id: string): unknown => answered.results.find((one) => one.id === id)
    expect(stateOf('G21')).toMatchObject({ state: 'overridden', acknowledgement: 'because' })
    expect(stateOf('G01')).toMatchObject({ state: 'failed', acknowledgement: null })
    const blank = judgeGuardrails(order, [{ guardrail: 'G21', reason: '  ' }])
    expect(blank.toAcknowledge.map(({ id }) => id)).toEqual(['G21'])
  })

  describe('of results', () => {
    const judged = (results: Omit<AnalysisResults, 'guardrails'>): string[] =>
      openOf(facts({ results }))

    it('keep the rules that are always computed', () => {
      expect(judged(sample)).toEqual([])
    })

    it.each<[string, (results: AnalysisResults) => Partial<AnalysisResults>]>([
      ['G02', (results) => ({ ledger: results.ledger.filter(({ untreated }) => !untreated) })],
      [
        'G03',
        (results) => ({
          ledger: results.ledger.map((row) => ({ ...row, differenceToReference: null })),
        }),
      ],
      [
        'G04',
        ({ configurations: [first, ...rest] }) => ({
          configurations: [
            { ...first!, confusion: { ...first!.confusion, tn: first!.confusion.tn - 1 } },
            ...rest,
          ],
        }),
      ],
      [
        'G05',
        ({ experiment }) => ({
          experiment: { ...experiment, proof: { ...experiment.proof, duplicatesAcross: 3 } },
        }),
      ],
      [
        'G05',
        ({ experiment }) => ({
          experiment: {
            ...experiment,
            proof: {
              ...experiment.proof,
              folds: experiment.proof.folds.map((fold) => ({ ...fold, shared: 1 })),
            },
          },
        }),
      ],
      [
        'G07',
        ({ configurations: [first, ...rest] }) => ({
          configurations: [
            { ...first!, metrics: { ...first!.metrics, averagePrecision: null } },
            ...rest,
          ],
        }),
      ],
      [
        'G09',
        ({ configurations }) => ({
          configurations: configurations.map((one) => ({
            ...one,
            calibration: {
              ...one.calibration,
              stages: one.calibration.stages.filter(({ stage }) => stage === 'raw'),
            },
          })),
        }),
      ],
      [
        'G11',
        ({ comparison }) => ({
          comparison: {
            ...comparison,
            recommended: { ...comparison.recommended, rule: 'half' as const },
          },
        }),
      ],
      [
        'G17',
        ({ configurations: [first] }) => ({
          configurations: [
            {
              ...first!,
              configuration: named('lr_random_under'),
              training: { ...first!.training, perFold: first!.training.perFold.slice(0, 2) },
            },
          ],
        }),
      ],
      [
        'G27',
        ({ configurations: [first, ...rest] }) => ({
          configurations: [{ ...first!, threshold: { ...first!.threshold, perFold: [] } }, ...rest],
        }),
      ],
    ])('%s is found where it is broken', (id, broken) => {
      expect(judged({ ...sample, ...broken(sample) })).toContain(id)
    })

    it('say by how much a goal is missed', () => {
      const { operatingPoint } = sample
      if (!operatingPoint.solved.feasible) throw new Error('the sample keeps its goal')
      const missed = {
        ...sample,
        operatingPoint: {
          ...operatingPoint,
          solved: {
            feasible: false as const,
            relaxations: [],
            closest: operatingPoint.solved.chosen,
            shortfalls: [],
            sentence: 'No threshold keeps it.',
          },
        },
      }
      expect(findingOf(facts({ results: missed }), 'G28')).toBe('No threshold keeps it.')
    })

    it('ask for a look at slices before a treatment is taken', () => {
      const results = {
        ...sample,
        slices: null,
        comparison: {
          ...sample.comparison,
          recommended: { name: 'gbdt_balanced', rule: 'tuned' as const },
        },
        configurations: sample.configurations.map((one, i) =>
          i === 0 ? { ...one, name: 'gbdt_balanced', configuration: named('gbdt_balanced') } : one,
        ),
      }
      expect(findingOf(facts({ results }), 'G26')).toMatch(/which positives are missed/)
      const { slices } = sample
      expect(findingOf(facts({ results: { ...results, slices } }), 'G26')).toBeUndefined()
    })
  })
})
