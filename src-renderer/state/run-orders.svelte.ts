import { WorkbenchError } from '#shared/contract/bridge.ts'
import type { Args, Result } from '#shared/contract/commands.ts'
import type { ErrorReport } from '#shared/contract/errors.ts'
import { messageOf } from './session.svelte.ts'
import type { Session } from './session.svelte.ts'
import { toast } from './toasts.svelte.ts'

type Order = Parameters<typeof Session.prototype.call<'run.start'>>[1]
type Started = Result<'run.start'>

/** An order that guardrails stand against, until a person has answered them or given up. */
export interface HeldOrder {
  readonly findings: NonNullable<ErrorReport['findings']>
  /** True where no reason will do. */
  readonly blocked: boolean
  /** Null: given up. */
  answer(acknowledgements: NonNullable<Args<'run.start'>['acknowledgements']> | null): void
}

class RunOrders {
  held: HeldOrder | null = $state.raw(null)

  /**
   * Starts a run, asking for the reasons that guardrails want.
   *
   * @returns Null when it was refused, which the user has been told, or given up.
   */
  async start(session: Session, order: Order): Promise<Started | null> {
    try {
      return await session.call('run.start', order)
    } catch (error) {
      const stopped =
        error instanceof WorkbenchError &&
        (error.code === 'guardrail' || error.code === 'acknowledgement_needed')
      if (!stopped) {
        toast(messageOf(error), { kind: 'error' })
        return null
      }
      const given = await this.#ask(error.findings, error.code === 'guardrail')
      if (given === null) return null
      const before = order.acknowledgements ?? []
      return this.start(session, { ...order, acknowledgements: [...before, ...given] })
    }
  }

  #ask(
    findings: HeldOrder['findings'],
    blocked: boolean,
  ): Promise<NonNullable<Args<'run.start'>['acknowledgements']> | null> {
    this.held?.answer(null)
    return new Promise((resolve) => {
      this.held = {
        findings,
        blocked,
        answer: (given) => {
          this.held = null
          resolve(given)
        },
      }
    })
  }
}

/** Runs are ordered from several screens; what stands against one is asked in one place. */
export const runOrders = new RunOrders()
