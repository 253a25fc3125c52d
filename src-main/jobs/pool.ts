/**
 * A small pool of long-lived worker threads for one experiment.
 *
 * The experiment's data lie in shared memory, once, as do the arrays of results: what crosses
 * threads is not copied. A worker does one unit of work at a time. One that dies is replaced when
 * there is work for it, and its unit tried once more; if that fails too, the unit fails with the
 * reason. Cancelling raises a shared flag that computations read at their checkpoints; a worker
 * that doesn't come back in time is terminated.
 *
 * While nothing waits, workers that have nothing to do help those that fit trees (see
 * kernels/thread-team.ts), and are recalled for new work. A helper that dies takes the worker that
 * it helps with it, whose unit is then tried once more. So no more threads compute than there are
 * workers, and none waits for one that is gone.
 */
import { Worker } from 'node:worker_threads'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import { createKernelMemory } from '../kernels/arena.ts'
import type { KernelModules } from '../kernels/load-kernels.ts'
import { createTeamChannel, offerSeat, recallHelper } from '../kernels/thread-team.ts'
import type { TeamChannel } from '../kernels/thread-team.ts'
import type { FromWorker, ToWorker, Work, WorkResults } from './messages.ts'
import { shareArrays } from './share-arrays.ts'

/** Kinds of models whose kernels split their work among the threads of a team. */
const growsTreesInTeams: ReadonlySet<ModelChoice['kind']> = new Set([
  'gradient_boosting',
  'random_forest',
  'balanced_random_forest',
  'balanced_bagging',
])

export interface WorkerPool {
  /**
   * Does one unit of work; units start in the order they are asked for.
   *
   * @param onProgress Told 0 when a thread takes the unit up, then the fraction done, about ten
   *   times a second; from 0 again when the unit is tried once more.
   * @param ahead      Puts the unit before those that wait.
   * @returns The result, and how long it took in its thread.
   * @throws Cancelled when the pool was cancelled; Error with the reason when the work failed.
   */
  run<Kind extends Work['kind']>(
    work: Extract<Work, { kind: Kind }>,
    onProgress?: (fraction: number) => void,
    ahead?: boolean,
  ): Promise<{ readonly result: WorkResults[Kind]; readonly durationMs: number }>
  /** Stops all work; every promise still open is rejected with `Cancelled`. Resolves when done. */
  cancel(): Promise<void>
  /** Ends the threads. */
  close(): Promise<void>
}

interface Task {
  readonly id: number
  readonly work: Work
  readonly onProgress: (fraction: number) => void
  readonly resolve: (outcome: { result: never; durationMs: number }) => void
  readonly reject: (reason: Error) => void
  attempts: number
}

interface Member {
  readonly worker: Worker
  /** Where it is helped. */
  readonly channel: TeamChannel | null
  /** Who helps it, by seat. */
  readonly helpers: (Member | null)[]
  task: Task | null
  helps: { readonly leader: Member; readonly seat: number; recalled: boolean } | null
}

const graceMs = 400 // cancelling takes less than a second in all
const lendAfterMs = 250 // a unit that takes no longer is not worth a helper
const maxAttempts = 2

/** @param kernels What the workers compute with; null for plain TypeScript. */
export function createWorkerPool(
  data: ExperimentData,
  size: number,
  kernels: KernelModules | null,
  workerEntry = new URL('./worker.ts', import.meta.url),
): WorkerPool {
  const shared = shareArrays(data)
  const cancelFlag = new Int32Array(new SharedArrayBuffer(4))
  const queue: Task[] = []
  let members: Member[] = []
  const nWorkers = Math.max(1, size)
  let nextId = 0
  let state: 'open' | 'cancelled' | 'closed' = 'open'
  let whenIdle: (() => void) | null = null
  let lending: NodeJS.Timeout | null = null

  const settle = (member: Member, finish: (task: Task) => void): void => {
    const { task } = member
    member.task = null
    if (task !== null) finish(task)
    if (members.every((other) => other.task === null)) whenIdle?.()
    dispatch()
    if (isIdle(member)) member.helpers.forEach(recall)
  }

  const receive = (member: Member, message: FromWorker): void => {
    if (message.type === 'back') {
      leaveSeat(member)
      dispatch()
      return
    }
    if (member.task?.id !== message.id) return
    switch (message.type) {
      case 'progress':
        member.task.onProgress(message.fraction)
        return
      case 'done':
        settle(member, (task) => {
          task.resolve({ result: message.result as never, durationMs: message.durationMs })
        })
        return
      case 'cancelled':
        settle(member, (task) => {
          task.reject(new Cancelled())
        })
        return
      case 'failed':
        settle(member, (task) => {
          const error = new Error(message.message)
          error.stack = message.stack
          task.reject(error)
        })
    }
  }

  const hire = (): Member => {
    const worker = new Worker(workerEntry)
    const nSeats = kernels === null ? 0 : nWorkers - 1
    const channel = nSeats === 0 ? null : createTeamChannel(createKernelMemory(), nSeats)
    const helpers = Array.from({ length: nSeats }, () => null)
    const member: Member = { worker, channel, helpers, task: null, helps: null }
    let lastError: Error | null = null
    worker.on('message', (message: FromWorker) => {
      receive(member, message)
    })
    worker.on('error', (error: Error) => {
      lastError = error
    })
    worker.on('exit', (code) => {
      members = members.filter((other) => other !== member)
      const leader = member.helps?.leader
      leaveSeat(member)
      // It may be waiting for this one.
      if (leader !== undefined && leader.task !== null) void leader.worker.terminate()
      if (state !== 'open') {
        settle(member, (task) => {
          task.reject(new Cancelled())
        })
        return
      }
      settle(member, (task) => {
        if (task.attempts < maxAttempts) queue.unshift(task)
        else {
          const reason = lastError?.message ?? `exit code ${code}`
          task.reject(
            new Error(`A worker died twice on ${describe(task.work)}: ${reason}`, {
              cause: lastError,
            }),
          )
        }
      })
    })
    worker.postMessage({
      type: 'open',
      data: shared,
      kernels,
      cancelFlag,
      channel,
    } satisfies ToWorker)
    members.push(member)
    return member
  }

  const dispatch = (): void => {
    while (state === 'open' && queue.length > 0) {
      const idle = members.find(isIdle)
      if (idle === undefined && members.length >= nWorkers) {
        const coming = members.filter(({ helps }) => helps?.recalled === true).length
        const others = members.filter(({ helps }) => helps?.recalled === false)
        others.slice(0, Math.max(0, queue.length - coming)).forEach(recall)
        return
      }
      const member = idle ?? hire()
      const task = queue.shift()!
      task.attempts++
      member.task = task
      task.onProgress(0)
      member.worker.postMessage({
        type: 'run',
        id: task.id,
        work: task.work,
      } satisfies ToWorker)
    }
    if (state === 'open') lending ??= setTimeout(lend, lendAfterMs)
  }

  /** Has workers without work help the others, evenly. */
  const lend = (): void => {
    lending = null
    if (state !== 'open' || queue.length > 0) return
    for (;;) {
      const leader = members.filter(canBeHelped).sort((a, b) => nHelpers(a) - nHelpers(b))[0]
      const idle = members.find(isIdle)
      if (leader === undefined || (idle === undefined && members.length >= nWorkers)) return
      const seat = leader.helpers.indexOf(null)
      const helper = idle ?? hire()
      leader.helpers[seat] = helper
      helper.helps = { leader, seat, recalled: false }
      const channel = leader.channel!
      offerSeat(channel, seat)
      helper.worker.postMessage({ type: 'help', channel, seat } satisfies ToWorker)
    }
  }

  const canBeHelped = ({ task, helpers }: Member): boolean => {
    if (task?.work.kind !== 'fold' || !helpers.includes(null)) return false
    const { configuration } = task.work
    const found = data.plan.configurations.find(({ name }) => name === configuration)
    return found !== undefined && growsTreesInTeams.has(found.model.kind)
  }

  const recall = (helper: Member | null): void => {
    if (helper?.helps?.recalled !== false) return
    helper.helps.recalled = true
    recallHelper(helper.helps.leader.channel!, helper.helps.seat)
  }

  const leaveSeat = (member: Member): void => {
    if (member.helps === null) return
    const { leader, seat } = member.helps
    leader.helpers[seat] = null
    member.helps = null
  }

  const terminate = async (): Promise<void> => {
    if (lending !== null) clearTimeout(lending)
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }

  return {
    run(work, onProgress = () => undefined, ahead = false) {
      if (state !== 'open') return Promise.reject(new Cancelled())
      return new Promise((resolve, reject) => {
        const task = { id: nextId++, work, onProgress, resolve, reject, attempts: 0 }
        if (ahead) queue.unshift(task)
        else queue.push(task)
        dispatch()
      })
    },
    async cancel() {
      if (state !== 'open') return
      state = 'cancelled'
      Atomics.store(cancelFlag, 0, 1)
      for (const task of queue.splice(0)) task.reject(new Cancelled())
      if (members.some((member) => member.task !== null)) {
        let timer: NodeJS.Timeout | undefined
        const idle = new Promise<void>((resolve) => {
          whenIdle = resolve
        })
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, graceMs)
        })
        await Promise.race([idle, late])
        clearTimeout(timer)
      }
      await terminate()
    },
    async close() {
      if (state === 'open') state = 'closed'
      await terminate()
    },
  }
}

function isIdle({ task, helps }: Member): boolean {
  return task === null && helps === null
}

function nHelpers({ helpers }: Member): number {
  return helpers.filter((helper) => helper !== null).length
}

function describe(work: Work): string {
  switch (work.kind) {
    case 'fold':
      return `${work.configuration}, fold ${work.fold}`
    case 'trial':
      return `${work.configuration}, fold ${work.fold}, trial ${work.trial}`
    case 'evaluate':
      return `the evaluation of ${work.configuration}`
    case 'compare':
      return 'the comparison'
    case 'benefit':
      return 'the decision curve of a run'
    case 'diagnose':
      return 'the diagnosis'
    case 'slices':
      return 'the search for slices'
    case 'curves':
      return 'the curves of the report'
    case 'threshold':
      return 'what moves with the threshold'
    case 'judge':
      return 'what is said of a run'
    case 'explain':
      return `the explanation of ${work.configuration}, fold ${work.fold}`
    case 'difference':
      return 'the difference of two runs'
    case 'label_step':
      return `the scan of labels by ${work.step.model}, repeat ${work.step.repeat}, fold ${work.step.fold}`
    case 'label_findings':
      return 'what the scan of labels found'
    case 'label_audit':
      return 'the audit of the scan of labels'
    case 'review_contributions':
    case 'review_evidence':
      return 'the cards of a queue'
    case 'changed':
      return 'the cases that two runs decide differently'
  }
}
