/**
 * The use cases, against services that a host hands in: every host does the same by calling the
 * same functions, and adds only how it is asked and how it answers.
 *
 * Types of store, jobs and files are the ports; their values come in through `Services`.
 */
import { createHash } from 'node:crypto'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { UserError } from '#shared/contract/errors.ts'
import { canonicalJson, fromJson, toJson } from '#shared/contract/json.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { frameForKey, readStoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { Acknowledgement } from '#shared/core/guardrails/judge-guardrails.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { judgeFinalTest, setApartData } from '#shared/core/pipeline/final-test.ts'
import { LOCKED } from '#shared/core/pipeline/set-apart.ts'
import {
  leakageConfiguration,
  leakageDemonstration,
  leakageExperiments,
  leakageFolds,
} from '#shared/core/pipeline/leakage-demonstration.ts'
import type { LeakageDemonstration } from '#shared/core/pipeline/leakage-demonstration.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { memoryFacts } from '#shared/core/pipeline/memory-facts.ts'
import {
  checkRoles,
  ExperimentRefused,
  prepareExperiment,
} from '#shared/core/pipeline/prepare-experiment.ts'
import type {
  ExperimentRequest,
  JudgedSamples,
  PreparedExperiment,
} from '#shared/core/pipeline/prepare-experiment.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import type {
  AboutExecution,
  AnalysisResults,
  FrameFacts,
  RunCurves,
} from '#shared/core/report/analysis.ts'
import type { CsvOptions } from '../files/csv/csv-types.ts'
import type { Decisions } from '../files/report/report-facts.ts'
import type { WorkerPool } from '../jobs/pool.ts'
import type { Fingerprint } from '../store/fingerprint.ts'
import type { Experiment, NewExperiment } from '../store/experiments.ts'
import type { DatasetVersion } from '../store/datasets.ts'
import type { StoredOpening } from '../store/final-tests.ts'
import type { Project } from '../store/project.ts'
import { withGuarantee, withRepeats } from './beyond-folds.ts'
import { existingVersion } from './existing-version.ts'
import { importCsv } from './import-csv.ts'
import type { ImportedDataset, ReadCsv } from './import-csv.ts'
import { keptFolds } from './kept-folds.ts'
import { labelFacts } from './labels/label-facts.ts'
import { createLoadedData } from './loaded-data.ts'
import type { Judging } from './loaded-data.ts'
import { planMemory } from './memory.ts'
import type { Progress } from './pace.ts'
import {
  earlierReasons,
  factsOf,
  historyOf,
  requireGuardrails,
  withGuardrails,
} from './guardrails.ts'
import { pause } from './pause.ts'
import { runExperiment } from './run-experiment.ts'
import { withPool } from './with-pool.ts'
import type { PoolSource } from './with-pool.ts'

export interface Services extends PoolSource {
  readonly project: Project
  readonly readCsv: ReadCsv
  readonly createFingerprint: () => Fingerprint
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number
  /** Most memory that the program may take, in bytes. */
  readonly memoryCap: number
  /** What the report says of this program and how it was called. */
  readonly program: Pick<AboutExecution, 'version' | 'engine' | 'command'>
}

/** How whoever asked follows long work and calls it off. */
export interface Watch {
  readonly onProgress: (progress: Progress) => void
  /** Told once what is good to know before long work begins. */
  readonly onNotice: (text: string) => void
  /** Told whenever a fold result has been saved. */
  readonly onKept?: () => void
  readonly signal: AbortSignal
}

export interface ExperimentOrder {
  readonly datasetVersionId: number
  readonly roles: Roles
  readonly frame: ExperimentRequest['frame']
  readonly plan: Plan
  readonly seed: number
  readonly givenFolds: Int32Array | null
  /** Null: a name is derived from all of the above. */
  readonly name: string | null
  /** Reasons why guardrails need not hold; none when left out. */
  readonly acknowledgements?: readonly Acknowledgement[]
}

export interface Outcome {
  readonly results: AnalysisResults
  /** Its digest is the SHA-256 of the canonical JSON of the results. */
  readonly about: AboutExecution
}

/** One run of an experiment, as it was asked for. */
export interface RunJob {
  readonly experiment: string
  /**
   * `interrupted`: cancelled, or the program or machine died. Running the experiment again goes on
   * where it stopped.
   */
  readonly state: 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'
  /** Folds of all configurations that are kept, and how many there are. */
  readonly foldsDone: number
  readonly folds: number
  /** Why it failed; null otherwise. */
  readonly reason: string | null
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

export interface Workbench {
  /** Reads a CSV file into the project as a new dataset version. */
  importCsv(path: string, name: string, options: CsvOptions, watch: Watch): Promise<ImportedDataset>
  /**
   * Sets an experiment up, or finds the one that was set up alike, so that asking again goes on
   * where the last attempt was stopped.
   *
   * @returns Its id.
   * @throws UserError when it can't run, the name is taken by a different one, or a guardrail
   *   refuses it.
   */
  order(order: ExperimentOrder): number
  /**
   * Runs whatever folds of an experiment are missing, evaluates and compares.
   *
   * @param workers Threads to use; fewer where their memory would go beyond the cap.
   * @throws UserError `bad_input` when one worker already needs more memory than the cap.
   */
  run(experimentId: number, workers: number, watch: Watch): Promise<Outcome>
  /** Every run that was asked for, oldest first. */
  jobs(): readonly RunJob[]
  /** The latest analysis of an experiment; null when it has none yet. */
  outcome(experimentId: number): Outcome | null
  /** What people decided on an experiment and its data, and why. */
  decisions(experimentId: number): Decisions
  /** The curves a report draws, from the stored predictions, in the order of the plan. */
  curves(experimentId: number, workers: number, watch: Watch): Promise<readonly RunCurves[]>
  /** @throws UserError `experiment_not_found`. */
  experiment(experimentId: number): Experiment
  /**
   * Labels, weights and costs of a version; reads only the columns that these need.
   *
   * @throws UserError `dataset_not_found`; `bad_input` when roles or frame don't fit the data.
   */
  samples(
    versionId: number,
    roles: Roles,
    frame: ExperimentOrder['frame'],
  ): {
    readonly version: DatasetVersion
    readonly samples: JudgedSamples
    readonly frameFacts: FrameFacts
  }
  /**
   * Work on a whole table that is no run, with a pool for its length.
   *
   * @param study `plan` says what is fitted at most, `nHeld` how many results are held at a time:
   *   memory is reckoned by them.
   * @throws UserError `dataset_not_found`; `bad_input` when the table doesn't allow it or it needs
   *   more memory than the cap.
   */
  study<T>(
    study: {
      readonly versionId: number
      readonly roles: Roles
      readonly frame: ExperimentOrder['frame']
      readonly plan: Plan
      readonly seed: number
      readonly nHeld: number
    },
    workers: number,
    watch: Watch,
    work: (pool: WorkerPool, prepared: PreparedExperiment, workers: number) => Promise<T>,
  ): Promise<T>
  /**
   * Opens the test set that was locked away: fits a configuration on everything else and judges the
   * locked cases at a threshold. Counted and dated; what was seen can't be unseen.
   *
   * @throws UserError `bad_input` when nothing is locked away, the experiment has no results yet or
   *   no reason is given.
   */
  openFinalTest(
    experimentId: number,
    opening: {
      /** Null: the recommended one. */
      readonly configuration: string | null
      /** Null: the one kept last, else the tuned one. */
      readonly threshold: number | null
      readonly reason: string
    },
    workers: number,
    watch: Watch,
  ): Promise<StoredOpening>
  /** Openings of the locked cases of an experiment, oldest first. */
  openings(experimentId: number): readonly StoredOpening[]
  /**
   * What sampling before splitting would claim on the data of an experiment, beside what is true.
   * Nothing of it is stored.
   */
  demonstrateLeakage(
    experimentId: number,
    workers: number,
    watch: Watch,
  ): Promise<LeakageDemonstration>
  /** Work on stored predictions, with a pool for its length; nothing can be fitted in it. */
  judge<T>(
    experimentId: number,
    workers: number,
    signal: AbortSignal,
    work: (pool: WorkerPool, judging: Judging) => Promise<T>,
  ): Promise<T>
  /** As `judge`, with the features: reads the whole table, unless it is at hand. */
  examine<T>(
    experimentId: number,
    signal: AbortSignal,
    work: (pool: WorkerPool, data: ExperimentData) => Promise<T>,
  ): Promise<T>
  /** What runs of an experiment are judged on. */
  judging(experimentId: number): Judging
}

const noteEveryMs = 1000

export function createWorkbench(services: Services): Workbench {
  const { project } = services
  const runningJobs = new Set<number>()
  let latestCurves: {
    readonly experimentId: number
    readonly curves: readonly RunCurves[]
  } | null = null

  const loaded = createLoadedData(project, () => services.memoryCap)

  const existing = (experimentId: number): Experiment => {
    const experiment = project.experiments.get(experimentId)
    if (experiment !== null) return experiment
    throw new UserError('experiment_not_found', `The project has no experiment ${experimentId}.`)
  }

  /** Takes over folds that experiments set up alike in the meantime have done. */
  const takeOver = (experiment: Experiment): void => {
    const { id, plan, folds, foldsFrom, frame } = experiment
    const kept = keptFolds(
      project,
      {
        ...experiment,
        frame: { ...frame, costs: frame.costsAssumed ? null : frame.costs },
        innerFolds: plan.innerFolds,
        validation: plan.validation,
        folds: foldsFrom === 'seed' ? plan.folds : folds,
      },
      plan.configurations,
      services.program.version,
      id,
    )
    for (const [configuration, sources] of kept) {
      for (const { folds: done, ...from } of sources) {
        project.experiments.copyFoldResults(from, { experimentId: id, configuration }, done)
      }
    }
  }

  return {
    importCsv: (path, name, options, watch) => importCsv(services, path, name, options, watch),

    order(order) {
      const version = existingVersion(project, order.datasetVersionId)
      const preparation = refusedAsBadInput(() =>
        prepareExperiment({
          dataset: loaded.table(version),
          fingerprint: version.fingerprint,
          roles: order.roles,
          frame: order.frame,
          plan: order.plan,
          planNotes: [],
          seed: order.seed,
          folds: order.givenFolds === null ? null : { assignment: order.givenFolds, from: 'file' },
        }),
      )
      const { data, planNotes, frameFacts, experimentFacts } = preparation
      const wanted = {
        roles: order.roles,
        frame: {
          ...order.frame,
          costs: frameFacts.costs,
          costsAssumed: frameFacts.costsAssumed,
        },
        plan: data.plan,
        planNotes,
        seed: order.seed,
        folds: preparation.assignment,
        foldsFrom: experimentFacts.foldsFrom,
      }
      const earlier = earlierReasons(project, version.id)
      const history = historyOf(project, version.id)
      const answers = requireGuardrails(
        factsOf(preparation, order.roles, history, null),
        order.acknowledgements ?? [],
        earlier,
      )
      const key = experimentKey(version.fingerprint, wanted)
      const name = order.name ?? `experiment-${key.slice(0, 8)}`
      const known = project.experiments.find(name)
      if (known === null) {
        const id = project.experiments.create({
          name,
          datasetVersionId: order.datasetVersionId,
          ...wanted,
        })
        project.guardrails.save(id, history, answers)
        takeOver(existing(id))
        return id
      }
      if (
        known.datasetVersionId !== order.datasetVersionId ||
        experimentKey(version.fingerprint, known) !== key
      ) {
        throw new UserError(
          'bad_input',
          `The project already has an experiment "${name}" with other data, frame, plan, folds or seed. Choose another name.`,
        )
      }
      const given = earlier.filter(({ experimentId }) => experimentId === known.id)
      project.guardrails.save(
        known.id,
        project.guardrails.history(known.id) ?? history,
        answers.filter(
          (answer) =>
            !given.some(
              ({ guardrail, reason }) => guardrail === answer.guardrail && reason === answer.reason,
            ),
        ),
      )
      return known.id
    },

    async run(experimentId, workers, watch) {
      const began = { startedAt: new Date(), wall: services.now(), cpu: process.cpuUsage() }
      const experiment = existing(experimentId)
      takeOver(experiment)
      const preparation = loaded.experiment(experiment)
      const { data } = preparation
      const stored = project.experiments.loadFoldResults(experimentId)
      const heldAtOnce = new Set([
        ...stored.map(({ configuration }) => configuration),
        ...data.plan.configurations.map(({ model }) => `first ${model.kind}`),
      ])
      const memory = planMemory(
        data.plan,
        memoryFacts(data),
        heldAtOnce.size,
        workers,
        services.memoryCap,
      )
      watch.onNotice(memory.notice)
      await pause()
      const job =
        project.jobs
          .list()
          .find(({ state, payload }) => state === 'queued' && isRunOf(payload, experimentId)) ??
        project.jobs.create('run_experiment', { experimentId })
      project.jobs.setState(job.id, 'running')
      runningJobs.add(job.id)
      let notedAt = services.now()
      try {
        const { results: measured, curves } = await withPool(
          services,
          data,
          memory.workers,
          watch.signal,
          (pool) =>
            runExperiment({
              preparation,
              stored,
              timings: project.experiments.loadTimings(experimentId).flatMap(withDuration),
              trials: project.experiments.loadTrials(experimentId),
              pool,
              workers: memory.workers,
              now: services.now,
              save: (result, durationMs) => {
                const { version } = services.program
                project.experiments.saveFoldResult(experimentId, result, { durationMs, version })
                watch.onKept?.()
              },
              saveTrial: (trial) => {
                project.experiments.saveTrial(experimentId, trial)
              },
              onProgress: (progress) => {
                if (services.now() - notedAt >= noteEveryMs) {
                  notedAt = services.now()
                  project.jobs.setProgress(job.id, progress.fraction)
                }
                watch.onProgress(progress)
              },
            }),
        )
        const ground = { services, request: () => requestOf(experiment) }
        const promised = await withGuarantee(
          measured,
          preparation,
          experiment,
          ground,
          watch.signal,
        )
        const repeated = await withRepeats(
          promised,
          preparation,
          experiment,
          ground,
          memory.workers,
          watch,
        )
        const results = withGuardrails(repeated, preparation, experiment, project)
        const json = canonicalJson(toJson(results))
        const digest = sha256(json)
        const about = aboutSince(began, digest, memory.workers)
        project.experiments.saveAnalysis(experimentId, {
          results: json,
          digest,
          about,
        })
        project.jobs.setState(job.id, 'done')
        latestCurves = { experimentId, curves }
        return { results, about }
      } catch (error) {
        const gone = error instanceof Cancelled || watch.signal.aborted
        try {
          project.jobs.setState(
            job.id,
            gone ? 'queued' : 'failed',
            gone ? undefined : { message: error instanceof Error ? error.message : String(error) },
          )
        } catch {
          // The project can't be written to, which may be why it failed: that is what to tell.
        }
        throw error
      } finally {
        runningJobs.delete(job.id)
      }
    },

    jobs() {
      return project.jobs.list().flatMap(({ id, state, payload, error, createdAt }): RunJob[] => {
        const experiment = project.experiments
          .list()
          .find((candidate) => isRunOf(payload, candidate.id))
        if (experiment === undefined) return []
        const { plan } = existing(experiment.id)
        return [
          {
            experiment: experiment.name,
            state: runningJobs.has(id)
              ? 'running'
              : state === 'queued' || state === 'running'
                ? 'interrupted'
                : state,
            foldsDone: project.experiments.completedFolds(experiment.id).length,
            folds: plan.folds * plan.configurations.length,
            reason: reasonOf(error),
            createdAt,
          },
        ]
      })
    },

    outcome(experimentId) {
      const analysis = project.experiments.latestAnalysis(experimentId)
      if (analysis === null) return null
      const results = fromJson(JSON.parse(analysis.results)) as AnalysisResults
      // Those of versions that knew no guardrails lack more than can be made up: running the
      // experiment again evaluates its folds anew.
      if (!('guardrails' in results)) return null
      return {
        // Results that were saved before there was a verdict, or slices, have none.
        results: {
          ...results,
          verdict: (results as Partial<AnalysisResults>).verdict ?? null,
          slices: (results as Partial<AnalysisResults>).slices ?? null,
          frame: readStoredFrame<FrameFacts>(results.frame),
        },
        about: analysis.about as AboutExecution,
      }
    },

    async curves(experimentId, workers, watch) {
      if (latestCurves?.experimentId === experimentId) return latestCurves.curves
      const { data } = loaded.judging(existing(experimentId))
      await pause()
      const folds = Map.groupBy(
        project.experiments.loadFoldResults(experimentId),
        ({ configuration }) => configuration,
      )
      const curves = await withPool(services, data, workers, watch.signal, (pool) =>
        Promise.all(
          data.plan.configurations.flatMap(({ name }) => {
            const results = folds.get(name)
            return results === undefined
              ? []
              : [pool.run({ kind: 'curves', folds: results }).then(({ result }) => result)]
          }),
        ),
      )
      latestCurves = { experimentId, curves }
      return curves
    },

    decisions(experimentId) {
      const { datasetVersionId } = existing(experimentId)
      const labels = labelFacts({ project }, datasetVersionId)
      return {
        kept: project.workspace
          .kept(datasetVersionId)
          .filter((kept) => kept.experimentId === experimentId)
          .map(({ configuration, threshold, reason, createdAt }) => ({
            run: configuration,
            threshold,
            reason,
            at: createdAt,
          })),
        openings: this.openings(experimentId).map(
          ({ configuration, reason, result, createdAt }) => ({
            run: configuration,
            reason,
            at: createdAt,
            result,
          }),
        ),
        frameChanges: project.workspace
          .frameChanges(datasetVersionId)
          .map(({ reason, createdAt }) => ({ reason, at: createdAt })),
        ...(labels === null ? {} : { labels }),
      }
    },

    async openFinalTest(experimentId, { configuration, threshold, reason }, workers, watch) {
      const experiment = existing(experimentId)
      const because = reason.trim()
      if (because === '') {
        throw new UserError('bad_input', 'Say why the locked test set is opened; it is kept.')
      }
      const results = this.outcome(experimentId)?.results
      if (results === undefined) {
        throw new UserError(
          'bad_input',
          `"${experiment.name}" has no results yet. The threshold is chosen first, on other cases; then the test set is opened.`,
        )
      }
      const name = configuration ?? results.comparison.recommended.name
      const known = results.configurations.find((one) => one.name === name)
      if (known === undefined) {
        const names = results.configurations.map((one) => one.name).join(', ')
        throw new UserError('bad_input', `There is no run "${name}". There are: ${names}.`)
      }
      const kept = project.workspace
        .kept(experiment.datasetVersionId)
        .findLast((one) => one.experimentId === experimentId && one.configuration === name)
      const settled = threshold ?? kept?.threshold ?? known.threshold.value
      const data = refusedAsBadInput(() =>
        setApartData(requestOf(experiment), experiment.folds, LOCKED, results.dataset.features),
      )
      watch.onNotice(`Fitting ${name} on all cases that are not locked away.`)
      const { result } = await withPool(services, data, workers, watch.signal, (pool) =>
        pool.run({ kind: 'fold', configuration: name, fold: 0 }, (fraction) => {
          watch.onProgress({
            stage: 'folds',
            fraction,
            secondsLeft: null,
            detail: `Fitting ${name} for the final test`,
          })
        }),
      )
      project.finalTests.add({
        experimentId,
        configuration: name,
        threshold: settled,
        reason: because,
        result: judgeFinalTest(data, result, settled),
      })
      return this.openings(experimentId).at(-1)!
    },

    async demonstrateLeakage(experimentId, workers, watch) {
      const { data } = loaded.experiment(existing(experimentId))
      const experiments = leakageExperiments(data)
      const run = (which: 'claimed' | 'honest', from: number): Promise<readonly FoldResult[]> => {
        let done = 0
        return withPool(services, experiments[which], workers, watch.signal, (pool) =>
          Promise.all(
            leakageFolds.map(async (fold) => {
              const work = { kind: 'fold' as const, configuration: leakageConfiguration, fold }
              const { result } = await pool.run(work)
              done++
              watch.onProgress({
                stage: 'folds',
                fraction: from + done / leakageFolds.length / 2,
                secondsLeft: null,
                detail:
                  which === 'claimed'
                    ? 'Sampling before splitting, which is invalid'
                    : 'Sampling inside training sets',
              })
              return result
            }),
          ),
        )
      }
      const claimed = await run('claimed', 0)
      const honest = await run('honest', 0.5)
      return leakageDemonstration(experiments, { claimed, honest })
    },

    openings: (experimentId) =>
      project.finalTests
        .list(existing(experimentId).datasetVersionId)
        .filter((opening) => opening.experimentId === experimentId),

    experiment: existing,

    samples(versionId, roles, frame) {
      const version = existingVersion(project, versionId)
      return refusedAsBadInput(() => {
        checkRoles(version, roles)
        return { version, ...loaded.samples(version, roles, frame) }
      })
    },

    async study({ versionId, roles, frame, plan, seed, nHeld }, wanted, watch, work) {
      const version = existingVersion(project, versionId)
      const prepared = refusedAsBadInput(() =>
        prepareExperiment({
          ...{ dataset: loaded.table(version), fingerprint: version.fingerprint, roles, frame },
          ...{ plan, planNotes: [], seed, folds: null },
        }),
      )
      const { data } = prepared
      const { workers, notice } = planMemory(
        data.plan,
        memoryFacts(data),
        nHeld,
        wanted,
        services.memoryCap,
      )
      watch.onNotice(notice)
      await pause()
      return withPool(services, data, workers, watch.signal, (pool) =>
        work(pool, prepared, workers),
      )
    },

    async judge(experimentId, workers, signal, work) {
      const judging = loaded.judging(existing(experimentId))
      await pause()
      return withPool(services, judging.data, workers, signal, (pool) => work(pool, judging))
    },

    async examine(experimentId, signal, work) {
      const { data } = loaded.experiment(existing(experimentId))
      await pause()
      return withPool(services, data, 1, signal, (pool) => work(pool, data))
    },

    judging: (experimentId) => loaded.judging(existing(experimentId)),
  }

  /** An experiment as it was asked for, on the whole table. */
  function requestOf({
    datasetVersionId,
    roles,
    frame,
    plan,
    seed,
  }: Experiment): Parameters<typeof setApartData>[0] {
    return {
      dataset: loaded.table(existingVersion(project, datasetVersionId)),
      roles,
      frame: { ...frame, costs: frame.costsAssumed ? null : frame.costs },
      plan,
      seed,
    }
  }

  function aboutSince(
    began: { startedAt: Date; wall: number; cpu: NodeJS.CpuUsage },
    digest: string,
    workers: number,
  ): AboutExecution {
    const { user, system } = process.cpuUsage(began.cpu)
    return {
      digest,
      ...services.program,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      workers,
      startedAt: began.startedAt.toISOString(),
      wallSeconds: (services.now() - began.wall) / 1000,
      cpuSeconds: (user + system) / 1e6,
    }
  }
}

/** The same for experiments that do the same. */
function experimentKey(
  fingerprint: string,
  {
    roles,
    frame,
    plan,
    planNotes,
    seed,
    folds,
    foldsFrom,
  }: Omit<NewExperiment, 'name' | 'datasetVersionId'>,
): string {
  const digestOfFolds = sha256(new Uint8Array(Int32Array.from(folds).buffer))
  return sha256(
    canonicalJson(
      toJson({
        fingerprint,
        roles,
        frame: frameForKey(frame),
        plan,
        planNotes,
        seed,
        folds: digestOfFolds,
        foldsFrom,
      }),
    ),
  )
}

/** Problems of a request are the user's to solve, not faults. */
function refusedAsBadInput<T>(prepare: () => T): T {
  try {
    return prepare()
  } catch (error) {
    if (error instanceof ExperimentRefused) throw new UserError('bad_input', error.message)
    throw error
  }
}

/** A stored timing that says how long the fold took. */
function withDuration<T extends { readonly timing: unknown }>(
  stored: T,
): (T & { durationMs: number })[] {
  const { timing } = stored
  const durationMs =
    typeof timing === 'object' && timing !== null && 'durationMs' in timing
      ? timing.durationMs
      : null
  return typeof durationMs === 'number' ? [{ ...stored, durationMs }] : []
}

function reasonOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  return String(error.message)
}

function isRunOf(payload: unknown, experimentId: number): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'experimentId' in payload &&
    payload.experimentId === experimentId
  )
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
