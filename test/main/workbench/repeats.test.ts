import { expect, it } from 'vitest'
import { doWork } from '#main/jobs/do-work.ts'
import type { WorkerPool } from '#main/jobs/pool.ts'
import type { RepeatedFold } from '#main/store/experiments.ts'
import { withRepeats } from '#main/workbench/beyond-folds.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

const preparation = prepareExperiment(
  smallRequest({
    plan: {
      ...quickPlan(['lr', 'lr_balanced']),
      validation: { scheme: 'stratified', repeats: 3 } as never,
    },
  }),
)
const { data } = preparation
const measured = {
  comparison: { champion: { name: 'lr' }, difference: { opponent: 'lr_balanced' } },
} as never

/** Folds of a project, and how many its pools may fit before they are cancelled. */
function repeats(kept: RepeatedFold[], most = Infinity) {
  let fitted = 0
  const createWorkerPool = (drawn: ExperimentData): WorkerPool => ({
    run: async (work) => {
      await Promise.resolve()
      if (fitted >= most) throw new Cancelled()
      fitted++
      return { result: doWork(drawn, work, plainEngine, noCheckpoint) as never, durationMs: 1 }
    },
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })
  const experiments = {
    loadRepeatedFolds: () => [...kept],
    saveRepeatedFold: (_: number, fold: RepeatedFold) => kept.push(fold),
    loadFoldResults: (_: number, name: string) => {
      const configuration = data.plan.configurations.find((one) => one.name === name)!
      return Array.from({ length: data.plan.folds }, (_, fold) =>
        runFold(data, configuration, fold, noCheckpoint),
      )
    },
  }
  const shares: number[] = []
  const answer = withRepeats(
    measured,
    preparation,
    { id: 1 } as never,
    { services: { createWorkerPool, project: { experiments } } } as never,
    2,
    {
      onProgress: ({ fraction }) => shares.push(fraction),
      signal: new AbortController().signal,
    },
  )
  return { answer, shares, fitted: () => fitted }
}

it('go on after an interruption without a fold that was done', async () => {
  const kept: RepeatedFold[] = []
  await expect(repeats(kept, 5).answer).rejects.toThrow(Cancelled)
  expect(kept).toHaveLength(5)

  const again = repeats(kept)
  const { repeated } = await again.answer
  // Two further divisions into three folds, of two runs.
  expect(again.fitted()).toBe(12 - 5)
  expect(again.shares.at(-1)).toBe(1)
  expect(again.shares).toEqual([...again.shares].sort((a, b) => a - b))

  const once = repeats([])
  expect((await once.answer).repeated).toEqual(repeated)
  expect(repeated).toMatchObject({ champion: 'lr', opponent: 'lr_balanced', folds: 9 })

  const known = repeats(kept)
  expect((await known.answer).repeated).toEqual(repeated)
  expect(known.fitted()).toBe(0)
})
