import type { Connection } from './connection.ts'
import { toJson } from './json.ts'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** Work in the background that outlives the process which was asked for it. */
export interface Job {
  readonly id: number
  readonly kind: string
  readonly payload: unknown
  readonly state: JobState
  /** Fraction done, from 0 to 1. */
  readonly progress: number
  /** Why it failed; null in every other state. */
  readonly error: unknown
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

export interface JobStore {
  /** Queues a job; on disk when it returns. */
  create(kind: string, payload: unknown): Job
  get(jobId: number): Job | null
  /** Oldest first. */
  list(): readonly Job[]
  /** The job that has waited longest; null when none waits. */
  nextQueued(): Job | null
  /**
   * Moves a job on: from queued to running, from running back to queued, and from either to done,
   * failed or cancelled, where it stays.
   *
   * @param error Why it failed, as plain JSON; only for `failed`.
   * @throws RangeError when there is no such job or it has finished already.
   */
  setState(jobId: number, state: JobState, error?: unknown): void
  /** Notes the fraction done, from 0 to 1, of a job that is running; no other job is touched. */
  setProgress(jobId: number, fraction: number): void
  /**
   * The jobs that were running when the project was last left without being closed. They were
   * queued again when it was opened now.
   */
  interrupted(): readonly Job[]
}

interface JobRow {
  id: number
  kind: string
  payload: string
  state: JobState
  progress: number
  error: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
}

export function createJobStore(connection: Connection): JobStore {
  const { database } = connection
  const insert = database.prepare<[string, string, string]>(
    `INSERT INTO jobs (kind, payload, state, created_at) VALUES (?, ?, 'queued', ?)`,
  )
  const selectOne = database.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?')
  const selectAll = database.prepare<[], JobRow>('SELECT * FROM jobs ORDER BY id')
  const selectNext = database.prepare<[], JobRow>(
    `SELECT * FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1`,
  )
  const requeue = database.prepare<[number]>(
    `UPDATE jobs SET state = 'queued', progress = 0, started_at = NULL
    WHERE id = ? AND state IN ('queued', 'running')`,
  )
  const start = database.prepare<[string, number]>(
    `UPDATE jobs SET state = 'running', progress = 0, started_at = ?
    WHERE id = ? AND state IN ('queued', 'running')`,
  )
  const finish = database.prepare<[JobState, JobState, string | null, string, number]>(
    `UPDATE jobs SET state = ?, progress = iif(? = 'done', 1, progress), error = ?, finished_at = ?
    WHERE id = ? AND state IN ('queued', 'running')`,
  )
  const progress = database.prepare<[number, number]>(
    `UPDATE jobs SET progress = ? WHERE id = ? AND state = 'running'`,
  )
  const selectRunning = database
    .prepare<[], number>(`SELECT id FROM jobs WHERE state = 'running' ORDER BY id`)
    .pluck()

  const get = (jobId: number): Job | null => {
    const row = selectOne.get(jobId)
    return row === undefined ? null : toJob(row)
  }

  const interrupted = connection.write(() => {
    const running = selectRunning.all()
    for (const jobId of running) requeue.run(jobId)
    return running
  })

  return {
    create: (kind, payload) =>
      connection.writeDurably(() => {
        const text = toJson(payload, 'payload')
        const { lastInsertRowid } = insert.run(kind, text, new Date().toISOString())
        return get(Number(lastInsertRowid))!
      }),

    get: (jobId) => connection.read(() => get(jobId)),

    list: () => connection.read(() => selectAll.all().map(toJob)),

    nextQueued: () =>
      connection.read(() => {
        const row = selectNext.get()
        return row === undefined ? null : toJob(row)
      }),

    setState(jobId, state, error = null) {
      if (error !== null && state !== 'failed') {
        throw new RangeError(`only a failed job has an error, got one for ${state}`)
      }
      connection.write(() => {
        const now = new Date().toISOString()
        const text = error === null ? null : toJson(error, 'error')
        const { changes } =
          state === 'queued'
            ? requeue.run(jobId)
            : state === 'running'
              ? start.run(now, jobId)
              : finish.run(state, state, text, now, jobId)
        if (changes > 0) return
        const found = get(jobId)?.state ?? 'no such job'
        throw new RangeError(`job ${jobId} must be queued or running to be ${state}, got ${found}`)
      })
    },

    setProgress(jobId, fraction) {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new RangeError(`fraction must lie in [0, 1], got ${fraction}`)
      }
      connection.write(() => {
        progress.run(fraction, jobId)
      })
    },

    interrupted: () => connection.read(() => interrupted.map((jobId) => get(jobId)!)),
  }
}

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    payload: JSON.parse(row.payload),
    state: row.state,
    progress: row.progress,
    error: row.error === null ? null : JSON.parse(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}
