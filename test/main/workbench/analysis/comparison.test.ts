import { beforeEach, describe, expect, it } from 'vitest'
import type { DatasetVersion } from '#main/store/datasets.ts'
import type { Experiment } from '#main/store/experiments.ts'
import { requireComparable } from '#main/workbench/analysis/comparable.ts'
import type { StoredRun } from '#main/workbench/analysis/stored-run.ts'
import { quickPlan } from '../../../support/small-table.ts'
import { deskWith, smallOrder } from './support.ts'
import type { TestDesk } from './support.ts'

const lr = { experimentId: 1, name: 'lr' }
const balanced = { experimentId: 1, name: 'lr_balanced' }

describe('compare.runs', () => {
  let test: TestDesk
  beforeEach(async () => {
    test = await deskWith()
    const frame = { ...smallOrder().frame, casesPerDay: 100, currency: '€' }
    await test.run({ frame })
  })

  it('holds runs against the first, with the numbers of the results', async () => {
    const { call } = test
    const { results } = (await call('run.outcome', { experimentId: 1 }))!
    const compared = await call('compare.runs', { runs: [lr, balanced] })
    expect(compared).toMatchObject({ champion: lr, folds: 3, casesPerDay: 100 })
    const [first, second] = compared.runs
    expect(first).toMatchObject({ run: lr, untreated: true, difference: null, verdict: 'champion' })
    for (const run of compared.runs) {
      const known = results.configurations.find(({ name }) => name === run.run.name)!
      const tuned = known.operatingPoints.find(({ rule }) => rule === 'tuned')!
      expect(run.costPer1000).toEqual({
        value: tuned.costPer1000,
        interval: tuned.costPer1000Interval,
        reason: null,
      })
      expect(run.averagePrecision.value).toBe(known.metrics.averagePrecision)
      expect(run.rocAuc.interval).toEqual(known.intervals.rocAuc)
      const { slope } = known.calibration.stages.at(-1)!
      expect(run.calibrationSlope.value).toBe(slope)
      expect(run.calibrationSlope.interval!.lower).toBeLessThan(slope!)
      expect(run.measures).toEqual(known.measures)
      expect(run.recall.value).toBe(tuned.recall)
      expect(run.threshold).toBe(known.threshold.value)
      expect(run.curves.name).toBe(run.run.name)
      expect(run.reliability.reduce((sum, { count }) => sum + count, 0)).toBe(400)
    }
    // The reference of the ledger is the champion here, and so the draws are the same.
    const { ledger, reference } = results.comparison
    expect(reference).toBe('lr')
    const row = ledger.find(({ name, rule }) => name === 'lr_balanced' && rule === 'tuned')!
    expect(second?.difference).toEqual({
      value: row.differenceToReference,
      interval: row.differenceInterval,
      reason: null,
    })
    expect(compared.sentence).toMatch(/€[\d.,k]+ .*a month/)
    expect(await call('compare.runs', { runs: [lr, balanced] })).toBe(compared) // computed once
  })

  it('turns the sign with the champion', async () => {
    const { call } = test
    const one = (await call('compare.runs', { runs: [lr, balanced] })).runs[1]!.difference!
    const other = (await call('compare.runs', { runs: [balanced, lr] })).runs[1]!.difference!
    expect(other.value).toBeCloseTo(-one.value!, 9)
  })

  it('takes runs of several experiments on the same folds', async () => {
    const { call, run } = test
    const frame = { ...smallOrder().frame, casesPerDay: 100, currency: '€' }
    const { experimentId } = await run({ frame, innerFolds: 3 })
    const compared = await call('compare.runs', { runs: [lr, { experimentId, name: 'lr' }] })
    expect(compared.runs[1]?.run.experimentId).toBe(experimentId)
    expect(compared.sentence).toMatch(/lr \(experiment-/)
  })

  it('says when a run can not keep the constraints', async () => {
    const { call, run } = test
    const frame = {
      ...smallOrder().frame,
      casesPerDay: 100,
      capacity: 2,
      commitments: [{ measure: 'recall' as const, atLeast: 0.95 }],
    }
    const { experimentId } = await run({ frame })
    const runs = [
      { experimentId, name: 'lr' },
      { experimentId, name: 'lr_balanced' },
    ]
    const compared = await call('compare.runs', { runs })
    expect(compared.runs[1]).toMatchObject({ verdict: 'over_constraint', feasible: false })
    expect(compared.sentence).toMatch(/lr_balanced can't keep every constraint: recall 0.95/)
  })
})

describe('compare.changed', () => {
  it('tells where cases changed side only where it is asked, and the rest alike', async () => {
    const { call, run } = await deskWith()
    await run()
    const without = await call('compare.changed', { first: lr, second: balanced, slices: false })
    const within = await call('compare.changed', { first: lr, second: balanced, slices: true })
    expect(without.slices).toBeNull()
    const { slices } = within
    const changed = within.kinds.reduce((sum, { cases }) => sum + cases, 0)
    const worth = within.kinds.reduce((sum, one) => sum + one.worth, 0)
    expect(slices).toMatchObject({ changed, cases: within.alike + changed, reason: null })
    expect(slices!.worth).toBeCloseTo(worth, 9)
    expect(slices!.tested).toBeGreaterThan(4)
    slices!.slices.forEach((slice, position) => {
      expect(within.cases.filter((one) => one.slices.includes(position))).toHaveLength(
        slice.changed,
      )
    })
    const { rightness, rightnessSentence } = within
    expect(rightness.all).toMatchObject({ cases: slices!.cases, reason: null })
    expect(rightness.all.onlyFirst + rightness.all.onlySecond).toBe(changed)
    expect(rightnessSentence).toMatch(
      /^Of all cases, lr_balanced alone is right in \d+, lr alone in \d+ \(p [=<] 0?\.?\d+/,
    )
    const plain = within.cases.map((one) => ({ ...one, slices: [] }))
    expect(without).toEqual({ ...within, slices: null, cases: plain })
    expect(await call('compare.changed', { first: lr, second: balanced, slices: true })).toBe(
      within,
    )
  })

  it('refuses a run against itself, and runs that are not there', async () => {
    const { call, run } = await deskWith()
    await run()
    const asked = { first: lr, second: lr, slices: true }
    await expect(call('compare.changed', asked)).rejects.toThrow(/there twice/)
    const nobody = { experimentId: 1, name: 'nobody' }
    await expect(call('compare.changed', { ...asked, second: nobody })).rejects.toThrow(/no run/)
    const unasked = { first: lr, second: balanced } as unknown as typeof asked
    await expect(call('compare.changed', unasked)).rejects.toThrow(/slices/)
  })
})

describe('runs that were judged otherwise', () => {
  const { frame, roles, seed } = smallOrder()
  const first: Experiment = {
    id: 1,
    name: 'first',
    datasetVersionId: 1,
    roles,
    frame: { ...frame, costs: frame.costs!, costsAssumed: false },
    plan: quickPlan(['lr']),
    planNotes: [],
    seed,
    folds: Int32Array.of(0, 1, 2, 0, 1, 2),
    foldsFrom: 'seed',
    state: 'done',
    createdAt: '2026-11-20T16:22:09.118Z',
  }
  const runOf = (experiment: Experiment, name = 'lr'): StoredRun => ({
    reference: { experimentId: experiment.id, name },
    experiment,
    untreated: true,
    known: null,
    folds: () => [],
  })
  const versionOf = (id: number): DatasetVersion => ({
    id,
    name: 'small',
    number: id,
    nRows: 6,
    // The third holds the same table as the first.
    fingerprint: id === 2 ? 'b' : 'a',
    sourceName: 'small.csv',
    options: {},
    summary: {},
    columns: [],
    createdAt: first.createdAt,
  })
  const refusal = (changes: Partial<Experiment>): string => {
    const second = { ...first, id: 2, name: 'second', ...changes }
    try {
      requireComparable([runOf(first), runOf(second)], versionOf)
    } catch (error) {
      return (error as Error).message
    }
    return 'compared'
  }
  const otherFrame = (changes: Partial<Experiment['frame']>): Partial<Experiment> => ({
    frame: { ...first.frame, ...changes },
  })

  it.each<[Partial<Experiment>, string]>([
    [{ seed: 2 }, 'on other folds (seed 2 instead of 7)'],
    [{ plan: { ...first.plan, folds: 4 } }, 'on other folds (4 instead of 3)'],
    [{ folds: Int32Array.of(0, 0, 1, 1, 2, 2) }, 'on other folds,'],
    [
      otherFrame({ prevalence: 0.05 }),
      'in another decision frame (prevalence 0.05 instead of none)',
    ],
    [
      otherFrame({ costs: { ...first.frame.costs, falseNegative: { column: 'amount' } } }),
      'in another decision frame (cost of a miss column amount instead of 10)',
    ],
    [
      otherFrame({ costsAssumed: true }),
      'in another decision frame (costs assumed instead of stated)',
    ],
    [
      otherFrame({ commitments: [{ measure: 'recall', atLeast: 0.9 }] }),
      'in another decision frame (commitment recall ≥ 0.9 instead of none)',
    ],
    [
      otherFrame({
        casesPerDay: first.frame.casesPerDay,
        minutesPerAlert: 6,
        reviewHoursPerDay: 8,
      }),
      'in another decision frame (minutes per alert 6 instead of none)',
    ],
    [
      { roles: { ...roles, ignore: ['customer'] } },
      'with other roles (ignore customer instead of customer, weight)',
    ],
    [
      { datasetVersionId: 2 },
      'on other data (small, version 2 instead of small, version 1), so the difference to "lr" means nothing. Run it again on small, version 1.',
    ],
  ])('are refused in words (%#)', (changes, words) => {
    expect(refusal(changes)).toContain(`"lr" of "second" was judged ${words}`)
  })

  it('are compared where only the inner folds, the name or the place differ', () => {
    expect(refusal({ datasetVersionId: 3, plan: { ...first.plan, innerFolds: 7 } })).toBe(
      'compared',
    )
    expect(refusal({ roles: { ...roles, ignore: [...roles.ignore].reverse() } })).toBe('compared')
  })

  it('are refused by the command, as is a run beside itself', async () => {
    const { call, run } = await deskWith()
    await run()
    const { experimentId } = await run({ seed: 2 })
    await expect(
      call('compare.runs', { runs: [lr, { experimentId, name: 'lr' }] }),
    ).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(/with seed 7\.$/) })
    await expect(call('compare.runs', { runs: [lr, lr] })).rejects.toMatchObject({
      message: expect.stringMatching(/twice/),
    })
  })
})
