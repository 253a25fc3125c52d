/**
 * Entry of a worker thread: takes one unit of work at a time and hands back its result, or helps
 * another worker with its unit.
 */
import { parentPort } from 'node:worker_threads'
import type { Engine } from '#shared/core/kernels.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { Checkpoint } from '#shared/core/math/checkpoint.ts'
import { createKernelEngine, helperFunctions } from '../kernels/create-engine.ts'
import type { KernelModules } from '../kernels/load-kernels.ts'
import { helpTeam } from '../kernels/thread-team.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { doWork } from './do-work.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { shareArrays } from './share-arrays.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs in a worker thread only')

const progressEveryMs = 100

let opened: {
  data: ExperimentData
  kernels: KernelModules | null
  engine: Engine
  cancelFlag: Int32Array
} | null = null

port.on('message', (message: ToWorker) => {
  if (message.type === 'open') {
    const { data, kernels, cancelFlag, channel } = message
    opened = { data, kernels, engine: createKernelEngine(kernels, channel), cancelFlag }
    return
  }
  if (opened === null) throw new Error('a worker was given work before an experiment')
  const say = (answer: FromWorker): void => {
    port.postMessage(answer)
  }
  const { data, kernels, engine, cancelFlag } = opened
  if (message.type === 'help') {
    const { channel, seat } = message
    if (kernels !== null) helpTeam(channel, seat, helperFunctions(kernels, channel))
    say({ type: 'back' })
    return
  }
  const { id, work } = message
  let lastSaid = performance.now()
  const checkpoint: Checkpoint = (fraction) => {
    if (Atomics.load(cancelFlag, 0) !== 0) throw new Cancelled()
    const now = performance.now()
    if (now - lastSaid < progressEveryMs) return
    lastSaid = now
    say({ type: 'progress', id, fraction })
  }
  const start = performance.now()
  try {
    const result = shareArrays(doWork(data, work, engine, checkpoint))
    say({ type: 'done', id, result, durationMs: performance.now() - start })
  } catch (error) {
    if (error instanceof Cancelled) say({ type: 'cancelled', id })
    else {
      const { message: text, stack } = error instanceof Error ? error : new Error(String(error))
      say({ type: 'failed', id, message: text, stack: stack ?? '' })
    }
  }
})
