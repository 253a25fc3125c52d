import type { DatasetFacts } from '#shared/contract/data.ts'
import type { ProjectState } from '#shared/contract/work.ts'
import type { DatasetVersion } from '../../store/datasets.ts'
import { reviewProgress } from '../labels/labels-state.ts'
import type { OpenedProject } from './context.ts'
import { draftOf } from './drafts.ts'
import type { JobRegistry } from './jobs.ts'
import { experimentsOf } from './stored-jobs.ts'

/** Everything that a page shows of a project at once; reads no values of the tables. */
export function projectState(opened: OpenedProject, jobs: JobRegistry): ProjectState {
  const { project, name, restored } = opened
  const versionId = project.workspace.selected()
  return {
    name,
    datasets: project.datasets.list().map(datasetFacts),
    versionId,
    draft: versionId === null ? null : draftOf(project, versionId),
    experiments: experimentsOf(opened, jobs),
    kept:
      versionId === null
        ? []
        : project.workspace.kept(versionId).map((kept) => ({
            keptId: kept.id,
            run: { experimentId: kept.experimentId, name: kept.configuration },
            threshold: kept.threshold,
            reason: kept.reason,
            createdAt: kept.createdAt,
          })),
    labels:
      versionId === null
        ? { scanned: false, decided: 0, total: 0 }
        : reviewProgress(opened, versionId),
    restored,
  }
}

export function datasetFacts(version: DatasetVersion): DatasetFacts {
  return {
    versionId: version.id,
    name: version.name,
    number: version.number,
    nRows: version.nRows,
    sourceName: version.sourceName,
    fingerprint: version.fingerprint,
    createdAt: version.createdAt,
    columns: version.columns.map(({ name, kind, facts }) => ({
      name,
      kind,
      missing: facts.missing,
      levels: facts.levels,
    })),
  }
}
