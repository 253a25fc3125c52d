import { UserError } from '#shared/contract/errors.ts'
import type { RunReference } from '#shared/contract/work.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { OpenedProject } from '../desk/context.ts'

/** A run all of whose folds are there. */
export interface StoredRun {
  readonly reference: RunReference
  readonly experiment: Experiment
  readonly untreated: boolean
  /** What its evaluation said; null where the experiment has none yet. */
  readonly known: ConfigurationResult | null
  /** Reads the predictions. */
  readonly folds: () => readonly FoldResult[]
}

/**
 * Folds with the rows of the table in the place of samples: an experiment counts only the rows that
 * it has in use.
 */
export function foldsByRow({ experiment, folds }: StoredRun): readonly FoldResult[] {
  const rows = rowsInUse(experiment.folds)
  if (rows === null) return folds()
  return folds().map((fold) => ({
    ...fold,
    samples: fold.samples.map((sample) => rows[sample]!),
  }))
}

/** @throws UserError `experiment_not_found`; `bad_input` when folds are missing. */
export function storedRun(
  { project, workbench }: Pick<OpenedProject, 'project' | 'workbench'>,
  reference: RunReference,
): StoredRun {
  const { experimentId, name } = reference
  const experiment = workbench.experiment(experimentId)
  const configuration = experiment.plan.configurations.find((one) => one.name === name)
  if (configuration === undefined) {
    const names = experiment.plan.configurations.map((one) => one.name)
    throw new UserError(
      'experiment_not_found',
      `Experiment "${experiment.name}" has no run "${name}". It has: ${names.join(', ')}.`,
    )
  }
  const done = project.experiments
    .completedFolds(experimentId)
    .filter((key) => key.configuration === name).length
  if (done < experiment.plan.folds) {
    throw new UserError(
      'bad_input',
      `${done} of ${experiment.plan.folds} folds of "${name}" are done. Wait for the run, or resume it.`,
    )
  }
  const results = workbench.outcome(experimentId)?.results
  return {
    reference,
    experiment,
    untreated: isUntreated(configuration),
    known: results?.configurations.find((one) => one.name === name) ?? null,
    folds: () => project.experiments.loadFoldResults(experimentId, name),
  }
}
