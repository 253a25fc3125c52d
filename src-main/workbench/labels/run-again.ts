/** The runs that are to be done again on a corrected version. */
import type { RunReference } from '#shared/contract/work.ts'
import { keptRows } from '#shared/core/dataset/correct-labels.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { StoredCorrection } from '../../store/label-corrections.ts'
import type { LabelPorts } from './label-ports.ts'

/** Runs of a version that are finished: those that are pinned, or all of the latest experiment. */
export function runsToRepeat(
  { project, workbench }: LabelPorts,
  versionId: number,
  pinned: readonly RunReference[],
): { readonly experiment: Experiment; readonly names: readonly string[] }[] {
  const done = project.experiments
    .list()
    .filter(({ datasetVersionId, state }) => datasetVersionId === versionId && state === 'done')
  const ids = new Set(done.map(({ id }) => id))
  const wanted = pinned.filter(({ experimentId }) => ids.has(experimentId))
  const latest = done.at(-1)
  if (wanted.length === 0) {
    if (latest === undefined) return []
    const experiment = workbench.experiment(latest.id)
    return [{ experiment, names: experiment.plan.configurations.map(({ name }) => name) }]
  }
  return [...Map.groupBy(wanted, ({ experimentId }) => experimentId)].map(([id, runs]) => ({
    experiment: workbench.experiment(id),
    names: runs.map(({ name }) => name),
  }))
}

/**
 * Orders runs again on a corrected version: the same plan, seed and folds, without the rows that
 * were left out.
 *
 * @returns The id of the experiment.
 */
export function orderAgain(
  { project, workbench }: LabelPorts,
  { experiment, names }: { readonly experiment: Experiment; readonly names: readonly string[] },
  correction: StoredCorrection,
): number {
  const { plan, frame, roles, seed, folds } = experiment
  const kept = keptRows(project.datasets.get(correction.baseVersionId)!.nRows, correction.excluded)
  return workbench.order({
    datasetVersionId: correction.versionId,
    roles,
    frame: { ...frame, costs: frame.costsAssumed ? null : frame.costs },
    plan: {
      ...plan,
      configurations: plan.configurations.filter(({ name }) => names.includes(name)),
    },
    seed,
    givenFolds: Int32Array.from(kept, (row) => folds[row]!),
    name: null,
    // What was answered for these runs is answered, whatever the new labels make of the numbers.
    acknowledgements: project.guardrails
      .acknowledgements(experiment.datasetVersionId)
      .filter(({ experimentId }) => experimentId === experiment.id),
  })
}
