import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { Frame } from '#shared/core/frame/frame.ts'
import { readStoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { StoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { GradientFlow } from '#shared/core/insight/training-record.ts'
import type {
  FoldInsight,
  FoldResult,
  FoldSearch,
  GateSums,
} from '#shared/core/pipeline/fold-result.ts'
import type { FoldCost } from '#shared/core/pipeline/repeated-folds.ts'
import type { SyntheticPassport } from '#shared/core/pipeline/synthetic-passport.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import type { TrialResult } from '#shared/core/search/search-steps.ts'

import { DamagedBlobError } from './blob.ts'
import type { Connection } from './connection.ts'
import { toJson } from './json.ts'
import { packNumbers, unpackDoubles, unpackIntegers } from './packed-numbers.ts'
import { ProjectError } from './project-error.ts'

export interface NewExperiment {
  /** Unique in the project. */
  readonly name: string
  readonly datasetVersionId: number
  readonly roles: Roles
  readonly frame: Frame
  readonly plan: Plan
  /** What was changed of the plan that was asked for, to be told with every result. */
  readonly planNotes: readonly string[]
  readonly seed: number
  /** Outer fold of each row, from 0, or another code of core/pipeline/set-apart.ts. */
  readonly folds: Int32Array
  readonly foldsFrom: 'seed' | 'file'
}

/**
 * `planned` until the first fold result is saved, `running` until an analysis is. Whether work is
 * going on right now is for the jobs to say.
 */
export type ExperimentState = 'planned' | 'running' | 'done'

export interface Experiment extends NewExperiment {
  readonly id: number
  readonly state: ExperimentState
  readonly createdAt: string
}

export type ExperimentSummary = Pick<
  Experiment,
  'id' | 'name' | 'datasetVersionId' | 'state' | 'createdAt'
>

export interface FoldKey {
  /** Name of the configuration in the plan. */
  readonly configuration: string
  readonly fold: number
}

/** A trial of the search of a configuration inside a fold. */
export interface StoredTrial extends FoldKey, TrialResult {}

export interface RunKey {
  readonly experimentId: number
  /** Name of the configuration in the plan. */
  readonly configuration: string
}

export interface Analysis {
  /** Canonical JSON, kept to the byte. */
  readonly results: string
  readonly digest: string
  /** Times and machine facts, outside the digest. */
  readonly about: unknown
}

export interface ExperimentStore {
  /**
   * Saves an experiment with its frame, its plan and a run for each configuration of the plan.
   * On disk when it returns.
   *
   * @returns The id of the experiment.
   * @throws ProjectError `experiment_exists` when the name is taken.
   */
  create(experiment: NewExperiment): number
  find(name: string): Experiment | null
  get(experimentId: number): Experiment | null
  /** Oldest first. */
  list(): readonly ExperimentSummary[]
  /** What need not be computed again, in the order of the plan. */
  completedFolds(experimentId: number): readonly FoldKey[]
  /**
   * Saves what a run did on one fold, in one transaction. The first result of a run and fold is
   * the one that stays: saving another changes nothing.
   *
   * @param timing Machine facts of the computation as JSON, kept apart from the result.
   * @returns Whether it was the first.
   * @throws RangeError when the experiment has no such configuration, or arrays differ in length.
   */
  saveFoldResult(experimentId: number, result: FoldResult, timing: unknown): boolean
  /**
   * All results there are, or those of one configuration, in the order of the plan, then by fold.
   *
   * @throws ProjectError `project_damaged`, naming configuration and fold.
   */
  loadFoldResults(experimentId: number, configuration?: string): readonly FoldResult[]
  /** What training and search noted of the folds there are, without their predictions. */
  loadFoldNotes(experimentId: number): readonly FoldNotes[]
  /**
   * Copies the results of one run to another that would come to the same ones; folds that are
   * there already stay. In one transaction.
   *
   * @returns How many folds it was.
   * @throws RangeError when there is no such run.
   */
  copyFoldResults(from: RunKey, to: RunKey, folds: readonly number[]): number
  /** Keeps what a fold of a repeat came to; saving another for the same place changes nothing. */
  saveRepeatedFold(experimentId: number, fold: RepeatedFold): void
  /** All there are, in the order of the plan, then by repeat and fold. */
  loadRepeatedFolds(experimentId: number): readonly RepeatedFold[]
  /** Keeps a trial of a search; saving another for the same place changes nothing. */
  saveTrial(experimentId: number, trial: StoredTrial): void
  /** All trials there are, in the order of the plan, then by fold, step and trial. */
  loadTrials(experimentId: number): readonly StoredTrial[]
  /** What `saveFoldResult` was given as timing, in the same order. */
  loadTimings(experimentId: number): readonly (FoldKey & { readonly timing: unknown })[]
  /** Adds an analysis; earlier ones stay. */
  saveAnalysis(experimentId: number, analysis: Analysis): void
  latestAnalysis(experimentId: number): (Analysis & { readonly createdAt: string }) | null
}

/** Of a further division into folds; `repeat` counts from 1. */
export interface RepeatedFold extends FoldKey, FoldCost {
  readonly repeat: number
}

/** Null where there was nothing to note. */
export interface FoldNotes extends FoldKey {
  readonly flow: GradientFlow | null
  readonly passport: SyntheticPassport | null
  readonly search: FoldSearch | null
}

interface ExperimentRow {
  id: number
  name: string
  dataset_version_id: number
  roles: string
  frame: string
  plan: string
  plan_notes: string
  seed: number
  folds: Buffer
  folds_from: 'seed' | 'file'
  state: ExperimentState
  created_at: string
}

interface FoldResultRow {
  configuration_name: string
  fold: number
  tuned_threshold: number
  record: string
  samples: Buffer
  scores: Buffer
  corrected: Buffer | null
  probabilities: Buffer
  margins: Buffer | null
}

/** The parts of a fold result that are small and finite, as JSON. */
interface FoldRecord {
  readonly feasible: boolean
  readonly shortfall: string | null
  readonly training: FoldResult['training']
  readonly calibrator: FoldResult['calibrator']
  /** Not there in results of earlier versions. */
  readonly importance?: FoldResult['importance']
  readonly flow?: GradientFlow
  readonly gate?: GateSums
  readonly search?: FoldSearch
  readonly insight?: FoldInsight
}

const SELECT_EXPERIMENT = `
  SELECT experiments.*, frame, plan FROM experiments
  JOIN frames ON frames.id = frame_id
  JOIN plans ON plans.id = plan_id`

export function createExperimentStore(connection: Connection): ExperimentStore {
  const { database, file } = connection
  const insertFrame = database.prepare<[string, string]>(
    'INSERT INTO frames (frame, created_at) VALUES (?, ?)',
  )
  const insertPlan = database.prepare<[string, string]>(
    'INSERT INTO plans (plan, created_at) VALUES (?, ?)',
  )
  const insertExperiment = database.prepare(
    `INSERT INTO experiments (name, dataset_version_id, frame_id, plan_id, plan_notes, roles, seed, folds,
      folds_from, state, created_at)
    VALUES (@name, @datasetVersionId, @frameId, @planId, @planNotes, @roles, @seed, @folds, @foldsFrom,
      'planned', @now)`,
  )
  const insertRun = database.prepare<[number, number, string, string]>(
    `INSERT INTO runs (experiment_id, position, configuration_name, configuration, state)
    VALUES (?, ?, ?, ?, 'planned')`,
  )
  const insertFoldResult = database.prepare(
    `INSERT INTO fold_results (run_id, fold, tuned_threshold, record, timing, samples, scores,
      corrected, probabilities, margins)
    VALUES (@runId, @fold, @threshold, @record, @timing, @samples, @scores, @corrected,
      @probabilities, @margins)
    ON CONFLICT (run_id, fold) DO NOTHING`,
  )
  const updateRunState = database.prepare<[number, number]>(
    `UPDATE runs SET state =
      iif((SELECT count(*) FROM fold_results WHERE run_id = runs.id) >= ?, 'done', 'running')
    WHERE id = ?`,
  )
  const startExperiment = database.prepare<[number]>(
    `UPDATE experiments SET state = 'running' WHERE id = ? AND state = 'planned'`,
  )
  const endExperiment = database.prepare<[number]>(
    `UPDATE experiments SET state = 'done' WHERE id = ?`,
  )
  const insertAnalysis = database.prepare<[number, string, string, string, string]>(
    `INSERT INTO analyses (experiment_id, results, digest, about, created_at)
    VALUES (?, ?, ?, ?, ?)`,
  )
  const selectByName = database.prepare<[string], ExperimentRow>(
    `${SELECT_EXPERIMENT} WHERE experiments.name = ?`,
  )
  const selectById = database.prepare<[number], ExperimentRow>(
    `${SELECT_EXPERIMENT} WHERE experiments.id = ?`,
  )
  const selectSummaries = database.prepare<[], ExperimentSummary>(
    `SELECT id, name, dataset_version_id AS datasetVersionId, state, created_at AS createdAt
    FROM experiments ORDER BY id`,
  )
  const selectRun = database.prepare<[number, string], { id: number; folds: number }>(
    `SELECT runs.id, plan ->> '$.folds' AS folds
    FROM runs JOIN experiments ON experiments.id = experiment_id JOIN plans ON plans.id = plan_id
    WHERE experiment_id = ? AND configuration_name = ?`,
  )
  const fromFoldResults = `FROM fold_results JOIN runs ON runs.id = run_id
    WHERE experiment_id = ? ORDER BY position, fold`
  const selectFoldKeys = database.prepare<[number], FoldKey>(
    `SELECT configuration_name AS configuration, fold ${fromFoldResults}`,
  )
  const selectTimings = database.prepare<[number], FoldKey & { timing: string | null }>(
    `SELECT configuration_name AS configuration, fold, timing ${fromFoldResults}`,
  )
  const selectFoldNotes = database.prepare<
    [number],
    FoldKey & Record<'flow' | 'passport' | 'search', string | null>
  >(
    `SELECT configuration_name AS configuration, fold, record -> '$.flow' AS flow,
      record -> '$.training.passport' AS passport, record -> '$.search' AS search
    ${fromFoldResults}`,
  )
  const selectFoldResults = database.prepare<
    [{ experimentId: number; configuration: string | null }],
    FoldResultRow
  >(
    `SELECT configuration_name, fold, tuned_threshold, record, samples, scores, corrected,
      probabilities, margins
    FROM fold_results JOIN runs ON runs.id = run_id
    WHERE experiment_id = @experimentId
      AND (@configuration IS NULL OR configuration_name = @configuration)
    ORDER BY position, fold`,
  )
  const copyFoldResult = database.prepare<[{ to: number; from: number; fold: number }]>(
    `INSERT INTO fold_results (run_id, fold, tuned_threshold, record, timing, samples, scores,
      corrected, probabilities, margins)
    SELECT @to, fold, tuned_threshold, record, timing, samples, scores, corrected, probabilities,
      margins
    FROM fold_results WHERE run_id = @from AND fold = @fold
    ON CONFLICT (run_id, fold) DO NOTHING`,
  )
  const insertRepeatedFold = database.prepare<[number, number, number, number, number]>(
    `INSERT INTO repeated_folds (run_id, repeat, fold, samples, mean_cost) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (run_id, repeat, fold) DO NOTHING`,
  )
  const selectRepeatedFolds = database.prepare<[number], RepeatedFold>(
    `SELECT configuration_name AS configuration, repeat, fold, samples, mean_cost AS meanCost
    FROM repeated_folds JOIN runs ON runs.id = run_id
    WHERE experiment_id = ? ORDER BY position, repeat, fold`,
  )
  const insertTrial = database.prepare<[number, number, number, number, string]>(
    `INSERT INTO trials (run_id, fold, step, trial, record) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (run_id, fold, step, trial) DO NOTHING`,
  )
  const selectTrials = database.prepare<
    [number],
    FoldKey & { readonly step: number; readonly trial: number; readonly record: string }
  >(
    `SELECT configuration_name AS configuration, fold, step, trial, record
    FROM trials JOIN runs ON runs.id = run_id
    WHERE experiment_id = ? ORDER BY position, fold, step, trial`,
  )
  const selectLatestAnalysis = database.prepare<
    [number],
    { results: string; digest: string; about: string; created_at: string }
  >(
    `SELECT results, digest, about, created_at FROM analyses
    WHERE experiment_id = ? ORDER BY id DESC LIMIT 1`,
  )

  /** Runs `read`, and says which data it was when the blobs it reads are damaged. */
  const orDamaged = <T>(what: string, read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof DamagedBlobError)) throw error
      throw new ProjectError(
        'project_damaged',
        `The project file is damaged: ${what} cannot be read. Restore the project from a backup, ` +
          'or run the experiment again under another name.',
        file,
        error,
      )
    }
  }

  const toExperiment = (row: ExperimentRow): Experiment => ({
    id: row.id,
    name: row.name,
    datasetVersionId: row.dataset_version_id,
    roles: JSON.parse(row.roles) as Roles,
    frame: readStoredFrame(JSON.parse(row.frame) as StoredFrame<Frame>),
    plan: JSON.parse(row.plan) as Plan,
    planNotes: JSON.parse(row.plan_notes) as string[],
    seed: row.seed,
    folds: orDamaged(`the folds of experiment "${row.name}"`, () => unpackIntegers(row.folds)),
    foldsFrom: row.folds_from,
    state: row.state,
    createdAt: row.created_at,
  })

  const toFoldResult = (row: FoldResultRow): FoldResult =>
    orDamaged(`fold ${row.fold + 1} of configuration "${row.configuration_name}"`, () => {
      const { feasible, shortfall, training, calibrator, importance, ...record } = JSON.parse(
        row.record,
      ) as FoldRecord
      return {
        configuration: row.configuration_name,
        fold: row.fold,
        samples: unpackIntegers(row.samples),
        scores: unpackDoubles(row.scores),
        corrected: row.corrected === null ? null : unpackDoubles(row.corrected),
        probabilities: unpackDoubles(row.probabilities),
        tunedThreshold: { value: row.tuned_threshold, feasible, shortfall },
        training,
        calibrator,
        importance: importance ?? null,
        ...record,
        ...(row.margins === null ? {} : { margins: Float32Array.from(unpackDoubles(row.margins)) }),
      }
    })

  const requireRun = ({ experimentId, configuration }: RunKey): { id: number; folds: number } => {
    const run = selectRun.get(experimentId, configuration)
    if (run !== undefined) return run
    throw new RangeError(`experiment ${experimentId} has no configuration "${configuration}"`)
  }

  const requireExperiment = (changes: number, experimentId: number): void => {
    if (changes > 0) return
    throw new ProjectError(
      'experiment_not_found',
      `The project has no experiment ${experimentId}.`,
      file,
    )
  }

  return {
    create: (experiment) =>
      connection.writeDurably(() => {
        const { name, datasetVersionId, roles, frame, plan, seed, folds, foldsFrom } = experiment
        if (selectByName.get(name) !== undefined) {
          throw new ProjectError(
            'experiment_exists',
            `The project already has an experiment "${name}". Choose another name.`,
            file,
          )
        }
        const now = new Date().toISOString()
        const frameId = insertFrame.run(toJson(frame, 'frame'), now).lastInsertRowid
        const planId = insertPlan.run(toJson(plan, 'plan'), now).lastInsertRowid
        const { lastInsertRowid } = insertExperiment.run({
          name,
          datasetVersionId,
          frameId,
          planId,
          planNotes: toJson(experiment.planNotes, 'plan notes'),
          roles: toJson(roles, 'roles'),
          seed,
          folds: packNumbers(folds).blob,
          foldsFrom,
          now,
        })
        const experimentId = Number(lastInsertRowid)
        plan.configurations.forEach((configuration, position) => {
          const text = toJson(configuration, 'configuration')
          insertRun.run(experimentId, position, configuration.name, text)
        })
        return experimentId
      }),

    find: (name) =>
      connection.read(() => {
        const row = selectByName.get(name)
        return row === undefined ? null : toExperiment(row)
      }),

    get: (experimentId) =>
      connection.read(() => {
        const row = selectById.get(experimentId)
        return row === undefined ? null : toExperiment(row)
      }),

    list: () => connection.read(() => selectSummaries.all()),

    completedFolds: (experimentId) => connection.read(() => selectFoldKeys.all(experimentId)),

    saveFoldResult: (experimentId, result, timing) =>
      connection.write(() => {
        checkLengths(result)
        const { configuration, fold, tunedThreshold, training, calibrator, importance } = result
        const { flow, gate, search, insight } = result
        const run = requireRun({ experimentId, configuration })
        const { value: threshold, feasible, shortfall } = tunedThreshold
        const record: FoldRecord = {
          ...{ feasible, shortfall, training, calibrator, importance },
          ...(flow === undefined ? {} : { flow }),
          ...(gate === undefined ? {} : { gate }),
          ...(search === undefined ? {} : { search }),
          ...(insight === undefined ? {} : { insight }),
        }
        const { changes } = insertFoldResult.run({
          runId: run.id,
          fold,
          threshold,
          record: toJson(record, 'fold result'),
          timing: timing === null ? null : toJson(timing, 'timing'),
          samples: packNumbers(result.samples).blob,
          scores: packNumbers(result.scores).blob,
          corrected: result.corrected === null ? null : packNumbers(result.corrected).blob,
          probabilities: packNumbers(result.probabilities).blob,
          margins:
            result.margins === undefined
              ? null
              : packNumbers(Float64Array.from(result.margins)).blob,
        })
        if (changes === 0) return false
        updateRunState.run(run.folds, run.id)
        startExperiment.run(experimentId)
        return true
      }),

    loadFoldResults: (experimentId, configuration) =>
      connection.read(() =>
        selectFoldResults
          .all({ experimentId, configuration: configuration ?? null })
          .map(toFoldResult),
      ),

    loadFoldNotes: (experimentId) =>
      connection.read(() =>
        selectFoldNotes
          .all(experimentId)
          .map(({ configuration, fold, flow, passport, search }): FoldNotes => ({
            configuration,
            fold,
            flow: parsedOrNull(flow) as GradientFlow | null,
            passport: parsedOrNull(passport) as SyntheticPassport | null,
            search: parsedOrNull(search) as FoldSearch | null,
          })),
      ),

    copyFoldResults: (from, to, folds) =>
      connection.write(() => {
        const source = requireRun(from)
        const target = requireRun(to)
        let copied = 0
        for (const fold of folds)
          copied += copyFoldResult.run({ from: source.id, to: target.id, fold }).changes
        if (copied === 0) return 0
        updateRunState.run(target.folds, target.id)
        startExperiment.run(to.experimentId)
        return copied
      }),

    saveRepeatedFold: (experimentId, { configuration, repeat, fold, samples, meanCost }) => {
      connection.write(() => {
        const run = requireRun({ experimentId, configuration })
        insertRepeatedFold.run(run.id, repeat, fold, samples, meanCost)
      })
    },

    loadRepeatedFolds: (experimentId) =>
      connection.read(() => selectRepeatedFolds.all(experimentId)),

    saveTrial: (experimentId, { configuration, fold, step, trial, value }) => {
      connection.write(() => {
        const { id } = requireRun({ experimentId, configuration })
        insertTrial.run(id, fold, step, trial, toJson({ value }, 'trial'))
        startExperiment.run(experimentId)
      })
    },

    loadTrials: (experimentId) =>
      connection.read(() =>
        selectTrials.all(experimentId).map(({ record, ...place }) => {
          const { value } = JSON.parse(record) as Pick<TrialResult, 'value'>
          return { ...place, value }
        }),
      ),

    loadTimings: (experimentId) =>
      connection.read(() =>
        selectTimings.all(experimentId).map(({ configuration, fold, timing }) => ({
          configuration,
          fold,
          timing: timing === null ? null : (JSON.parse(timing) as unknown),
        })),
      ),

    saveAnalysis: (experimentId, { results, digest, about }) => {
      connection.write(() => {
        requireExperiment(endExperiment.run(experimentId).changes, experimentId)
        const now = new Date().toISOString()
        insertAnalysis.run(experimentId, results, digest, toJson(about, 'about'), now)
      })
    },

    latestAnalysis: (experimentId) =>
      connection.read(() => {
        const row = selectLatestAnalysis.get(experimentId)
        if (row === undefined) return null
        const { results, digest, about, created_at: createdAt } = row
        return { results, digest, about: JSON.parse(about) as unknown, createdAt }
      }),
  }
}

function parsedOrNull(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}

function checkLengths({ samples, scores, corrected, probabilities }: FoldResult): void {
  for (const [name, values] of Object.entries({ scores, corrected, probabilities })) {
    if (values !== null && values.length !== samples.length) {
      throw new RangeError(`${name} must have ${samples.length} values, got ${values.length}`)
    }
  }
}
