/** Everything long that goes on: it is told to every page and doesn't end with any of them. */
import type { Job, JobState } from '#shared/contract/work.ts'
import { UserError } from '#shared/contract/errors.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'

export interface JobOrder {
  readonly kind: Job['kind']
  readonly title: string
  readonly versionId?: number | null
  readonly experimentId?: number | null
  /** Jobs of one lane run one after the other, in the order in which they were started. */
  readonly lane?: string
  /** Cancels the job that was started with the same text and still goes on. */
  readonly replaces?: string
}

/** What the work of a job is given. */
export interface JobControl {
  readonly jobId: string
  /** Aborted when the job is cancelled or the project closed; the work then throws Cancelled. */
  readonly signal: AbortSignal
  progress(fraction: number, detail: string, secondsLeft?: number | null): void
  /** Notes what the job works on, or what came of it. */
  concerns(what: { readonly versionId?: number; readonly experimentId?: number }): void
}

export interface JobRegistry {
  /** `done` settles as the work does; nobody has to listen to it. */
  start<T>(
    order: JobOrder,
    work: (control: JobControl) => Promise<T>,
  ): { readonly jobId: string; readonly done: Promise<T> }
  /** Newest first. */
  list(): readonly Job[]
  /** False when there is no such job or it has ended. */
  cancel(jobId: string): boolean
  /** The jobs that wait or run, of the kinds named, or of all. */
  active(kinds?: readonly Job['kind'][]): readonly Job[]
  /** Stops jobs of the kinds named (all, if none are) and waits for them; runs can be resumed. */
  stop(kinds?: readonly Job['kind'][]): Promise<void>
  /** Drops the jobs of these kinds that have ended. */
  forget(kinds: readonly Job['kind'][]): void
}

interface Entry {
  job: Job
  readonly lane: string | undefined
  readonly replaces: string | undefined
  readonly abort: AbortController
  readonly begin: () => void
  ended: Promise<void>
  toldAt: number
  timer: NodeJS.Timeout | null
}

const tellEveryMs = 250
const endedKept = 50

/** The reason with which a job is aborted when its project is closed. */
const closing = 'closing'

export function createJobRegistry(services: {
  readonly clock: () => Date
  readonly now: () => number
  readonly newId: () => string
  readonly tell: (job: Job) => void
  readonly fault: (error: unknown) => void
}): JobRegistry {
  const entries = new Map<string, Entry>()
  const isActive = ({ job }: Entry): boolean => job.state === 'queued' || job.state === 'running'

  const tell = (entry: Entry, atOnce: boolean): void => {
    if (!entries.has(entry.job.jobId)) return
    const wait = entry.toldAt + tellEveryMs - services.now()
    if (!atOnce && wait > 0) {
      entry.timer ??= setTimeout(() => {
        entry.timer = null
        tell(entry, true)
      }, wait)
      return
    }
    if (entry.timer !== null) clearTimeout(entry.timer)
    entry.timer = null
    entry.toldAt = services.now()
    services.tell(entry.job)
  }

  const end = (entry: Entry, state: JobState, reason: string | null): void => {
    entry.job = {
      ...entry.job,
      state,
      reason,
      fraction: state === 'done' ? 1 : entry.job.fraction,
      secondsLeft: null,
      endedAt: services.clock().toISOString(),
    }
    tell(entry, true)
    const ended = [...entries.values()].filter((one) => !isActive(one))
    for (const { job } of ended.slice(0, Math.max(0, ended.length - endedKept))) {
      entries.delete(job.jobId)
    }
    if (entry.lane === undefined) return
    const lane = [...entries.values()].filter((other) => other.lane === entry.lane)
    // One that was cancelled while it waited leaves the lane to the one that runs.
    if (lane.some(({ job }) => job.state === 'running')) return
    lane.find(({ job }) => job.state === 'queued')?.begin()
  }

  const wanted = (entry: Entry, kinds: readonly Job['kind'][] | undefined): boolean =>
    kinds === undefined || kinds.includes(entry.job.kind)

  return {
    start(order, work) {
      const jobId = services.newId()
      const abort = new AbortController()
      let begin!: () => void
      const turn = new Promise<void>((resolve) => (begin = resolve))
      const entry: Entry = {
        job: {
          jobId,
          kind: order.kind,
          title: order.title,
          state: 'queued',
          fraction: 0,
          detail: '',
          secondsLeft: null,
          startedAt: services.clock().toISOString(),
          endedAt: null,
          reason: null,
          versionId: order.versionId ?? null,
          experimentId: order.experimentId ?? null,
        },
        lane: order.lane,
        replaces: order.replaces,
        abort,
        begin,
        ended: Promise.resolve(),
        toldAt: -Infinity,
        timer: null,
      }
      const isBusy = [...entries.values()].some(
        (other) => other.lane !== undefined && other.lane === order.lane && isActive(other),
      )
      for (const other of entries.values()) {
        if (order.replaces === undefined || other.replaces !== order.replaces) continue
        if (isActive(other)) other.abort.abort('cancelled')
      }
      entries.set(jobId, entry)
      const control: JobControl = {
        jobId,
        signal: abort.signal,
        progress(fraction, detail, secondsLeft = null) {
          if (!isActive(entry)) return
          const bounded = Math.min(1, Math.max(0, fraction))
          entry.job = { ...entry.job, fraction: bounded, detail, secondsLeft }
          tell(entry, false)
        },
        concerns(what) {
          entry.job = { ...entry.job, ...what }
          tell(entry, false)
        },
      }
      const perform = async (): Promise<Awaited<ReturnType<typeof work>>> => {
        abort.signal.addEventListener('abort', begin)
        await turn
        try {
          if (abort.signal.aborted) throw new Cancelled()
          entry.job = { ...entry.job, state: 'running' }
          tell(entry, true)
          const result = await work(control)
          end(entry, 'done', null)
          return result
        } catch (error) {
          if (abort.signal.aborted || error instanceof Cancelled) {
            const goesOn = abort.signal.reason === closing && entry.job.kind === 'run'
            end(entry, goesOn ? 'interrupted' : 'cancelled', null)
            throw error instanceof Cancelled ? error : new Cancelled()
          }
          end(entry, 'failed', error instanceof Error ? error.message : String(error))
          if (!(error instanceof UserError)) services.fault(error)
          throw error
        }
      }
      tell(entry, true)
      if (!isBusy) begin()
      const done = perform()
      entry.ended = done.then(
        () => undefined,
        () => undefined,
      )
      return { jobId, done }
    },

    list: () => [...entries.values()].map(({ job }) => job).reverse(),

    cancel(jobId) {
      const entry = entries.get(jobId)
      if (entry === undefined || !isActive(entry)) return false
      entry.abort.abort('cancelled')
      return true
    },

    active: (kinds) =>
      [...entries.values()]
        .filter((entry) => isActive(entry) && wanted(entry, kinds))
        .map(({ job }) => job),

    async stop(kinds) {
      const stopped = [...entries.values()].filter(
        (entry) => isActive(entry) && wanted(entry, kinds),
      )
      for (const { abort } of stopped) abort.abort(closing)
      await Promise.all(stopped.map(({ ended }) => ended))
    },

    forget(kinds) {
      for (const entry of entries.values()) {
        if (isActive(entry) || !wanted(entry, kinds)) continue
        if (entry.timer !== null) clearTimeout(entry.timer)
        entries.delete(entry.job.jobId)
      }
    },
  }
}
