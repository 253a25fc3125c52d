/**
 * The workbench as a desktop app. This process holds the window, menus and dialogs and nothing that
 * could block or crash them; the workbench runs in a process of its own.
 *
 * Paths come from dialogs, the command line and double clicks only, and a page never sees one: it
 * gets handles.
 */
import { join, resolve } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, protocol } from 'electron'
import * as v from 'valibot'
import type { RecentProject, Settings } from '#shared/contract/app.ts'
import { goneReply } from '#shared/contract/channel.ts'
import { commandArgs } from '#shared/contract/commands.ts'
import type { EventMessage, Reply } from '#shared/contract/commands.ts'
import type { Job } from '#shared/contract/work.ts'
import { createAssets } from '../assets.ts'
import { openAppWindow } from './app-window.ts'
import { showMenu } from './application-menu.ts'
import type { MenuFacts } from './application-menu.ts'
import { choosePath } from './file-dialogs.ts'
import { appOrigin, denyPermissions, guardPages, isTrustedFrame, originOf } from './guard.ts'
import { ipcChannels } from './ipc-channels.ts'
import { startWorkbench } from './workbench-link.ts'
import type { WorkbenchLink } from './workbench-link.ts'

interface ElectronHostOptions {
  /** The built app: `main`, `preload` and `renderer`. */
  readonly outFolder: string
  readonly dataFolder: string
}

/** Everything up to the first `await` happens before Electron is ready, as it must. */
export async function startElectronHost(options: ElectronHostOptions): Promise<void> {
  const { outFolder, dataFolder } = options
  app.setName('Steelyard')
  // Of the browser engine; projects and settings don't lie there. It also tells instances apart.
  app.setPath('userData', join(dataFolder, 'window'))
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const filesToOpen = createFilesToOpen()
  guardPages(appOrigin)

  await app.whenReady()
  denyPermissions()
  servePage(join(outFolder, 'renderer'))
  const workbench = startWorkbench({
    entry: join(outFolder, 'main/workbench-process.js'),
    dataFolder,
    onGivenUp: () => {
      dialog.showErrorBox(
        'The workbench keeps stopping',
        'It was started again several times without success. What was saved is kept. ' +
          `Quit Steelyard and start it again; faults.log in ${dataFolder} may say more.`,
      )
    },
  })
  const running = followJobs(workbench)
  answerPages(workbench)
  const isEnding = endWith(workbench)

  const openWindow = (): Promise<BrowserWindow> =>
    openAppWindow({
      preload: join(outFolder, 'preload/index.cjs'),
      dataFolder,
      isBusy: () => running.size > 0 && !isEnding(),
      onLoaded: (window) => {
        if (!workbench.connected) window.webContents.send(ipcChannels.connection, false)
      },
    })
  const showWindow = async (): Promise<void> => {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) await openWindow()
    else {
      if (window.isMinimized()) window.restore()
      window.focus()
    }
  }
  const choose = async (command: string): Promise<void> => {
    await showWindow()
    const message: EventMessage = { event: 'menu.chosen', data: { command } }
    sendToPages(ipcChannels.event, message)
  }
  /** Shows what was opened, or says why it wasn't: nobody in the page waits for the answer. */
  const showOpened = async (reply: Reply): Promise<void> => {
    if (reply.ok) return choose('go.data')
    await showWindow()
    const [window] = BrowserWindow.getAllWindows()
    const { message: detail } = reply.error
    const box = { type: 'warning', message: 'This file was not opened', detail } as const
    await (window === undefined ? dialog.showMessageBox(box) : dialog.showMessageBox(window, box))
  }

  await keepMenu(workbench, {
    choose: (command) => void choose(command),
    reopenProject: (recentId) =>
      void workbench.call('project.reopen', { recentId }).then(showOpened),
  })
  app.on('activate', () => void showWindow())
  app.on('second-instance', (_event, args, folder) => {
    const path = fileOfArguments(args, folder)
    if (path === null) void showWindow()
    else filesToOpen.add(path)
  })

  await openWindow()
  filesToOpen.take((path) => void workbench.openPath(path).then(showOpened))
}

/**
 * The project that a command line names, as its last word. What the browser engine adds to command
 * lines are options.
 *
 * @returns Absolute path, or null.
 */
export function fileOfArguments(args: readonly string[], folder: string): string | null {
  const last = args.slice(1).at(-1)
  return last !== undefined && /^[^-].*\.steelyard$/i.test(last) ? resolve(folder, last) : null
}

/** Files that the command line and double clicks name; they wait until there is a window. */
function createFilesToOpen(): {
  add(path: string): void
  take(open: (path: string) => void): void
} {
  const waiting: string[] = []
  let open: ((path: string) => void) | null = null
  const add = (path: string): void => {
    if (open === null) waiting.push(path)
    else open(path)
  }
  const first = fileOfArguments(process.argv, process.cwd())
  if (first !== null) add(first)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    add(path)
  })
  return {
    add,
    take(take) {
      open = take
      for (const path of waiting.splice(0)) take(path)
    },
  }
}

function servePage(folder: string): void {
  const assets = createAssets(folder, "'self'")
  protocol.handle('app', async ({ url, method }) => {
    const isOurs = originOf(url) === appOrigin && method === 'GET'
    const asset = isOurs ? await assets(new URL(url).pathname) : null
    return asset === null
      ? new Response('Not found', { status: 404 })
      : new Response(asset.body, { headers: asset.headers })
  })
}

/** @returns The jobs that run, kept current. */
function followJobs(workbench: WorkbenchLink): ReadonlySet<string> {
  const active: ReadonlySet<Job['state']> = new Set(['queued', 'running'])
  const running = new Set<string>()
  workbench.onEvent(({ event, data }) => {
    if (event !== 'job.changed') return
    if (active.has(data.state)) running.add(data.jobId)
    else running.delete(data.jobId)
  })
  workbench.onConnection(() => {
    running.clear()
  })
  return running
}

/** Carries questions of pages to the workbench and its events to them; dialogs are ours. */
function answerPages(workbench: WorkbenchLink): void {
  workbench.onEvent((message) => {
    sendToPages(ipcChannels.event, message)
  })
  workbench.onConnection((connected) => {
    sendToPages(ipcChannels.connection, connected)
  })
  ipcMain.handle(
    ipcChannels.call,
    async ({ senderFrame, sender }, command: unknown, args: unknown): Promise<Reply> => {
      if (!isTrustedFrame(senderFrame, appOrigin)) throw new Error('Refused.')
      if (command !== 'file.choose') return workbench.call(command, args)
      const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents === sender)
      return window === undefined ? goneReply : chooseFile(workbench, window, args)
    },
  )
}

async function chooseFile(
  workbench: WorkbenchLink,
  window: Electron.BaseWindow,
  args: unknown,
): Promise<Reply> {
  const checked = v.safeParse(commandArgs['file.choose'], args)
  if (!checked.success) {
    const [{ message }] = checked.issues
    return { ok: false, error: { code: 'bad_arguments', message: `file.choose: ${message}` } }
  }
  const path = await choosePath(window, checked.output.purpose)
  if (path === null) return { ok: true, result: null }
  const file = await workbench.grantFile(path)
  return file === null ? goneReply : { ok: true, result: file }
}

function sendToPages(channel: string, data: unknown): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(channel, data)
  }
}

/** Shows the menu and keeps it, and the system's part of the theme, current. */
async function keepMenu(
  workbench: WorkbenchLink,
  actions: Parameters<typeof showMenu>[1],
): Promise<void> {
  let facts: MenuFacts = { recents: [], theme: 'system', hasProject: false }
  const update = (change: Partial<MenuFacts>): void => {
    facts = { ...facts, ...change }
    nativeTheme.themeSource = facts.theme
    showMenu(facts, actions)
  }
  const recents = async (): Promise<readonly RecentProject[]> => {
    const reply = await workbench.call('recent.list', {})
    return reply.ok ? (reply.result as readonly RecentProject[]) : []
  }
  workbench.onEvent(({ event, data }) => {
    if (event === 'settings.changed') update({ theme: data.theme })
    if (event !== 'project.changed' || (data !== null) === facts.hasProject) return
    update({ hasProject: data !== null })
    void recents().then((list) => {
      update({ recents: list })
    })
  })
  const settings = await workbench.call('settings.get', {})
  const theme = settings.ok ? (settings.result as Settings).theme : 'system'
  update({ theme, recents: await recents() })
}

/**
 * The workbench closes its project before the app ends.
 *
 * @returns Whether the app is ending.
 */
function endWith(workbench: WorkbenchLink): () => boolean {
  let ending: Promise<void> | null = null
  let hasEnded = false
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (hasEnded) return
    event.preventDefault()
    ending ??= workbench.close().then(() => {
      hasEnded = true
      app.quit()
    })
  })
  return () => ending !== null
}
