import type { ExperimentOutcome } from '#shared/contract/decision.ts'
import type { ExperimentFactsOfProject } from '#shared/contract/work.ts'
import { LatestAnswer } from './latest.svelte.ts'
import type { Session } from './session.svelte.ts'

/** What the experiment that is shown came to; asked again when it gets other results. */
export class ShownOutcome {
  readonly #read: LatestAnswer<
    { readonly experimentId: number; readonly digest: string },
    ExperimentOutcome | null
  >
  readonly #experiment: () => ExperimentFactsOfProject | null

  /** Made while a component is. */
  constructor(session: Session, experiment: () => ExperimentFactsOfProject | null) {
    this.#experiment = experiment
    this.#read = new LatestAnswer(({ experimentId }) =>
      session.call('run.outcome', { experimentId }),
    )
    $effect(() => {
      const { experimentId = 0, digest = null } = experiment() ?? {}
      this.#read.ask(digest === null ? null : { experimentId, digest })
    })
  }

  /** Null while there is none, or only that of the experiment shown before. */
  get value(): ExperimentOutcome | null {
    const { answer } = this.#read
    return answer?.experimentId === this.#experiment()?.experimentId ? answer : null
  }

  get error(): unknown {
    return this.#read.error
  }
}
