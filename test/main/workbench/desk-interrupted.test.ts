import { describe, expect, it } from 'vitest'
import { importTable, openDesk, smallCsv, smallRoles } from './desk-support.ts'

const frame = {
  costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 10 },
  casesPerDay: null,
  capacity: null,
  prevalence: null,
  minutesPerAlert: null,
  reviewHoursPerDay: null,
  commitments: [],
  currency: null,
}

describe('a run that a desk was closed on', () => {
  it('is listed as interrupted by the next, and done once it is resumed', async () => {
    const first = await openDesk()
    const versionId = await importTable(first, smallCsv(2000))
    const configurations = [
      {
        name: 'lr_balanced',
        model: { kind: 'logistic_regression', c: 1 },
        sampling: { kind: 'none' },
        weighting: { kind: 'balanced' },
        calibration: { correction: false, calibrator: 'none' },
      },
    ]
    const { experimentId } = await first.ask('run.start', {
      versionId,
      roles: smallRoles,
      frame,
      seed: 1,
      folds: 3,
      innerFolds: 2,
      configurations,
      acknowledgements: ['G10', 'G21'].map((guardrail) => ({ guardrail, reason: 'a test' })),
    })
    await first.desk.close()

    const { ask, ended } = await openDesk(first.folder)
    const [recent] = await ask('recent.list')
    const state = await ask('project.reopen', { recentId: recent!.recentId })
    expect(state.restored, 'it was closed properly').toBeNull()
    expect(state.experiments).toMatchObject([{ experimentId, state: 'interrupted', digest: null }])
    expect(await ask('job.list')).toMatchObject([
      { kind: 'run', state: 'interrupted', title: 'lr, lr_balanced', experimentId, versionId },
    ])

    const { jobId } = await ask('run.resume', { experimentId })
    expect(await ended(jobId)).toMatchObject({ state: 'done', reason: null })
    expect((await ask('job.list')).map(({ state: one }) => one)).toEqual(['done'])
    const after = (await ask('project.state'))!
    expect(after.experiments).toMatchObject([
      {
        state: 'done',
        runs: [
          { untreated: true, foldsDone: 3 },
          { foldsDone: 3, folds: 3 },
        ],
      },
    ])
    expect(after.experiments[0]!.digest).toMatch(/^[0-9a-f]{64}$/)
    const seconds = after.experiments[0]!.runs.flatMap(({ foldSeconds }) => foldSeconds)
    expect(seconds.every((one) => one !== null && one > 0)).toBe(true)
  })
})
