import { openConnection, type OpenOptions } from './connection.ts'
import { createDatasetStore, type DatasetStore } from './datasets.ts'
import { createExperimentFactsReader, type ExperimentFacts } from './experiment-facts.ts'
import { createExperimentStore, type ExperimentStore } from './experiments.ts'
import { createFinalTestStore, type FinalTestStore } from './final-tests.ts'
import { createGuardrailStore, type GuardrailStore } from './guardrails.ts'
import { createJobStore, type JobStore } from './jobs.ts'
import { withProjectErrors } from './project-error.ts'
import { createReviewStore, type ReviewStore } from './reviews.ts'
import { createRowReader, type RowReader } from './row-reader.ts'
import { createWorkspaceStore, type WorkspaceStore } from './workspace.ts'

/** An open project. Everything that goes wrong with its file is thrown as a ProjectError. */
export interface Project {
  /** Absolute path. */
  readonly file: string
  readonly datasets: DatasetStore
  readonly experiments: ExperimentStore
  readonly guardrails: GuardrailStore
  readonly finalTests: FinalTestStore
  readonly jobs: JobStore
  readonly workspace: WorkspaceStore
  readonly reviews: ReviewStore
  readonly rows: RowReader
  /** All experiments, oldest first, without what takes long to read. */
  experimentFacts(): readonly ExperimentFacts[]
  /** When the project was last written to, if the last program on it didn't close it; else null. */
  readonly leftOpenAt: string | null
  /** Imports that a crash left unfinished, and that were removed when the project was opened. */
  readonly removedImports: number
  /** Leaves the project as one file, free for others. Closing twice does nothing. */
  close(): void
}

/**
 * Opens a project, or creates it, for this process alone, and puts right what a crash left:
 * unfinished imports are removed, jobs that were running are queued again.
 *
 * @param path Where the project is or shall be; `*.steelyard` by convention.
 * @throws ProjectError; see `openConnection`.
 */
export function openProject(path: string, options: OpenOptions): Project {
  const connection = openConnection(path, options)
  try {
    return withProjectErrors(connection.file, () => {
      const datasets = createDatasetStore(connection)
      const experiments = createExperimentStore(connection)
      const jobs = createJobStore(connection)
      const removedImports = datasets.removeUnfinished()
      return {
        file: connection.file,
        datasets,
        experiments,
        guardrails: createGuardrailStore(connection),
        finalTests: createFinalTestStore(connection),
        jobs,
        workspace: createWorkspaceStore(connection),
        reviews: createReviewStore(connection),
        rows: createRowReader(connection),
        experimentFacts: createExperimentFactsReader(connection),
        leftOpenAt: connection.leftOpenAt,
        removedImports,
        close() {
          connection.close()
        },
      }
    })
  } catch (error) {
    connection.close()
    throw error
  }
}
