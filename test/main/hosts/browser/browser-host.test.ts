/** `npm start -- --browser`, as a process of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { connectChannel, wsProtocol } from '#shared/contract/channel.ts'
import { decode, encode } from '#shared/contract/wire.ts'
import { repository } from '../../../../scripts/out-folder.mjs'

const urlLine = /^Steelyard: (http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]{43})$/

let folder: string
const started: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-host-'))
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  readonly out: () => string
  readonly errors: () => string
  readonly exited: Promise<number | null>
  /** The address, once it is printed. */
  readonly address: Promise<{ readonly origin: string; readonly token: string }>
}

function start(args: readonly string[] = [], data = 'data'): Run {
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
      ...['scripts/start.mjs', '--browser', '--no-open', '--no-build', ...args],
    ],
    {
      cwd: repository,
      env: { ...process.env, STEELYARD_DATA: join(folder, data), INIT_CWD: folder },
    },
  )
  started.push(child)
  let out = ''
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve))
  const address = new Promise<{ origin: string; token: string }>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
      const match = urlLine.exec(out.trimEnd())
      if (match !== null) resolve({ origin: match[1]!, token: match[2]! })
    })
  })
  return { child, out: () => out, errors: () => errors, exited, address }
}

async function connect({ address }: Run): Promise<ReturnType<typeof connectChannel>> {
  const { origin, token } = await address
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, [wsProtocol, token], {
    origin,
  })
  const line = connectChannel({
    send: (message) => {
      socket.send(encode(message))
    },
    onMessage: (listener) =>
      socket.on('message', (data) => {
        listener(decode(data as Buffer))
      }),
    onClose: (listener) => socket.on('close', listener),
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return line
}

describe('the browser host', () => {
  it('prints its address and nothing else, and ends on a signal', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const host = start()
      const line = await connect(host)
      expect(await line.call('app.info', {})).toMatchObject({
        ok: true,
        result: {
          host: 'browser',
          choosesFiles: false,
          projectFolder: join(folder, 'data/projects'),
        },
      })
      host.child.kill(signal)
      expect(await host.exited, signal).toBe(0)
      expect(await line.call('app.info', {})).toMatchObject({ error: { code: 'disconnected' } })
      expect(host.out().trimEnd()).toMatch(urlLine)
      expect(host.errors()).toBe('')
      expect(readdirSync(join(folder, 'data'))).not.toContain('browser-host.json')
    }
  })

  it('lets a project be open once, and says where else it is', async () => {
    const first = start()
    const line = await connect(first)
    expect(await line.call('project.create', { name: 'Mine', fileId: null })).toMatchObject({
      ok: true,
    })
    const file = join(folder, 'data/projects/Mine.steelyard')
    expect(existsSync(file)).toBe(true)

    // From where the user stands, which npm tells.
    const second = start(['--project', 'data/projects/Mine.steelyard'], 'other')
    expect(await second.exited).toBe(2)
    expect(second.errors()).toContain('The project is open in Steelyard')
    expect(second.out()).toBe('')

    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(readdirSync(join(folder, 'data/projects'))).toEqual(['Mine.steelyard'])

    const third = start(['--project', 'data/projects/Mine.steelyard'], 'other')
    const opened = await connect(third)
    expect(await opened.call('project.state', {})).toMatchObject({ result: { name: 'Mine' } })
  })

  it('is found again where it was, when it died', async () => {
    const first = start()
    const before = await first.address
    first.child.kill('SIGKILL')
    await first.exited
    expect(await start().address).toEqual(before)
  })

  it('refuses a project that is not there, and options that do not exist', async () => {
    const missing = start(['--project', 'missing.steelyard'])
    expect(await missing.exited).toBe(2)
    expect(missing.errors()).toContain('missing.steelyard')
    const wrong = start(['--colour'])
    expect(await wrong.exited).toBe(1)
    expect(wrong.errors()).toMatch(/--colour[^]*npm start -- /)
    const both = start(['--electron'])
    expect(await both.exited).toBe(1)
  })
})
