import { openConnection, type OpenOptions } from './connection.ts'
import { createDatasetStore, type DatasetStore } from './datasets.ts'
import { createExperimentStore, type ExperimentStore } from './experiments.ts'
import { createJobStore, type JobStore } from './jobs.ts'
import { withProjectErrors } from './project-error.ts'

/** An open project. Everything that goes wrong with its file is thrown as a ProjectError. */
export interface Project {
  /** Absolute path. */
  readonly file: string
  readonly datasets: DatasetStore
  readonly experiments: ExperimentStore
  readonly jobs: JobStore
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
      datasets.removeUnfinished()
      return {
        file: connection.file,
        datasets,
        experiments,
        jobs,
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
