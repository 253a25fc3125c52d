import { createClient } from '#shared/contract/bridge.ts'
import type { Bridge, Client } from '#shared/contract/bridge.ts'
import { openLoopback } from './loopback.ts'

declare global {
  interface Window {
    /** Set by Electron's preload; absent in a browser. */
    readonly steelyard?: Bridge
  }
}

const tokenKey = 'steelyard-token'
const hostKey = 'steelyard-host'

/**
 * The client of this page. In a browser the key comes in the fragment of the address, which
 * browsers never send; it is taken out of the address bar at once and kept for this tab, so that
 * it can be reloaded. Not in a cookie: those of 127.0.0.1 go to every port on it.
 *
 * @throws Error that says why there is no workbench to talk to.
 */
export async function connect(): Promise<Client> {
  if (window.steelyard !== undefined) return createClient(window.steelyard)
  const given = new URLSearchParams(location.hash.slice(1))
  const token = given.get('token') ?? sessionStorage.getItem(tokenKey)
  if (token === null) throw new Error('This address carries no key.')
  if (given.has('token')) {
    sessionStorage.setItem(tokenKey, token)
    // Only the development server serves the page from elsewhere than the channel.
    if (import.meta.env.DEV) sessionStorage.setItem(hostKey, given.get('host') ?? location.host)
    history.replaceState(null, '', location.pathname)
  }
  const host = (import.meta.env.DEV ? sessionStorage.getItem(hostKey) : null) ?? location.host
  return createClient(await openLoopback(`ws://${host}/rpc`, token))
}
