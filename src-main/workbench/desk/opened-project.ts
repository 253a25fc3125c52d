import type { ProjectState } from '#shared/contract/work.ts'
import type { Project } from '../../store/project.ts'
import type { Workbench } from '../workbench.ts'

/** The project that is open, from opening to closing. */
export interface OpenedProject {
  /** Absolute path. */
  readonly file: string
  /** Without folder and suffix. */
  readonly name: string
  /** The store. */
  readonly project: Project
  readonly workbench: Workbench
  /** Aborted when the project is closed: long work must stop asking the store. */
  readonly signal: AbortSignal
  readonly restored: ProjectState['restored']
}
