/** What the handlers of commands are given, and what they have to be. */
import type { Settings } from '#shared/contract/app.ts'
import type { Args, Command, EventName, Events, Result } from '#shared/contract/commands.ts'
import type { ProjectState } from '#shared/contract/work.ts'
import type { Recents } from '../recents.ts'
import type { FileRegistry } from './file-registry.ts'
import type { JobRegistry } from './jobs.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { OpenedProject } from './opened-project.ts'
import type { DeskServices } from './services.ts'

export type { OpenedProject }

export interface DeskContext {
  readonly services: DeskServices
  /** @throws UserError `no_project`. */
  readonly project: () => OpenedProject
  /**
   * As `project`, for a command that writes: looks first whether the file is still there.
   *
   * @throws UserError `no_project`, `project_not_found`.
   */
  readonly writableProject: () => OpenedProject
  readonly jobs: JobRegistry
  readonly files: FileRegistry
  readonly recents: Recents
  readonly lifecycle: Lifecycle
  /** What was put right when the program started. */
  readonly notices: () => readonly string[]
  readonly settings: () => Settings
  readonly changeSettings: (changes: Args<'settings.change'>) => Settings
  /** Worker threads and most bytes of memory, by the settings and the machine. */
  readonly limits: () => { readonly workers: number; readonly memoryCapBytes: number }
  /** @throws UserError `no_project`. */
  readonly state: () => ProjectState
  /** Tells every page the state of the open project, and returns it. */
  readonly projectChanged: () => ProjectState
  readonly tell: <E extends EventName>(event: E, data: Events[E]) => void
}

export type Handler<C extends Command> = (
  args: Args<C>,
  context: DeskContext,
) => Result<C> | Promise<Result<C>>

export type Handlers = { readonly [C in Command]: Handler<C> }
