/**
 * An Electron in memory, put in place of `electron`. It has only what the app uses. Each part is an
 * object literal that must satisfy Electron's own types, so that a member that was renamed, removed
 * or changed doesn't compile; and reading a member that the fake lacks throws, so that new code
 * can't pass unnoticed.
 *
 * It copies what Electron copies: values that cross IPC are cloned, and the context bridge passes
 * plain data and functions only. It shows no window, isolates no world, enforces no sandbox and
 * reads no archive.
 */
import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { types } from 'node:util'
import type * as Electron from 'electron'

type AnyFunction = (...args: readonly unknown[]) => unknown

/** What is asked of everything that is awaited, compared or printed. */
const harmless = new Set([
  'then',
  'toJSON',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
  'constructor',
])

function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'string' && !(key in object) && !harmless.has(key)) {
        throw new Error(`The fake Electron has no ${name}.${key}; add it to test/fakes/electron.ts`)
      }
      return Reflect.get(object, key, receiver) as unknown
    },
  })
}

function emitter<T extends object>(name: string, members: T): T & EventEmitter {
  return strict(name, Object.assign(new EventEmitter(), members))
}

interface Box {
  readonly message: string
  readonly detail?: string | undefined
}

/** What tests look at and set. */
interface FakeState {
  ready: boolean
  ended: boolean
  sandboxed: boolean
  isOnlyInstance: boolean
  readonly paths: Map<string, string>
  readonly external: string[]
  schemes: readonly Electron.CustomScheme[]
  readonly windows: FakeWindow[]
  readonly children: Electron.UtilityProcess[]
  readonly schemeHandlers: Map<string, (request: Request) => Response | Promise<Response>>
  readonly invokeHandlers: Map<string, (event: unknown, ...args: readonly unknown[]) => unknown>
  permissionRequest: Parameters<Electron.Session['setPermissionRequestHandler']>[0]
  permissionCheck: Parameters<Electron.Session['setPermissionCheckHandler']>[0]
  menu: Electron.MenuItemConstructorOptions[]
  /** What the next dialogs answer, and what they said. */
  chosenPath: string | null
  pressedButton: number
  readonly dialogs: Electron.OpenDialogOptions[]
  readonly boxes: Box[]
  workArea: Electron.Rectangle
}

export const fake: FakeState = {
  ready: false,
  ended: false,
  sandboxed: false,
  isOnlyInstance: true,
  paths: new Map(),
  external: [],
  schemes: [],
  windows: [],
  children: [],
  schemeHandlers: new Map(),
  invokeHandlers: new Map(),
  permissionRequest: null,
  permissionCheck: null,
  menu: [],
  chosenPath: null,
  pressedButton: 0,
  dialogs: [],
  boxes: [],
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
}

let becomeReady: () => void
const ready = new Promise<void>((resolve) => {
  becomeReady = resolve
})

/** Starts the clock: 'ready' follows in a later turn, as after Electron's own start. */
export function launch(): void {
  setImmediate(() => {
    fake.ready = true
    becomeReady()
    app.emit('ready')
  })
}

function beforeReady(what: string): void {
  if (fake.ready) throw new Error(`${what} must be called before the app is ready`)
}

function afterReady(what: string): void {
  if (!fake.ready) throw new Error(`${what} can't be used before the app is ready`)
}

/** Emits an event that can be prevented. @returns Whether it was. */
export function emitPreventable(
  target: EventEmitter,
  name: string,
  details: object = {},
  ...rest: readonly unknown[]
): boolean {
  let prevented = false
  const preventDefault = (): void => {
    prevented = true
  }
  target.emit(name, { ...details, preventDefault }, ...rest)
  return prevented
}

export const app = emitter('app', {
  isPackaged: false,
  whenReady: () => ready,
  setName: () => undefined,
  setPath(name, path) {
    beforeReady('app.setPath')
    fake.paths.set(name, path)
  },
  quit() {
    if (emitPreventable(app, 'before-quit')) return
    for (const window of [...fake.windows]) window.close()
    if (fake.windows.length > 0) return
    fake.ended = true
    app.emit('will-quit')
  },
  requestSingleInstanceLock: () => fake.isOnlyInstance,
  enableSandbox() {
    beforeReady('app.enableSandbox')
    fake.sandboxed = true
  },
} satisfies Partial<Electron.App>)

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes) {
    beforeReady('protocol.registerSchemesAsPrivileged')
    fake.schemes = schemes
  },
  handle(scheme, handler) {
    afterReady('protocol.handle')
    fake.schemeHandlers.set(scheme, handler)
  },
} satisfies Partial<Electron.Protocol>)

export const session = strict('session', {
  defaultSession: strict('session.defaultSession', {
    setPermissionRequestHandler(handler) {
      fake.permissionRequest = handler
    },
    setPermissionCheckHandler(handler) {
      fake.permissionCheck = handler
    },
  } satisfies Partial<Electron.Session>),
})

export const shell = strict('shell', {
  openExternal: (url) => {
    fake.external.push(url)
    return Promise.resolve()
  },
} satisfies Partial<Electron.Shell>)

export const nativeTheme = strict('nativeTheme', {
  themeSource: 'system' as Electron.NativeTheme['themeSource'],
  shouldUseDarkColors: false,
} satisfies Partial<Electron.NativeTheme>)

export const screen = strict('screen', {
  getPrimaryDisplay: () => ({ workArea: fake.workArea }) as Electron.Display,
  getAllDisplays: () => [{ workArea: fake.workArea } as Electron.Display],
} satisfies Partial<Electron.Screen>)

export const Menu = strict('Menu', {
  buildFromTemplate: (template) => template as unknown as Electron.Menu,
  setApplicationMenu(menu) {
    fake.menu = menu as unknown as Electron.MenuItemConstructorOptions[]
  },
} satisfies Partial<typeof Electron.Menu>)

/** The item of the menu bar at a path of labels, with its submenus opened. */
export function menuItem(...labels: readonly string[]): Electron.MenuItemConstructorOptions {
  let items = fake.menu
  let item: Electron.MenuItemConstructorOptions | undefined
  for (const label of labels) {
    item = items.find((candidate) => candidate.label === label)
    if (item === undefined) throw new Error(`There is no ${labels.join(' > ')} in the menu`)
    items = (item.submenu ?? []) as Electron.MenuItemConstructorOptions[]
  }
  return item!
}

export const dialog = strict('dialog', {
  showOpenDialog: (...args: readonly unknown[]) => {
    fake.dialogs.push(args.at(-1) as Electron.OpenDialogOptions)
    const filePaths = fake.chosenPath === null ? [] : [fake.chosenPath]
    return Promise.resolve({ canceled: fake.chosenPath === null, filePaths })
  },
  showSaveDialog: (...args: readonly unknown[]) => {
    fake.dialogs.push(args.at(-1) as Electron.OpenDialogOptions)
    return Promise.resolve({ canceled: fake.chosenPath === null, filePath: fake.chosenPath ?? '' })
  },
  showMessageBox: (...args: readonly unknown[]) => {
    fake.boxes.push(args.at(-1) as Electron.MessageBoxOptions)
    return Promise.resolve({ response: fake.pressedButton, checkboxChecked: false })
  },
  showErrorBox(message, detail) {
    fake.boxes.push({ message, detail })
  },
} satisfies Partial<Electron.Dialog>)

export const ipcMain = strict('ipcMain', {
  handle(channel, listener) {
    if (fake.invokeHandlers.has(channel)) throw new Error(`There is a handler for '${channel}'`)
    fake.invokeHandlers.set(channel, listener as never)
  },
} satisfies Partial<Electron.IpcMain>)

/** A real process with the built entry, given a parentPort. */
export const utilityProcess = strict('utilityProcess', {
  fork(modulePath, args) {
    afterReady('utilityProcess.fork')
    const child = fork(modulePath, args, {
      serialization: 'advanced',
      execArgv: [
        ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
        ...['--import', new URL('./parent-port.ts', import.meta.url).href],
      ],
    })
    const end = emitter('UtilityProcess', {
      pid: child.pid,
      postMessage: (message: unknown) => {
        if (child.connected) child.send(message as never)
      },
      kill: () => child.kill('SIGKILL'),
    } satisfies Partial<Electron.UtilityProcess>)
    child.on('message', (message) => end.emit('message', message))
    child.on('exit', (code) => end.emit('exit', code ?? 1))
    fake.children.push(end as unknown as Electron.UtilityProcess)
    return end as unknown as Electron.UtilityProcess
  },
} satisfies Partial<typeof Electron.utilityProcess>)

interface FakeContents extends EventEmitter {
  readonly mainFrame: { url: string; readonly parent: null }
  /** The page's end of what is sent to it. */
  readonly renderer: EventEmitter
  openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...fake.windows]
  }

  readonly options: Electron.BrowserWindowConstructorOptions
  readonly webContents: FakeContents
  bounds: Electron.Rectangle
  visible = false
  focused = 0

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    afterReady('BrowserWindow')
    this.options = options
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    const renderer = new EventEmitter()
    const contents: Partial<Electron.WebContents> = {
      send: (channel, ...args: readonly unknown[]) => {
        const copies = args.map((arg) => structuredClone(arg))
        setImmediate(() => renderer.emit(channel, { sender: 'not for pages' }, ...copies))
      },
      setWindowOpenHandler: (handler) => {
        this.webContents.openHandler = handler
      },
    }
    this.webContents = emitter('webContents', {
      ...contents,
      mainFrame: { url: '', parent: null },
      renderer,
      openHandler: null as FakeContents['openHandler'],
    })
    fake.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }

  isDestroyed = () => !fake.windows.includes(this)
  isMinimized = () => false
  isMaximized = () => false
  getNormalBounds = () => this.bounds
  restore = () => undefined
  maximize = () => undefined
  focus = () => {
    this.focused++
  }
  show = () => {
    this.visible = true
  }
  loadURL = async (url: string) => {
    this.webContents.mainFrame.url = url
    const handler = fake.schemeHandlers.get(new URL(url).protocol.slice(0, -1))
    const response = await handler?.(new Request(url))
    if (response?.ok !== true) throw new Error(`ERR_FAILED loading '${url}'`)
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }
  close = () => {
    if (this.isDestroyed() || emitPreventable(this, 'close')) return
    fake.windows.splice(fake.windows.indexOf(this), 1)
    this.emit('closed')
    if (fake.windows.length === 0) app.emit('window-all-closed')
  }
}
export type FakeWindow = BrowserWindow

// The parts of a window that the app uses are those that Electron has.
type Used = Pick<
  Electron.BrowserWindow,
  | 'isDestroyed'
  | 'isMinimized'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'restore'
  | 'maximize'
  | 'focus'
  | 'show'
  | 'loadURL'
  | 'close'
>
true satisfies FakeWindow extends Used ? true : never

/** The page in a window, as its preload sees Electron; `world` is what the page is given. */
export function openPage(window: FakeWindow, frame: unknown = window.webContents.mainFrame) {
  const world: Record<string, unknown> = {}
  const { renderer } = window.webContents
  type UsedIpc = Pick<Electron.IpcRenderer, 'invoke' | 'on' | 'removeListener'>
  const ipcRenderer: UsedIpc = strict<UsedIpc>('ipcRenderer', {
    invoke: async (channel, ...args: readonly unknown[]) => {
      const copies = args.map((arg) => structuredClone(arg))
      const handler = fake.invokeHandlers.get(channel)
      const event = { senderFrame: frame, sender: window.webContents }
      try {
        if (handler === undefined) throw new Error('No handler registered')
        return structuredClone(await handler(event, ...copies))
      } catch (error) {
        throw new Error(`Error invoking remote method '${channel}': ${String(error)}`)
      }
    },
    on(channel, listener) {
      renderer.on(channel, listener as AnyFunction)
      return ipcRenderer as Electron.IpcRenderer
    },
    removeListener(channel, listener) {
      renderer.off(channel, listener as AnyFunction)
      return ipcRenderer as Electron.IpcRenderer
    },
  })
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(key, api) {
      world[key] = cross(api)
    },
  } satisfies Partial<Electron.ContextBridge>)
  return { world, electron: { ipcRenderer, contextBridge } }
}

/** The bridge's copying: plain containers by value and frozen, functions wrapped, the rest cloned. */
function cross(value: unknown): unknown {
  if (types.isProxy(value)) throw new Error('An object could not be cloned.')
  if (typeof value === 'function') {
    return (...args: readonly unknown[]) => {
      const result = (value as AnyFunction)(...args.map(cross))
      return result instanceof Promise ? result.then(cross) : cross(result)
    }
  }
  if (Array.isArray(value)) return Object.freeze(value.map(cross))
  if (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cross(v)])))
  }
  return structuredClone(value)
}
