import { describe, expect, it } from 'vitest'
import { hiddenRows, labelDesk, labelFrame, labelRoles } from './support.ts'
import type { LabelDesk } from './support.ts'

const configurations = ['lr', 'gbdt'].map((name) => ({
  name,
  model:
    name === 'lr'
      ? { kind: 'logistic_regression', c: 1 }
      : {
          ...{ kind: 'gradient_boosting', iterations: 15, maxDepth: 3, learningRate: 0.2 },
          ...{ lambda: 1, minChildWeight: 1, bins: 64 },
        },
  sampling: { kind: 'none' },
  weighting: { kind: 'none' },
  calibration: { correction: false, calibrator: 'none' },
}))

/** A treatment: guardrails ask for a scan of the labels, and the corrected version has none. */
const weighted = {
  ...configurations[0]!,
  name: 'lr_balanced',
  weighting: { kind: 'balanced' as const },
  calibration: { correction: true, calibrator: 'sigmoid' as const },
}

async function reviewed(desk: LabelDesk): Promise<number> {
  const queueId = await desk.queue({ size: 60, controlShare: 0.3 })
  const { items } = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
  const truth = new Set(hiddenRows)
  let excluded = 0
  for (const { position, row, given } of items) {
    const verdict = truth.has(row)
      ? 'relabel'
      : given === 0 && excluded < 2 && position > 20
        ? 'exclude'
        : 'keep'
    if (verdict === 'exclude') excluded++
    await desk.say({ queueId, position, verdict })
  }
  return queueId
}

describe('corrections', { timeout: 180_000 }, () => {
  it('make a version, run again what was run, and say what changed', async () => {
    const desk = await labelDesk()
    const { versionId } = desk
    const { jobId } = await desk.ask('run.start', {
      ...{ versionId, roles: labelRoles, frame: labelFrame, seed: 1 },
      ...{ folds: 3, innerFolds: 2, configurations: [...configurations, weighted] },
    })
    expect((await desk.ended(jobId)).state).toBe('done')
    await reviewed(desk)
    // Random rows beyond those of the queue, so that some lie among the false alarms.
    const control = await desk.queue({ kind: 'control', size: 150 })
    const drawn = await desk.ask('queue.view', { queueId: control, reviewer: 'Ann' })
    for (const { position, row, state } of drawn.items) {
      const verdict = hiddenRows.includes(row) ? 'relabel' : 'keep'
      if (state === null) await desk.say({ queueId: control, position, verdict })
    }
    const { experiments } = (await desk.ask('project.state'))!
    const run = { experimentId: experiments[0]!.experimentId, name: 'lr' }
    const rates = (await desk.ask('labels.rates', { run }))!
    expect(rates.alarms.size + rates.quiet.size).toBe(214)
    expect(rates.alarms.reviewed + rates.quiet.reviewed).toBeGreaterThanOrEqual(140)
    const { precision, recall } = rates.rates
    expect(precision.lower!).toBeGreaterThanOrEqual(precision.asGiven! - 1e-12)
    expect(precision.upper!).toBeGreaterThan(precision.asGiven!)
    expect(precision.upper!).toBeLessThanOrEqual(1)
    expect(recall.lower!).toBeLessThanOrEqual(recall.upper!)
    const applied = await desk.ask('labels.apply', { versionId, roles: labelRoles })
    for (const job of applied.jobIds) expect((await desk.ended(job)).state).toBe('done')

    const project = await desk.ask('project.state')
    const version = project!.datasets.find((one) => one.versionId === applied.versionId)!
    expect(version).toMatchObject({ number: 2, nRows: 239 })
    // The corrected labels are those that a run reads, and rows are where they should be.
    const grid = await desk.ask('data.rows', {
      ...{ versionId: applied.versionId, firstRow: 0, nRows: 239, columns: [0, 5] },
    })
    const [ids, labels] = grid.columns.map(({ values }) => values as readonly string[])
    const found = hiddenRows.filter((row) => labels![ids!.indexOf(`c${row}`)] === 'yes')
    expect(found).toEqual(hiddenRows)

    const impact = await desk.ask('labels.impact', { versionId: applied.versionId })
    expect(impact).toMatchObject({
      ...{ relabelledToPositive: 6, relabelledToNegative: 0, pending: false, currency: '€' },
      version: { relabelled: 6, excluded: 2, baseVersionId: versionId },
    })
    expect(impact.reviewedByModel).toBeGreaterThan(0)
    expect(impact.reviewedAtRandom).toBeGreaterThanOrEqual(150)
    expect(impact.runs.map(({ name }) => name)).toEqual(['lr', 'gbdt', 'lr_balanced'])
    for (const { before, rejudged, after } of impact.runs) {
      // Caught frauds that nobody had labelled were false alarms before.
      expect(rejudged!.precision!).toBeGreaterThan(before.precision!)
      expect(after!.unreviewed).not.toBe(null)
      expect(after!.interval).not.toBe(null)
    }
    expect(impact.conclusions[0]).toMatch(/cheapest run/)
    expect(impact.conclusions[1]).toMatch(
      /^Models chose \d+ of the reviewed rows\. Without them (lr|gbdt|lr_balanced) costs €\S+ instead of €\S+ per 1,000 cases/,
    )
    expect(impact.conclusions.join(' ')).toMatch(/for every run alike/)

    const base = await desk.ask('labels.state', { versionId })
    expect(base.corrected.map(({ number }) => number)).toEqual([2])
    const made = await desk.ask('labels.state', { versionId: applied.versionId })
    expect(made.madeBy).toMatchObject({ baseVersionId: versionId })

    const twice = await desk.refusal('labels.apply', { versionId, roles: labelRoles })
    expect(twice.message).toMatch(/applied before: version 2/)
  })

  it('leave out what is open, unsure or contradicted, and refuse to change nothing', async () => {
    const desk = await labelDesk()
    const { versionId } = desk
    const queueId = await desk.queue({ size: 10, controlShare: 0 })
    const nothing = await desk.refusal('labels.apply', { versionId, roles: labelRoles })
    expect(nothing.message).toMatch(/No row was relabelled or excluded yet/)
    await desk.say({ queueId, position: 0, verdict: 'unsure' })
    await desk.say({ queueId, position: 1, verdict: 'relabel' })
    await desk.say({ queueId, position: 1, verdict: 'keep', reviewer: 'Bob' })
    const open = await desk.refusal('labels.apply', { versionId, roles: labelRoles })
    expect(open.message).toMatch(/settled before they count/)
    await desk.say({ queueId, position: 2, verdict: 'relabel' })
    const applied = await desk.ask('labels.apply', { versionId, roles: labelRoles })
    expect(applied.jobIds).toEqual([])
    const impact = await desk.ask('labels.impact', { versionId: applied.versionId })
    expect(impact).toMatchObject({ runs: [], pending: true, version: { relabelled: 1 } })
    const { message } = await desk.refusal('labels.impact', { versionId })
    expect(message).toMatch(/^This version was not made by reviews/)
  })
})
