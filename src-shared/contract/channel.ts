/**
 * One small protocol for every border that messages cross: a browser and its loopback server,
 * Electron's main process and its workbench process.
 *
 *     asked   { id, command, args }
 *     told    { id, reply }  and  { event, data }
 */
import type { Bridge } from './bridge.ts'
import type { EventMessage, Reply } from './commands.ts'
import { reportError } from './errors.ts'

export interface Channel {
  send(message: unknown): void
  /** Asked for once, while the channel is being set up. */
  onMessage(listener: (message: unknown) => void): void
  /** Asked for once, while the channel is being set up. */
  onClose(listener: () => void): void
}

/** What can be served: the workbench's desk, or what stands in front of it. */
export interface Answering {
  call(command: unknown, args: unknown): Promise<Reply>
  onEvent(listener: (message: EventMessage) => void): () => void
}

/** Name of the WebSocket protocol; changes whenever the protocol does. */
export const wsProtocol = 'steelyard.v1'

export const goneReply: Reply = {
  ok: false,
  error: { code: 'disconnected', message: 'The workbench has gone away. What was saved is kept.' },
}

/**
 * Answers what comes over a channel and tells its events, until it closes. What isn't a question is
 * passed over.
 */
export function serve(desk: Answering, channel: Channel): void {
  const forget = desk.onEvent((message) => channel.send(message))
  channel.onClose(forget)
  channel.onMessage((message) => {
    const question = readQuestion(message)
    if (question === null) return
    const { id, command, args } = question
    desk.call(command, args).then(
      (reply) => channel.send({ id, reply }),
      (error: unknown) => channel.send({ id, reply: { ok: false, error: reportError(error) } }),
    )
  })
}

/** The asking end of a channel. Every question that is open when it closes is answered `disconnected`. */
export function connectChannel(channel: Channel): Pick<Bridge, 'call' | 'onEvent'> {
  const waiting = new Map<number, (reply: Reply) => void>()
  const listeners = new Set<(message: EventMessage) => void>()
  let nextId = 1
  let open = true
  channel.onMessage((message) => {
    if (typeof message !== 'object' || message === null) return
    if ('event' in message) {
      for (const listener of [...listeners]) listener(message as EventMessage)
      return
    }
    const { id, reply } = message as { readonly id: number; readonly reply: Reply }
    waiting.get(id)?.(reply)
    waiting.delete(id)
  })
  channel.onClose(() => {
    open = false
    for (const answer of waiting.values()) answer(goneReply)
    waiting.clear()
  })
  return {
    call(command, args) {
      if (!open) return Promise.resolve(goneReply)
      return new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, resolve)
        try {
          channel.send({ id, command, args })
        } catch (error) {
          // What can't be sent is a fault of the caller and must not look like one of the host.
          waiting.delete(id)
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function readQuestion(
  message: unknown,
): { readonly id: number; readonly command: unknown; readonly args: unknown } | null {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, 'id')) return null
  const { id, command, args } = message as Readonly<Record<string, unknown>>
  return typeof id === 'number' ? { id, command, args } : null
}
