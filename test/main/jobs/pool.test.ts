import { existsSync, writeFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { createWorkerPool } from '#main/jobs/pool.ts'
import { createKernelEngine } from '#main/kernels/create-engine.ts'
import { loadKernels } from '#main/kernels/load-kernels.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import { prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { defaultModels, defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import { quickPlan, smallRequest, smallTable } from '../../support/small-table.ts'

const { data } = prepareExperiment(smallRequest())
const folder = mkdtempSync(join(tmpdir(), 'steelyard-pool-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A worker that follows a script of its own instead of computing. */
function workerDoing(name: string, body: string): URL {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
import { appendFileSync, readFileSync } from 'node:fs'
const log = ${JSON.stringify(join(folder, `${name}.log`))}
parentPort.on('message', (message) => {
  if (message.type === 'open') return
  appendFileSync(log, message.work.configuration + '\\n')
  const tries = readFileSync(log, 'utf8').split(message.work.configuration + '\\n').length - 1
  ${body}
})`,
  )
  return pathToFileURL(file)
}

const logOf = (name: string): string[] =>
  readFileSync(join(folder, `${name}.log`), 'utf8')
    .trim()
    .split('\n')

describe('createWorkerPool', () => {
  it('does in threads what the core does here, to the bit', async () => {
    const pool = createWorkerPool(data, 2, await loadKernels())
    try {
      const work = ['lr', 'gbdt', 'lr_smote'].map((configuration) => ({ configuration, fold: 1 }))
      const done = await Promise.all(work.map((unit) => pool.run({ kind: 'fold', ...unit })))
      done.forEach(({ result }, i) => {
        const { configuration, fold } = work[i]!
        const here = runFold(data, configurationNamed(data.plan, configuration), fold, noCheckpoint)
        expect(result).toEqual(here)
      })
    } finally {
      await pool.close()
    }
  })

  it('replaces a worker that dies and tries its work once more', async () => {
    const entry = workerDoing(
      'dies-once',
      `if (message.work.configuration === 'bad' && tries === 1) process.exit(7)
      parentPort.postMessage({ type: 'done', id: message.id, result: { tries }, durationMs: 1 })`,
    )
    const pool = createWorkerPool(data, 1, null, entry)
    try {
      const bad = pool.run({ kind: 'fold', configuration: 'bad', fold: 0 })
      const good = pool.run({ kind: 'fold', configuration: 'good', fold: 0 })
      expect((await bad).result).toEqual({ tries: 2 })
      expect((await good).result).toEqual({ tries: 1 })
      expect(logOf('dies-once')).toEqual(['bad', 'bad', 'good'])
    } finally {
      await pool.close()
    }
  })

  it('fails work that killed two workers, with the reason, and goes on', async () => {
    const entry = workerDoing(
      'dies-always',
      `if (message.work.configuration === 'bad') throw new Error('out of luck')
      parentPort.postMessage({ type: 'done', id: message.id, result: {}, durationMs: 1 })`,
    )
    const pool = createWorkerPool(data, 1, null, entry)
    try {
      const bad = pool.run({ kind: 'fold', configuration: 'bad', fold: 3 })
      const good = pool.run({ kind: 'fold', configuration: 'good', fold: 0 })
      await expect(bad).rejects.toThrow('A worker died twice on bad, fold 3: out of luck')
      await expect(good).resolves.toBeDefined()
    } finally {
      await pool.close()
    }
  })

  it("starts a new worker for new work only, so that one that can't live is not hired for ever", async () => {
    const entry = workerDoing(
      'dies-idle',
      `parentPort.postMessage({ type: 'done', id: message.id, result: { tries }, durationMs: 1 })
      setTimeout(() => process.exit(0), 50)`,
    )
    const pool = createWorkerPool(data, 1, null, entry)
    try {
      await pool.run({ kind: 'fold', configuration: 'first', fold: 0 })
      await new Promise((resolve) => setTimeout(resolve, 400))
      await pool.run({ kind: 'fold', configuration: 'second', fold: 0 })
      expect(logOf('dies-idle')).toEqual(['first', 'second'])
    } finally {
      await pool.close()
    }
  })

  it('takes units in their order, those put ahead first, and tells when it takes one up', async () => {
    const entry = workerDoing(
      'in-order',
      `parentPort.postMessage({ type: 'done', id: message.id, result: {}, durationMs: 1 })`,
    )
    const pool = createWorkerPool(data, 1, null, entry)
    try {
      const taken: string[] = []
      const run = (configuration: string, ahead?: boolean): Promise<unknown> =>
        pool.run(
          { kind: 'fold', configuration, fold: 0 },
          (fraction) => taken.push(`${configuration} ${fraction}`),
          ahead,
        )
      await Promise.all([run('a'), run('b'), run('c', true)])
      expect(logOf('in-order')).toEqual(['a', 'c', 'b'])
      expect(taken).toEqual(['a 0', 'c 0', 'b 0'])
    } finally {
      await pool.close()
    }
  })

  it('draws the same curves from stored folds as an evaluation does', async () => {
    const pool = createWorkerPool(data, 2, null)
    try {
      const folds = await Promise.all(
        [0, 1, 2].map(async (fold) => {
          const { result } = await pool.run({ kind: 'fold', configuration: 'lr', fold })
          return result
        }),
      )
      const evaluated = await pool.run({ kind: 'evaluate', configuration: 'lr', folds })
      const drawn = await pool.run({ kind: 'curves', folds })
      expect(drawn.result).toEqual(evaluated.result.curves)
    } finally {
      await pool.close()
    }
  })

  it('hands on what a computation refuses, without another try', async () => {
    const pool = createWorkerPool(data, 1, null)
    try {
      await expect(pool.run({ kind: 'fold', configuration: 'nobody', fold: 0 })).rejects.toThrow(
        'the plan has no configuration nobody',
      )
    } finally {
      await pool.close()
    }
  })

  it('cancels what runs and what waits, and takes nothing more', async () => {
    const large = prepareExperiment(
      smallRequest({ dataset: smallTable(20_000), plan: defaultPlan() }),
    ).data
    const pool = createWorkerPool(large, 1, await loadKernels())
    const running = pool.run({ kind: 'fold', configuration: 'gbdt', fold: 0 })
    const waiting = pool.run({ kind: 'fold', configuration: 'gbdt', fold: 1 })
    const settled = Promise.allSettled([running, waiting])
    await new Promise((resolve) => setTimeout(resolve, 300))
    await pool.cancel()
    for (const outcome of await settled) {
      expect(outcome.status).toBe('rejected')
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(Cancelled)
    }
    await expect(pool.run({ kind: 'fold', configuration: 'lr', fold: 0 })).rejects.toThrow(
      Cancelled,
    )
  })

  it('cancels a worker that never looks at the flag', async () => {
    const entry = workerDoing('deaf', 'for (;;);')
    const pool = createWorkerPool(data, 1, null, entry)
    const stuck = pool.run({ kind: 'fold', configuration: 'stuck', fold: 0 })
    const outcome = expect(stuck).rejects.toThrow(Cancelled)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await pool.cancel()
    await outcome
  })
})

describe('workers without work help a fit', () => {
  const kernelsOf = loadKernels()
  const plan: Plan = {
    ...quickPlan(['gbdt']),
    configurations: quickPlan(['gbdt']).configurations.map((configuration): Configuration => ({
      ...configuration,
      model: { ...defaultModels.gradient_boosting, iterations: 150 },
    })),
  }
  const large = prepareExperiment(smallRequest({ dataset: smallTable(30_000), plan })).data
  const work = { kind: 'fold', configuration: 'gbdt', fold: 0 } as const

  /** The real worker, before which a script sees the messages. */
  function workerAfter(name: string, script: string): URL {
    const first = join(folder, `${name}-first.mjs`)
    const file = join(folder, `${name}.mjs`)
    writeFileSync(
      first,
      `import { parentPort } from 'node:worker_threads'
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
const log = ${JSON.stringify(join(folder, `${name}.log`))}
parentPort.on('message', (message) => {
  if (message.type !== 'open') appendFileSync(log, message.type + '\\n')
  ${script}
})`,
    )
    const real = new URL('../../../src-main/jobs/worker.ts', import.meta.url)
    writeFileSync(file, `import './${name}-first.mjs'\nimport ${JSON.stringify(real.href)}\n`)
    return pathToFileURL(file)
  }

  it('with the bits of one thread, and come back for work of their own', async () => {
    const entry = workerAfter('helps', '')
    const pool = createWorkerPool(large, 3, await kernelsOf, entry)
    try {
      const helped = pool.run(work)
      while (!existsSync(join(folder, 'helps.log')) || !logOf('helps').includes('help')) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      const others = [1, 2].map((fold) => pool.run({ ...work, fold }))
      for (const [fold, { result }] of (await Promise.all([helped, ...others])).entries()) {
        const configuration = configurationNamed(plan, 'gbdt')
        const engine = createKernelEngine(await kernelsOf)
        expect(result).toEqual(runFold(large, configuration, fold, noCheckpoint, engine))
      }
    } finally {
      await pool.close()
    }
  }, 30_000)

  it('and take the unit with them when they die while they are called', async () => {
    // Sits down, waits for a call, and dies over it.
    const entry = workerAfter(
      'dies-helping',
      `const died = log + '.died'
  if (message.type === 'help' && !existsSync(died)) {
    const words = new Int32Array(message.channel.control, 256 * message.seat)
    Atomics.store(words, 0, 1)
    while (Atomics.load(words, 0) === 1) Atomics.wait(words, 0, 1, 5)
    writeFileSync(died, '')
    process.exit(3)
  }`,
    )
    const pool = createWorkerPool(large, 2, await kernelsOf, entry)
    try {
      const { result } = await pool.run(work)
      const engine = createKernelEngine(await kernelsOf)
      const configuration = configurationNamed(plan, 'gbdt')
      expect(result).toEqual(runFold(large, configuration, 0, noCheckpoint, engine))
      expect(existsSync(join(folder, 'dies-helping.log.died'))).toBe(true)
      expect(logOf('dies-helping').filter((type) => type === 'run')).toHaveLength(2)
    } finally {
      await pool.close()
    }
  }, 30_000)

  it('and are cancelled with it', async () => {
    const entry = workerAfter('cancelled', '')
    const pool = createWorkerPool(large, 2, await kernelsOf, entry)
    const outcome = expect(pool.run(work)).rejects.toThrow(Cancelled)
    while (!existsSync(join(folder, 'cancelled.log')) || !logOf('cancelled').includes('help')) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    await pool.cancel()
    await outcome
  }, 30_000)
})
