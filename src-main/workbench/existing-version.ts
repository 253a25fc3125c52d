import { UserError } from '#shared/contract/errors.ts'
import type { DatasetVersion } from '../store/datasets.ts'
import type { Project } from '../store/project.ts'

/** @throws UserError `dataset_not_found`. */
export function existingVersion(project: Project, versionId: number): DatasetVersion {
  const version = project.datasets.get(versionId)
  if (version !== null) return version
  throw new UserError(
    'dataset_not_found',
    `The project has no dataset version ${versionId}. Import the data first.`,
  )
}
