import '../../support/property-seed.ts'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { commandArgs } from '#shared/contract/commands.ts'
import { openFrame } from '#shared/contract/work.ts'
import type { Command } from '#shared/contract/commands.ts'
import { csvOptions, importTable, openDesk, smallRoles } from './desk-support.ts'

/** Commands that close the project that is open. */
const closing: ReadonlySet<Command> = new Set([
  'project.close',
  'project.create',
  'project.open',
  'project.sample',
])

const commands = Object.keys(commandArgs) as Command[]

/** Arguments that pass, for lies that differ from them in one place. */
function honest(versionId: number, fileId: string): Readonly<Record<Command, unknown>> {
  const plan = {
    versionId,
    roles: smallRoles,
    frame: openFrame,
    seed: 1,
    folds: 2,
    innerFolds: 2,
    configurations: [],
  }
  const run = { experimentId: 1, name: 'lr' }
  const draft = {
    roles: smallRoles,
    classNames: { positive: 'a', negative: 'b' },
    frame: openFrame,
    frameLocked: false,
    seed: 1,
    folds: 5,
    innerFolds: 4,
    configurations: [],
    compared: [run],
    notes: '',
  }
  const labelScan = { versionId, roles: smallRoles, frame: openFrame, seed: 1 }
  return {
    'app.info': {},
    'settings.get': {},
    'settings.change': { theme: 'dark', textSize: 100, threads: 1, memoryCapBytes: null },
    'file.choose': { purpose: 'table' },
    'file.upload': { name: 'a.csv', sizeBytes: 10 },
    'file.append': { fileId, bytes: new Uint8Array(4) },
    'recent.list': {},
    'recent.remove': { recentId: 'abc' },
    'project.create': { name: 'Other', fileId: 'unknown' },
    'project.open': { fileId },
    'project.reopen': { recentId: 'abc' },
    'project.sample': { no: 'sample' },
    'project.state': {},
    'project.close': { never: true },
    'data.preview': { fileId, options: csvOptions },
    'data.import': { fileId: 'unknown', name: 'x', options: csvOptions },
    'data.select': { versionId },
    'data.profile': { versionId, roles: smallRoles },
    'data.rows': { versionId, firstRow: 0, nRows: 10, columns: [0, 1] },
    'draft.save': { versionId, draft, reason: null },
    'frame.preview': { versionId, roles: smallRoles, frame: openFrame },
    'plan.preview': plan,
    'plan.facts': { versionId, roles: smallRoles, frame: openFrame },
    'run.start': { ...plan, versionId: 99 },
    'run.resume': { experimentId: 1 },
    'run.outcome': { experimentId: 1 },
    'run.insight': { run },
    'run.explain': { run, row: 1 },
    'job.list': {},
    'job.cancel': { jobId: 'abc' },
    'threshold.data': { run },
    'threshold.benefit': { run },
    'threshold.keep': { run, threshold: 0.5, reason: '' },
    'slices.find': { run, rule: 'tuned' },
    'slices.rows': {
      run,
      rule: 'tuned',
      where: [{ kind: 'missing', column: 'speed' }],
      cell: 'missed',
      firstRow: 0,
      nRows: 10,
      columns: [0],
    },
    'leakage.demonstrate': { experimentId: 1 },
    'test.open': { run, threshold: 0.5, reason: '' },
    'compare.changed': { first: run, second: run, slices: true },
    'compare.runs': { runs: [run, run] },
    'report.make': { experimentId: 1 },
    'labels.state': { versionId },
    'labels.scan': { ...labelScan, versionId: 99, repeats: 1, audit: false },
    'queue.make': {
      ...labelScan,
      ...{ kind: 'suspicion', name: null, size: 10, controlShare: 0.1, actionability: 1 },
      ...{ secondsPerReview: 30, costPerReview: null, run: null, rows: null },
    },
    'queue.second': { queueId: 1, share: 0.5, seed: 1 },
    'queue.view': { queueId: 1, reviewer: 'Ann' },
    'queue.cards': { queueId: 1, reviewer: 'Ann', positions: [0] },
    'review.decide': {
      ...{ queueId: 1, position: 0, key: 'a', kind: 'verdict', verdict: 'keep', alsoSame: false },
      ...{ reviewer: 'Ann', reason: '', note: '', seconds: 1, suggestionVisible: true },
    },
    'review.undo': { queueId: 1, key: 'b', reviewer: 'Ann' },
    'review.redo': { queueId: 1, key: 'c', reviewer: 'Ann' },
    'labels.apply': { versionId: 99, roles: smallRoles },
    'labels.rates': { run },
    'labels.impact': { versionId },
    'pack.write': { queueId: 1, withReviews: true },
    'pack.merge': { fileId },
    'review.log': { versionId },
  }
}

const evil = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    NaN,
    Infinity,
    -1,
    0,
    1e308,
    2 ** 53,
    '',
    '\0',
    '\ud800',
    '../../../etc/passwd',
    '__proto__',
    'x'.repeat(100_000),
    [],
    {},
    new Uint8Array(3),
    JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  ),
  fc.anything({ withNullPrototype: true, withTypedArray: true, maxDepth: 3 }),
)

/** The value with one place in it replaced. */
function withLie(value: unknown, path: readonly number[], lie: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined || typeof value !== 'object' || value === null) return lie
  if (ArrayBuffer.isView(value)) return lie
  const keys = Object.keys(value)
  if (keys.length === 0) return lie
  const key = keys[step % keys.length]!
  const record = value as Record<string, unknown>
  const changed = withLie(record[key], rest, lie)
  return Array.isArray(value)
    ? value.map((item: unknown, i) => (String(i) === key ? changed : item))
    : { ...record, [key]: changed }
}

describe('a page that lies', () => {
  it('gets refusals, and neither faults nor harms the project', { timeout: 60_000 }, async () => {
    const desk = await openDesk()
    const versionId = await importTable(desk)
    const fileId = desk.file('other.csv', 'a,b\n1,2\n')
    const before = await desk.ask('data.rows', {
      versionId,
      firstRow: 0,
      nRows: 200,
      columns: [0, 1],
    })
    const args = honest(versionId, fileId)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        fc.array(fc.nat(20), { maxLength: 4 }),
        evil,
        async (command, path, lie) => {
          const told = withLie(args[command], path, lie)
          // What is no lie after all would leave the others without their project.
          fc.pre(!closing.has(command) || !v.safeParse(commandArgs[command], told).success)
          const reply = await desk.desk.call(command, told)
          if (reply.ok) return
          expect(reply.error.code, `${command}: ${reply.error.message}`).not.toBe('fault')
          expect(reply.error.message.length).toBeLessThan(2000)
          expect(reply.error.message).not.toMatch(/\bat .*\.ts:/)
        },
      ),
      { numRuns: 600 },
    )
    expect(desk.logged).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(
      await desk.ask('data.rows', { versionId, firstRow: 0, nRows: 200, columns: [0, 1] }),
    ).toEqual(before)
    expect((await desk.ask('project.state'))!.datasets).toHaveLength(1)
  })

  it('gets refusals for commands that are none', async () => {
    const { desk, logged } = await openDesk()
    for (const command of [
      '__proto__',
      'toString',
      'constructor',
      '',
      'x'.repeat(1e6),
      5,
      null,
      {},
      [],
    ]) {
      expect(await desk.call(command, {})).toEqual({
        ok: false,
        error: { code: 'bad_arguments', message: 'There is no such command.' },
      })
    }
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    let deep: unknown = 'x'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    for (const lie of [
      loop,
      { theme: deep },
      {
        get theme() {
          throw new Error('no')
        },
      },
    ]) {
      expect(await desk.call('settings.change', lie)).toMatchObject({
        ok: false,
        error: { code: 'bad_arguments' },
      })
    }
    expect(logged).toEqual([])
  })
})
