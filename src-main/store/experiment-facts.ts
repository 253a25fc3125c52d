import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { Frame } from '#shared/core/frame/frame.ts'
import { readStoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { StoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'

import type { Connection } from './connection.ts'
import type { ExperimentState } from './experiments.ts'

/** An experiment and how far it is, without folds, scores and results. */
export interface ExperimentFacts {
  readonly id: number
  readonly name: string
  readonly datasetVersionId: number
  readonly roles: Roles
  readonly frame: Frame
  readonly seed: number
  readonly folds: number
  readonly innerFolds: number
  readonly validation: Plan['validation']
  readonly foldsFrom: 'seed' | 'file'
  readonly state: ExperimentState
  readonly createdAt: string
  /** Of the latest analysis; null before there is one. */
  readonly digest: string | null
  /** In the order of the plan. */
  readonly runs: readonly {
    readonly configuration: Configuration
    /** What was saved with the fold results, by fold; folds that aren't done are absent. */
    readonly timings: ReadonlyMap<number, unknown>
  }[]
}

interface FactsRow {
  id: number
  name: string
  dataset_version_id: number
  roles: string
  frame: string
  plan: string
  seed: number
  folds_from: 'seed' | 'file'
  state: ExperimentState
  created_at: string
  digest: string | null
}

/** Reads the facts of all experiments, oldest first. Costs the same however many rows they have. */
export function createExperimentFactsReader(connection: Connection): () => ExperimentFacts[] {
  const { database } = connection
  const selectFacts = database.prepare<[], FactsRow>(
    `SELECT experiments.id, name, dataset_version_id, roles, frame, plan, seed, folds_from, state,
      experiments.created_at,
      (SELECT digest FROM analyses WHERE experiment_id = experiments.id ORDER BY id DESC LIMIT 1)
        AS digest
    FROM experiments JOIN frames ON frames.id = frame_id JOIN plans ON plans.id = plan_id
    ORDER BY experiments.id`,
  )
  const selectRuns = database.prepare<
    [],
    { id: number; experiment_id: number; configuration: string }
  >('SELECT id, experiment_id, configuration FROM runs ORDER BY experiment_id, position')
  // The columns before the blobs: their pages aren't read.
  const selectTimings = database.prepare<
    [],
    { run_id: number; fold: number; timing: string | null }
  >('SELECT run_id, fold, timing FROM fold_results')

  return () =>
    connection.read(() => {
      const timings = Map.groupBy(selectTimings.all(), ({ run_id: runId }) => runId)
      const runs = Map.groupBy(selectRuns.all(), ({ experiment_id: experimentId }) => experimentId)
      return selectFacts.all().map((row): ExperimentFacts => {
        const { folds, innerFolds, validation } = JSON.parse(row.plan) as Plan
        return {
          id: row.id,
          name: row.name,
          datasetVersionId: row.dataset_version_id,
          roles: JSON.parse(row.roles) as Roles,
          frame: readStoredFrame(JSON.parse(row.frame) as StoredFrame<Frame>),
          seed: row.seed,
          folds,
          innerFolds,
          validation,
          foldsFrom: row.folds_from,
          state: row.state,
          createdAt: row.created_at,
          digest: row.digest,
          runs: (runs.get(row.id) ?? []).map(({ id, configuration }) => ({
            configuration: JSON.parse(configuration) as Configuration,
            timings: new Map(
              (timings.get(id) ?? []).map(({ fold, timing }) => [
                fold,
                timing === null ? null : (JSON.parse(timing) as unknown),
              ]),
            ),
          })),
        }
      })
    })
}
