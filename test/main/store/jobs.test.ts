import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import type { Project } from '#main/store/project.ts'

import { MIGRATIONS, open, openExisting, scratchFolder, startChild } from './support.ts'

function newProject(): Project {
  return open(join(scratchFolder(), 'p.steelyard'))
}

describe('jobs', () => {
  it('wait in line and move on until they are finished', () => {
    const { jobs } = newProject()
    expect(jobs.nextQueued()).toBeNull()
    const first = jobs.create('run_experiment', { experimentId: 1 })
    const second = jobs.create('import', { path: 'x' })
    expect(first).toMatchObject({
      kind: 'run_experiment',
      payload: { experimentId: 1 },
      state: 'queued',
      progress: 0,
      error: null,
      startedAt: null,
      finishedAt: null,
    })
    expect(jobs.nextQueued()).toEqual(first)

    jobs.setState(first.id, 'running')
    jobs.setProgress(first.id, 0.25)
    expect(jobs.nextQueued()).toEqual(second)
    expect(jobs.get(first.id)).toMatchObject({ state: 'running', progress: 0.25 })
    expect(jobs.get(first.id)!.startedAt).not.toBeNull()

    jobs.setState(first.id, 'done')
    expect(jobs.get(first.id)).toMatchObject({ state: 'done', progress: 1 })
    jobs.setState(second.id, 'running')
    jobs.setState(second.id, 'failed', { code: 'disk_full' })
    expect(jobs.list().map(({ state, error }) => [state, error])).toEqual([
      ['done', null],
      ['failed', { code: 'disk_full' }],
    ])
    expect(jobs.get(99)).toBeNull()
  })

  it('stay as they ended', () => {
    const { jobs } = newProject()
    for (const end of ['done', 'failed', 'cancelled'] as const) {
      const { id } = jobs.create('k', null)
      jobs.setState(id, end)
      for (const state of ['queued', 'running', 'done', 'failed', 'cancelled'] as const) {
        expect(() => {
          jobs.setState(id, state)
        }).toThrow(`got ${end}`)
      }
      jobs.setProgress(id, 0.5)
      expect(jobs.get(id)!.progress).toBe(end === 'done' ? 1 : 0)
    }
    expect(() => {
      jobs.setState(99, 'done')
    }).toThrow(/no such job/)
  })

  it('refuse what makes no sense', () => {
    const { jobs } = newProject()
    const { id } = jobs.create('k', {})
    for (const fraction of [-0.1, 1.1, NaN]) {
      expect(() => {
        jobs.setProgress(id, fraction)
      }).toThrow(RangeError)
    }
    expect(() => {
      jobs.setState(id, 'done', { code: 'x' })
    }).toThrow(/only a failed job/)
    expect(() => jobs.create('k', undefined)).toThrow(/plain JSON/)
  })

  it('are queued again when they were running while the program died', async () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const waiting = project.jobs.create('k', 1)
    const running = project.jobs.create('k', 2)
    project.jobs.setState(running.id, 'running')
    project.jobs.setProgress(running.id, 0.5)
    expect(project.jobs.interrupted()).toEqual([])
    project.close()

    const child = startChild('hold', file, MIGRATIONS)
    expect(await child.nextLine()).toBe('open')
    await child.kill()
    const { jobs } = openExisting(file)
    // The child was the first to open the project again, so it was the one to queue the job.
    expect(jobs.interrupted()).toEqual([])
    expect(jobs.list()).toEqual([waiting, running])
  })
})
