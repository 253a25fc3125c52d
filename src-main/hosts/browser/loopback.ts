/**
 * The server of the browser host: the page and one WebSocket, for this machine alone.
 *
 * Whoever can reach it might be another program, another user of this machine, or any web page
 * that the user has open. So it listens on 127.0.0.1 only; it answers to its own name only (a page
 * of evil.example that resolves to 127.0.0.1 still says so in Host); the WebSocket opens only to
 * its own origin, and only with the key, which travels in the fragment of the address and so in no
 * request; there are no cookies, which all ports of a host share, and no CORS headers. What a page
 * may send is bounded, and a page that sends what isn't a message is cut off.
 */
import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { serve, wsProtocol } from '#shared/contract/channel.ts'
import type { Answering } from '#shared/contract/channel.ts'
import { decode, encode } from '#shared/contract/wire.ts'
import type { Asset } from '../assets.ts'
import type { BrowserAddress } from './browser-address.ts'
import { createTurns } from './turns.ts'

export interface Loopback {
  readonly address: BrowserAddress
  readonly origin: string
  /** With the key in its fragment. */
  readonly url: string
  /** Pages that are connected. */
  pages(): number
  close(): Promise<void>
}

interface LoopbackOptions {
  /** What pages ask. */
  readonly desk: Answering
  /** Port 0 is a free one. */
  readonly address: BrowserAddress
  /** Told the origin once it is known. */
  readonly assets: (origin: string) => (pathname: string) => Promise<Asset | null>
  /** Development only: the origin of Vite's server, whose page may open the channel too. */
  readonly devOrigin?: string | null
  /** Told whenever a page has come or gone. */
  readonly onPages?: () => void
}

interface Refusal {
  readonly status: number
  readonly text: string
}

const refusalHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  allow: 'GET, HEAD',
}

const channelPath = '/rpc'
/** Pieces of uploads are at most 4 MiB; nothing else comes near. */
const mostMessageBytes = 8 * 2 ** 20
/** Questions of one page that wait for an answer; beyond, it is not read from for a while. */
const mostWaiting = 64
/** Answers that a page has not taken yet; beyond, it is not read from for a while. */
const mostUnsentBytes = 64 * 2 ** 20
/** Events go on for a page that doesn't read; beyond this it is given up. */
const mostHeldBytes = 512 * 2 ** 20
const mostPages = 64
const pauseMs = 50

/** @throws Error with code EADDRINUSE when the port of `address` is taken. */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const { desk, devOrigin = null, onPages } = options
  const { token } = options.address
  const turns = createTurns()

  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 10_000,
    connectionsCheckingInterval: 5000,
  })
  server.maxConnections = 256
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.address.port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const authority = `127.0.0.1:${port}`
  const origin = `http://${authority}`
  const assets = options.assets(origin)

  const refusalOfRequest = (request: IncomingMessage): Refusal | null => {
    if (request.headers.host !== authority) return { status: 421, text: 'Misdirected request' }
    if (isFromElsewhere(request)) return { status: 403, text: 'Forbidden' }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { status: 405, text: 'Method not allowed' }
    }
    return null
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '' } = request
    const refusal = refusalOfRequest(request)
    const pathname = refusal === null ? pathOf(request.url, origin) : null
    const asset = pathname === null ? null : await assets(pathname)
    if (asset === null) {
      const { status, text } = refusal ?? { status: 404, text: 'Not found' }
      response.writeHead(status, refusalHeaders).end(`${text}\n`)
      return
    }
    response.writeHead(200, { ...asset.headers, 'content-length': asset.body.length })
    response.end(method === 'HEAD' ? undefined : asset.body)
  }
  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
    // Never echo the key.
    handleProtocols: () => wsProtocol,
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOfUpgrade(request)
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      attend(page)
    })
  })

  const refusalOfUpgrade = (request: IncomingMessage): string | null => {
    const { host, origin: from } = request.headers
    if (host !== authority) return '421 Misdirected Request'
    if (from !== origin && (devOrigin === null || from !== devOrigin)) return '403 Forbidden'
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',')
    const [name, offered = ''] = protocols.map((protocol) => protocol.trim())
    if (request.url !== channelPath || name !== wsProtocol) return '404 Not Found'
    if (!isSame(offered, token)) return '401 Unauthorized'
    return sockets.clients.size < mostPages ? null : '503 Service Unavailable'
  }

  /** Serves one page until it goes. */
  const attend = (page: WebSocket): void => {
    let waiting = 0
    let resume: NodeJS.Timeout | undefined
    /** Reads on only while the page takes its answers. */
    const pace = (): void => {
      if (page.readyState !== page.OPEN) return
      if (waiting < mostWaiting && page.bufferedAmount < mostUnsentBytes) {
        if (page.isPaused) page.resume()
        return
      }
      if (!page.isPaused) page.pause()
      // Who isn't read from can't be heard to leave; writing finds out.
      page.ping()
      clearTimeout(resume)
      resume = setTimeout(pace, pauseMs)
    }
    page.on('error', () => {
      page.terminate()
    })
    serve(
      {
        onEvent: (listener) => desk.onEvent(listener),
        async call(command, args) {
          try {
            return await desk.call(command, args)
          } finally {
            waiting--
            pace()
          }
        },
      },
      {
        send(message) {
          if (page.readyState !== page.OPEN) return
          if (page.bufferedAmount > mostHeldBytes) page.terminate()
          else page.send(encode(message))
        },
        onMessage(listener) {
          const queue = turns.join(listener)
          page.on('close', () => {
            queue.leave()
          })
          page.on('message', (data, isBinary) => {
            const message = isBinary ? readMessage(data as Buffer) : null
            if (message === null) {
              page.close(1007, 'This is no message of the page.')
              return
            }
            waiting++
            queue.add(message)
            pace()
          })
        },
        onClose: (listener) => page.on('close', listener),
      },
    )
    page.on('close', () => {
      clearTimeout(resume)
      onPages?.()
    })
    onPages?.()
  }

  return {
    address: { port, token },
    origin,
    url:
      devOrigin === null
        ? `${origin}/#token=${token}`
        : `${devOrigin}/#token=${token}&host=${authority}`,
    pages: () => sockets.clients.size,
    async close() {
      for (const page of sockets.clients) page.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}

/**
 * A question of the page, or null: what has no number can't be answered, so it is no message
 * either.
 */
function readMessage(bytes: Buffer): object | null {
  try {
    const message = decode(bytes)
    const isQuestion =
      typeof message === 'object' &&
      message !== null &&
      Object.hasOwn(message, 'id') &&
      typeof (message as { readonly id: unknown }).id === 'number'
    return isQuestion ? message : null
  } catch {
    return null
  }
}

/** Other sites may lead to the page, as a link does, but never load anything of it. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

function pathOf(url: string | undefined, origin: string): string | null {
  const given = url ?? '/'
  return given.startsWith('/') && URL.canParse(given, origin) ? given.split(/[?#]/, 1)[0]! : null
}

function isSame(offered: string, token: string): boolean {
  const [a, b] = [Buffer.from(offered), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
