/** Labels of a table of which a run judges a part only: the rest is locked away, or only trains. */
import { describe, expect, it } from 'vitest'
import type { ImpactRun } from '#shared/contract/labels.ts'
import type { ValidationChoice } from '#shared/core/plan/plan.ts'
import { hiddenRows, labelDesk, labelFrame, labelRoles, timedRoles } from './support.ts'
import type { LabelDesk, LabelRoles } from './support.ts'

const configurations = [
  {
    name: 'gbdt',
    model: {
      ...{ kind: 'gradient_boosting', iterations: 10, maxDepth: 3, learningRate: 0.2 },
      ...{ lambda: 1, minChildWeight: 1, bins: 64 },
    },
    sampling: { kind: 'none' },
    weighting: { kind: 'none' },
    calibration: { correction: false, calibrator: 'none' },
  },
]

async function runOn(
  desk: LabelDesk,
  validation: ValidationChoice,
  roles: LabelRoles = labelRoles,
): Promise<number> {
  const { jobId } = await desk.ask('run.start', {
    ...{ versionId: desk.versionId, roles, frame: labelFrame, seed: 1, validation },
    ...{ folds: 3, innerFolds: 2, configurations },
  })
  expect(await desk.ended(jobId)).toMatchObject({ state: 'done' })
  const { experiments } = (await desk.ask('project.state'))!
  return experiments.at(-1)!.experimentId
}

/** Judges every row labelled negative, brought up by chance; `left` is excluded. */
async function reviewAll(desk: LabelDesk, left: number | null = null): Promise<void> {
  const queueId = await desk.queue({ kind: 'control', size: 241 })
  const { items } = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
  for (const { position, row } of items) {
    const verdict = hiddenRows.includes(row) ? 'relabel' : row === left ? 'exclude' : 'keep'
    await desk.say({ queueId, position, verdict })
  }
}

/** Applies what was said and has the run done again: what it says before and after. */
async function impactOf(desk: LabelDesk, roles: LabelRoles): Promise<ImpactRun> {
  const applied = await desk.ask('labels.apply', { versionId: desk.versionId, roles })
  for (const job of applied.jobIds) {
    expect(await desk.ended(job)).toMatchObject({ state: 'done', reason: null })
  }
  const impact = await desk.ask('labels.impact', { versionId: applied.versionId })
  expect(impact).toMatchObject({ pending: false, runs: [{ name: 'gbdt' }] })
  const run = impact.runs[0]!
  // No row was brought up by a model, so leaving such rows out changes nothing.
  for (const { unreviewed, recall, precision, costPer1000 } of [run.rejudged!, run.after!]) {
    expect(unreviewed!.recall).toBeCloseTo(recall!, 12)
    expect(unreviewed!.precision).toBeCloseTo(precision!, 12)
    expect(unreviewed!.costPer1000).toBeCloseTo(costPer1000, 9)
  }
  return run
}

describe('what a run leaves out', { timeout: 240_000 }, () => {
  it('rows that are locked away are in no queue of it, and stay locked on corrected labels', async () => {
    const desk = await labelDesk()
    const { versionId } = desk
    const grid = await desk.ask('data.rows', { versionId, firstRow: 0, nRows: 241, columns: [5] })
    const labels = grid.columns[0]!.values as readonly string[]
    const experimentId = await runOn(desk, { scheme: 'stratified', finalTestShare: 0.3 })
    const run = { experimentId, name: 'gbdt' }
    const { results } = (await desk.ask('run.outcome', { experimentId }))!
    const { confusion } = results.configurations[0]!
    const { judged, notJudged } = results.experiment.proof
    expect(notJudged.map(({ rows }) => rows)).toEqual([81])

    const whole = { run, size: 241, controlShare: 0 }
    for (const [kind, label, count] of [
      ['false_negatives', 'yes', confusion.fn],
      ['false_positives', 'no', confusion.fp],
    ] as const) {
      const queueId = await desk.queue({ ...whole, kind })
      const { items } = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
      expect(items.map(({ row }) => labels[row])).toEqual(Array<string>(count).fill(label))
    }
    const hard = await desk.queue({ ...whole, kind: 'hard' })
    const { items } = await desk.ask('queue.view', { queueId: hard, reviewer: 'Ann' })
    expect(items).toHaveLength(judged.positives + judged.negatives)

    await reviewAll(desk, 9)
    const rates = (await desk.ask('labels.rates', { run }))!
    expect(rates.alarms.size).toBe(confusion.fp)
    expect(rates.quiet.size).toBe(confusion.tn)
    // Every row labelled negative was judged but the one that was excluded.
    const reviewed = rates.alarms.reviewed + rates.quiet.reviewed
    expect(reviewed).toBeGreaterThanOrEqual(judged.negatives - 1)
    const { before, rejudged } = await impactOf(desk, labelRoles)
    expect(rejudged!.precision!).toBeGreaterThan(before.precision!)
  })

  it('rows that only train count neither in rates nor in what corrections changed', async () => {
    const desk = await labelDesk({ roles: timedRoles })
    const experimentId = await runOn(desk, { scheme: 'time' }, timedRoles)
    const run = { experimentId, name: 'gbdt' }
    const { results } = (await desk.ask('run.outcome', { experimentId }))!
    const { confusion } = results.configurations[0]!
    const { judged } = results.experiment.proof
    expect(judged.positives + judged.negatives).toBeLessThan(241)

    const { jobId } = await desk.ask('queue.make', {
      ...{ versionId: desk.versionId, roles: timedRoles, frame: labelFrame, seed: 1, run },
      ...{ kind: 'hard', name: null, size: 20, controlShare: 0, actionability: 1, rows: null },
      ...{ secondsPerReview: 30, costPerReview: null },
    })
    expect((await desk.ended(jobId)).reason).toMatch(/in order of time/)

    await reviewAll(desk)
    const rates = (await desk.ask('labels.rates', { run }))!
    expect(rates.alarms.size).toBe(confusion.fp)
    expect(rates.quiet.size).toBe(confusion.tn)
    expect(rates.rates.recall.asGiven).toBeCloseTo(confusion.tp / judged.positives, 12)
    await impactOf(desk, timedRoles)
  })
})
