/** The window: where it opens, what its page may do, and that it isn't closed on a running job. */
import { join } from 'node:path'
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { appOrigin } from './guard.ts'
import {
  leastHeight,
  leastWidth,
  placeWindow,
  readWindowState,
  saveWindowState,
} from './window-state.ts'

interface AppWindowOptions {
  /** Bundled as CommonJS. */
  readonly preload: string
  readonly dataFolder: string
  /** Whether something would be cut off by quitting. */
  readonly isBusy: () => boolean
  /** The page listens from now on. */
  readonly onLoaded: (window: BrowserWindow) => void
}

/** Opens the window. @returns When its page is loaded. */
export async function openAppWindow(options: AppWindowOptions): Promise<BrowserWindow> {
  const stateFile = join(options.dataFolder, 'window-state.json')
  const state = readWindowState(stateFile)
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()]
  const window = new BrowserWindow({
    ...placeWindow(
      state,
      displays.map(({ workArea }) => workArea),
    ),
    minWidth: leastWidth,
    minHeight: leastHeight,
    show: false,
    title: 'Steelyard',
    // That of the page, so that nothing flashes before it is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1114' : '#f3f4f6',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize()
    window.show()
  })
  window.webContents.on('did-finish-load', () => {
    options.onLoaded(window)
  })

  window.on('close', (event) => {
    saveWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
    })
    // On macOS the app goes on without a window; elsewhere its jobs end, which a person should know.
    if (process.platform === 'darwin' || !options.isBusy()) return
    event.preventDefault()
    void mayStopJobs(window).then((may) => {
      if (may) app.quit()
    })
  })
  await window.loadURL(`${appOrigin}/index.html`)
  return window
}

async function mayStopJobs(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Something is still running',
    detail: 'Folds that are done are kept, and the run can be resumed at the next start.',
    buttons: ['Keep working', 'Stop it and quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
