import type { Job, ProjectState } from '#shared/contract/work.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { Job as StoredJob } from '../../store/jobs.ts'
import type { StoredOpening } from '../../store/final-tests.ts'
import type { ExperimentFacts } from '../../store/experiment-facts.ts'
import type { DeskContext, OpenedProject } from './context.ts'
import type { JobRegistry } from './jobs.ts'

/** All jobs of now, newest first, then the runs that an earlier program left unfinished. */
export function listJobs({ jobs, lifecycle }: Pick<DeskContext, 'jobs' | 'lifecycle'>): Job[] {
  const opened = lifecycle.current()
  return [...jobs.list(), ...(opened === null ? [] : interruptedRuns(opened, jobs))]
}

function interruptedRuns({ project }: OpenedProject, jobs: JobRegistry): Job[] {
  const here = new Set(jobs.list().map(({ experimentId }) => experimentId))
  const stored = latestJobs(project.jobs.list())
  return project
    .experimentFacts()
    .toReversed()
    .flatMap((facts): Job[] => {
      // There is none yet where a run was stopped before it had begun.
      const job = stored.get(facts.id) ?? null
      if (here.has(facts.id)) return []
      if (stateOf(facts, job, false) !== 'interrupted') return []
      const folds = facts.folds * facts.runs.length
      const done = facts.runs.reduce((sum, { timings }) => sum + timings.size, 0)
      return [
        {
          jobId: `experiment-${facts.id}`,
          kind: 'run',
          title: titleOf(facts),
          state: 'interrupted',
          fraction: folds === 0 ? 0 : done / folds,
          detail: `${done} of ${folds} folds are done`,
          secondsLeft: null,
          startedAt: job?.createdAt ?? facts.createdAt,
          endedAt: null,
          reason: null,
          versionId: facts.datasetVersionId,
          experimentId: facts.id,
        },
      ]
    })
}

/** The experiments of a project, newest first. */
export function experimentsOf(
  { project }: OpenedProject,
  jobs: JobRegistry,
): ProjectState['experiments'] {
  const running = new Set(jobs.active(['run']).map(({ experimentId }) => experimentId))
  const stored = latestJobs(project.jobs.list())
  const versions = new Set(project.datasets.list().map(({ id }) => id))
  const openings = [...versions].flatMap((id) => project.finalTests.list(id))
  return project
    .experimentFacts()
    .toReversed()
    .map((facts) => {
      const job = stored.get(facts.id) ?? null
      const state = stateOf(facts, job, running.has(facts.id))
      const { costsAssumed, ...frame } = facts.frame
      return {
        experimentId: facts.id,
        name: facts.name,
        versionId: facts.datasetVersionId,
        roles: facts.roles,
        frame: { ...frame, costs: costsAssumed ? null : frame.costs },
        seed: facts.seed,
        folds: facts.folds,
        innerFolds: facts.innerFolds,
        createdAt: facts.createdAt,
        state,
        reason: state === 'failed' ? reasonOf(job) : null,
        runs: facts.runs.map(({ configuration, timings }) => ({
          name: configuration.name,
          untreated: isUntreated(configuration),
          configuration,
          foldsDone: timings.size,
          folds: facts.folds,
          foldSeconds: Array.from({ length: facts.folds }, (_, fold) =>
            secondsOf(timings.get(fold)),
          ),
        })),
        digest: facts.digest,
        ...finalTestOf(facts, openings),
      }
    })
}

/** Nothing where no cases were locked away. */
function finalTestOf(
  { id, validation }: ExperimentFacts,
  openings: readonly StoredOpening[],
): Pick<ProjectState['experiments'][number], 'finalTest'> {
  const share = validation?.finalTestShare ?? 0
  if (share === 0) return {}
  return {
    finalTest: {
      share,
      openings: openings
        .filter(({ experimentId }) => experimentId === id)
        .map(({ configuration, reason, createdAt, result }) => ({
          run: configuration,
          reason,
          createdAt,
          result,
        })),
    },
  }
}

function titleOf({ runs }: ExperimentFacts): string {
  const names = runs.map(({ configuration }) => configuration.name)
  const more = names.length - 3
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${more} more` : names.join(', ')
}

type ExperimentState = ProjectState['experiments'][number]['state']

function stateOf(
  facts: ExperimentFacts,
  job: StoredJob | null,
  isRunning: boolean,
): ExperimentState {
  if (isRunning) return 'running'
  if (facts.state === 'done') return 'done'
  if (job?.state === 'failed' || job?.state === 'cancelled') return job.state
  return 'interrupted'
}

/** The latest job of each experiment. */
function latestJobs(stored: readonly StoredJob[]): Map<number, StoredJob> {
  const latest = new Map<number, StoredJob>()
  for (const job of stored) {
    const { payload } = job
    if (typeof payload !== 'object' || payload === null || !('experimentId' in payload)) continue
    if (typeof payload.experimentId === 'number') latest.set(payload.experimentId, job)
  }
  return latest
}

function reasonOf(job: StoredJob | null): string | null {
  const error = job?.error
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  return String(error.message)
}

function secondsOf(timing: unknown): number | null {
  if (typeof timing !== 'object' || timing === null || !('durationMs' in timing)) return null
  return typeof timing.durationMs === 'number' ? timing.durationMs / 1000 : null
}
