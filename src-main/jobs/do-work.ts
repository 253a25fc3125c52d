import type { Engine } from '#shared/core/kernels.ts'
import type { Checkpoint } from '#shared/core/math/checkpoint.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { runCurves } from '#shared/core/pipeline/run-curves.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import type { Work, WorkResults } from './messages.ts'

/** Does one unit of work, synchronously. */
export function doWork(
  data: ExperimentData,
  work: Work,
  engine: Engine,
  checkpoint: Checkpoint,
): WorkResults[Work['kind']] {
  switch (work.kind) {
    case 'fold':
      return runFold(
        data,
        configurationNamed(data.plan, work.configuration),
        work.fold,
        checkpoint,
        engine,
      )
    case 'evaluate': {
      const predictions = layOutOfFold(work.folds, data.yTrue.length)
      const configuration = configurationNamed(data.plan, work.configuration)
      return {
        ...evaluateRun(data, configuration, predictions, checkpoint),
        curves: runCurves(data, predictions),
      }
    }
    case 'compare':
      return compareExperiment(data, work.runs, work.frame, checkpoint)
    case 'curves':
      return runCurves(data, layOutOfFold(work.folds, data.yTrue.length))
  }
}
