/**
 * Reviewer packs: a queue, with or without what was said of it, as one file that goes to a colleague
 * and comes back.
 *
 *     { format, version, digest, content: { queue, items, events, head } }
 *
 * `digest` is the SHA-256 of the canonical text of `content`, so a pack that was edited is noticed;
 * `head` is that of the log that it was written from. Events travel under their keys: merging a pack
 * twice adds nothing, and merging what two people said keeps both.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { UserError } from '#shared/contract/errors.ts'
import type { MergedPack, WrittenPack } from '#shared/contract/labels.ts'
import { canonicalJson } from '#shared/contract/json.ts'
import type { Json } from '#shared/contract/json.ts'
import type { NewReviewEvent, PlacedItem, ReviewQueue } from '../../store/reviews.ts'
import { bookOf, existingQueue, itemsOfQueue } from './book.ts'
import type { ReviewPorts, Review, ReviewRecord } from './records.ts'
import { recordOf } from './reviewing.ts'

const format = 'steelyard-reviews'
const formatVersion = 1
/** Clocks of two machines are never quite the same. */
const toleranceMs = 10 * 60_000

const text = v.pipe(v.string(), v.maxLength(2000))
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const label = v.picklist([0, 1])
const seconds = v.nullable(v.pipe(v.number(), v.minValue(0)))
const verdict = v.picklist(['keep', 'relabel', 'exclude', 'unsure'])

const item = v.strictObject({
  row: whole,
  given: label,
  facts: v.looseObject({
    wrong: v.number(),
    suggestion: v.picklist(['keep', 'relabel']),
    stake: v.nullable(v.number()),
    worth: v.nullable(v.number()),
    title: v.array(v.strictObject({ label: text, text })),
    stratum: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  }),
  evidence: v.looseObject({ values: v.array(v.nullable(v.union([v.number(), v.string()]))) }),
})

const event = v.strictObject({
  key: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)),
  sequence: whole,
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  position: whole,
  record: v.strictObject({
    kind: v.picklist(['verdict', 'adjudication', 'undo', 'redo']),
    queue: name,
    row: whole,
    alsoRows: v.array(whole),
    reviewer: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
    at: v.pipe(v.string(), v.isoTimestamp()),
    clockBehindSeconds: seconds,
    seconds,
    before: text,
    after: v.nullable(text),
    verdict: v.nullable(verdict),
    reason: text,
    note: text,
    suggestion: v.picklist(['keep', 'relabel']),
    suggestionVisible: v.boolean(),
    model: text,
    refersTo: v.nullable(v.string()),
    from: v.nullable(v.strictObject({ hash: v.string(), sequence: whole })),
  }),
})

const pack = v.strictObject({
  format: v.literal(format),
  version: v.literal(formatVersion),
  digest: v.string(),
  content: v.strictObject({
    queue: v.strictObject({
      key: name,
      fingerprint: v.string(),
      kind: name,
      name,
      record: v.looseObject({
        names: v.strictObject({ positive: v.string(), negative: v.string() }),
        columns: v.array(v.looseObject({ name: v.string() })),
      }),
    }),
    items: v.pipe(v.array(item), v.minLength(1), v.maxLength(20_000)),
    events: v.array(event),
    head: v.strictObject({ events: whole, hash: v.string() }),
  }),
})
type Pack = v.InferOutput<typeof pack>

/** Writes a queue as a pack; without its reviews it is for somebody who shall not know them. */
export function writePack(ports: ReviewPorts, queueId: number, withReviews: boolean): WrittenPack {
  const { reviews } = ports.project
  const queue = existingQueue(ports, queueId)
  const items = itemsOfQueue(ports.project, queueId)
  const hashes = new Map(reviews.events().map(({ key, hash }) => [key, hash]))
  const log = withReviews ? bookOf(ports, queue.fingerprint).log : []
  const content = {
    queue: {
      key: queue.key,
      fingerprint: queue.fingerprint,
      kind: queue.kind,
      name: queue.name,
      record: queue.record,
    },
    items: reviews
      .evidence(
        queueId,
        items.map(({ position }) => position),
      )
      .map(({ row, given, facts, evidence }) => ({ row, given, facts, evidence })),
    events: log
      .filter((review) => review.queue === queue.key)
      .map((review) => ({
        key: review.key,
        sequence: review.sequence,
        hash: hashes.get(review.key)!,
        position: review.position,
        record: recordOf(review),
      })),
    head: reviews.head(),
  }
  const plain = JSON.parse(JSON.stringify(content)) as Json
  return {
    name: `${queue.name}.reviews.json`,
    text: `${JSON.stringify({ format, version: formatVersion, digest: digestOf(plain), content: plain })}\n`,
  }
}

/**
 * Takes a pack in: its queue where the project doesn't have it, and the reviews that are new.
 *
 * @param source What to call the file in messages.
 * @throws UserError `bad_input`, and nothing is taken in, when the pack is damaged or was edited, is
 *   of a newer program or of other data, or contradicts what the project holds.
 */
export function mergePack(
  ports: ReviewPorts,
  packText: string,
  source: string,
  now: Date,
): MergedPack {
  const refuse = (why: string): never => {
    throw new UserError('bad_input', `${source}: ${why} Nothing was taken in.`)
  }
  const { content } = readPack(packText, refuse)
  const { project } = ports
  const { queue, items, events } = content
  const version = project.datasets.findByFingerprint(queue.fingerprint)
  if (version === null && project.datasets.list().length > 0) {
    refuse(
      'The pack was made of other data than this project holds: another table, or another version of it. Open the project it came from, or merge it into an empty one to review it there.',
    )
  }
  const beyond = version === null ? undefined : items.find(({ row }) => row >= version.nRows)
  if (beyond !== undefined) {
    refuse(`Row ${beyond.row + 1} is not in the data, which have ${version!.nRows} rows.`)
  }
  const held = project.reviews.findQueue(queue.key)
  if (held !== null) requireSameQueue(ports, held, content, refuse)
  requireSound(events, items, queue.key, refuse)
  const log = new Map(bookOf(ports, queue.fingerprint).log.map((review) => [review.key, review]))
  const known = events.filter(({ key }) => log.has(key))
  for (const { key, record } of known) {
    if (meaningOf(record) !== meaningOf(log.get(key)!)) {
      refuse(`Review ${key} says something else here than in the pack.`)
    }
  }
  const dangling = events.find(
    ({ record: { refersTo } }) =>
      refersTo !== null && !log.has(refersTo) && !events.some(({ key }) => key === refersTo),
  )
  if (dangling !== undefined) refuse('It takes a verdict back that is not in it.')

  const queueId =
    held?.id ??
    project.reviews.createQueue(
      { ...queue, datasetVersionId: version?.id ?? null, record: queue.record },
      items,
    )
  const names = new Set(
    [...log.values()].filter(({ from }) => from === null).map((r) => r.reviewer),
  )
  const added = project.reviews.append(
    events.map(({ key, position, sequence, hash, record }): NewReviewEvent => {
      const from = record.from ?? { hash, sequence }
      return { key, queueId, position, record: { ...record, from } satisfies ReviewRecord }
    }),
  )
  const conflicts = [...bookOf(ports, queue.fingerprint).rows.values()].filter(
    ({ state }) => state === 'adjudicate',
  ).length
  return {
    queueId,
    name: queue.name,
    added,
    known: known.length,
    conflicts,
    notes: notesOf(events, known.length, names, now),
  }
}

function readPack(packText: string, refuse: (why: string) => never): Pack {
  let data: unknown
  try {
    data = JSON.parse(packText)
  } catch {
    return refuse('This is no reviewer pack: it can not be read as JSON.')
  }
  if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== format) {
    return refuse('This is no reviewer pack.')
  }
  if ('version' in data && typeof data.version === 'number' && data.version > formatVersion) {
    return refuse(
      'The pack was written by a newer version of Steelyard. Update this one to read it.',
    )
  }
  const result = v.safeParse(pack, data)
  if (!result.success) {
    const [issue] = result.issues
    const path = issue.path?.map(({ key }) => String(key)).join('.') ?? ''
    return refuse(`The pack is damaged at ${path.slice(0, 100)}: ${issue.message.slice(0, 200)}.`)
  }
  const { content } = data as unknown as { readonly content: Json }
  if (digestOf(content) !== result.output.digest) {
    return refuse('The pack was changed after it was written. Ask for it again.')
  }
  return result.output
}

function requireSameQueue(
  { project }: ReviewPorts,
  held: ReviewQueue,
  { queue, items }: Pack['content'],
  refuse: (why: string) => never,
): void {
  const mine: readonly PlacedItem[] = itemsOfQueue(project, held.id)
  const isSame =
    held.fingerprint === queue.fingerprint &&
    mine.length === items.length &&
    mine.every(({ row, given }, i) => row === items[i]!.row && given === items[i]!.given)
  if (!isSame) refuse(`Its queue "${queue.name}" holds other rows than the one of that key here.`)
}

/** Every event is about a row of the queue, says what its kind says, and is there once. */
function requireSound(
  events: Pack['content']['events'],
  items: Pack['content']['items'],
  queueKey: string,
  refuse: (why: string) => never,
): void {
  const keys = new Set<string>()
  for (const { key, position, record } of events) {
    const isStep = record.kind === 'undo' || record.kind === 'redo'
    const isSound =
      items[position]?.row === record.row &&
      record.queue === queueKey &&
      (record.verdict === null) === isStep &&
      (record.refersTo !== null) === isStep
    if (!isSound) refuse(`Review ${key} does not fit the queue.`)
    if (keys.has(key)) refuse(`Review ${key} is in it twice.`)
    keys.add(key)
  }
}

/** What must be the same of two copies of one review. */
function meaningOf(record: ReviewRecord | Review): string {
  const { kind, row, reviewer, at, verdict: said, refersTo, note, reason } = record
  return JSON.stringify([kind, row, reviewer, at, said, refersTo, note, reason])
}

function notesOf(
  events: Pack['content']['events'],
  known: number,
  namesHere: ReadonlySet<string>,
  now: Date,
): string[] {
  const notes: string[] = []
  if (known > 0 && known === events.length) notes.push('Everything in it was here already.')
  const ahead = events
    .map(({ record: { at } }) => Date.parse(at))
    .filter((time) => time > now.getTime() + toleranceMs)
  if (ahead.length > 0) {
    const latest = new Date(Math.max(...ahead)).toISOString()
    notes.push(
      `${ahead.length} of its reviews carry times ahead of this machine's clock, up to ${latest}: one of the two clocks is wrong. They are kept as they are.`,
    )
  }
  const foreign = new Set(events.map(({ record: { reviewer } }) => reviewer))
  const shared = known > 0 ? [] : [...foreign].filter((one) => namesHere.has(one))
  if (shared.length > 0) {
    notes.push(
      `${shared.join(', ')} reviewed here as well: reviews under one name count as one person's, of which the last stands.`,
    )
  }
  return notes
}

function digestOf(content: Json): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}
