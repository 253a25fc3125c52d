/** The jobs of the workbench in the order in which the page shows them. */
import type { Job } from '#shared/contract/work.ts'

/** The list with one job in its new state, or added; a run that is resumed was interrupted no more. */
export function withJob(jobs: readonly Job[], job: Job): Job[] {
  if (jobs.some(({ jobId }) => jobId === job.jobId)) {
    return jobs.map((other) => (other.jobId === job.jobId ? job : other))
  }
  const { experimentId } = job
  return [
    job,
    ...jobs.filter(
      (other) =>
        experimentId === null ||
        other.experimentId !== experimentId ||
        other.state !== 'interrupted',
    ),
  ]
}

/** What runs, then what waits, then what can be resumed, then what has ended; the newest first. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const rank: Readonly<Record<Job['state'], number>> = {
    ...{ running: 0, queued: 1, interrupted: 2, done: 3, failed: 3, cancelled: 3 },
  }
  const moment = ({ startedAt, endedAt }: Job): string => endedAt ?? startedAt
  return jobs.toSorted((a, b) => rank[a.state] - rank[b.state] || (moment(a) < moment(b) ? 1 : -1))
}

export function isActive({ state }: Job): boolean {
  return state === 'running' || state === 'queued'
}
