import { describe, expect, it } from 'vitest'
import type { Job } from '#shared/contract/work.ts'
import { UserError } from '#shared/contract/errors.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { createJobRegistry } from '#main/workbench/desk/jobs.ts'
import type { JobControl } from '#main/workbench/desk/jobs.ts'

function registry(now = () => 0) {
  const told: Job[] = []
  const faults: unknown[] = []
  let id = 0
  const jobs = createJobRegistry({
    clock: () => new Date(0),
    now,
    newId: () => `j${++id}`,
    tell: (job) => told.push(job),
    fault: (error) => faults.push(error),
  })
  return { jobs, told, faults }
}

const preview = { kind: 'preview', title: 'Look' } as const
const run = { kind: 'run', title: 'Run', lane: 'run' } as const

/** Work that ends when the test says so, or when it is cancelled. */
function held(): { work: (control: JobControl) => Promise<string>; finish: () => void } {
  let finish!: () => void
  const wait = new Promise<void>((resolve) => (finish = resolve))
  return {
    finish,
    work: async ({ signal }) => {
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Cancelled())
        })
      })
      await Promise.race([wait, stopped])
      return 'done'
    },
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('jobs', () => {
  it('are told from beginning to end, with what came of them', async () => {
    const { jobs, told } = registry()
    const { done } = jobs.start(preview, (control) => {
      control.progress(2, 'too far', 3)
      control.concerns({ versionId: 7 })
      return Promise.resolve('result')
    })
    expect(await done).toBe('result')
    expect(told.map(({ state }) => state)).toEqual(['queued', 'running', 'done'])
    expect(told.at(-1)).toMatchObject({
      fraction: 1,
      detail: 'too far',
      secondsLeft: null,
      versionId: 7,
      endedAt: '1970-01-01T00:00:00.000Z',
    })
    expect(jobs.list()).toEqual([told.at(-1)])
  })

  it('tell of progress at most four times a second, and never less than the last', async () => {
    let now = 0
    const { jobs, told } = registry(() => now)
    const { work, finish } = held()
    const { done } = jobs.start(preview, async (control) => {
      for (let i = 1; i <= 1000; i++) {
        now = i
        control.progress(i / 1000, `${i}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
      finish()
      return work(control)
    })
    await done
    const running = told.filter(({ state }) => state === 'running')
    expect(running.length).toBeLessThanOrEqual(6)
    expect(running.at(-1)).toMatchObject({ fraction: 1, detail: '1000' })
  })

  it('of one lane run one after the other, and one that is cancelled while it waits never runs', async () => {
    const { jobs } = registry()
    const [first, third] = [held(), held()]
    const a = jobs.start(run, first.work)
    let ran = false
    const b = jobs.start(run, () => Promise.resolve((ran = true)))
    const c = jobs.start(run, third.work)
    await settle()
    const states = (): string[] => jobs.list().map(({ state }) => state)
    expect(states()).toEqual(['queued', 'queued', 'running'])
    expect(jobs.cancel(b.jobId)).toBe(true)
    await expect(b.done).rejects.toBeInstanceOf(Cancelled)
    expect(states()).toEqual(['queued', 'cancelled', 'running'])
    first.finish()
    await a.done
    await settle()
    expect(states()).toEqual(['running', 'cancelled', 'done'])
    third.finish()
    await c.done
    expect(ran).toBe(false)
    expect(jobs.cancel(a.jobId)).toBe(false)
    expect(jobs.cancel('nobody')).toBe(false)
  })

  it('that are stopped say so: runs can be resumed, others not', async () => {
    const { jobs } = registry()
    jobs.start(run, held().work)
    jobs.start({ kind: 'import', title: 'Import' }, held().work)
    await settle()
    expect(jobs.active()).toHaveLength(2)
    await jobs.stop()
    expect(jobs.list().map(({ kind, state }) => [kind, state])).toEqual([
      ['import', 'cancelled'],
      ['run', 'interrupted'],
    ])
    jobs.forget(['run'])
    expect(jobs.list().map(({ kind }) => kind)).toEqual(['import'])
  })

  it('that fail keep the reason; only faults of the program are reported as such', async () => {
    const { jobs, faults } = registry()
    const refused = jobs.start(preview, () =>
      Promise.reject(new UserError('bad_input', 'row 3 is wrong')),
    )
    const broken = jobs.start(preview, () => Promise.reject(new Error('oh')))
    await expect(refused.done).rejects.toThrow('row 3')
    await expect(broken.done).rejects.toThrow('oh')
    expect(jobs.list().map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'oh'],
      ['failed', 'row 3 is wrong'],
    ])
    expect(faults).toEqual([new Error('oh')])
  })

  it('that are asked for again replace the one before', async () => {
    const { jobs } = registry()
    const order = { ...preview, replaces: 'file 1' }
    const first = jobs.start(order, held().work)
    const other = jobs.start({ ...preview, replaces: 'file 2' }, held().work)
    const second = held()
    const { done } = jobs.start(order, second.work)
    await expect(first.done).rejects.toBeInstanceOf(Cancelled)
    second.finish()
    expect(await done).toBe('done')
    expect(jobs.active().map(({ jobId }) => jobId)).toEqual([other.jobId])
    await jobs.stop()
  })

  it('of the past are kept up to fifty', async () => {
    const { jobs } = registry()
    for (let i = 0; i < 60; i++) await jobs.start(preview, () => Promise.resolve(i)).done
    expect(jobs.list()).toHaveLength(50)
    expect(jobs.list()[0]!.jobId).toBe('j60')
  })
})
