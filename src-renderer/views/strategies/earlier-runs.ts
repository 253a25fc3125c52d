/** What earlier runs on the same ground say of a plan. */
import type { ExperimentOutcome } from '#shared/contract/decision.ts'
import type { Draft, ExperimentFactsOfProject, ProjectState } from '#shared/contract/work.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { remedyOf } from '#shared/core/plan/ladder.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { openFrame } from '#shared/contract/work.ts'
import { contentKey } from './ladder.ts'
import { omit } from './omit.ts'

export interface KnownCost {
  readonly costPer1000: number
  readonly interval: Interval | null
}

/** Outcomes that are read for the ladder, at most. */
const mostRead = 6

/** The finished experiments that a run of the draft would be compared with, newest first. */
export function alikeExperiments(
  { experiments, versionId }: ProjectState,
  draft: Draft,
): readonly ExperimentFactsOfProject[] {
  const ground = groundKey(draft)
  return experiments
    .filter((one) => one.versionId === versionId && one.digest !== null)
    .filter((one) => groundKey(one) === ground)
    .slice(0, mostRead)
}

/** Cost of each configuration with its tuned threshold, by content; of the newest run of it. */
export function knownCosts(outcomes: readonly ExperimentOutcome[]): ReadonlyMap<string, KnownCost> {
  return new Map(
    outcomes
      .toReversed()
      .flatMap(({ results }) =>
        results.configurations.map(
          ({ configuration, costPer1000, costPer1000Interval }): [string, KnownCost] => [
            contentKey(configuration),
            { costPer1000, interval: costPer1000Interval },
          ],
        ),
      ),
  )
}

/**
 * How long a fold of a configuration took on this version: one of the same remedy, else of the same
 * model; null where the model has not been run.
 */
export function knownFoldSeconds(
  configuration: Configuration,
  { experiments, versionId }: Pick<ProjectState, 'experiments' | 'versionId'>,
): number | null {
  const sameModel = experiments
    .filter((one) => one.versionId === versionId)
    .flatMap(({ runs }) => runs)
    .filter((run) => run.configuration.model.kind === configuration.model.kind)
  const remedy = remedyOf(configuration)
  const sameRemedy = sameModel.filter((run) => remedyOf(run.configuration) === remedy)
  return meanFoldSeconds(sameRemedy) ?? meanFoldSeconds(sameModel)
}

/** How long folds would take, in seconds; null where a model has not been run on this version. */
export function secondsFor(
  wanted: readonly { readonly configuration: Configuration; readonly folds: number }[],
  project: ProjectState,
  workers: number,
): number | null {
  let seconds = 0
  for (const { configuration, folds } of wanted) {
    if (folds === 0) continue
    const each = knownFoldSeconds(configuration, project)
    if (each === null) return null
    seconds += folds * each
  }
  return seconds / Math.max(1, workers)
}

function meanFoldSeconds(
  runs: readonly Pick<ExperimentFactsOfProject['runs'][number], 'foldSeconds'>[],
): number | null {
  const known = runs.flatMap(({ foldSeconds }) => foldSeconds.filter((one) => one !== null))
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}

type Ground = Pick<Draft, 'roles' | 'frame' | 'seed' | 'folds' | 'innerFolds'>

function groundKey({ roles, frame, seed, folds, innerFolds }: Ground): string {
  // Currency is about how amounts are written.
  const stated = omit(frame ?? openFrame, 'currency')
  return JSON.stringify([roles, stated, seed, folds, innerFolds], (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
