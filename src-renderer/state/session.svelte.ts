import { getContext, setContext } from 'svelte'
import type { AppInfo, Settings } from '#shared/contract/app.ts'
import { WorkbenchError } from '#shared/contract/bridge.ts'
import type { Client } from '#shared/contract/bridge.ts'
import type { Args, Command, Result } from '#shared/contract/commands.ts'
import type { DatasetFacts } from '#shared/contract/data.ts'
import type { ErrorReport } from '#shared/contract/errors.ts'
import type { Draft, Job, ProjectState } from '#shared/contract/work.ts'
import { Drafting } from './drafting.svelte.ts'
import { withJob } from './job-list.ts'
import { toast } from './toasts.svelte.ts'

/** What the page has is read-only all through; what commands take need not be. */
type Asked<C extends Command> = DeepReadonly<Args<C>>
type DeepReadonly<T> = T extends Uint8Array
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/** What the page knows of the workbench, kept current by its events. */
export class Session {
  readonly client: Client
  readonly drafting: Drafting
  info: AppInfo = $state.raw()!
  settings: Settings = $state.raw()!
  connected = $state(true)
  project: ProjectState | null = $state.raw(null)
  jobs: readonly Job[] = $state.raw([])
  /** Set when the project's file can't be reached any more. */
  lost: ErrorReport | null = $state.raw(null)
  /** When the project was last known to be saved, in milliseconds since 1970. */
  savedAt: number | null = $state(null)
  #forget: (() => void)[] = []
  #labelsTimer: ReturnType<typeof setTimeout> | undefined

  /** @throws WorkbenchError when the workbench does not answer. */
  static async open(client: Client): Promise<Session> {
    const session = new Session(client)
    await session.#refresh()
    session.#listen()
    return session
  }

  private constructor(client: Client) {
    this.client = client
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getters below have a `this` of their own
    const session = this
    this.drafting = new Drafting({
      get versionId() {
        return session.project?.versionId ?? null
      },
      get draft() {
        return session.draft
      },
      show(draft) {
        if (session.project !== null) session.project = { ...session.project, draft }
      },
      async save(versionId, draft, reason) {
        const args = { versionId, draft: copy(draft), reason } as Args<'draft.save'>
        const state = await client.call('draft.save', args)
        session.savedAt = Date.now()
        session.adopt(state)
      },
      refused(error) {
        toast(`Not saved. ${messageOf(error)}`, { kind: 'error' })
      },
    })
  }

  get version(): DatasetFacts | null {
    const { project } = this
    return project?.datasets.find(({ versionId }) => versionId === project.versionId) ?? null
  }

  get draft(): Draft | null {
    return this.project?.draft ?? null
  }

  /** Asks the workbench. Results that are project states are adopted. @throws WorkbenchError */
  async call<C extends Command>(command: C, args: Asked<C>): Promise<Result<C>> {
    const result = await this.client.call(command, copy(args) as Args<C>)
    if (isAbout(command, projectCommands)) this.adopt(result as ProjectState | null)
    if (isAbout(command, settingsCommands)) this.settings = result as Settings
    return result
  }

  /** Like `call`, but tells the user of an error and answers null. */
  async act<C extends Command>(command: C, args: Asked<C>): Promise<Result<C> | null> {
    try {
      return await this.call(command, args)
    } catch (error) {
      // That the workbench is away is said on every screen until it is back.
      if (codeOf(error) !== 'disconnected') toast(messageOf(error), { kind: 'error' })
      return null
    }
  }

  /** Takes over what the workbench tells of the project; edits that are on their way stay. */
  adopt(project: ProjectState | null): void {
    const before = this.project
    const isSame =
      before !== null &&
      project !== null &&
      before.name === project.name &&
      before.versionId === project.versionId
    if (!isSame) this.drafting.forget()
    if (project === null || before?.name !== project.name) this.lost = null
    this.project = isSame && this.drafting.saving ? { ...project, draft: before.draft } : project
  }

  close(): void {
    for (const forget of this.#forget) forget()
  }

  async #refresh(): Promise<void> {
    const { client } = this
    const [info, settings, project, jobs] = await Promise.all([
      client.call('app.info', {}),
      client.call('settings.get', {}),
      client.call('project.state', {}),
      client.call('job.list', {}),
    ])
    this.info = info
    this.settings = settings
    this.jobs = jobs
    this.adopt(project)
  }

  #listen(): void {
    const { client } = this
    this.#forget = [
      client.on('job.changed', (job) => {
        this.jobs = withJob(this.jobs, job)
      }),
      client.on('project.changed', (project) => {
        // Said again after this where it still holds.
        this.lost = null
        this.adopt(project)
      }),
      // The spine counts what is decided; a verdict every second need not be told at once.
      client.on('labels.changed', () => {
        clearTimeout(this.#labelsTimer)
        this.#labelsTimer = setTimeout(() => void this.#readState(), labelsPauseMs)
      }),
      client.on('settings.changed', (settings) => {
        this.settings = settings
      }),
      client.on('project.lost', (report) => {
        this.lost = report
      }),
      client.onConnection((connected) => void this.#connection(connected)),
    ]
  }

  async #readState(): Promise<void> {
    try {
      this.adopt(await this.client.call('project.state', {}))
    } catch {
      // It is told when it changes the next time.
    }
  }

  async #connection(connected: boolean): Promise<void> {
    if (!connected) {
      this.connected = false
      return
    }
    try {
      await this.#refresh()
      this.connected = true
      toast('The workbench is back.')
    } catch (error) {
      // It went away again: the next time it is back everything is asked for once more.
      if (codeOf(error) !== 'disconnected') toast(messageOf(error), { kind: 'error' })
    }
  }
}

const labelsPauseMs = 800

const projectCommands = [
  ...(['project.create', 'project.open', 'project.reopen', 'project.sample'] as const),
  ...(['project.state', 'project.close', 'data.select', 'draft.save', 'threshold.keep'] as const),
  'test.open',
] as const
const settingsCommands = ['settings.get', 'settings.change'] as const

function isAbout(command: Command, commands: readonly Command[]): boolean {
  return commands.includes(command)
}

/** What to tell the user of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The code of a refusal of the workbench; null for any other error. */
export function codeOf(error: unknown): ErrorReport['code'] | null {
  return error instanceof WorkbenchError ? error.code : null
}

/** A copy without proxies: those can't cross the bridge. */
function copy<T>(value: T): T {
  const copied: unknown = $state.snapshot(value)
  return copied as T
}

const key = Symbol('session')

export function setSession(session: Session): void {
  setContext(key, session)
}

/** The session of the page. Call while a component is made. */
export function getSession(): Session {
  return getContext(key)
}
