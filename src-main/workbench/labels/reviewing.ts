/** Reviewing a queue: what is shown of it, and what a verdict, an undo or a redo does. */
import { UserError } from '#shared/contract/errors.ts'
import type {
  ControlEstimate,
  QueueItem,
  QueueSummary,
  QueueView,
  ReviewCard,
  ReviewReply,
  SessionFooter,
  Verdict,
} from '#shared/contract/labels.ts'
import { hiddenPositiveRate } from '#shared/core/label-quality/hidden-positives.ts'
import { standing, undoStacks } from '#shared/core/label-quality/review-log.ts'
import { stoppingAdvice } from '#shared/core/label-quality/stopping-advice.ts'
import type { PlacedItem, ReviewQueue } from '../../store/reviews.ts'
import { bookOf, existingQueue, itemsOfQueue } from './book.ts'
import type { ReviewBook } from './book.ts'
import type { ReviewPorts, QueueRecord, Review, ReviewRecord } from './records.ts'
import { itemEvidence, itemFacts, queueKind, queueRecord } from './records.ts'

export interface Decision {
  readonly queueId: number
  readonly position: number
  /** Made by whoever asks, so that asking twice decides once. */
  readonly key: string
  readonly kind: 'verdict' | 'adjudication'
  readonly verdict: Verdict
  /** Also decides rows with the very same features and the same label. */
  readonly alsoSame: boolean
  readonly reviewer: string
  readonly reason: string
  readonly note: string
  readonly seconds: number | null
  readonly suggestionVisible: boolean
}

const level = 0.95
const nextReviews = 100
/** Verdicts that the pace is read from. */
const paceOf = 20
/** Somebody who took longer was doing something else. */
const longestSeconds = 300

export function queueView(ports: ReviewPorts, queueId: number, reviewer: string): QueueView {
  const queue = existingQueue(ports, queueId)
  const record = queueRecord(queue)
  const book = bookOf(ports, queue.fingerprint)
  const items = itemsOfQueue(ports.project, queueId)
  return {
    queue: summaryOf(ports, queue, book, items),
    names: record.names,
    currency: record.currency,
    stakesFrom: record.stakesFrom,
    columns: record.columns,
    columnsLeftOut: record.columnsLeftOut,
    model: record.model,
    items: itemsOf(queue, items, book, reviewer),
    footer: footerOf(queue, items, book, reviewer),
    reasons: reasonsUsed(book),
  }
}

export function summaryOf(
  { project }: ReviewPorts,
  queue: ReviewQueue,
  book: ReviewBook,
  items: readonly PlacedItem[] = itemsOfQueue(project, queue.id),
): QueueSummary {
  const states = { open: 0, decided: 0, agreed: 0, unsure: 0, adjudicate: 0, adjudicated: 0 }
  for (const { row } of items) states[stateOf(queue, row, book)]++
  const record = queueRecord(queue)
  const drawn = record.control?.draws.reduce((sum, count) => sum + count, 0) ?? 0
  return {
    queueId: queue.id,
    name: queue.name,
    kind: queueKind(queue),
    createdAt: queue.createdAt,
    seed: record.seed,
    controlShare: items.length === 0 ? 0 : drawn / items.length,
    total: items.length,
    states,
    elsewhere: queue.datasetVersionId === null,
  }
}

/** What has become of a row; in a second look it is open until somebody has judged it there. */
export function stateOf(
  queue: ReviewQueue,
  row: number,
  { rows }: ReviewBook,
): keyof QueueSummary['states'] {
  const found = rows.get(row)
  if (found === undefined) return 'open'
  const isOpen =
    queueKind(queue) === 'second' && found.byReviewer.every((one) => one.queue !== queue.key)
  return isOpen ? 'open' : found.state
}

export function reviewCards(
  ports: ReviewPorts,
  queueId: number,
  positions: readonly number[],
  reviewer: string,
): ReviewCard[] {
  const queue = existingQueue(ports, queueId)
  const { names } = queueRecord(queue)
  const { log } = bookOf(ports, queue.fingerprint)
  const blind = queueKind(queue) === 'second'
  return ports.project.reviews.evidence(queueId, positions).map((item): ReviewCard => {
    const { wrong, suggestion, stake, worth, title } = itemFacts(item)
    const seen = log.filter(
      (review) =>
        (review.row === item.row || review.alsoRows.includes(item.row)) &&
        (!blind || review.reviewer === reviewer),
    )
    return {
      position: item.position,
      row: item.row,
      given: item.given,
      wrong,
      suggestion,
      stake,
      worth,
      title,
      evidence: itemEvidence(item),
      history: [
        { at: queue.createdAt, what: `Raised by ${queueRecord(queue).model}` },
        ...seen.map((review) => ({ at: review.at, what: historyOf(review, names) })),
      ],
    }
  })
}

function historyOf(review: Review, names: QueueRecord['names']): string {
  const { kind, verdict, reviewer, note, reason, refersTo, after } = review
  const said = [reason, note].filter((text) => text !== '').join(': ')
  const because = said === '' ? '' : ` (${said})`
  if (refersTo !== null)
    return `${reviewer} ${kind === 'undo' ? 'took a verdict back' : 'took it up again'}`
  const did = {
    keep: 'kept the label',
    relabel: `relabelled it ${after ?? names.positive}`,
    exclude: 'excluded the row',
    unsure: 'was unsure',
  }[verdict!]
  return `${reviewer} ${kind === 'adjudication' ? `settled it and ${did}` : did}${because}`
}

/**
 * Records a verdict; it is on disk when this returns.
 *
 * @throws UserError `bad_input` when it can't be given: no such row, no name, or a second look by
 *   whoever gave the first.
 */
export function decide(ports: ReviewPorts, decision: Decision, now: Date): ReviewReply {
  const { queueId, position, key, kind, verdict, reviewer } = decision
  const queue = existingQueue(ports, queueId)
  const { names } = queueRecord(queue)
  const item = itemAt(ports, queueId, position)
  requireName(reviewer)
  const book = bookOf(ports, queue.fingerprint)
  if (queueKind(queue) === 'second' && kind === 'verdict') {
    const first = book.log.find(
      (review) =>
        review.row === item.row && review.reviewer === reviewer && review.queue !== queue.key,
    )
    if (first !== undefined) {
      throw new UserError(
        'bad_input',
        `${reviewer} has judged row ${item.row + 1} before. A second look is for somebody else: change the name of the reviewer, or send a pack.`,
      )
    }
  }
  const evidence = itemEvidence(ports.project.reviews.evidence(queueId, [position])[0]!)
  const { suggestion } = itemFacts(item)
  const label = (of: 0 | 1): string => (of === 1 ? names.positive : names.negative)
  const record: ReviewRecord = {
    kind,
    queue: queue.key,
    row: item.row,
    alsoRows: decision.alsoSame ? evidence.same.withThisLabel : [],
    reviewer,
    ...timeOf(now, book.log),
    seconds: decision.seconds,
    before: label(item.given),
    after:
      verdict === 'keep'
        ? label(item.given)
        : verdict === 'relabel'
          ? label(item.given === 1 ? 0 : 1)
          : null,
    verdict,
    reason: decision.reason,
    note: decision.note,
    suggestion,
    suggestionVisible: decision.suggestionVisible,
    model: queueRecord(queue).model,
    refersTo: null,
    from: null,
  }
  const recorded = ports.project.reviews.append([{ key, queueId, position, record }]) === 1
  return replyOf(ports, queue, position, reviewer, recorded)
}

/**
 * Takes the last verdict of a reviewer in a queue back, or the one taken back last up again.
 *
 * @throws UserError `bad_input` when there is nothing to take back.
 */
export function undoOrRedo(
  ports: ReviewPorts,
  kind: 'undo' | 'redo',
  { queueId, key, reviewer }: Pick<Decision, 'queueId' | 'key' | 'reviewer'>,
  now: Date,
): ReviewReply {
  const queue = existingQueue(ports, queueId)
  const { log } = bookOf(ports, queue.fingerprint)
  const told = log.find((review) => review.key === key)
  if (told !== undefined) return replyOf(ports, queue, told.position, reviewer, false)
  const refersTo = undoStacks(log, queue.key, reviewer)[kind].at(-1)
  if (refersTo === undefined) {
    const what = kind === 'undo' ? 'take back' : 'take up again'
    throw new UserError('bad_input', `There is no verdict of ${reviewer} here to ${what}.`)
  }
  const verdict = log.find((review) => review.key === refersTo)!
  const record: ReviewRecord = {
    ...recordOf(verdict),
    kind,
    ...timeOf(now, log),
    seconds: null,
    verdict: null,
    reason: '',
    note: '',
    refersTo,
    from: null,
  }
  const { position } = verdict
  const recorded = ports.project.reviews.append([{ key, queueId, position, record }]) === 1
  return replyOf(ports, queue, position, reviewer, recorded)
}

/** What of a review is kept in its record. */
export function recordOf({ key: _, sequence: __, position: ___, ...record }: Review): ReviewRecord {
  return record
}

/** Clocks that run backwards are noted: what came first is what the log says. */
function timeOf(
  now: Date,
  log: readonly Review[],
): Pick<ReviewRecord, 'at' | 'clockBehindSeconds'> {
  const last = log.findLast(({ from }) => from === null)
  const behind = last === undefined ? 0 : (Date.parse(last.at) - now.getTime()) / 1000
  return { at: now.toISOString(), clockBehindSeconds: behind > 0 ? behind : null }
}

function replyOf(
  ports: ReviewPorts,
  queue: ReviewQueue,
  position: number,
  reviewer: string,
  recorded: boolean,
): ReviewReply {
  const book = bookOf(ports, queue.fingerprint)
  const items = itemsOfQueue(ports.project, queue.id)
  const item = items[position]!
  return {
    recorded,
    item: itemsOf(queue, [item], book, reviewer)[0]!,
    footer: footerOf(queue, items, book, reviewer),
  }
}

function itemAt({ project }: ReviewPorts, queueId: number, position: number): PlacedItem {
  const item = itemsOfQueue(project, queueId)[position]
  if (item !== undefined) return item
  throw new UserError('bad_input', `The queue has no place ${position + 1}.`)
}

function requireName(reviewer: string): void {
  if (reviewer.trim() !== '') return
  throw new UserError('bad_input', 'Say who reviews: give the reviewer a name.')
}

/** Each row's last standing verdict by a reviewer in a queue. */
function mineOf(
  queue: ReviewQueue,
  { log }: ReviewBook,
  reviewer: string,
): ReadonlyMap<number, Review> {
  const stands = standing(log)
  const mine = new Map<number, Review>()
  for (const review of log) {
    const isMine = review.queue === queue.key && review.reviewer === reviewer
    if (isMine && review.verdict !== null && stands.has(review.key)) {
      for (const row of [review.row, ...review.alsoRows]) mine.set(row, review)
    }
  }
  return mine
}

function itemsOf(
  queue: ReviewQueue,
  items: readonly PlacedItem[],
  book: ReviewBook,
  reviewer: string,
): QueueItem[] {
  const mine = mineOf(queue, book, reviewer)
  const blind = queueKind(queue) === 'second'
  return items.map((item) => {
    const { position, row, given } = item
    const { stake } = itemFacts(item)
    const own = mine.get(row)?.verdict ?? null
    const state = blind && own === null ? null : (book.rows.get(row)?.state ?? null)
    return { position, row, given, mine: own, state, stake }
  })
}

function footerOf(
  queue: ReviewQueue,
  items: readonly PlacedItem[],
  book: ReviewBook,
  reviewer: string,
): SessionFooter {
  const mine = mineOf(queue, book, reviewer)
  const done = items.filter(({ row }) => mine.has(row))
  const wrong = done.filter(({ row }) => mine.get(row)?.verdict === 'relabel')
  const seconds = [...mine.values()]
    .slice(-paceOf)
    .flatMap((review) => review.seconds ?? [])
    .map((value) => Math.min(value, longestSeconds))
    .sort((a, b) => a - b)
  const secondsPerReview = seconds[seconds.length >> 1] ?? null
  const ranked = done.filter((item) => itemFacts(item).stratum < 0)
  const yields = Uint8Array.from(ranked, ({ row }) =>
    mine.get(row)?.verdict === 'relabel' ? 1 : 0,
  )
  const left = items.length - done.length
  const found = wrong.reduce((sum, item) => sum + (itemFacts(item).stake ?? 0), 0)
  const { costPerReview, actionability } = queueRecord(queue).terms
  const { undo, redo } = undoStacks(book.log, queue.key, reviewer)
  const rowOf = (key: string | undefined): number | null =>
    book.log.find((review) => review.key === key)?.row ?? null
  return {
    done: done.length,
    total: items.length,
    secondsPerReview,
    secondsLeft: secondsPerReview === null ? null : secondsPerReview * left,
    found,
    wrongLabels: wrong.length,
    control: controlOf([{ queue, items }], book),
    advice: stoppingAdvice(
      yields,
      Math.min(nextReviews, Math.max(1, left)),
      costPerReview === null || wrong.length === 0
        ? null
        : { perIssue: (actionability * found) / wrong.length, perReview: costPerReview },
    ),
    undoRow: rowOf(undo.at(-1)),
    redoRow: rowOf(redo.at(-1)),
  }
}

/**
 * What the control rows of queues say of hidden positives; null before any of them was judged.
 *
 * Each queue drew its own sample. Those of one plan are strata of one estimate; of several queues
 * the one that judged most speaks, since the same rows may be in both.
 */
export function controlOf(
  queues: readonly { readonly queue: ReviewQueue; readonly items: readonly PlacedItem[] }[],
  { rows }: ReviewBook,
): ControlEstimate | null {
  let best: ControlEstimate | null = null
  for (const { queue, items } of queues) {
    const { control } = queueRecord(queue)
    if (control === null) continue
    const strata = control.sizes.map((size) => ({ size, reviewed: 0, found: 0 }))
    for (const item of items) {
      const stratum = strata[itemFacts(item).stratum]
      const verdict = rows.get(item.row)?.verdict ?? null
      if (stratum === undefined || verdict === null || verdict === 'exclude') continue
      stratum.reviewed++
      if (verdict === 'relabel') stratum.found++
    }
    const reviewed = strata.reduce((sum, stratum) => sum + stratum.reviewed, 0)
    if (reviewed <= (best?.reviewed ?? 0)) continue
    best = {
      reviewed,
      found: strata.reduce((sum, stratum) => sum + stratum.found, 0),
      hidden: hiddenPositiveRate(strata, level),
    }
  }
  return best
}

/** Reasons that were given before, the commonest first. */
function reasonsUsed({ log }: ReviewBook): string[] {
  const counts = new Map<string, number>()
  for (const { reason } of log) {
    if (reason !== '') counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 20)
    .map(([reason]) => reason)
}
