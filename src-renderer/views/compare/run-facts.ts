/** Runs that could be compared, and what keeps one from being held against another. */
import type { ExperimentFactsOfProject, ProjectState, RunReference } from '#shared/contract/work.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { count } from '../../format/numbers.ts'

export interface RunFacts {
  readonly run: RunReference
  readonly untreated: boolean
  readonly configuration: Configuration
  readonly experiment: ExperimentFactsOfProject
  readonly foldsDone: number
}

export const mostCompared = 24
/** Runs that are compared before anybody has chosen: as many as have a colour of their own. */
const mostSuggested = 6

/** Identifies a run among all of a project. */
export function keyOf({ experimentId, name }: RunReference): string {
  return `${experimentId}/${name}`
}

/** All runs of a project, newest experiment first, untreated runs first in each. */
export function runsOf(project: ProjectState | null): RunFacts[] {
  return (project?.experiments ?? []).flatMap((experiment) => {
    const runs = experiment.runs.map(({ name, untreated, configuration, foldsDone }): RunFacts => ({
      run: { experimentId: experiment.experimentId, name },
      untreated,
      configuration,
      experiment,
      foldsDone,
    }))
    return [
      ...runs.filter(({ untreated }) => untreated),
      ...runs.filter(({ untreated }) => !untreated),
    ]
  })
}

export function isFinished({ foldsDone, experiment }: RunFacts): boolean {
  return foldsDone >= experiment.folds
}

/**
 * The runs to show before anybody has chosen: the newest experiment's, its cheapest untreated run
 * as the champion. Empty with fewer than two finished runs.
 *
 * @param costOf Cost of a run; null where it is not known.
 */
export function suggestedRuns(
  project: ProjectState | null,
  costOf: (run: RunReference) => number | null,
): RunReference[] {
  const finished = runsOf(project).filter(
    (facts) => isFinished(facts) && facts.experiment.versionId === project?.versionId,
  )
  const newest = finished.filter(({ run }) => run.experimentId === finished[0]?.run.experimentId)
  const cost = ({ run }: RunFacts): number => costOf(run) ?? Infinity
  const [champion = newest[0]] = newest
    .filter(({ untreated }) => untreated)
    .toSorted((a, b) => (cost(a) < cost(b) ? -1 : cost(a) > cost(b) ? 1 : 0))
  if (champion === undefined || newest.length < 2) return []
  return [champion, ...newest.filter((facts) => facts !== champion)]
    .slice(0, mostSuggested)
    .map(({ run }) => run)
}

/** The run with another first; the two change places, so that the rest keep their colours. */
export function withChampion(
  runs: readonly RunReference[],
  champion: RunReference,
): RunReference[] {
  const at = runs.findIndex((run) => keyOf(run) === keyOf(champion))
  if (at <= 0) return [...runs]
  return runs.map((run, i) => (i === 0 ? runs[at]! : i === at ? runs[0]! : run))
}

/**
 * Why a run can't be held against the champion, in a few words; null when it can. The workbench
 * decides in the end, and also looks at what the page does not know.
 */
export function reasonAgainst(champion: RunFacts, other: RunFacts): string | null {
  const [wanted, got] = [champion.experiment, other.experiment]
  if (!isFinished(other)) {
    return got.state === 'running'
      ? `still running, ${count(other.foldsDone)} of ${count(got.folds)} folds`
      : `${count(other.foldsDone)} of ${count(got.folds)} folds are done`
  }
  if (wanted.experimentId === got.experimentId) return null
  if (wanted.versionId !== got.versionId) return 'on another version of the data'
  if (!isSame(wanted.roles, got.roles)) return 'with other roles of the columns'
  if (!isSame(wanted.frame, got.frame)) return 'in another decision frame'
  if (wanted.folds !== got.folds) {
    return `on ${count(got.folds)} folds instead of ${count(wanted.folds)}`
  }
  if (wanted.seed !== got.seed) return `on other folds: seed ${got.seed}, not ${wanted.seed}`
  return null
}

/** Equal values, whatever the order of their keys. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
