import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { wsProtocol } from '#shared/contract/channel.ts'
import type { Answering } from '#shared/contract/channel.ts'
import type { EventMessage, Reply } from '#shared/contract/commands.ts'
import { decode, encode } from '#shared/contract/wire.ts'
import { createAssets } from '#main/hosts/assets.ts'
import { newAddress } from '#main/hosts/browser/browser-address.ts'
import { startLoopback } from '#main/hosts/browser/loopback.ts'
import type { Loopback } from '#main/hosts/browser/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-loopback-'))
const asked: unknown[] = []
const listeners = new Set<(message: EventMessage) => void>()
const slow = new Set<(reply: Reply) => void>()
const desk: Answering = {
  call(command, args) {
    asked.push(command)
    if (command === 'slow') return new Promise((resolve) => slow.add(resolve))
    return Promise.resolve({ ok: true, result: args })
  },
  onEvent(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
let loopback: Loopback

beforeAll(async () => {
  const page = join(folder, 'renderer')
  mkdirSync(join(page, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'main'))
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Steelyard</title>')
  writeFileSync(join(page, 'assets/index-1a2b3c.js'), 'export {}')
  writeFileSync(join(page, '.hidden.js'), 'secret')
  writeFileSync(join(page, 'notes.txt'), 'secret')
  writeFileSync(join(folder, 'main/index.js'), 'secret')
  loopback = await startLoopback({
    desk,
    address: newAddress(),
    assets: (origin) => createAssets(page, `'self' ${origin.replace('http', 'ws')}`),
  })
})
afterAll(async () => {
  await loopback.close()
  rmSync(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(loopback.origin)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body })
      })
    })
      .on('error', reject)
      .end()
  })
}

/** Bytes sent as they are; what comes back until the server hangs up. */
function raw(text: string): Promise<string> {
  const { port } = new URL(loopback.origin)
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (data) => (got += data.toString('latin1')))
    socket.on('close', () => {
      resolve(got)
    })
    socket.on('error', reject)
  })
}

interface Attempt {
  readonly protocols?: readonly string[]
  readonly origin?: string | undefined
  readonly headers?: Record<string, string>
  readonly path?: string
}

function dial({ protocols, origin, headers, path = '/rpc' }: Attempt = {}): WebSocket {
  return new WebSocket(
    `${loopback.origin.replace('http', 'ws')}${path}`,
    [...(protocols ?? [wsProtocol, loopback.address.token])],
    { ...(origin === undefined ? {} : { origin }), headers: headers ?? {} },
  )
}

/** 'open', or the status that the upgrade was refused with. */
function outcome(socket: WebSocket): Promise<'open' | number> {
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode!)
    })
    socket.on('error', () => undefined)
  })
}

async function openPage(): Promise<WebSocket> {
  const socket = dial({ origin: loopback.origin })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('open', resolve))
  return socket
}

const nextMessage = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => {
    socket.once('message', (data) => {
      resolve(decode(data as Buffer))
    })
  })
const closing = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve))

describe('the loopback server', () => {
  it('has the key, 32 random bytes, in the fragment of its address', () => {
    expect(loopback.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    expect(newAddress().token).not.toBe(newAddress().token)
  })

  it('is not to be reached from other machines', async () => {
    const { port } = new URL(loopback.origin)
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((net) => (net === undefined || net.internal ? [] : [net.address]))
    for (const host of [...others, '::1']) {
      const refused = await new Promise((resolve) => {
        const socket = connect({ host, port: Number(port), timeout: 1000 })
        socket.on('connect', () => {
          socket.destroy()
          resolve(false)
        })
        socket.on('error', () => {
          resolve(true)
        })
        socket.on('timeout', () => {
          socket.destroy()
          resolve(true)
        })
      })
      expect(refused, host).toBe(true)
    }
  })

  it('gives the page a policy and no cookie, and no other site a look at it', async () => {
    for (const path of ['/', '/index.html', '/assets/index-1a2b3c.js']) {
      const { status, headers } = await get(path)
      expect(status).toBe(200)
      const policy = headers['content-security-policy'] as string
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-")
      expect(policy).toContain(`connect-src 'self' ws://${new URL(loopback.origin).host};`)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/script-src[^;]*unsafe|style-src [^;]*unsafe/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(
        Object.keys(headers).filter((name) => /^access-control|set-cookie/.test(name)),
      ).toEqual([])
    }
    expect((await get('/')).headers['cache-control']).toBe('no-store')
  })

  it('answers to its own name only (DNS rebinding)', async () => {
    const { port } = new URL(loopback.origin)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `localhost:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      expect((await get('/', { host })).status, host).toBe(421)
      expect(await outcome(dial({ origin: loopback.origin, headers: { host } })), host).toBe(421)
    }
    expect(await raw('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/)
  })

  it('lets other sites lead to the page, and load nothing of it', async () => {
    const from = (site: string, mode: string, dest: string) => ({
      'sec-fetch-site': site,
      'sec-fetch-mode': mode,
      'sec-fetch-dest': dest,
    })
    expect((await get('/', from('cross-site', 'navigate', 'document'))).status).toBe(200)
    expect((await get('/', from('none', 'navigate', 'document'))).status).toBe(200)
    expect((await get('/', from('same-origin', 'no-cors', 'script'))).status).toBe(200)
    for (const site of ['cross-site', 'same-site']) {
      expect((await get('/', from(site, 'navigate', 'iframe'))).status).toBe(403)
      expect((await get('/assets/index-1a2b3c.js', from(site, 'no-cors', 'script'))).status).toBe(
        403,
      )
      expect((await get('/', from(site, 'cors', 'empty'))).status).toBe(403)
    }
  })

  it('can only be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await get('/', {}, method)).status, method).toBe(405)
    }
    const head = await get('/', {}, 'HEAD')
    expect(head).toMatchObject({ status: 200, body: '' })
  })

  it('serves what is in its folder, and only plain files of known types', async () => {
    symlinkSync(join(folder, 'main'), join(folder, 'renderer/assets/..hop'))
    for (const path of [
      '/../main/index.js',
      '/..%2fmain/index.js',
      '/%2e%2e/main/index.js',
      '/assets/../../main/index.js',
      '/assets/..%5c..%5cmain%5cindex.js',
      '/assets/..hop/index.js',
      '/.hidden.js',
      '/notes.txt',
      '/assets',
      '/assets/',
      '/%',
      '/%00.js',
      '/index.html/',
      '//main/index.js',
      '/missing.js',
      'http://evil.example/index.html',
      '*',
    ]) {
      const { status, body } = await get(path)
      expect(status, path).toBe(404)
      expect(body).not.toContain('secret')
    }
    expect((await get('/index.html?x=1')).status).toBe(200)
  })
})

describe('the channel', () => {
  it('opens to the page with the key', async () => {
    expect(await outcome(dial({ origin: loopback.origin }))).toBe('open')
  })

  it('never names the key in its answer', async () => {
    const socket = await openPage()
    expect(socket.protocol).toBe(wsProtocol)
    socket.terminate()
  })

  it.each([undefined, 'null', 'http://evil.example', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'stays shut to the origin %s, even with the key',
    async (origin) => {
      expect(await outcome(dial({ origin }))).toBe(403)
    },
  )

  it('stays shut without the very key', async () => {
    const { token } = loopback.address
    for (const offered of [
      'x',
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      newAddress().token,
    ]) {
      const protocols = [wsProtocol, offered]
      expect(await outcome(dial({ origin: loopback.origin, protocols })), offered).toBe(401)
    }
    expect(await outcome(dial({ origin: loopback.origin, protocols: [wsProtocol] }))).toBe(401)
    const { origin } = loopback
    expect(await outcome(dial({ origin, protocols: [token, wsProtocol] }))).toBe(404)
    const cookie = { cookie: `token=${token}`, authorization: `Bearer ${token}` }
    expect(await outcome(dial({ origin, protocols: [wsProtocol], headers: cookie }))).toBe(401)
    expect(
      await outcome(dial({ origin, protocols: [wsProtocol], path: `/rpc?token=${token}` })),
    ).toBe(404)
  })

  it('carries questions, answers and events', async () => {
    const page = await openPage()
    page.send(encode({ id: 7, command: 'echo', args: { values: Float64Array.of(1, NaN) } }))
    expect(await nextMessage(page)).toEqual({
      id: 7,
      reply: { ok: true, result: { values: Float64Array.of(1, NaN) } },
    })
    const told = nextMessage(page)
    for (const listener of listeners) listener({ event: 'project.changed', data: null })
    expect(await told).toEqual({ event: 'project.changed', data: null })
    page.terminate()
    await expect.poll(() => listeners.size).toBe(0)
  })

  it.each([
    ['text', 'hello'],
    ['an empty frame', Buffer.alloc(0)],
    ['random bytes', Buffer.from([9, 0, 0, 0, 1, 2, 3])],
    ['a header longer than the frame', Buffer.from([255, 255, 255, 127, 123, 125])],
    ['a message that asks nothing', Buffer.from(encode({ command: 'echo' }))],
    ['a question with a text for a number', Buffer.from(encode({ id: '1', command: 'echo' }))],
    ['null', Buffer.from(encode(null))],
  ])('closes on %s', async (_, frame) => {
    const page = await openPage()
    page.send(frame)
    expect(await closing(page)).toBe(1007)
  })

  it('closes on a message that is too long, without reading it', async () => {
    const page = await openPage()
    const before = asked.length
    page.send(encode({ id: 1, command: 'echo', args: new Uint8Array(9 * 2 ** 20) }))
    expect(await closing(page)).toBe(1009)
    expect(asked.length).toBe(before)
  })

  it('lets no page starve another', async () => {
    const [greedy, modest] = [await openPage(), await openPage()]
    asked.length = 0
    for (let id = 0; id < 2000; id++) greedy.send(encode({ id, command: 'slow', args: null }))
    await expect.poll(() => slow.size).toBeGreaterThan(60)
    modest.send(encode({ id: 1, command: 'echo', args: 'me too' }))
    expect(await nextMessage(modest)).toMatchObject({ reply: { result: 'me too' } })
    // Of those many, only so many wait inside at once.
    expect(slow.size).toBeLessThan(1000)
    greedy.terminate()
    modest.terminate()
    slow.clear()
  })

  it('takes in a bounded number of pages', async () => {
    const pages: WebSocket[] = []
    let refused: 'open' | number = 'open'
    for (let i = 0; i < 80 && refused === 'open'; i++) {
      const socket = dial({ origin: loopback.origin })
      pages.push(socket)
      socket.on('error', () => undefined)
      refused = await new Promise((resolve) => {
        socket.on('open', () => {
          resolve('open')
        })
        socket.on('unexpected-response', (_request, response) => {
          resolve(response.statusCode!)
        })
      })
    }
    expect(refused).toBe(503)
    for (const page of pages) page.terminate()
    await expect.poll(() => loopback.pages()).toBe(0)
  })
})
