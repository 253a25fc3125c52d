import { beforeEach, describe, expect, it } from 'vitest'
import { smallTable } from '../../../support/small-table.ts'
import { deskWith, importTable, open, projectWith, smallOrder } from './support.ts'
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
    expect(compared).toMatchObject({ champion: lr, folds: 3, draws: 1000, casesPerDay: 100 })
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
      commitment: { measure: 'recall' as const, atLeast: 0.95 },
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

describe('runs that were judged otherwise', () => {
  it('are refused in words', async () => {
    const project = projectWith(smallTable())
    const store = open(project.file)
    const other = importTable(store, smallTable(400, 2), 'small')
    store.close()
    const { call, run } = await deskWith(project)
    const { frame, roles } = smallOrder()
    await run()
    const refusal = async (changes: Parameters<typeof run>[0]): Promise<string> => {
      const { experimentId } = await run(changes)
      return call('compare.runs', { runs: [lr, { experimentId, name: 'lr' }] }).then(
        () => 'compared',
        (error: unknown) => (error as Error).message,
      )
    }
    expect(await refusal({ seed: 2 })).toMatch(
      /"lr" of "experiment-\w+" was judged on other folds \(seed 2 instead of 7\), so the difference to "lr" means nothing\. Run it again with seed 7\./,
    )
    expect(await refusal({ folds: 4 })).toMatch(/\(4 instead of 3\).*Run it again on 3 folds/)
    expect(await refusal({ frame: { ...frame, prevalence: 0.05 } })).toMatch(
      /prevalence 0\.05 instead of none/,
    )
    expect(await refusal({ roles: { ...roles, ignore: ['customer'] } })).toMatch(
      /ignore customer instead of customer, weight/,
    )
    expect(await refusal({ versionId: other })).toMatch(
      /on other data \(small, version 2 instead of small, version 1\)/,
    )
    await expect(call('compare.runs', { runs: [lr, lr] })).rejects.toMatchObject({
      message: expect.stringMatching(/twice/),
    })
  })
})
