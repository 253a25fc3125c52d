import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { toJson } from '#shared/contract/json.ts'
import type { Args } from '#shared/contract/commands.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { cli } from '../../../support/cli.ts'
import { quickPlan, smallTable } from '../../../support/small-table.ts'
import { deskWith, open, projectWith, scratchFolder, smallOrder } from './support.ts'

const configurationsOf = (...names: string[]): Args<'run.start'>['configurations'] =>
  [...quickPlan(names).configurations] as Args<'run.start'>['configurations']

/** Boosting that takes long enough to be stopped. */
const slow = (): Args<'run.start'>['configurations'] =>
  configurationsOf('gbdt').map((configuration) =>
    configuration.model.kind === 'gradient_boosting'
      ? { ...configuration, model: { ...configuration.model, iterations: 3000, maxDepth: 8 } }
      : configuration,
  )

describe('run.start', () => {
  it('runs in the background, completes the plan and keeps the results', async () => {
    const { call, events, run } = await deskWith()
    const { experimentId, job } = await run({ configurations: configurationsOf('lr_balanced') })
    expect(job).toMatchObject({
      kind: 'run',
      state: 'done',
      fraction: 1,
      title: 'lr, lr_balanced',
      experimentId,
      versionId: 1,
    })
    const outcome = (await call('run.outcome', { experimentId }))!
    expect(outcome.results.configurations.map(({ name }) => name)).toEqual(['lr', 'lr_balanced'])
    const { experiments } = (await call('project.state', {}))!
    expect(experiments[0]).toMatchObject({
      state: 'done',
      digest: outcome.about.digest,
      runs: [
        { name: 'lr', untreated: true, foldsDone: 3 },
        { name: 'lr_balanced', untreated: false, foldsDone: 3 },
      ],
    })
    const jobs = events.flatMap(({ event, data }) => (event === 'job.changed' ? [data] : []))
    const fractions = jobs.map(({ fraction }) => fraction)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(jobs.at(-1)).toMatchObject({ state: 'done' })
    // The last state that pages are told is the one after the run.
    const states = events.flatMap(({ event, data }) => (event === 'project.changed' ? [data] : []))
    expect(states.at(-1)?.experiments[0]?.state).toBe('done')
  })

  it('takes over the folds that another experiment has done, to the bit', async () => {
    const project = projectWith(smallTable())
    const { call, run, desk } = await deskWith(project)
    await run()
    const more = configurationsOf('lr', 'lr_balanced', 'gbdt')
    // By another name, and beside others: it is the same configuration.
    const renamed = more.map((one) => (one.name === 'lr' ? { ...one, name: 'plain' } : one))
    const order = smallOrder({ configurations: renamed })
    expect((await call('plan.preview', order)).runs).toMatchObject([
      { name: 'plain', foldsKept: 3, untreated: true },
      { name: 'gbdt', foldsKept: 0 },
      { name: 'lr_balanced', foldsKept: 3 },
    ])
    const { experimentId } = await run(order)
    const { about, results } = (await call('run.outcome', { experimentId }))!
    await desk.close()

    const store = open(project.file)
    const timings = store.experiments.loadTimings(experimentId)
    const first = store.experiments.loadTimings(1)
    expect(timings.filter(({ configuration }) => configuration === 'plain')).toEqual(
      first
        .filter(({ configuration }) => configuration === 'lr')
        .map((timing) => ({ ...timing, configuration: 'plain' })),
    )
    store.close()

    const fresh = await deskWith()
    const alone = await fresh.run(order)
    const expected = (await fresh.call('run.outcome', { experimentId: alone.experimentId }))!
    expect(about.digest).toBe(expected.about.digest)
    expect(results).toEqual(expected.results)
  })

  it('knows which folds another order would need anew', async () => {
    const { call, run } = await deskWith()
    await run({ configurations: configurationsOf('lr') })
    const { frame, roles } = smallOrder()
    const kept = async (changes: Partial<Args<'run.start'>>): Promise<number> => {
      const { runs } = await call('plan.preview', smallOrder(changes))
      return runs.find(({ name }) => name === 'lr')!.foldsKept
    }
    const anew: Partial<Args<'run.start'>>[] = [
      { seed: 8 },
      { innerFolds: 3 },
      { folds: 4 },
      { frame: { ...frame, prevalence: 0.05 } },
      { frame: { ...frame, costs: null } },
      { frame: { ...frame, casesPerDay: 100, capacity: 5 } },
      { frame: { ...frame, commitments: [{ measure: 'recall', atLeast: 0.5 }] } },
      { frame: { ...frame, casesPerDay: 100, minutesPerAlert: 6, reviewHoursPerDay: 1 } },
      { roles: { ...roles, ignore: ['weight', 'customer', 'speed'] } },
      { roles: { ...roles, weight: 'weight', ignore: ['customer'] } },
    ]
    for (const changes of anew) expect([changes, await kept(changes)]).toEqual([changes, 0])
    expect(await kept({ frame: { ...frame, casesPerDay: 500, currency: '€' } })).toBe(3)
    expect(await kept({ frame: { ...frame, minutesPerAlert: 6 } })).toBe(3)
    expect(await kept({ roles: { ...roles, ignore: ['customer', 'weight'] } })).toBe(3)
  })

  it('does one run after the other, and finds the one that was asked for already', async () => {
    const { call, ended } = await deskWith()
    const first = await call('run.start', smallOrder())
    const second = await call('run.start', smallOrder({ seed: 8 }))
    expect(await call('run.start', smallOrder({ seed: 8 }))).toEqual(second)
    const states = (await call('job.list', {})).map(({ jobId, state }) => [jobId, state])
    expect(states).toContainEqual([second.jobId, 'queued'])
    expect(await ended(first.jobId)).toMatchObject({ state: 'done' })
    expect(await ended(second.jobId)).toMatchObject({ state: 'done' })
  })

  it('stops when it is cancelled, and goes on where it stopped', async () => {
    const { call, ended } = await deskWith()
    const order = smallOrder({ configurations: [...slow(), ...configurationsOf('lr')] })
    const { jobId, experimentId } = await call('run.start', order)
    // Logistic regression is done soon, boosting is not.
    for (;;) {
      const { experiments } = (await call('project.state', {}))!
      if (experiments[0]!.runs.some(({ foldsDone }) => foldsDone > 0)) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await call('job.cancel', { jobId })).toEqual({ cancelled: true })
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' })
    const again = await call('run.resume', { experimentId })
    expect(again.experimentId).toBe(experimentId)
    await call('job.cancel', { jobId: again.jobId })
    await ended(again.jobId)
  })

  it('stops in the midst of the diagnosis, which is two units of work at once', async () => {
    const services = await createDeskServices('browser', scratchFolder())
    let cancel = (): unknown => null
    const { call, ended } = await deskWith(undefined, {
      createWorkerPool: (data, size) => {
        const pool = services.createWorkerPool(data, size)
        return {
          ...pool,
          run: (work, ...rest) => {
            const done = pool.run(work, ...rest)
            if (work.kind === 'diagnose') cancel()
            return done
          },
        }
      },
    })
    const { jobId } = await call('run.start', smallOrder())
    cancel = () => call('job.cancel', { jobId })
    // A rejection that nobody listens to would end the program, and fails this test.
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' })
  })

  it('leaves out what the data are too few for, and refuses what can never run', async () => {
    const { call, run } = await deskWith()
    const smote = configurationsOf('lr', 'lr_smote').map((one) =>
      one.sampling.kind === 'smote'
        ? { ...one, sampling: { ...one.sampling, neighbors: 90 } }
        : one,
    )
    const { runs } = await call('plan.preview', smallOrder({ configurations: smote }))
    expect(runs[1]?.refusedBecause).toMatch(/90 neighbours needs at least 91/)
    const { experimentId } = await run({ configurations: smote })
    const { results } = (await call('run.outcome', { experimentId }))!
    expect(results.configurations.map(({ name }) => name)).toEqual(['lr'])
    expect(results.experiment.notes.join()).toMatch(/lr_smote was left out/)
    await expect(call('run.start', smallOrder({ configurations: [] }))).rejects.toMatchObject({
      code: 'bad_input',
    })
    await expect(call('run.start', smallOrder({ versionId: 7 }))).rejects.toMatchObject({
      code: 'dataset_not_found',
    })
    await expect(call('run.resume', { experimentId: 99 })).rejects.toMatchObject({
      code: 'experiment_not_found',
    })
    await expect(call('run.outcome', { experimentId: 99 })).rejects.toMatchObject({
      code: 'experiment_not_found',
    })
  })

  it('gives the digest of the command line for the same plan', async () => {
    const project = projectWith(smallTable())
    const { call, run, desk } = await deskWith(project)
    const { experimentId } = await run()
    const { about } = (await call('run.outcome', { experimentId }))!
    await desk.close()
    const folder = scratchFolder()
    const plan = {
      ...quickPlan(['lr', 'lr_balanced']),
      bootstrapDraws: defaultPlan().bootstrapDraws,
    }
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(toJson(plan)))
    const { code, stdout } = await cli(
      [
        'run',
        ...['--project', project.file, '--name', 'again', '--plan', 'plan.json', '--seed', '7'],
        ...['--target', 'fraud', '--positive', 'yes', '--ignore', 'weight,customer'],
        ...['--cost-fn', '10', '--cost-fp', '1'],
      ],
      folder,
    )
    expect(code).toBe(0)
    expect(stdout).toContain(`Digest ${about.digest}`)
  })

  it('goes on after the program was killed', async () => {
    const project = projectWith(smallTable())
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--experimental-strip-types',
        fileURLToPath(new URL('./running-child.ts', import.meta.url)),
        project.file,
      ],
      { stdio: 'inherit' },
    )
    const signal = await new Promise((resolve) => {
      child.once('exit', (_, reason) => {
        resolve(reason)
      })
    })
    expect(signal).toBe('SIGKILL')
    const { call, ended } = await deskWith(project)
    const { experiments, restored } = (await call('project.state', {}))!
    const [killed] = experiments
    expect(killed?.state).toBe('interrupted')
    expect(restored?.interruptedRuns).toBe(1)
    const done = killed!.runs.reduce((sum, { foldsDone }) => sum + foldsDone, 0)
    expect(done).toBe(2)
    const { experimentId } = killed!
    const { jobId } = await call('run.resume', { experimentId })
    expect(await ended(jobId)).toMatchObject({ state: 'done' })
    const resumed = (await call('run.outcome', { experimentId }))!
    const fresh = await deskWith()
    const whole = await fresh.run()
    const expected = await fresh.call('run.outcome', { experimentId: whole.experimentId })
    expect(resumed.about.digest).toBe(expected?.about.digest)
  })
})
