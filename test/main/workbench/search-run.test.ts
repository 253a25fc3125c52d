import { expect, it } from 'vitest'
import { doWork } from '#main/jobs/do-work.ts'
import type { Work } from '#main/jobs/messages.ts'
import type { WorkerPool } from '#main/jobs/pool.ts'
import type { StoredTrial } from '#main/store/experiments.ts'
import { runExperiment } from '#main/workbench/run-experiment.ts'
import { plainEngine } from '#shared/core/kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { quickPlan, smallRequest } from '../../support/small-table.ts'

const searched: Configuration = {
  ...quickPlan(['lr']).configurations[0]!,
  search: {
    kind: 'successive_halving',
    trials: 4,
    metric: 'average_precision',
    factor: 2,
    ranges: { c: { low: 1e-3, high: 10, scale: 'log', whole: false } },
  },
}
const preparation = prepareExperiment(
  smallRequest({ plan: { ...quickPlan(), configurations: [searched] } }),
)

/** Does work one piece after the other, and is cancelled after so many. */
function poolOf(most: number, done: Work['kind'][]): WorkerPool {
  let waiting = Promise.resolve()
  return {
    run: (work, onProgress = () => undefined) => {
      const result = waiting.then(() => {
        if (done.length >= most) throw new Cancelled()
        done.push(work.kind)
        onProgress(1)
        return {
          result: doWork(preparation.data, work, plainEngine, noCheckpoint) as never,
          durationMs: 1,
        }
      })
      waiting = result.then(
        () => undefined,
        () => undefined,
      )
      return result
    },
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

it('goes on with the trials that an interrupted run has left', async () => {
  const stored: FoldResult[] = []
  const trials: StoredTrial[] = []
  const run = (pool: WorkerPool): ReturnType<typeof runExperiment> =>
    runExperiment({
      ...{ preparation, pool, workers: 1, timings: [] },
      stored: [...stored],
      trials: [...trials],
      now: () => 0,
      save: (result) => stored.push(result),
      saveTrial: (trial) => trials.push(trial),
      onProgress: () => undefined,
    })

  const before: Work['kind'][] = []
  await expect(run(poolOf(10, before))).rejects.toThrow(Cancelled)
  const kept = trials.length
  expect(kept).toBeGreaterThan(4)
  expect(kept).toBe(before.filter((kind) => kind === 'trial').length)

  const after: Work['kind'][] = []
  const { results } = await run(poolOf(Infinity, after))
  // Each of three folds takes 4 + 2 + 1 trials.
  expect(kept + after.filter((kind) => kind === 'trial').length).toBe(3 * 7)

  const once: Work['kind'][] = []
  stored.length = 0
  trials.length = 0
  expect((await run(poolOf(Infinity, once))).results).toEqual(results)
  expect(results.configurations.find(({ name }) => name === 'lr')!.search).toHaveLength(3)
})
