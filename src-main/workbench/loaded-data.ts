/** What is held in memory of a project's tables, and how experiments are laid out on it. */
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { takeRows } from '#shared/core/dataset/take-rows.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { prepareExperiment, prepareSamples } from '#shared/core/pipeline/prepare-experiment.ts'
import type {
  ExperimentRequest,
  JudgedSamples,
  PreparedExperiment,
} from '#shared/core/pipeline/prepare-experiment.ts'
import { foldsInUse, rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import type { FrameFacts } from '#shared/core/report/analysis.ts'
import type { DatasetVersion } from '../store/datasets.ts'
import type { Experiment } from '../store/experiments.ts'
import type { Project } from '../store/project.ts'
import { requireTableFits } from './memory.ts'

/** What runs of an experiment are judged on: everything but the features. */
export interface Judging {
  /** Its features are empty: nothing is fitted on it. */
  readonly data: ExperimentData
  readonly frameFacts: FrameFacts
}

export interface LoadedData {
  /**
   * The whole table. Loading takes seconds and gigabytes, so the latest one is kept.
   *
   * @throws UserError `bad_input` when it is larger than the memory allowed.
   */
  table(version: DatasetVersion): Dataset
  /** An experiment as it was set up, on the whole table. */
  experiment(experiment: Experiment): PreparedExperiment
  /** An experiment as it is judged: reads the columns that roles and frame name, and no others. */
  judging(experiment: Experiment): Judging
  /** @throws ExperimentRefused as `prepareSamples` does. */
  samples(
    version: DatasetVersion,
    roles: ExperimentRequest['roles'],
    frame: ExperimentRequest['frame'],
    /** Rows to read, or null for all. */
    rows?: Int32Array | null,
  ): { readonly samples: JudgedSamples; readonly frameFacts: FrameFacts }
}

export function createLoadedData(project: Project, memoryCap: () => number): LoadedData {
  let latestTable: { readonly versionId: number; readonly table: Dataset } | null = null
  let latestColumns: { readonly key: string; readonly table: Dataset } | null = null
  // Plans are previewed again and again in one frame.
  let latestSamples: {
    readonly key: string
    readonly answer: ReturnType<LoadedData['samples']>
  } | null = null
  let latestJudging: { readonly experimentId: number; readonly judging: Judging } | null = null

  const columns = (version: DatasetVersion, names: readonly string[]): Dataset => {
    if (latestTable?.versionId === version.id) return latestTable.table
    const key = JSON.stringify([version.id, ...names])
    if (latestColumns?.key === key) return latestColumns.table
    latestColumns = null
    const table = project.datasets.load(version.id, names)
    latestColumns = { key, table }
    return table
  }

  const versionOf = ({ id, datasetVersionId }: Experiment): DatasetVersion => {
    const version = project.datasets.get(datasetVersionId)
    if (version === null) throw new Error(`experiment ${id} has lost its dataset`)
    return version
  }

  const loaded: LoadedData = {
    table(version) {
      if (latestTable?.versionId === version.id) return latestTable.table
      latestTable = null
      requireTableFits(tableBytes(version), memoryCap())
      const table = project.datasets.load(version.id)
      latestTable = { versionId: version.id, table }
      latestColumns = null
      return table
    },

    experiment(experiment) {
      const version = versionOf(experiment)
      return prepareExperiment({
        dataset: loaded.table(version),
        fingerprint: version.fingerprint,
        roles: experiment.roles,
        frame: statedFrame(experiment),
        plan: experiment.plan,
        planNotes: experiment.planNotes,
        seed: experiment.seed,
        folds: { assignment: experiment.folds, from: experiment.foldsFrom },
      })
    },

    judging(experiment) {
      if (latestJudging?.experimentId === experiment.id) return latestJudging.judging
      const { samples, frameFacts } = loaded.samples(
        versionOf(experiment),
        experiment.roles,
        statedFrame(experiment),
        rowsInUse(experiment.folds),
      )
      const { plan, seed } = experiment
      const judging = {
        data: {
          ...samples,
          features: [],
          weightColumns: {},
          folds: foldsInUse(experiment.folds),
          plan,
          seed,
        },
        frameFacts,
      }
      latestJudging = { experimentId: experiment.id, judging }
      return judging
    },

    samples(version, roles, frame, rows = null) {
      const key = canonicalJson(toJson([version.id, roles, frame]))
      if (rows === null && latestSamples?.key === key) return latestSamples.answer
      const costs = Object.values(frame.costs ?? {}).flatMap((source) =>
        typeof source === 'number' ? [] : [source.column],
      )
      const named = new Set([roles.target, roles.weight, roles.group, roles.time, ...costs])
      const table = columns(
        version,
        version.columns.map(({ name }) => name).filter((name) => named.has(name)),
      )
      if (rows !== null) return prepareSamples({ dataset: takeRows(table, rows), roles, frame })
      const answer = prepareSamples({ dataset: table, roles, frame })
      latestSamples = { key, answer }
      return answer
    },
  }
  return loaded
}

function statedFrame({ frame }: Experiment): ExperimentRequest['frame'] {
  return { ...frame, costs: frame.costsAssumed ? null : frame.costs }
}

/** Of the values of a table in memory. */
export function tableBytes({ nRows, columns }: DatasetVersion): number {
  return columns.reduce((sum, { kind }) => sum + nRows * (kind === 'numeric' ? 8 : 4), 0)
}
