/**
 * The desk: what a page of the window talks to, whatever carries it.
 *
 * It checks what it is told, holds at most one open project, hands commands to their handlers
 * (desk/*.ts and analysis/*.ts) and tells every page what happens. What handlers are given is
 * `DeskContext`, in desk/context.ts.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { FileHandle } from '#shared/contract/app.ts'
import { commandArgs, isCommand } from '#shared/contract/commands.ts'
import type {
  Args,
  Command,
  EventMessage,
  EventName,
  Events,
  Reply,
} from '#shared/contract/commands.ts'
import { reportError, UserError } from '#shared/contract/errors.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { analysisHandlers } from './analysis/handlers.ts'
import { appHandlers } from './desk/app-handlers.ts'
import type { DeskContext, Handler, Handlers, OpenedProject } from './desk/context.ts'
import { dataHandlers } from './desk/data-handlers.ts'
import { fileHandlers } from './desk/file-handlers.ts'
import { createFileRegistry } from './desk/file-registry.ts'
import { createJobRegistry } from './desk/jobs.ts'
import { createLifecycle } from './desk/lifecycle.ts'
import { openFile, projectHandlers } from './desk/project-handlers.ts'
import { projectState } from './desk/project-state.ts'
import type { DeskServices } from './desk/services.ts'
import { labelHandlers } from './labels/handlers.ts'
import { openRecents } from './recents.ts'
import { changedSettings, readSettings, writeSettings } from './settings.ts'

export type { DeskServices }

export interface Desk {
  /** Never rejects: whatever goes wrong is in the reply. */
  call(command: unknown, args: unknown): Promise<Reply>
  /** @returns Stops listening. */
  onEvent(listener: (message: EventMessage) => void): () => void
  /** Makes a path known that a dialog gave; the page gets the handle only. */
  grantFile(path: string): FileHandle
  /** Opens a project that the command line or a double click named. */
  openPath(path: string): Promise<Reply>
  /** Whether something goes on that should not be cut off. */
  busy(): boolean
  /** Stops what goes on (runs can be resumed) and closes the project. */
  close(): Promise<void>
}

const lookEveryMs = 2000

/** Names in a message may be of any length; nobody reads so much. */
const mostRead = 1500

function readable(message: string): string {
  return message.length <= mostRead ? message : `${message.slice(0, mostRead)}…`
}

/** Most characters of a message that tells what was wrong with arguments. */
const messageLength = 300

const handlers: Handlers = {
  ...appHandlers,
  ...fileHandlers,
  ...projectHandlers,
  ...dataHandlers,
  ...analysisHandlers,
  ...labelHandlers,
}

export function createDesk(services: DeskServices): Desk {
  mkdirSync(services.dataFolder, { recursive: true })
  const notices: string[] = []
  const onDamage = (notice: string): void => {
    notices.push(notice)
    services.log(notice)
  }
  const newId = (): string => randomUUID().replaceAll('-', '')
  const listeners = new Set<(message: EventMessage) => void>()
  const tell = <E extends EventName>(event: E, data: Events[E]): void => {
    // The pair fits by its type parameter, which a union of messages can't say.
    const message = { event, data } as unknown as EventMessage
    for (const listener of listeners) {
      try {
        listener(message)
      } catch (error) {
        fault(`telling ${event}`, error)
      }
    }
  }
  const fault = (where: string, error: unknown): void => {
    services.log(
      `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }

  let settings = readSettings(services.dataFolder, onDamage)
  const recents = openRecents(services.dataFolder, { ...services, onDamage })
  const files = createFileRegistry(join(services.dataFolder, 'uploads'), newId)
  const jobs = createJobRegistry({
    clock: services.clock,
    now: services.now,
    newId,
    tell: (job) => {
      tell('job.changed', job)
    },
    fault: (error) => {
      fault('a job', error)
    },
  })
  const limits = (): { workers: number; memoryCapBytes: number } => ({
    workers: settings.threads ?? services.machine.processors,
    memoryCapBytes: settings.memoryCapBytes ?? 0.7 * services.machine.memoryBytes,
  })
  const lifecycle = createLifecycle(services, jobs, {
    opened: ({ file, name }) => {
      try {
        recents.note(file, name, services.clock())
      } catch (error) {
        // The project is open all the same.
        fault('noting a recent project', error)
      }
    },
    closed: () => {
      tell('project.changed', null)
    },
    lost: (report) => {
      tell('project.lost', report)
    },
    found: () => {
      tell('project.changed', context.state())
    },
    memoryCapBytes: () => limits().memoryCapBytes,
  })

  const project = (): OpenedProject => {
    const opened = lifecycle.current()
    if (opened !== null) return opened
    throw new UserError('no_project', 'No project is open. Open one, or create one.')
  }

  const context: DeskContext = {
    services,
    jobs,
    files,
    recents,
    lifecycle,
    limits,
    tell,
    project,
    notices: () => notices,
    writableProject() {
      const opened = project()
      lifecycle.requireReachable()
      return opened
    },
    settings: () => settings,
    changeSettings(changes) {
      const wanted = changedSettings(settings, changes)
      writeSettings(services.dataFolder, wanted, services.writeFileWhole)
      settings = wanted
      tell('settings.changed', settings)
      return settings
    },
    state: () => projectState(project(), jobs),
    projectChanged() {
      const state = projectState(project(), jobs)
      tell('project.changed', state)
      // Else pages take what has changed for a sign that the file is back.
      const lost = lifecycle.lost()
      if (lost !== null) tell('project.lost', lost)
      return state
    },
  }

  const watching = setInterval(() => {
    try {
      lifecycle.look()
    } catch (error) {
      fault('looking after the project', error)
    }
  }, lookEveryMs)
  watching.unref()

  let closing: Promise<void> | null = null

  const answer = async (what: string, work: () => unknown): Promise<Reply> => {
    try {
      if (closing !== null) throw new UserError('disconnected', 'The workbench is closing.')
      return { ok: true, result: (await work()) ?? null }
    } catch (error) {
      if (error instanceof Cancelled) {
        return { ok: false, error: { code: 'bad_input', message: 'This was cancelled.' } }
      }
      if (!(error instanceof UserError)) fault(what, error)
      const report = reportError(error)
      return { ok: false, error: { ...report, message: readable(report.message) } }
    }
  }

  return {
    call(command, args) {
      return answer(isCommand(command) ? command : 'a command', () => {
        if (!isCommand(command)) {
          throw new UserError('bad_arguments', 'There is no such command.')
        }
        return perform(command, args, context)
      })
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    grantFile: (path) => files.grant(path),
    openPath: (path) => answer('opening a file', () => openFile(path, context)),
    busy: () => jobs.active().length > 0,
    close() {
      closing ??= (async () => {
        clearInterval(watching)
        await lifecycle.abandon()
        files.close()
        listeners.clear()
      })()
      return closing
    },
  }
}

function perform(command: Command, args: unknown, context: DeskContext): unknown {
  // The pair fits by the type of `handlers`, which a union of commands can't say.
  const handler = handlers[command] as Handler<Command>
  return handler(checkedArgs(command, args), context)
}

/** @throws UserError `bad_arguments`, saying which argument and what was wanted. */
function checkedArgs<C extends Command>(command: C, args: unknown): Args<C> {
  // An object of no members is what schemas take an array for.
  if (Array.isArray(args)) {
    throw new UserError('bad_arguments', `${command}: the arguments must be named.`)
  }
  let result: v.SafeParseResult<v.GenericSchema>
  try {
    result = v.safeParse(commandArgs[command], args, { abortEarly: true })
  } catch {
    // Nested deeper than can be followed, or with getters that throw.
    throw new UserError('bad_arguments', `${command}: the arguments can't be read.`)
  }
  if (result.success) return result.output as Args<C>
  const [issue] = result.issues
  const path = issue.path?.map(({ key }) => String(key).slice(0, 60)).join('.') ?? ''
  throw new UserError(
    'bad_arguments',
    `${command}${path === '' ? '' : `: ${path}`}: ${issue.message}`.slice(0, messageLength),
  )
}
