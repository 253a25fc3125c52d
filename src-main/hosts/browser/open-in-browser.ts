import { spawn } from 'node:child_process'

/**
 * Shows an address in the user's browser. It goes to the program as an argument, never through a
 * shell. Where there is no browser, the printed address is enough.
 */
export function openInBrowser(url: string): void {
  const [program, args] = opener(url)
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

function opener(url: string): [string, string[]] {
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', [url]]
}
