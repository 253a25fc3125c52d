/** How a page asks the workbench, whatever host stands between them. */
import type { Args, Command, EventMessage, EventName, Events, Reply, Result } from './commands.ts'
import type { ErrorReport } from './errors.ts'

/** What a host gives the page: Electron's preload, or the loopback transport of a browser. */
export interface Bridge {
  readonly host: 'electron' | 'browser'
  /** Never rejects for what the workbench refuses; answers `disconnected` while it is away. */
  call(command: string, args: unknown): Promise<Reply>
  /** @returns Forgets the listener. */
  onEvent(listener: (message: EventMessage) => void): () => void
  /** Tells when the workbench goes away, and when it is back; events in between are lost. */
  onConnection(listener: (connected: boolean) => void): () => void
}

/** An error of a call, with the code by which a page decides. */
export class WorkbenchError extends Error {
  readonly code: ErrorReport['code']
  /** What guardrails found; empty for errors of other kinds. */
  readonly findings: NonNullable<ErrorReport['findings']>

  constructor(report: ErrorReport) {
    super(report.message)
    this.name = 'WorkbenchError'
    this.code = report.code
    this.findings = report.findings ?? []
  }
}

export interface Client {
  readonly host: Bridge['host']
  /** False while the workbench is away. */
  readonly connected: boolean
  /** @throws WorkbenchError with the code of the refusal. */
  call<C extends Command>(command: C, args: Args<C>): Promise<Result<C>>
  on<E extends EventName>(event: E, listener: (data: Events[E]) => void): () => void
  /** After `true` everything that was shown is to be asked for again. */
  onConnection(listener: (connected: boolean) => void): () => void
}

export function createClient(bridge: Bridge): Client {
  let connected = true
  bridge.onConnection((now) => {
    connected = now
  })
  return {
    host: bridge.host,
    get connected() {
      return connected
    },
    async call(command, args) {
      const reply = await bridge.call(command, args)
      if (!reply.ok) throw new WorkbenchError(reply.error)
      // The workbench answers by the same contract; there its types check it.
      return reply.result as never
    },
    on(event, listener) {
      return bridge.onEvent((message) => {
        if (message.event === event) listener(message.data as never)
      })
    },
    onConnection(listener) {
      return bridge.onConnection(listener)
    },
  }
}
