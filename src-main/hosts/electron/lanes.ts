/**
 * Two channels over one port: what pages ask, and what the main process alone may ask. The main
 * process puts every message into its lane, so a page can't reach the other one whatever it sends.
 */
import type { Channel } from '#shared/contract/channel.ts'

type Lane = 'page' | 'host'

interface InLane {
  readonly lane: Lane
  readonly message: unknown
}

export function splitLanes(port: Channel): Readonly<Record<Lane, Channel>> {
  const listeners: Record<Lane, (message: unknown) => void> = {
    page: () => undefined,
    host: () => undefined,
  }
  const whenClosed: (() => void)[] = []
  port.onMessage((received) => {
    const { lane, message } = received as InLane
    listeners[lane](message)
  })
  port.onClose(() => {
    for (const close of whenClosed) close()
  })
  const channel = (lane: Lane): Channel => ({
    send: (message) => port.send({ lane, message } satisfies InLane),
    onMessage: (listener) => {
      listeners[lane] = listener
    },
    onClose: (listener) => {
      whenClosed.push(listener)
    },
  })
  return { page: channel('page'), host: channel('host') }
}
