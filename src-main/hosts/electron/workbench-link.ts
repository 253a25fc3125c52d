/**
 * The main process's end of the workbench process. One that dies is started again, with the
 * project that was open; until it answers, everything asked is answered `disconnected`.
 */
import { utilityProcess } from 'electron'
import type { FileHandle, RecentProject } from '#shared/contract/app.ts'
import { connectChannel, goneReply } from '#shared/contract/channel.ts'
import type { Answering } from '#shared/contract/channel.ts'
import type { EventMessage, Reply } from '#shared/contract/commands.ts'
import { reportError } from '#shared/contract/errors.ts'
import { splitLanes } from './lanes.ts'

/** What the main process alone may ask. */
export interface HostCommands {
  readonly grantFile: { readonly args: { readonly path: string } }
  readonly openPath: { readonly args: { readonly path: string } }
  readonly close: { readonly args: Readonly<Record<string, never>> }
}

export interface WorkbenchLink extends Answering {
  readonly connected: boolean
  /** Told when the workbench goes away and when it is back. */
  onConnection(listener: (connected: boolean) => void): void
  /** @returns The handle that a page may have of the path; null while the workbench is away. */
  grantFile(path: string): Promise<FileHandle | null>
  openPath(path: string): Promise<Reply>
  /** Ends the process; what runs is kept to be resumed. */
  close(): Promise<void>
}

interface WorkbenchLinkOptions {
  /** Path of the bundled entry of the process. */
  readonly entry: string
  readonly dataFolder: string
  /** It keeps dying: it isn't started again. */
  readonly onGivenUp: () => void
}

const restartMs = 300
/** So many ends within the time are no accident. */
const mostRestarts = 4
const restartsWithinMs = 60_000
/** Closing a project copies its log into the file, which may take a while. */
const closeMs = 8000

interface Line {
  readonly page: ReturnType<typeof connectChannel>
  readonly host: ReturnType<typeof connectChannel>
  readonly ended: Promise<void>
  readonly kill: () => void
}

export function startWorkbench(options: WorkbenchLinkOptions): WorkbenchLink {
  const eventListeners = new Set<(message: EventMessage) => void>()
  const connectionListeners = new Set<(connected: boolean) => void>()
  const ends: number[] = []
  let hadProject = false
  let closing = false
  let connected = true

  const start = (): Line => {
    const child = utilityProcess.fork(options.entry, [options.dataFolder], {
      serviceName: 'Steelyard workbench',
    })
    const lanes = splitLanes({
      send: (message) => {
        child.postMessage(message)
      },
      onMessage: (listener) => child.on('message', listener),
      onClose: (listener) => child.once('exit', listener),
    })
    const page = connectChannel(lanes.page)
    page.onEvent((message) => {
      if (message.event === 'project.changed') hadProject = message.data !== null
      for (const listener of [...eventListeners]) listener(message)
    })
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve()
      })
    })
    void ended.then(() => {
      if (!closing) onDeath()
    })
    return { page, host: connectChannel(lanes.host), ended, kill: () => child.kill() }
  }

  const setConnected = (now: boolean): void => {
    if (connected === now) return
    connected = now
    for (const listener of [...connectionListeners]) listener(now)
  }

  const onDeath = (): void => {
    setConnected(false)
    const now = performance.now()
    ends.push(now)
    if (ends.filter((at) => now - at < restartsWithinMs).length > mostRestarts) {
      options.onGivenUp()
      return
    }
    setTimeout(() => void restart(), restartMs * ends.length)
  }

  const restart = async (): Promise<void> => {
    if (closing) return
    const reopens = hadProject
    const line = start()
    current = line
    const answered = await line.page.call('app.info', {})
    if (!answered.ok) return // it died again, which was noticed
    if (reopens) await reopenNewest(line)
    setConnected(true)
  }

  let current = start()
  return {
    get connected() {
      return connected
    },
    call: (command, args) =>
      connected ? current.page.call(command as string, args) : Promise.resolve(goneReply),
    onEvent(listener) {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    onConnection(listener) {
      connectionListeners.add(listener)
    },
    async grantFile(path) {
      const reply = await current.host.call('grantFile', { path })
      return reply.ok ? (reply.result as FileHandle) : null
    },
    openPath: (path) => current.host.call('openPath', { path }),
    async close() {
      closing = true
      const { host, ended, kill } = current
      const late = setTimeout(kill, closeMs)
      await host.call('close', {}).catch((error: unknown) => reportError(error))
      kill()
      await ended
      clearTimeout(late)
    },
  }
}

/** Opens the project that was open when the process died: the one opened last. */
async function reopenNewest({ page }: Line): Promise<void> {
  const reply = await page.call('recent.list', {})
  if (!reply.ok) return
  const [newest] = reply.result as readonly RecentProject[]
  if (newest?.exists === true) await page.call('project.reopen', { recentId: newest.recentId })
}
