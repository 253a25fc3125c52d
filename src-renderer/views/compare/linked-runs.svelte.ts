/** What tables and charts of a comparison point at together. */
import type { FigureId } from './figures.ts'
import type { AxisRanges, GoodnessRange } from './parallel-axes.ts'

/** The run under the pointer or the focus, the one that was chosen, and which runs are lit. */
export class LinkedRuns {
  #pointed: number | null = $state(null)
  #chosen: string | null = $state(null)
  ranges: AxisRanges = $state.raw(new Map())
  /** Keys of the runs in their order: what was chosen stays when runs come and go. */
  #keys: () => readonly string[]

  constructor(keys: () => readonly string[]) {
    this.#keys = keys
  }

  /** Position of the run that was chosen by a click or a key; null for none. */
  get chosen(): number | null {
    const at = this.#chosen === null ? -1 : this.#keys().indexOf(this.#chosen)
    return at < 0 ? null : at
  }

  /** Position of the run to be told from the others; null for none. */
  get shown(): number | null {
    const pointed = this.#pointed
    return pointed !== null && pointed < this.#keys().length ? pointed : this.chosen
  }

  /** At once, but after what is being drawn: what goes while it has the focus loses it then. */
  point(run: number | null): void {
    queueMicrotask(() => {
      this.#pointed = run
    })
  }

  /** Chooses a run, or no longer, when it was. */
  choose(run: number): void {
    const key = this.#keys()[run] ?? null
    this.#chosen = key === this.#chosen ? null : key
  }

  keep(id: FigureId, range: GoodnessRange | null): void {
    const next = new Map(this.ranges)
    if (range === null) next.delete(id)
    else next.set(id, range)
    this.ranges = next
  }

  clear(): void {
    this.ranges = new Map()
  }

  /**
   * Follows pointer and focus over the parts of a table that carry `data-run`, the position of their
   * run; a click on one that is no control chooses it.
   */
  readonly following = (table: HTMLElement): (() => void) => {
    const runOf = ({ target }: Event): number | null => {
      const run = target instanceof Element ? target.closest<HTMLElement>('[data-run]') : null
      return run === null ? null : Number(run.dataset['run'])
    }
    const point = (event: Event): void => {
      this.point(runOf(event))
    }
    const leave = (): void => {
      this.point(null)
    }
    const choose = (event: MouseEvent): void => {
      const run = runOf(event)
      if (run !== null && !(event.target as Element).closest('a, button')) this.choose(run)
    }
    const listeners = [
      ['pointerover', point],
      ['focusin', point],
      ['pointerleave', leave],
      ['focusout', leave],
    ] as const
    for (const [name, listener] of listeners) table.addEventListener(name, listener)
    table.addEventListener('click', choose)
    return () => {
      for (const [name, listener] of listeners) table.removeEventListener(name, listener)
      table.removeEventListener('click', choose)
    }
  }
}
