/** A corrected version, and the runs that are to be done again on it. */
import type { RunReference } from '#shared/contract/work.ts'
import { keptRows } from '#shared/core/dataset/correct-labels.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { Fingerprint } from '../../store/fingerprint.ts'
import type { StoredCorrection } from '../../store/label-corrections.ts'
import { carriedOver, draftOf, saveDraft } from '../desk/drafts.ts'
import { applyReviews } from './corrections.ts'
import type { LabelPorts } from './label-ports.ts'

/**
 * Applies what reviewers decided, with the draft of the version carried over to the one it makes,
 * and orders on that the runs that the version had.
 *
 * @throws UserError as `applyReviews` and `Workbench.order` do.
 */
export function correctAndOrderAgain(
  ports: LabelPorts,
  versionId: number,
  roles: Roles,
  createFingerprint: () => Fingerprint,
): { readonly versionId: number; readonly experimentIds: readonly number[] } {
  const { project } = ports
  // Work goes on where it is: the new version is looked at first.
  project.workspace.select(project.workspace.selected() ?? versionId)
  const madeId = applyReviews(ports, versionId, roles, createFingerprint)
  const draft = draftOf(project, versionId)
  saveDraft(project, madeId, carriedOver(draft, project.datasets.get(madeId)!), null)
  const correction = project.datasets.correction(madeId)!
  const experimentIds = runsToRepeat(ports, versionId, draft.compared).map((runs) =>
    orderAgain(ports, runs, correction),
  )
  return { versionId: madeId, experimentIds }
}

/** Runs of a version that are finished: those that are pinned, or all of the latest experiment. */
function runsToRepeat(
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
function orderAgain(
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
