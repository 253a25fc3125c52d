/**
 * The use cases, against services that a host hands in: every host does the same by calling the
 * same functions, and adds only how it is asked and how it answers.
 *
 * Types of store, jobs and files are the ports; their values come in through `Services`.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import { canonicalJson, fromJson, toJson } from '#shared/contract/json.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { ExperimentRefused, prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import type {
  ExperimentRequest,
  PreparedExperiment,
} from '#shared/core/pipeline/prepare-experiment.ts'
import { runCurves } from '#shared/core/pipeline/run-curves.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import type { AboutExecution, AnalysisResults, RunCurves } from '#shared/core/report/analysis.ts'
import type { CsvOptions, CsvSink, CsvSummary } from '../files/csv/csv-types.ts'
import type { WorkerPool } from '../jobs/pool.ts'
import type { Fingerprint } from '../store/fingerprint.ts'
import type { Experiment } from '../store/experiments.ts'
import type { ImportHandle } from '../store/datasets.ts'
import type { Project } from '../store/project.ts'
import { createPace } from './pace.ts'
import type { Progress } from './pace.ts'

export interface Services {
  readonly project: Project
  readonly readCsv: (
    path: string,
    options: CsvOptions,
    sink: CsvSink,
    onProgress: (fractionOfBytes: number) => void,
    cancelled: () => boolean,
  ) => Promise<CsvSummary>
  readonly createFingerprint: () => Fingerprint
  readonly createWorkerPool: (data: PreparedExperiment['data'], size: number) => WorkerPool
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number
  /** What the report says of this program and how it was called. */
  readonly program: Pick<AboutExecution, 'version' | 'engine' | 'command'>
}

/** How whoever asked follows long work and calls it off. */
export interface Watch {
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

export interface ImportedDataset {
  readonly versionId: number
  readonly fingerprint: string
  readonly summary: CsvSummary
  /** True when the project held the same table already, which is then used. */
  readonly known: boolean
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
}

export interface Outcome {
  readonly results: AnalysisResults
  /** Its digest is the SHA-256 of the canonical JSON of the results. */
  readonly about: AboutExecution
}

export interface Workbench {
  /** Reads a CSV file into the project as a new dataset version. */
  importCsv(path: string, name: string, options: CsvOptions, watch: Watch): Promise<ImportedDataset>
  /**
   * Sets an experiment up, or finds the one that was set up alike, so that asking again goes on
   * where the last attempt was stopped.
   *
   * @returns Its id.
   * @throws UserError when it can't run or the name is taken by a different one.
   */
  order(order: ExperimentOrder): number
  /** Runs whatever folds of an experiment are missing, then evaluates and compares. */
  run(experimentId: number, workers: number, watch: Watch): Promise<Outcome>
  /** The latest analysis of an experiment; null when it has none yet. */
  outcome(experimentId: number): Outcome | null
  /** The curves a report draws, from the stored predictions. */
  curves(experimentId: number): readonly RunCurves[]
}

export function createWorkbench(services: Services): Workbench {
  const { project } = services

  const prepared = (experiment: Experiment): PreparedExperiment => {
    const version = project.datasets.get(experiment.datasetVersionId)
    if (version === null) throw new Error(`experiment ${experiment.id} has lost its dataset`)
    return {
      ...prepareExperiment({
        dataset: project.datasets.load(experiment.datasetVersionId),
        fingerprint: version.fingerprint,
        roles: experiment.roles,
        frame: {
          ...experiment.frame,
          costs: experiment.frame.costsAssumed ? null : experiment.frame.costs,
        },
        plan: experiment.plan,
        planNotes: experiment.planNotes,
        seed: experiment.seed,
        folds: { assignment: experiment.folds, from: experiment.foldsFrom },
      }),
    }
  }

  const existing = (experimentId: number): Experiment => {
    const experiment = project.experiments.get(experimentId)
    if (experiment === null) throw new Error(`there is no experiment ${experimentId}`)
    return experiment
  }

  return {
    async importCsv(path, name, options, watch) {
      // Opening and closing the project's file here would also drop SQLite's lock on it.
      if (isSameFile(path, project.file)) {
        throw new UserError('bad_input', `${path} is the project itself; name the file to import.`)
      }
      // In one record, because the reader's callbacks change it.
      const state: {
        handle: ImportHandle | null
        fingerprint: Fingerprint
        imported: Omit<ImportedDataset, 'summary'> | null
      } = { handle: null, fingerprint: services.createFingerprint(), imported: null }
      const pace = createPace('import', 1, services.now, watch.onProgress)
      const sink: CsvSink = {
        begin() {
          state.handle?.abort()
          state.handle = project.datasets.begin({ name, sourceName: basename(path), options })
          state.fingerprint = services.createFingerprint()
        },
        chunk(columns) {
          state.handle!.appendChunk(columns)
          state.fingerprint.append(columns)
        },
        finish(summary, levels) {
          const columns = summary.columns.map(({ name: column, kind }, i) => {
            const texts = levels[i] ?? null
            return texts === null ? { name: column, kind } : { name: column, kind, levels: texts }
          })
          const fingerprint = state.fingerprint.finish(columns)
          const known = project.datasets.findByFingerprint(fingerprint)
          if (known === null) {
            const versionId = state.handle!.finish({ columns, fingerprint, summary })
            state.imported = { versionId, fingerprint, known: false }
          } else {
            state.handle!.abort()
            state.imported = { versionId: known.id, fingerprint, known: true }
          }
          state.handle = null
        },
      }
      try {
        const summary = await services.readCsv(
          path,
          options,
          sink,
          (fraction) => {
            pace.reach(fraction, basename(path))
          },
          () => watch.signal.aborted,
        )
        if (state.imported === null) throw new Error('the reader ended without finishing')
        return { ...state.imported, summary }
      } catch (error) {
        try {
          state.handle?.abort()
        } catch {
          // The next start cleans up; what matters is why the import ended.
        }
        throw error
      }
    },

    order(order) {
      const version = project.datasets.get(order.datasetVersionId)
      if (version === null) throw new Error(`there is no dataset version ${order.datasetVersionId}`)
      const { data, planNotes, frameFacts, experimentFacts } = refusedAsBadInput(() =>
        prepareExperiment({
          dataset: project.datasets.load(order.datasetVersionId),
          fingerprint: version.fingerprint,
          roles: order.roles,
          frame: order.frame,
          plan: order.plan,
          planNotes: [],
          seed: order.seed,
          folds: order.givenFolds === null ? null : { assignment: order.givenFolds, from: 'file' },
        }),
      )
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
        folds: data.folds,
        foldsFrom: experimentFacts.foldsFrom,
      }
      const keyOf = ({
        roles,
        frame,
        plan,
        planNotes,
        seed,
        folds,
        foldsFrom,
      }: typeof wanted): string =>
        sha256(
          canonicalJson(
            toJson({
              fingerprint: version.fingerprint,
              roles,
              frame,
              plan,
              planNotes,
              seed,
              folds: sha256(new Uint8Array(Int32Array.from(folds).buffer)),
              foldsFrom,
            }),
          ),
        )
      const key = keyOf(wanted)
      const name = order.name ?? `experiment-${key.slice(0, 8)}`
      const known = project.experiments.find(name)
      if (known === null) {
        return project.experiments.create({
          name,
          datasetVersionId: order.datasetVersionId,
          ...wanted,
        })
      }
      if (known.datasetVersionId !== order.datasetVersionId || keyOf(known) !== key) {
        throw new UserError(
          'bad_input',
          `The project already has an experiment "${name}" with other data, frame, plan, folds or seed. Choose another name.`,
        )
      }
      return known.id
    },

    async run(experimentId, workers, watch) {
      const began = { startedAt: new Date(), wall: services.now(), cpu: process.cpuUsage() }
      const preparation = prepared(existing(experimentId))
      const { data } = preparation
      const stored = project.experiments.loadFoldResults(experimentId)
      const job =
        project.jobs
          .list()
          .find(({ state, payload }) => state === 'queued' && isRunOf(payload, experimentId)) ??
        project.jobs.create('run_experiment', { experimentId })
      project.jobs.setState(job.id, 'running')
      const pool = services.createWorkerPool(data, workers)
      const onAbort = (): void => void pool.cancel()
      watch.signal.addEventListener('abort', onAbort)
      try {
        if (watch.signal.aborted) throw new Cancelled()
        const folds = await runFolds(experimentId, data, stored, pool, (progress) => {
          project.jobs.setProgress(job.id, progress.fraction)
          watch.onProgress(progress)
        })
        const results = await evaluate(preparation, folds, pool, watch.onProgress)
        const json = canonicalJson(toJson(results))
        const digest = sha256(json)
        const about = aboutSince(began, digest, workers)
        project.experiments.saveAnalysis(experimentId, {
          results: json,
          digest,
          about,
        })
        project.jobs.setState(job.id, 'done')
        return { results, about }
      } catch (error) {
        const gone = error instanceof Cancelled || watch.signal.aborted
        project.jobs.setState(
          job.id,
          gone ? 'queued' : 'failed',
          gone ? undefined : { message: error instanceof Error ? error.message : String(error) },
        )
        throw error
      } finally {
        watch.signal.removeEventListener('abort', onAbort)
        await pool.close()
      }
    },

    outcome(experimentId) {
      const analysis = project.experiments.latestAnalysis(experimentId)
      return analysis === null
        ? null
        : {
            results: fromJson(JSON.parse(analysis.results)) as AnalysisResults,
            about: analysis.about as AboutExecution,
          }
    },

    curves(experimentId) {
      const experiment = existing(experimentId)
      const { data } = prepared(experiment)
      const folds = byConfiguration(project.experiments.loadFoldResults(experimentId))
      return data.plan.configurations.flatMap(({ name }) => {
        const results = folds.get(name)
        return results === undefined
          ? []
          : [runCurves(data, layOutOfFold(results, data.yTrue.length))]
      })
    },
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

  async function runFolds(
    experimentId: number,
    data: PreparedExperiment['data'],
    stored: readonly FoldResult[],
    pool: WorkerPool,
    onProgress: (progress: Progress) => void,
  ): Promise<readonly FoldResult[]> {
    const have = new Set(stored.map(({ configuration, fold }) => `${configuration} ${fold}`))
    const missing = data.plan.configurations.flatMap((configuration) =>
      Array.from({ length: data.plan.folds }, (_, fold) => ({ configuration, fold })).filter(
        ({ fold }) => !have.has(`${configuration.name} ${fold}`),
      ),
    )
    const units = missing.map(({ configuration }) =>
      configuration.model.kind === 'logistic_regression' ? 1 : 12,
    )
    const total = units.reduce((sum, unit) => sum + unit, 0)
    const fractions = new Float64Array(missing.length)
    const pace = createPace('folds', total, services.now, onProgress)
    const report = (i: number, fraction: number): void => {
      fractions[i] = fraction
      const done = units.reduce((sum, unit, j) => sum + unit * fractions[j]!, 0)
      const { configuration, fold } = missing[i]!
      pace.reach(done, `${configuration.name}, fold ${fold + 1} of ${data.plan.folds}`)
    }
    const fresh = await Promise.all(
      missing.map(async ({ configuration, fold }, i) => {
        const { result, durationMs } = await pool.run(
          { kind: 'fold', configuration: configuration.name, fold },
          (fraction) => {
            report(i, fraction)
          },
        )
        project.experiments.saveFoldResult(experimentId, result, { durationMs })
        report(i, 1)
        return result
      }),
    )
    return [...stored, ...fresh]
  }

  async function evaluate(
    { data, datasetFacts, frameFacts, experimentFacts }: PreparedExperiment,
    folds: readonly FoldResult[],
    pool: WorkerPool,
    onProgress: (progress: Progress) => void,
  ): Promise<AnalysisResults> {
    const grouped = byConfiguration(folds)
    const { configurations } = data.plan
    const pace = createPace('evaluation', configurations.length + 1, services.now, onProgress)
    const fractions = new Float64Array(configurations.length + 1)
    const report = (i: number, fraction: number, detail: string): void => {
      fractions[i] = fraction
      pace.reach(
        fractions.reduce((sum, done) => sum + done, 0),
        detail,
      )
    }
    const runs = await Promise.all(
      configurations.map(async ({ name }, i) => {
        const { result } = await pool.run(
          { kind: 'evaluate', configuration: name, folds: grouped.get(name) ?? [] },
          (fraction) => {
            report(i, fraction, name)
          },
        )
        report(i, 1, name)
        return result
      }),
    )
    const compared = await pool.run({ kind: 'compare', runs, frame: frameFacts }, (fraction) => {
      report(configurations.length, fraction, 'comparison')
    })
    return {
      dataset: datasetFacts,
      frame: frameFacts,
      experiment: experimentFacts,
      configurations: runs.map(({ result }) => result),
      champion: compared.result.comparison.champion.name,
      comparison: compared.result.comparison,
      sentence: compared.result.sentence,
    }
  }
}

function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((one) => statSync(one, { throwIfNoEntry: false }))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
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

function byConfiguration(results: readonly FoldResult[]): Map<string, FoldResult[]> {
  return Map.groupBy(results, ({ configuration }) => configuration)
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
