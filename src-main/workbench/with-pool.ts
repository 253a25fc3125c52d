import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { WorkerPool } from '../jobs/pool.ts'

export interface PoolSource {
  readonly createWorkerPool: (data: ExperimentData, size: number) => WorkerPool
}

/** A pool for the length of `work`, cancelled with the signal. */
export async function withPool<T>(
  { createWorkerPool }: PoolSource,
  data: ExperimentData,
  workers: number,
  signal: AbortSignal,
  work: (pool: WorkerPool) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new Cancelled()
  const pool = createWorkerPool(data, workers)
  const onAbort = (): void => void pool.cancel()
  signal.addEventListener('abort', onAbort)
  try {
    return await work(pool)
  } finally {
    signal.removeEventListener('abort', onAbort)
    await pool.close()
  }
}
