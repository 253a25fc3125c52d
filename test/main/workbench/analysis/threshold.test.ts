import { describe, expect, it } from 'vitest'
import type { ThresholdData } from '#shared/contract/decision.ts'
import { readCurve } from '#shared/core/decision/read-curve.ts'
import { quickPlan, smallTable } from '../../../support/small-table.ts'
import { deskWith, projectWith, smallOrder } from './support.ts'

const run = { experimentId: 1, name: 'lr' }

describe('threshold.data', () => {
  it('agrees with the results of the run', async () => {
    const { call, run: start } = await deskWith()
    const frame = {
      ...smallOrder().frame,
      prevalence: 0.03,
      casesPerDay: 200,
      capacity: 30,
      costs: {
        truePositive: 1,
        falsePositive: 1,
        trueNegative: 0,
        falseNegative: { column: 'amount' },
      },
    }
    await start({ frame })
    const { results } = (await call('run.outcome', { experimentId: 1 }))!
    const known = results.configurations.find(({ name }) => name === 'lr')!
    const data = await call('threshold.data', { run })
    expect(data).toMatchObject({
      run,
      untreated: true,
      positives: 40,
      negatives: 360,
      tuned: known.threshold.value,
      perFold: known.threshold.perFold,
      feasible: known.threshold.feasible,
      bayes: null,
      bayesReason: 'costs differ from row to row',
      casesPerDay: 200,
      capacity: 30,
      prevalenceInUse: 0.03,
      nested: {
        costPer1000: known.costPer1000,
        costPer1000Interval: known.costPer1000Interval,
        recall: known.operatingPoints.find(({ rule }) => rule === 'tuned')!.recall,
      },
    })
    // At 0.5 the curve gives what the operating point says.
    const half = known.operatingPoints.find(({ rule }) => rule === 'half')!
    const read = readCurve(data.curve, 0.5)
    expect([read.caught, read.alarms]).toEqual([half.confusion.tp, half.confusion.fp])
    expect(read.costPer1000).toBeCloseTo(half.costPer1000, 8)
    expect(read.precision ?? 0).toBeCloseTo(half.precision ?? 0, 12)
    // The tuned threshold is the cheapest within the capacity, on the data it was chosen on.
    const tuned = readCurve(data.curve, data.tuned)
    const total = data.curve.weightOfPositives + data.curve.weightOfNegatives
    data.curve.totalCost.forEach((cost, i) => {
      const alerts = data.curve.tp[i]! + data.curve.fp[i]!
      if (alerts / total <= 30 / 200) expect(cost).toBeGreaterThanOrEqual(tuned.totalCost - 1e-9)
    })
  })

  it('can be sent to a page: nothing lies in shared memory', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const data = await call('threshold.data', { run })
    const { curve, histogram, foldSpread } = data
    for (const values of [...Object.values({ ...curve, ...histogram, ...foldSpread })]) {
      if (values instanceof Float64Array) expect(values.buffer).toBeInstanceOf(ArrayBuffer)
    }
    expect(await call('threshold.data', { run })).toBe(data) // computed once
  })

  it('is there for a run whose experiment has not been evaluated', async () => {
    const { call, ended, run: start } = await deskWith()
    const slow = quickPlan(['gbdt']).configurations.map((one) => ({
      ...one,
      model: { ...one.model, iterations: 3000, maxDepth: 8 },
    })) as ReturnType<typeof smallOrder>['configurations']
    const order = smallOrder({
      configurations: [...slow, ...(quickPlan(['lr']).configurations as typeof slow)],
    })
    const { jobId, experimentId } = await call('run.start', order)
    for (;;) {
      const { experiments } = (await call('project.state', {}))!
      if (experiments[0]!.runs.some(({ name, foldsDone }) => name === 'lr' && foldsDone === 3))
        break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await expect(
      call('threshold.data', { run: { experimentId, name: 'gbdt' } }),
    ).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(/of 3 folds/) })
    const early = await call('threshold.data', { run: { experimentId, name: 'lr' } })
    await call('job.cancel', { jobId })
    await ended(jobId)
    // The same run beside another, evaluated.
    const { experimentId: whole } = await start({
      configurations: quickPlan(['lr']).configurations,
    })
    const late = await call('threshold.data', { run: { experimentId: whole, name: 'lr' } })
    const comparable = ({ run: _, tunedRule: __, ...data }: ThresholdData): unknown => data
    expect(comparable(early)).toEqual(comparable(late))
  })

  it('draws a table on which nothing can be told apart', async () => {
    const table = smallTable()
    const blind = {
      ...table,
      columns: table.columns.map((column) =>
        column.kind === 'numeric' && column.name !== 'amount'
          ? { ...column, values: new Float64Array(table.nRows).fill(1) }
          : column,
      ),
    }
    const roles = { ...smallOrder().roles, ignore: ['amount', 'country'] }
    const { call, run: start } = await deskWith(projectWith(blind))
    await start({ roles })
    const { curve, histogram, foldSpread } = await call('threshold.data', { run })
    expect(curve.thresholds.length).toBeLessThanOrEqual(4) // nothing, and one score for each fold
    expect(histogram.positives.reduce((sum, n) => sum + n, 0)).toBe(40)
    expect([...foldSpread.low, ...foldSpread.high].every(Number.isFinite)).toBe(true)
  })

  it('says which runs there are', async () => {
    const { call, run: start } = await deskWith()
    await start()
    await expect(
      call('threshold.data', { run: { experimentId: 1, name: 'constructor' } }),
    ).rejects.toMatchObject({
      code: 'experiment_not_found',
      message: expect.stringMatching(/It has: lr, lr_balanced/),
    })
    await expect(
      call('threshold.data', { run: { experimentId: 9, name: 'lr' } }),
    ).rejects.toMatchObject({ code: 'experiment_not_found' })
  })
})

describe('threshold.benefit', () => {
  it('is the decision curve that the results hold, beside that of the reference', async () => {
    const { call, run: start } = await deskWith()
    await start()
    const { results } = (await call('run.outcome', { experimentId: 1 }))!
    const { reference } = results.comparison
    const told = results.costUncertainty!
    const ownOf = (name: string) => call('threshold.benefit', { run: { experimentId: 1, name } })
    const { own } = await ownOf(told.name)
    expect(own).toEqual(told.decisionCurves![0])
    expect((await ownOf(reference)).reference).toBeNull()
    const treated = results.configurations.find(({ untreated }) => !untreated)!
    const beside = await ownOf(treated.name)
    expect([beside.own!.name, beside.reference!.name]).toEqual([treated.name, reference])
    expect(beside.own!.points.map((point) => point.thresholdProbability)).toEqual(
      beside.reference!.points.map((point) => point.thresholdProbability),
    )
    await expect(ownOf('nobody')).rejects.toMatchObject({ code: 'experiment_not_found' })
  })
})

it('threshold.keep keeps the point with its reason', async () => {
  const { call, run: start } = await deskWith()
  await start()
  await expect(call('threshold.keep', { run, threshold: 0.2, reason: ' ' })).rejects.toMatchObject({
    code: 'bad_input',
  })
  const { kept } = await call('threshold.keep', { run, threshold: 0.2, reason: 'Two more staff.' })
  expect(kept).toMatchObject([{ run, threshold: 0.2, reason: 'Two more staff.' }])
})
