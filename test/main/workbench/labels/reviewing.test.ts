import { describe, expect, it } from 'vitest'
import { openDesk, scratchFolder } from '../desk-support.ts'
import { hiddenRows, labelDesk, labelFrame, labelRoles, newKey } from './support.ts'

describe('labels at the desk', { timeout: 120_000 }, () => {
  it('scans, makes a queue, and finds what was hidden', async () => {
    const desk = await labelDesk()
    const { scan } = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(scan).toMatchObject({ seed: 1, repeats: 1, outdated: false, audit: null })
    expect(scan!.estimates.hiddenPositives.map(({ method }) => method)).toEqual([
      'Confident learning',
      'Positive-unlabelled learning',
    ])

    const queueId = await desk.queue()
    const view = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    expect(view.items).toHaveLength(30)
    expect(view.queue.controlShare).toBeCloseTo(0.2, 9)
    expect(view.names).toEqual({ positive: 'fraud', negative: 'legitimate' })
    expect(view.currency).toBe('€')
    const rows = view.items.map(({ row }) => row)
    for (const row of hiddenRows) expect(rows).toContain(row)
    // Nothing that a page gets tells a control row from another.
    expect(Object.keys(view.items[0]!).toSorted()).toEqual(
      ['given', 'mine', 'position', 'row', 'stake', 'state'].toSorted(),
    )
  })

  it('shows on a card what speaks for and against the label', async () => {
    const desk = await labelDesk()
    const queueId = await desk.queue()
    const view = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    const { position } = view.items.find(({ row }) => row === hiddenRows[0])!
    const [card] = await desk.ask('queue.cards', {
      queueId,
      positions: [position],
      reviewer: 'Ann',
    })
    expect(card).toMatchObject({ row: hiddenRows[0], given: 0 })
    expect(card!.title.map(({ label }) => label)).toEqual(['id', 'amount'])
    expect(view.columns.map(({ name }) => name)).toEqual(['amount', 'speed', 'distance', 'country'])
    const { evidence } = card!
    expect(evidence.values).toHaveLength(4)
    expect(evidence.contributions).toHaveLength(4)
    expect(evidence.repeats).toHaveLength(1)
    expect(evidence.shares[3]!.negatives).toBeGreaterThan(0)
    expect(evidence.similarPositives).toHaveLength(3)
    expect(evidence.similarNegatives).toHaveLength(3)
    expect(evidence.neighbors!.k).toBe(10)
    expect(evidence.neighbors!.others).toBeGreaterThan(0)
    expect(evidence.reasons.join(' ')).toMatch(/fraud/)
    // Its values are those of the row in the grid.
    const grid = await desk.ask('data.rows', {
      ...{ versionId: desk.versionId, firstRow: card!.row, nRows: 1, columns: [2] },
    })
    expect(evidence.values[1]).toBe((grid.columns[0]!.values as Float64Array)[0])
  })

  it('keeps every verdict once, in order, through undo, redo and asking twice', async () => {
    const desk = await labelDesk()
    const queueId = await desk.queue()
    const key = newKey()
    const first = await desk.say({ queueId, position: 0, verdict: 'relabel', key })
    expect(first).toMatchObject({ recorded: true, item: { mine: 'relabel', state: 'decided' } })
    expect(first.footer).toMatchObject({ done: 1, wrongLabels: 1, redoRow: null })
    const again = await desk.say({ queueId, position: 0, verdict: 'relabel', key })
    expect(again).toMatchObject({ recorded: false, footer: { done: 1 } })
    await desk.say({ queueId, position: 1, verdict: 'keep' })
    const undone = await desk.ask('review.undo', { queueId, key: newKey(), reviewer: 'Ann' })
    expect(undone).toMatchObject({ item: { position: 1, mine: null }, footer: { done: 1 } })
    const redone = await desk.ask('review.redo', { queueId, key: newKey(), reviewer: 'Ann' })
    expect(redone).toMatchObject({ item: { position: 1, mine: 'keep' }, footer: { done: 2 } })
    for (let i = 0; i < 2; i++) {
      await desk.ask('review.undo', { queueId, key: newKey(), reviewer: 'Ann' })
    }
    const { code, message } = await desk.refusal('review.undo', {
      ...{ queueId, key: newKey(), reviewer: 'Ann' },
    })
    expect([code, message]).toEqual(['bad_input', 'There is no verdict of Ann here to take back.'])
    const log = await desk.ask('review.log', { versionId: desk.versionId })
    const kinds = log.rows.map((row) => [row[0], row[2]])
    expect(kinds).toEqual([
      [1, 'verdict'],
      [2, 'verdict'],
      [3, 'undo'],
      [4, 'redo'],
      [5, 'undo'],
      [6, 'undo'],
    ])
    const { chain } = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(chain).toMatchObject({ events: 6, brokenAt: null })
    expect(log.rows.at(-1)!.at(-1)).toBe(chain.hash)
  })

  it('is there again after the project was closed', async () => {
    const folder = scratchFolder()
    const desk = await labelDesk({ desk: await openDesk(folder) })
    const queueId = await desk.queue()
    await desk.say({
      queueId,
      position: 3,
      verdict: 'exclude',
      note: 'test "entry"',
      reason: 'Test',
    })
    const before = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    await desk.desk.close()
    const next = await openDesk(folder)
    const [recent] = await next.ask('recent.list')
    await next.ask('project.reopen', { recentId: recent!.recentId })
    expect(await next.ask('queue.view', { queueId, reviewer: 'Ann' })).toEqual(before)
    expect(before.reasons).toEqual(['Test'])
    expect(before.items[3]).toMatchObject({ mine: 'exclude', state: 'decided' })
  })

  it('notes a clock that runs backwards, and goes on', async () => {
    let time = Date.parse('2026-11-20T10:00:00Z')
    const desk = await labelDesk({
      desk: await openDesk(undefined, { clock: () => new Date(time) }),
    })
    const queueId = await desk.queue()
    await desk.say({ queueId, position: 0, verdict: 'keep' })
    time -= 90_000
    await desk.say({ queueId, position: 1, verdict: 'keep' })
    const { header, rows } = await desk.ask('review.log', { versionId: desk.versionId })
    const at = header.indexOf('clock_behind_seconds')
    expect(rows.map((row) => row[at])).toEqual([null, 90])
  })

  it('decides rows that are the very same together, and takes them back together', async () => {
    const desk = await labelDesk()
    // The id differs and is no feature.
    const queueId = await desk.queue({ kind: 'rows', rows: [10, 240], controlShare: 0 })
    const [card] = await desk.ask('queue.cards', { queueId, positions: [0], reviewer: 'Ann' })
    expect(card!.evidence.same).toEqual({ withThisLabel: [240], withTheOther: [], more: 0 })
    await desk.say({ queueId, position: 0, verdict: 'relabel', alsoSame: true })
    const view = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    expect(view.items.map(({ mine }) => mine)).toEqual(['relabel', 'relabel'])
    expect(view.footer.done).toBe(2)
    await desk.ask('review.undo', { queueId, key: newKey(), reviewer: 'Ann' })
    const after = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    expect(after.items.map(({ mine }) => mine)).toEqual([null, null])
  })

  it('has a second look that knows nothing of the first, and says how far both agree', async () => {
    const desk = await labelDesk()
    const queueId = await desk.queue({ size: 10, controlShare: 0 })
    for (let position = 0; position < 10; position++) {
      await desk.say({ queueId, position, verdict: position < 5 ? 'relabel' : 'keep' })
    }
    const second = await desk.ask('queue.second', { queueId, share: 1, seed: 3 })
    const { message } = await desk
      .say({ queueId: second.queueId, position: 0, verdict: 'keep' })
      .then(
        () => ({ message: 'accepted' }),
        (error: unknown) => error as Error,
      )
    expect(message).toMatch(/Ann has judged row \d+ before/)
    const blind = await desk.ask('queue.view', { queueId: second.queueId, reviewer: 'Bob' })
    expect(blind.items.every(({ mine, state }) => mine === null && state === null)).toBe(true)
    expect(blind.queue.states).toMatchObject({ open: 10, decided: 0 })
    const firstSaid = new Map(
      (await desk.ask('queue.view', { queueId, reviewer: 'Ann' })).items.map(({ row, mine }) => [
        row,
        mine!,
      ]),
    )
    const contradicted = blind.items[0]!.row
    for (const { position, row } of blind.items) {
      const first = firstSaid.get(row)!
      const verdict = row === contradicted ? (first === 'keep' ? 'relabel' : 'keep') : first
      await desk.say({ queueId: second.queueId, position, verdict, reviewer: 'Bob' })
    }
    const state = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(state.agreement).toMatchObject({ pairs: 10, observed: 0.9 })
    expect(state.agreement.kappa).toBeCloseTo(0.8, 1)
    expect(state.conflicts.map(({ row }) => row)).toEqual([contradicted])
    const [conflict] = state.conflicts
    await desk.say({
      ...{ queueId: conflict!.queueId, position: conflict!.position },
      ...{ kind: 'adjudication', verdict: 'relabel', reviewer: 'Cem' },
    })
    const settled = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(settled.conflicts).toEqual([])
    expect(settled.decided.adjudicate).toBe(0)
  })

  it('estimates hidden positives from what was drawn at random', async () => {
    const desk = await labelDesk()
    const queueId = await desk.queue({ kind: 'control', size: 60 })
    const { items } = await desk.ask('queue.view', { queueId, reviewer: 'Ann' })
    const truth = new Set(hiddenRows)
    for (const { position, row } of items) {
      await desk.say({ queueId, position, verdict: truth.has(row) ? 'relabel' : 'keep' })
    }
    const { control } = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(control).toMatchObject({
      reviewed: 60,
      found: items.filter(({ row }) => truth.has(row)).length,
    })
    const { interval } = control!.hidden
    // 6 of the 214 that are labelled no.
    expect(interval!.lower).toBeLessThanOrEqual(6 / 214)
    expect(interval!.upper).toBeGreaterThanOrEqual(6 / 214)
  })

  it('makes queues of what a run decided', async () => {
    const desk = await labelDesk()
    const lr = {
      ...{ name: 'lr', model: { kind: 'logistic_regression', c: 1 }, sampling: { kind: 'none' } },
      ...{ weighting: { kind: 'none' }, calibration: { correction: false, calibrator: 'none' } },
    }
    const { jobId, experimentId } = await desk.ask('run.start', {
      ...{ versionId: desk.versionId, roles: labelRoles, frame: labelFrame, seed: 1 },
      ...{ folds: 3, innerFolds: 2, configurations: [lr] },
    })
    expect((await desk.ended(jobId)).state).toBe('done')
    const run = { experimentId, name: 'lr' }
    const near = await desk.queue({ kind: 'threshold', run, size: 5, controlShare: 0 })
    expect((await desk.ask('queue.view', { queueId: near, reviewer: 'Ann' })).items).toHaveLength(5)
    const alarms = await desk.queue({ kind: 'false_positives', run, size: 50, controlShare: 0 })
    const { items } = await desk.ask('queue.view', { queueId: alarms, reviewer: 'Ann' })
    expect(items.every(({ given }) => given === 0)).toBe(true)
    expect(items.map(({ row }) => row)).toEqual(expect.arrayContaining(hiddenRows.slice(0, 3)))
    await expect(desk.queue({ kind: 'threshold', size: 5 })).rejects.toThrow(/Say which run/)
  })

  it('refuses in words', async () => {
    const desk = await labelDesk({ scan: false })
    await expect(desk.queue()).rejects.toThrow(/Scan the labels first/)
    const { message } = await desk.refusal('queue.view', { queueId: 77, reviewer: 'Ann' })
    expect(message).toBe('The project has no queue 77.')
  })

  it('stops a scan in time, and keeps nothing of it', async () => {
    const desk = await labelDesk({ scan: false })
    const { jobId } = await desk.ask('labels.scan', {
      ...{ versionId: desk.versionId, roles: labelRoles, frame: labelFrame, seed: 1 },
      ...{ repeats: 10, audit: true },
    })
    await desk.ask('job.cancel', { jobId })
    expect((await desk.ended(jobId)).state).toBe('cancelled')
    expect((await desk.ask('labels.state', { versionId: desk.versionId })).scan).toBe(null)
  })

  it('audits the scan on labels that it turns round', async () => {
    const desk = await labelDesk({ scan: false })
    const { jobId } = await desk.ask('labels.scan', {
      ...{ versionId: desk.versionId, roles: labelRoles, frame: labelFrame, seed: 1 },
      ...{ repeats: 1, audit: true },
    })
    expect((await desk.ended(jobId)).state).toBe('done')
    const { scan } = await desk.ask('labels.state', { versionId: desk.versionId })
    expect(scan!.audit!.planted).toBe(5)
    expect(scan!.audit!.signals.map(({ signal }) => signal)).toContain('combined')
  })
})
