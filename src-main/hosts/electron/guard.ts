/** What a page must never be able to do, whatever it is made to load. */
import { app, session, shell } from 'electron'
import type { WebFrameMain } from 'electron'

export const appOrigin = 'app://steelyard'

/** Scheme and host: the origin of a URL of a scheme of our own is "null" in the URL standard. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/**
 * Whether a frame may speak for the window: its main frame, showing our page. Null is a frame that
 * has navigated or gone.
 */
export function isTrustedFrame(
  frame: Pick<WebFrameMain, 'url' | 'parent'> | null,
  trusted: string,
): boolean {
  return frame !== null && frame.parent === null && originOf(frame.url) === trusted
}

/** Shuts navigation, windows, web views and permissions, for every page there will be. */
export function guardPages(trusted: string): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (originOf(event.url) !== trusted) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (originOf(event.url) !== trusted) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => {
      event.preventDefault()
    })
    contents.setWindowOpenHandler(({ url }) => {
      // Pages from elsewhere open in the user's browser, and only over https.
      if (originOf(url)?.startsWith('https://') === true) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}

/** To be called once the app is ready. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write')
  })
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  )
}
