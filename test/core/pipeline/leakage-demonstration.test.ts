import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import {
  leakageConfiguration,
  leakageDemonstration,
  leakageExperiments,
  leakageFolds,
} from '#shared/core/pipeline/leakage-demonstration.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { smallRequest } from '../../support/small-table.ts'

describe('the leakage demonstration', () => {
  const { data } = prepareExperiment(smallRequest())
  const experiments = leakageExperiments(data)
  const runOf = (experiment: ExperimentData): FoldResult[] =>
    leakageFolds.map((fold) =>
      runFold(experiment, experiment.plan.configurations[0]!, fold, noCheckpoint),
    )

  it('copies positives until there are as many as negatives, and nothing else', () => {
    const { claimed, copyOf } = experiments
    const positives = claimed.yTrue.reduce((sum, y) => sum + y, 0)
    expect(positives).toBe(360)
    expect(claimed.yTrue.length).toBe(720)
    copyOf.forEach((original, i) => {
      expect(claimed.yTrue[i]).toBe(data.yTrue[original])
      if (i >= data.yTrue.length) expect(data.yTrue[original]).toBe(1)
    })
  })

  it('claims far more than is true, because copies were seen in training', () => {
    const shown = leakageDemonstration(experiments, {
      claimed: runOf(experiments.claimed),
      honest: runOf(experiments.honest),
    })
    expect(shown.positivesJudged).toBe(360)
    expect(shown.copiesSeen / shown.positivesJudged).toBeGreaterThan(0.9)
    expect(shown.claimed.averagePrecision!).toBeGreaterThan(0.9)
    expect(shown.honest.averagePrecision!).toBeLessThan(0.7)
    expect(shown.claimed.prevalence).toBe(0.5)
    expect(shown.honest.prevalence).toBe(0.1)
    expect(experiments.honest.plan.configurations[0]!.name).toBe(leakageConfiguration)
  }, 30_000)
})
