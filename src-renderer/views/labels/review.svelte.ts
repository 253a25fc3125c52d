/** The review of one queue: where one is, what has been decided, and what is being saved. */
import { SvelteMap } from 'svelte/reactivity'
import type {
  QueueItem,
  QueueView,
  ReviewCard,
  ReviewReply,
  Verdict,
} from '#shared/contract/labels.ts'
import { codeOf, messageOf } from '../../state/session.svelte.ts'
import type { Session } from '../../state/session.svelte.ts'
import { toast } from '../../state/toasts.svelte.ts'
import { nextOpen } from './next-open.ts'

/** Cards to have before they are needed. */
const ahead = 5
/** Cards to keep: enough to go back over without waiting. */
const mostCards = 60

interface Unsaved {
  readonly position: number
  readonly verdict: Verdict
  readonly key: string
}

export class Review {
  readonly queueId: number
  view: QueueView | null = $state.raw(null)
  at = $state(0)
  error: unknown = $state.raw(null)
  reason = $state('')
  note = $state('')
  suggestionVisible = $state(true)
  /** What was pressed, until it is saved. */
  saving: Verdict | 'undo' | 'redo' | null = $state(null)
  readonly #session: Session
  readonly #cards = new SvelteMap<number, ReviewCard>()
  readonly #asked = new Set<number>()
  #shownAt = performance.now()
  /** The reply to it was lost: told again under its own key, it is not decided twice. */
  #unsaved: Unsaved | null = null

  constructor(session: Session, queueId: number) {
    this.#session = session
    this.queueId = queueId
  }

  get reviewer(): string {
    const { settings, info } = this.#session
    return settings.reviewer || info.user || 'Reviewer'
  }

  get item(): QueueItem | null {
    return this.view?.items[this.at] ?? null
  }

  get card(): ReviewCard | null {
    return this.#cards.get(this.at) ?? null
  }

  get allDecided(): boolean {
    return this.view?.items.every(({ mine }) => mine !== null) ?? false
  }

  /** @param position Where to begin; null: at the first row that is not decided. */
  async open(position: number | null): Promise<void> {
    try {
      const view = await this.#session.call('queue.view', {
        queueId: this.queueId,
        reviewer: this.reviewer,
      })
      this.view = view
      const first = position ?? nextOpen(view.items, -1) ?? 0
      this.#show(Math.min(view.items.length - 1, first))
      this.error = null
    } catch (error) {
      this.error = error
    }
  }

  /** Goes on under another name, which this machine remembers. */
  async rename(reviewer: string): Promise<void> {
    if (reviewer.trim() === this.reviewer) return
    await this.#session.act('settings.change', { reviewer: reviewer.trim() })
    this.#cards.clear()
    this.#asked.clear()
    await this.open(this.at)
  }

  move(by: number): void {
    this.goTo(this.at + by)
  }

  goTo(position: number): void {
    const last = (this.view?.items.length ?? 0) - 1
    const at = Math.min(last, Math.max(0, position))
    if (at === this.at) return
    this.#show(at)
  }

  async decide(
    verdict: Verdict,
    { alsoSame = false, adjudicates = false }: { alsoSame?: boolean; adjudicates?: boolean } = {},
  ): Promise<void> {
    const { item, at } = this
    // What has not been shown can't be judged.
    if (item === null || this.card === null || this.saving !== null) return
    const again = this.#unsaved
    const key =
      again?.position === at && again.verdict === verdict ? again.key : crypto.randomUUID()
    this.#unsaved = { position: at, verdict, key }
    await this.#save(verdict, () =>
      this.#session.call('review.decide', {
        ...{ queueId: this.queueId, position: at, key, verdict, alsoSame },
        kind: adjudicates ? 'adjudication' : 'verdict',
        reviewer: this.reviewer,
        reason: this.reason.trim(),
        note: this.note.trim(),
        seconds: (performance.now() - this.#shownAt) / 1000,
        suggestionVisible: this.suggestionVisible,
      }),
    ).then(async (reply) => {
      if (reply === null) return
      this.reason = ''
      this.note = ''
      if (alsoSame) await this.#refresh()
      this.#show(nextOpen(this.view?.items ?? [], at) ?? at)
    })
  }

  /** Takes back, or up again, what was done last; shows the row that it was. */
  async step(which: 'undo' | 'redo'): Promise<void> {
    const { view } = this
    if (view === null || this.saving !== null) return
    if ((which === 'undo' ? view.footer.undoRow : view.footer.redoRow) === null) return
    const args = { queueId: this.queueId, key: crypto.randomUUID(), reviewer: this.reviewer }
    const reply = await this.#save(which, () =>
      this.#session.call(which === 'undo' ? 'review.undo' : 'review.redo', args),
    )
    if (reply === null) return
    this.#show(reply.item.position)
    // Rows that are the very same may have been decided with it.
    await this.#refresh()
  }

  async #save(
    what: NonNullable<Review['saving']>,
    ask: () => Promise<ReviewReply>,
  ): Promise<ReviewReply | null> {
    this.saving = what
    try {
      const reply = await ask()
      this.#unsaved = null
      this.#adopt(reply)
      return reply
    } catch (error) {
      // Whatever came of it: the log has it once or not at all.
      if (codeOf(error) !== 'disconnected') this.#unsaved = null
      toast(`Not saved. ${messageOf(error)}`, { kind: 'error' })
      return null
    } finally {
      this.saving = null
    }
  }

  #adopt({ item, footer }: ReviewReply): void {
    const { view } = this
    if (view === null) return
    const items = [...view.items]
    items[item.position] = item
    this.view = { ...view, items, footer }
    // Its history is another now. What is shown stays until the next card is there to take its place.
    this.#asked.delete(item.position)
  }

  async #refresh(): Promise<void> {
    this.view = await this.#session.call('queue.view', {
      queueId: this.queueId,
      reviewer: this.reviewer,
    })
  }

  #show(position: number): void {
    this.at = position
    this.#shownAt = performance.now()
    void this.#load(position)
  }

  /** The card of a position, and those that are likely to be asked for next. */
  async #load(position: number): Promise<void> {
    const items = this.view?.items ?? []
    const wanted = [position]
    let next = position
    for (let n = 0; n < ahead; n++) {
      const open = nextOpen(items, next)
      if (open === null || wanted.includes(open)) break
      wanted.push(open)
      next = open
    }
    if (position + 1 < items.length) wanted.push(position + 1)
    const missing = [...new Set(wanted)].filter((one) => !this.#asked.has(one))
    if (missing.length === 0) return
    for (const one of missing) this.#asked.add(one)
    try {
      const cards = await this.#session.call('queue.cards', {
        queueId: this.queueId,
        positions: missing,
        reviewer: this.reviewer,
      })
      const wasThere = this.#cards.has(this.at)
      for (const card of cards) this.#cards.set(card.position, card)
      if (!wasThere && this.#cards.has(this.at)) this.#shownAt = performance.now()
      this.#forgetOld()
      this.error = null
    } catch (error) {
      for (const one of missing) this.#asked.delete(one)
      if (position === this.at && !this.#cards.has(position)) this.error = error
    }
  }

  #forgetOld(): void {
    for (const position of this.#cards.keys()) {
      if (this.#cards.size <= mostCards) return
      if (Math.abs(position - this.at) <= ahead + 1) continue
      this.#cards.delete(position)
      this.#asked.delete(position)
    }
  }
}
