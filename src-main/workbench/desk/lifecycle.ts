/** Which project is open: opening, closing, and noticing that its file has gone. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import type { ErrorReport } from '#shared/contract/errors.ts'
import type { Job } from '#shared/contract/work.ts'
import type { Project } from '../../store/project.ts'
import { createWorkbench } from '../workbench.ts'
import type { Workbench } from '../workbench.ts'
import type { JobRegistry } from './jobs.ts'
import type { OpenedProject } from './opened-project.ts'
import type { DeskServices } from './services.ts'

export interface Lifecycle {
  /** Null when no project is open. */
  current(): OpenedProject | null
  /**
   * Opens a project, or creates it, and closes the one that is open.
   *
   * @throws UserError `bad_input` while a job works on the one that is open; see `openProject`.
   */
  open(path: string, options: { readonly create: boolean }): OpenedProject
  /** @throws UserError `bad_input` while a job works on the project that is open. */
  requireIdle(what: string): void
  /** Whether the path means the file of the open project. */
  isOpen(path: string): boolean
  /** @throws UserError `bad_input` while a job works on it. */
  close(): void
  /** Stops the jobs of the project first; runs can be resumed. For the end of the program. */
  abandon(): Promise<void>
  /** Says that the file is gone, once, and that it is back. */
  look(): void
  /** What was said when the file went; null while it is there. */
  lost(): ErrorReport | null
  /** @throws UserError `project_not_found` while the file of the open project is gone. */
  requireReachable(): void
}

/** The jobs that work on the project. */
const projectJobs: readonly Job['kind'][] = ['import', 'run', 'report', 'labels']

export function createLifecycle(
  services: DeskServices,
  jobs: JobRegistry,
  say: {
    readonly opened: (opened: OpenedProject) => void
    readonly closed: () => void
    readonly lost: (report: ErrorReport) => void
    readonly found: () => void
    readonly memoryCapBytes: () => number
  },
): Lifecycle {
  let held: {
    readonly opened: OpenedProject
    readonly abort: AbortController
    readonly identity: string | null
    isLost: boolean
  } | null = null

  const requireIdle = (what: string): void => {
    const [job] = jobs.active(projectJobs)
    if (job === undefined) return
    throw new UserError(
      'bad_input',
      `"${job.title}" is still going on. Wait for it or cancel it before you ${what}.`,
    )
  }

  const closeNow = (): void => {
    if (held === null) return
    const { opened, abort } = held
    held = null
    abort.abort()
    try {
      opened.project.close()
    } catch (error) {
      // A file that was moved or is on a disk that has gone; what was saved is saved.
      services.log(`closing ${opened.file}: ${String(error)}`)
    } finally {
      jobs.forget(projectJobs)
      say.closed()
    }
  }

  const lostError = (file: string): UserError =>
    new UserError(
      'project_not_found',
      `The project file was moved or deleted while it was open, so nothing more can be saved; what was saved before is in the file. Put it back, or open it where it is now. File: ${file}`,
    )

  const lostReport = (file: string): ErrorReport => ({
    code: 'project_not_found',
    message: lostError(file).message,
  })

  const look = (): void => {
    const identity = held?.identity ?? null
    if (held === null || identity === null) return
    const isLost = identityOf(held.opened.file) !== identity
    if (isLost === held.isLost) return
    held.isLost = isLost
    if (isLost) say.lost(lostReport(held.opened.file))
    else say.found()
  }

  return {
    current: () => held?.opened ?? null,
    requireIdle,
    isOpen: (path) => held !== null && isSame(held.opened.file, path),

    open(path, options) {
      const before = held?.opened.file
      if (before !== undefined && isSame(before, path)) return held!.opened
      if (held !== null) requireIdle('open another project')
      // The old one is closed only when the new one is there: nobody wants to stand without any.
      const project = services.openProject(path, options)
      let workbench: Workbench
      try {
        workbench = createWorkbench({
          project,
          readCsv: services.readCsv,
          createFingerprint: services.createFingerprint,
          createWorkerPool: services.createWorkerPool,
          now: services.now,
          program: services.program,
          get memoryCap() {
            return say.memoryCapBytes()
          },
        })
        closeNow()
      } catch (error) {
        project.close()
        throw error
      }
      const abort = new AbortController()
      const { file } = project
      const opened: OpenedProject = {
        file,
        name: basename(file).replace(/\.steelyard$/i, ''),
        project,
        workbench,
        signal: abort.signal,
        restored: restoredFacts(project),
      }
      held = { opened, abort, identity: identityOf(file), isLost: false }
      say.opened(opened)
      return opened
    },

    close() {
      requireIdle('close the project')
      closeNow()
    },

    async abandon() {
      await jobs.stop()
      closeNow()
    },

    look,
    lost: () => (held?.isLost === true ? lostReport(held.opened.file) : null),

    requireReachable() {
      look()
      if (held?.isLost === true) throw lostError(held.opened.file)
    },
  }
}

function restoredFacts(project: Project): OpenedProject['restored'] {
  const { leftOpenAt, removedImports } = project
  if (leftOpenAt === null) return null
  return {
    savedAt: leftOpenAt,
    interruptedRuns: project.jobs.interrupted().length,
    removedImports,
  }
}

function identityOf(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`
}

function isSame(file: string, other: string): boolean {
  const identity = identityOf(file)
  return identity !== null && identity === identityOf(other)
}
