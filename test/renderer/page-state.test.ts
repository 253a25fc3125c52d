import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Draft, Job, ProjectState } from '#shared/contract/work.ts'
import { frameSummary } from '../../src-renderer/format/frame-summary.ts'
import { parseNumber } from '../../src-renderer/format/parse-number.ts'
import { moneyPer } from '../../src-renderer/format/units.ts'
import { noEdits, recordEdit, redoEdit, undoEdit } from '../../src-renderer/state/edit-history.ts'
import type { EditHistory } from '../../src-renderer/state/edit-history.ts'
import { findByLabel } from '../../src-renderer/state/find-commands.ts'
import { inOrder, withJob } from '../../src-renderer/state/job-list.ts'
import { stepsOf } from '../../src-renderer/state/project-steps.ts'
import { formatHash, parseHash, viewIds } from '../../src-renderer/state/route-hash.ts'
import { createSaveQueue } from '../../src-renderer/state/save-queue.ts'

describe('undo and redo', () => {
  /** A text, and the edits that made it. */
  interface Edited {
    readonly text: string
    readonly history: EditHistory<string>
  }
  const edit = ({ text, history }: Edited, after: string, mergeKey: string | null): Edited => ({
    text: after,
    history: recordEdit(history, { label: `to ${after}`, before: text, after, mergeKey }),
  })
  const undo = ({ text, history }: Edited): Edited => ({
    text: history.done.at(-1)?.before ?? text,
    history: undoEdit(history),
  })
  const redo = ({ text, history }: Edited): Edited => ({
    text: history.undone.at(-1)?.after ?? text,
    history: redoEdit(history),
  })
  const start: Edited = { text: '', history: noEdits }

  it('goes back to the start and forth to the end, whatever was edited', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), (texts) => {
        const edited = texts.reduce((state, text) => edit(state, text, null), start)
        let state = edited
        for (let i = 0; i < texts.length; i++) state = undo(state)
        expect(state.text).toBe('')
        expect(undo(state)).toEqual(state)
        for (let i = 0; i < texts.length; i++) state = redo(state)
        expect(state).toEqual(edited)
        expect(redo(state)).toEqual(state)
      }),
    )
  })

  it('forgets what was undone once something else is edited', () => {
    const state = edit(undo(edit(edit(start, 'a', null), 'b', null)), 'c', null)
    expect(state.history.undone).toEqual([])
    expect(undo(state).text).toBe('a')
  })

  it('undoes what was typed in one go at once', () => {
    const typed = ['n', 'no', 'not'].reduce((state, text) => edit(state, text, 'notes'), start)
    expect(undo(typed).text).toBe('')
    const after = edit(edit(typed, 'other', null), 'note', 'notes')
    expect(undo(after).text).toBe('other')
  })
})

describe('the save queue', () => {
  it('saves one after the other and leaves out what is outdated', async () => {
    const stored: [string, string | null][] = []
    let release: () => void = () => undefined
    const queue = createSaveQueue<string>(
      async (value, reason) => {
        stored.push([value, reason])
        if (value === 'a') await new Promise<void>((resolve) => (release = resolve))
      },
      () => expect.unreachable(),
    )
    const saves = [
      queue.save('a', null),
      queue.save('b', null),
      queue.save('c', 'because'),
      queue.save('d', null),
      queue.save('e', null),
    ]
    expect(queue.busy).toBe(true)
    release()
    expect(await Promise.all(saves)).toEqual([true, true, true, true, true])
    // What has a reason takes the place of what waits without one, and is never left out itself.
    expect(stored).toEqual([
      ['a', null],
      ['c', 'because'],
      ['e', null],
    ])
    expect(queue.busy).toBe(false)
  })

  it('hands over at once what waits, when the page is left', async () => {
    const stored: string[] = []
    let release: () => void = () => undefined
    const queue = createSaveQueue<string>(
      async (value) => {
        stored.push(value)
        if (value === 'a') await new Promise<void>((resolve) => (release = resolve))
      },
      () => expect.unreachable(),
    )
    const saves = [queue.save('a', null), queue.save('b', 'because'), queue.save('c', null)]
    queue.flush()
    expect(stored).toEqual(['a', 'b', 'c'])
    release()
    expect(await Promise.all(saves)).toEqual([true, true, true])
    expect(stored).toEqual(['a', 'b', 'c'])
  })

  it('gives up what waits behind a failure, tells of it once, and works on', async () => {
    const told: unknown[] = []
    const queue = createSaveQueue<string>(
      (value) => (value === 'a' ? Promise.reject(new Error('full')) : Promise.resolve()),
      (error) => told.push(error),
    )
    expect(await Promise.all([queue.save('a', null), queue.save('b', null)])).toEqual([
      false,
      false,
    ])
    expect(told).toHaveLength(1)
    expect(await queue.save('c', null)).toBe(true)
  })
})

describe('the address of a view', () => {
  it('comes back as it was', () => {
    const params = fc.dictionary(
      fc.string({ minLength: 1 }).filter((text) => text !== '__proto__' && text.isWellFormed()),
      fc.string().filter((text) => text.isWellFormed()),
    )
    fc.assert(
      fc.property(fc.constantFrom(...viewIds), params, (view, parameters) => {
        const address = { view, params: { ...parameters } }
        expect(parseHash(formatHash(address))).toEqual(address)
      }),
    )
  })

  it.each(['', '#', '#/nonsense', '#token=abc', '#/constructor'])('is the start for %j', (hash) => {
    expect(parseHash(hash)).toEqual({ view: 'start', params: {} })
  })
})

it.each([
  ['', null],
  ['  ', null],
  ['12', 12],
  ['1,250.5', 1250.5],
  ['1 250', 1250],
  ['1\u202f250', 1250],
  ['−3', -3],
  ['.5', 0.5],
  ['5.', 5],
  ['1e-3', 0.001],
  ['1,5', NaN],
  ['1.234,50', NaN],
  ['0x10', NaN],
  ['12 €', NaN],
  ['Infinity', NaN],
  ['1e999', NaN],
])('reads the typed number %j as %j', (text, value) => {
  expect(parseNumber(text)).toBe(value)
})

it('states money a month where cases per day are known', () => {
  expect(moneyPer(null)).toEqual({ factor: 1, unit: 'per 1,000 cases' })
  // 2,706 cases a day are 81.18 thousand in 30 days.
  expect(moneyPer(2706).factor).toBeCloseTo(81.18)
})

const frame: NonNullable<Draft['frame']> = {
  costs: { truePositive: 6, falsePositive: 6, trueNegative: 0, falseNegative: 400 },
  casesPerDay: 1000,
  capacity: 120,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: '€',
}
const lineOf = (draft: typeof frame, prevalence: number | null): string =>
  frameSummary(draft, prevalence)
    .map(({ label, value, after }) => `${label} ${value}${after}`.trim())
    .join(' | ')

it('says the frame in a line', () => {
  expect(lineOf(frame, null)).toBe('Miss €400 | False alarm €6 | ≤ 120 a day')
  expect(lineOf({ ...frame, costs: null, capacity: null }, 1 / 11)).toBe(
    'Costs not stated: FN : FP = 10 : 1 assumed',
  )
  const costs = { ...frame.costs!, falseNegative: { column: 'Amount' } }
  const commitments = [
    { measure: 'recall', atLeast: 0.8 },
    { measure: 'precision', atLeast: 0.5 },
  ] as const
  expect(lineOf({ ...frame, costs, commitments }, null)).toBe(
    'Miss Amount | False alarm €6 | ≤ 120 a day | recall ≥ 80\u202f% | precision ≥ 50\u202f%',
  )
  const review = { minutesPerAlert: 6, reviewHoursPerDay: 8 }
  expect(lineOf({ ...frame, ...review }, null)).toBe('Miss €400 | False alarm €6 | ≤ 80 a day, 8 h')
  expect(lineOf({ ...frame, ...review, capacity: 60 }, null)).toBe(
    'Miss €400 | False alarm €6 | ≤ 60 a day',
  )
})

const draft: Draft = {
  roles: null,
  classNames: { positive: 'fraud', negative: 'legitimate' },
  frame: null,
  frameLocked: false,
  seed: 1,
  folds: 5,
  innerFolds: 4,
  configurations: [],
  compared: [],
  notes: '',
}
const empty: ProjectState = {
  ...{ name: 'p', datasets: [], versionId: null, draft: null, experiments: [], kept: [] },
  labels: { scanned: false, decided: 0, total: 0 },
  restored: null,
}
const job: Job = {
  ...{ jobId: 'a', kind: 'import', title: 'x.csv', state: 'running', fraction: 0, detail: '' },
  ...{ secondsLeft: null, startedAt: '2026-11-20T10:00:00Z', endedAt: null, reason: null },
  ...{ versionId: null, experimentId: null },
}

describe('the steps of a project', () => {
  it('are untouched in an empty project', () => {
    for (const step of Object.values(stepsOf(empty, []))) {
      expect(step).toEqual({ state: 'todo', text: '' })
    }
    expect(stepsOf(empty, [job]).data).toEqual({ state: 'progress', text: 'importing' })
  })

  it('follow what is drafted and done', () => {
    const project: ProjectState = {
      ...empty,
      versionId: 7,
      datasets: [
        {
          ...{ versionId: 7, name: 'n', number: 3, nRows: 10, sourceName: 's.csv' },
          ...{ fingerprint: '', createdAt: '', columns: [] },
        },
      ],
      draft: { ...draft, frame: { ...frame, costs: null } },
    }
    const steps = stepsOf(project, [])
    expect(steps.data).toEqual({ state: 'progress', text: 'v3' })
    expect(steps.frame).toEqual({ state: 'progress', text: 'costs open' })
    const locked = { ...project, draft: { ...draft, frame, frameLocked: true } }
    expect(stepsOf(locked, []).frame).toEqual({ state: 'passed', text: 'locked' })
    expect(stepsOf(project, [{ ...job, kind: 'run' }]).runs.text).toBe('running')
    const labelled = (labels: ProjectState['labels']): unknown =>
      stepsOf({ ...project, labels }, []).labels
    const scanned = { scanned: true, decided: 0, total: 0 }
    expect(labelled(scanned)).toEqual({ state: 'progress', text: 'scanned' })
    expect(labelled({ ...scanned, decided: 31, total: 79 })).toEqual({
      state: 'progress',
      text: '31 / 79',
    })
    expect(labelled({ ...scanned, decided: 79, total: 79 })).toMatchObject({ state: 'passed' })
    const kept = [
      {
        ...{ keptId: 1, run: { experimentId: 1, name: 'lr' }, threshold: 0.158 },
        ...{ reason: 'r', createdAt: '' },
      },
    ]
    expect(stepsOf({ ...project, kept }, []).threshold).toEqual({ state: 'passed', text: '0.158' })
  })
})

it('lists what runs before what waits, and the newest end first', () => {
  const ended = (jobId: string, endedAt: string): Job => ({ ...job, jobId, state: 'done', endedAt })
  const jobs = [
    ended('old', '2026-11-20T11:00:00Z'),
    { ...job, jobId: 'waits', state: 'queued' as const },
    ended('new', '2026-11-20T12:00:00Z'),
    { ...job, jobId: 'runs' },
  ]
  expect(inOrder(jobs).map(({ jobId }) => jobId)).toEqual(['runs', 'waits', 'new', 'old'])
  expect(withJob(jobs, { ...job, jobId: 'waits', fraction: 0.5 })[1]?.fraction).toBe(0.5)
  expect(withJob(jobs, { ...job, jobId: 'more' })).toHaveLength(5)
})

it('finds commands by the beginnings of their words first', () => {
  const labels = ['Go to Threshold', 'Go to Data', 'Undo', 'Export the table', 'Ändern']
  const found = (query: string): string[] =>
    findByLabel(
      labels.map((label) => ({ label })),
      query,
    ).map(({ label }) => label)
  expect(found('')).toEqual(labels)
  expect(found('go t')).toEqual(['Go to Threshold', 'Go to Data'])
  expect(found('go th')).toEqual(['Go to Threshold'])
  expect(found('ta')).toEqual(['Export the table', 'Go to Data'])
  expect(found('andern')).toEqual(['Ändern'])
  expect(found('xyz')).toEqual([])
})
