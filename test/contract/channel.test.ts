import { describe, expect, it } from 'vitest'
import { createClient } from '#shared/contract/bridge.ts'
import type { Bridge } from '#shared/contract/bridge.ts'
import { connectChannel, serve } from '#shared/contract/channel.ts'
import type { Answering, Channel } from '#shared/contract/channel.ts'
import type { EventMessage, Reply } from '#shared/contract/commands.ts'

/** Two ends of a channel; what one sends the other gets in a later turn. */
function channelPair(): { ends: [Channel, Channel]; readonly close: () => void } {
  const listeners: ((message: unknown) => void)[] = []
  const whenClosed: (() => void)[] = []
  const end = (own: number, other: number): Channel => ({
    send: (message) => {
      queueMicrotask(() => listeners[other]?.(structuredClone(message)))
    },
    onMessage: (listener) => {
      listeners[own] = listener
    },
    onClose: (listener) => {
      whenClosed.push(listener)
    },
  })
  return {
    ends: [end(0, 1), end(1, 0)],
    close: () => {
      for (const closed of whenClosed) closed()
    },
  }
}

function desk(): Answering & { tell(message: EventMessage): void; listeners(): number } {
  const listeners = new Set<(message: EventMessage) => void>()
  return {
    call(command, args): Promise<Reply> {
      if (command === 'app.info') return Promise.resolve({ ok: true, result: args })
      if (command === 'never') return new Promise(() => undefined)
      return Promise.reject(new Error('it broke'))
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell: (message) => {
      for (const listener of listeners) listener(message)
    },
    listeners: () => listeners.size,
  }
}

function connected() {
  const served = desk()
  const { ends, close } = channelPair()
  serve(served, ends[0])
  return { served, close, raw: ends[1], line: connectChannel(ends[1]) }
}

describe('channel', () => {
  it('gives every question its own answer, in whatever order they come', async () => {
    const { line } = connected()
    const replies = await Promise.all([1, 2, 3].map((n) => line.call('app.info', { n })))
    expect(replies).toEqual([1, 2, 3].map((n) => ({ ok: true, result: { n } })))
  })

  it('answers even where the desk throws', async () => {
    const { line } = connected()
    expect(await line.call('broken', {})).toEqual({
      ok: false,
      error: { code: 'fault', message: 'it broke' },
    })
  })

  it('tells events until somebody stops listening, or the channel closes', async () => {
    const { line, served, close } = connected()
    const heard: EventMessage[] = []
    const message: EventMessage = { event: 'menu.chosen', data: { command: 'x' } }
    const forget = line.onEvent((got) => heard.push(got))
    served.tell(message)
    await Promise.resolve()
    forget()
    served.tell(message)
    await Promise.resolve()
    expect(heard).toEqual([message])
    close()
    expect(served.listeners()).toBe(0)
  })

  it('answers what is open, and all that follows, when it closes', async () => {
    const { line, close } = connected()
    const open = line.call('never', {})
    close()
    expect(await open).toMatchObject({ ok: false, error: { code: 'disconnected' } })
    expect(await line.call('app.info', {})).toMatchObject({ error: { code: 'disconnected' } })
  })

  it('passes over what is no question and no answer', async () => {
    const { line, raw } = connected()
    for (const nonsense of [null, 1, 'text', [], {}, { id: 'x' }, { reply: 1 }]) raw.send(nonsense)
    expect(await line.call('app.info', {})).toMatchObject({ ok: true })
  })

  it('rejects what cannot be sent, and goes on', async () => {
    const { ends } = channelPair()
    const line = connectChannel({
      ...ends[1],
      send: () => {
        throw new TypeError("args can't be sent")
      },
    })
    await expect(line.call('app.info', {})).rejects.toThrow("args can't be sent")
  })
})

describe('client', () => {
  const bridgeOf = (reply: Reply): Bridge & { say(connected: boolean): void } => {
    const listeners = new Set<(connected: boolean) => void>()
    return {
      host: 'browser',
      call: () => Promise.resolve(reply),
      onEvent: () => () => undefined,
      onConnection: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      say: (connected) => {
        for (const listener of listeners) listener(connected)
      },
    }
  }

  it('gives results, and throws refusals with their code', async () => {
    const client = createClient(bridgeOf({ ok: true, result: null }))
    expect(await client.call('project.close', {})).toBe(null)
    const refused = createClient(
      bridgeOf({ ok: false, error: { code: 'project_locked', message: 'Open elsewhere.' } }),
    )
    await expect(refused.call('project.close', {})).rejects.toMatchObject({
      name: 'WorkbenchError',
      code: 'project_locked',
      message: 'Open elsewhere.',
    })
  })

  it('knows whether the workbench is there', () => {
    const bridge = bridgeOf({ ok: true, result: null })
    const client = createClient(bridge)
    const heard: boolean[] = []
    const forget = client.onConnection((connected) => heard.push(connected))
    bridge.say(false)
    expect(client.connected).toBe(false)
    bridge.say(true)
    forget()
    bridge.say(false)
    expect(heard).toEqual([false, true])
    expect(client.connected).toBe(false)
  })
})
