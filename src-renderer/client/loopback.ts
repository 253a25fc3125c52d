import type { Bridge } from '#shared/contract/bridge.ts'
import { connectChannel, goneReply, wsProtocol } from '#shared/contract/channel.ts'
import type { EventMessage } from '#shared/contract/commands.ts'
import { decode, encode } from '#shared/contract/wire.ts'

type Line = ReturnType<typeof connectChannel>

const leastDelayMs = 250
const mostDelayMs = 5000

/**
 * The bridge of a page in a browser: a WebSocket to the server that it came from. One that is lost
 * is opened again, at first soon and then ever more rarely, until the server is back.
 *
 * @param url   Of the channel, `ws://127.0.0.1:…`.
 * @param token Travels as a subprotocol: a page can't set headers, and addresses end up in logs.
 * @throws Error when the first attempt fails, which is a wrong token or no server.
 */
export async function openLoopback(url: string, token: string): Promise<Bridge> {
  const eventListeners = new Set<(message: EventMessage) => void>()
  const connectionListeners = new Set<(connected: boolean) => void>()
  let delayMs = leastDelayMs
  let timer: ReturnType<typeof setTimeout> | undefined

  const open = async (): Promise<Line> => {
    const { line, closed } = await openLine(url, token)
    line.onEvent((message) => {
      for (const listener of [...eventListeners]) listener(message)
    })
    void closed.then(() => {
      current = null
      delayMs = leastDelayMs
      for (const listener of [...connectionListeners]) listener(false)
      again()
    })
    return line
  }

  const reopen = (): void => {
    clearTimeout(timer)
    timer = undefined
    open().then(
      (line) => {
        current = line
        for (const listener of [...connectionListeners]) listener(true)
      },
      () => {
        delayMs = Math.min(2 * delayMs, mostDelayMs)
        again()
      },
    )
  }
  const again = (): void => {
    timer = setTimeout(reopen, delayMs)
  }
  // A page that is looked at again should not wait out the longest delay.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && timer !== undefined) reopen()
  })

  let current: Line | null = await open()
  return {
    host: 'browser',
    call: (command, args) => current?.call(command, args) ?? Promise.resolve(goneReply),
    onEvent(listener) {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    onConnection(listener) {
      connectionListeners.add(listener)
      return () => connectionListeners.delete(listener)
    },
  }
}

/** One WebSocket, from open to closed. */
function openLine(
  url: string,
  token: string,
): Promise<{ readonly line: Line; readonly closed: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [wsProtocol, token])
    socket.binaryType = 'arraybuffer'
    const closed = new Promise<void>((done) => {
      socket.addEventListener('close', () => {
        done()
        reject(new Error('The workbench is not running, or the key of this page is an old one.'))
      })
    })
    const line = connectChannel({
      send: (message) => {
        // While it closes, before we are told so: the answer is that of a closed channel.
        if (socket.readyState === WebSocket.OPEN) socket.send(encode(message))
      },
      onMessage: (listener) => {
        socket.addEventListener('message', ({ data }) => {
          listener(decode(new Uint8Array(data as ArrayBuffer)))
        })
      },
      onClose: (listener) => {
        socket.addEventListener('close', listener)
      },
    })
    socket.addEventListener('open', () => {
      resolve({ line, closed })
    })
  })
}
