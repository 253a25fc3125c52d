/**
 * Reviews of labels: what models said of them, the queues that were made of it, and the log of what
 * people decided.
 *
 * The log is append-only and chained: each event is kept as canonical text, and
 *
 *     hash = SHA-256(hash of the event before, line break, text)
 *
 * with 64 zeros before the first. Whoever knows the hash of the last event (reports and packs print
 * it) can tell whether anything before it was changed, taken out or put in.
 */
import { createHash } from 'node:crypto'
import type { LabelFindings } from '#shared/core/pipeline/label-findings.ts'
import type { Connection } from './connection.ts'
import { toJson } from './json.ts'
import { packNumbers, unpackDoubles, unpackIntegers } from './packed-numbers.ts'
import { ProjectError } from './project-error.ts'

export interface LabelScanFacts {
  readonly id: number
  readonly datasetVersionId: number
  readonly roles: unknown
  /** How it was done and what it estimates, as plain JSON. */
  readonly record: unknown
  readonly createdAt: string
}

export interface NewReviewQueue {
  readonly key: string
  readonly datasetVersionId: number | null
  readonly fingerprint: string
  readonly kind: string
  readonly name: string
  /** Seed, provenance and what its cards have in common, as plain JSON. */
  readonly record: unknown
}

export interface ReviewQueue extends NewReviewQueue {
  readonly id: number
  readonly nItems: number
  readonly createdAt: string
}

export interface ReviewItem {
  readonly row: number
  readonly given: 0 | 1
  /** What the list of a queue shows of it. */
  readonly facts: unknown
  /** What its card shows. */
  readonly evidence: unknown
}

export type PlacedItem = Omit<ReviewItem, 'evidence'> & { readonly position: number }

/** An event as it is told; `sequence` and hashes are the log's. */
export interface NewReviewEvent {
  readonly key: string
  readonly queueId: number
  readonly position: number
  /** Everything else, as plain JSON. */
  readonly record: unknown
}

export interface StoredReviewEvent extends NewReviewEvent {
  readonly sequence: number
  readonly previousHash: string
  readonly hash: string
}

export interface ChainHead {
  readonly events: number
  readonly hash: string
}

/** `brokenAt`: the first event that doesn't follow from the one before; null when all do. */
export interface ChainCheck extends ChainHead {
  readonly brokenAt: number | null
}

export interface ReviewStore {
  saveScan(
    scan: Pick<LabelScanFacts, 'datasetVersionId' | 'roles' | 'record'>,
    arrays: LabelFindings,
  ): number
  /** Newest first. */
  scans(versionId: number): readonly LabelScanFacts[]
  /** @throws ProjectError `project_damaged`. RangeError when there is no such scan. */
  scanArrays(scanId: number): LabelFindings
  /** In one transaction with all of its items. @throws RangeError for a key that is taken. */
  createQueue(queue: NewReviewQueue, items: readonly ReviewItem[]): number
  /** Oldest first. */
  queues(): readonly ReviewQueue[]
  queue(queueId: number): ReviewQueue | null
  findQueue(key: string): ReviewQueue | null
  /** In their order. */
  items(queueId: number): readonly PlacedItem[]
  /** The items at some positions; those that don't exist are left out. */
  evidence(
    queueId: number,
    positions: readonly number[],
  ): readonly (ReviewItem & { readonly position: number })[]
  /**
   * Appends events in one transaction, on disk when it returns. Events whose key the log knows
   * are passed over, so that telling one twice does no harm.
   *
   * @returns How many were new.
   */
  append(events: readonly NewReviewEvent[]): number
  /** Those after a sequence, or all, in the order in which they were saved. */
  events(after?: number): readonly StoredReviewEvent[]
  head(): ChainHead
  verify(): ChainCheck
}

const ARRAYS = [
  ...(['ranking', 'wrong', 'probabilities', 'disagreement', 'repeats'] as const),
  ...(['by_model', 'margin_rank', 'issues'] as const),
] as const

const NO_HASH = '0'.repeat(64)

export function chainHash(previousHash: string, text: string): string {
  return createHash('sha256').update(`${previousHash}\n${text}`).digest('hex')
}

interface QueueRow {
  id: number
  key: string
  dataset_version_id: number | null
  fingerprint: string
  kind: string
  name: string
  record: string
  n_items: number
  created_at: string
}

interface ItemRow {
  position: number
  row: number
  given: 0 | 1
  facts: string
  evidence: string
}

interface EventRow {
  sequence: number
  key: string
  queue_id: number
  position: number
  record: string
  previous_hash: string
  hash: string
}

const SELECT_QUEUE = `
  SELECT id, key, dataset_version_id, fingerprint, kind, name, record, created_at,
    (SELECT count(*) FROM review_items WHERE queue_id = review_queues.id) AS n_items
  FROM review_queues`

export function createReviewStore(connection: Connection): ReviewStore {
  const { database, file } = connection
  const insertScan = database.prepare<[number, string, string, ...(readonly Buffer[]), string]>(
    `INSERT INTO label_scans (dataset_version_id, roles, record, ${ARRAYS.join(', ')}, created_at)
    VALUES (?, ?, ?, ${ARRAYS.map(() => '?').join(', ')}, ?)`,
  )
  const selectScans = database.prepare<
    [number],
    { id: number; dataset_version_id: number; roles: string; record: string; created_at: string }
  >(
    `SELECT id, dataset_version_id, roles, record, created_at FROM label_scans
    WHERE dataset_version_id = ? ORDER BY id DESC`,
  )
  const selectArrays = database.prepare<[number], Record<(typeof ARRAYS)[number], Buffer>>(
    `SELECT ${ARRAYS.join(', ')} FROM label_scans WHERE id = ?`,
  )
  const insertQueue = database.prepare<
    [string, number | null, string, string, string, string, string]
  >(
    `INSERT INTO review_queues (key, dataset_version_id, fingerprint, kind, name, record, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertItem = database.prepare<[number, number, number, number, string, string]>(
    `INSERT INTO review_items (queue_id, position, row, given, facts, evidence)
    VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const selectQueues = database.prepare<[], QueueRow>(`${SELECT_QUEUE} ORDER BY id`)
  const selectQueue = database.prepare<[number], QueueRow>(`${SELECT_QUEUE} WHERE id = ?`)
  const selectByKey = database.prepare<[string], QueueRow>(`${SELECT_QUEUE} WHERE key = ?`)
  const selectItems = database.prepare<[number], Omit<ItemRow, 'evidence'>>(
    'SELECT position, row, given, facts FROM review_items WHERE queue_id = ? ORDER BY position',
  )
  const selectItem = database.prepare<[number, number], ItemRow>(
    `SELECT position, row, given, facts, evidence FROM review_items
    WHERE queue_id = ? AND position = ?`,
  )
  const selectKey = database
    .prepare<[string], number>('SELECT sequence FROM review_events WHERE key = ?')
    .pluck()
  const insertEvent = database.prepare<[number, string, number, number, string, string, string]>(
    `INSERT INTO review_events (sequence, key, queue_id, position, record, previous_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectEvents = database.prepare<[], EventRow>(
    'SELECT * FROM review_events ORDER BY sequence',
  )
  const selectEventsAfter = database.prepare<[number], EventRow>(
    'SELECT * FROM review_events WHERE sequence > ? ORDER BY sequence',
  )
  const selectHead = database.prepare<[], { sequence: number; hash: string }>(
    'SELECT sequence, hash FROM review_events ORDER BY sequence DESC LIMIT 1',
  )

  const head = (): ChainHead => {
    const last = selectHead.get()
    return { events: last?.sequence ?? 0, hash: last?.hash ?? NO_HASH }
  }

  const toQueue = (row: QueueRow): ReviewQueue => ({
    id: row.id,
    key: row.key,
    datasetVersionId: row.dataset_version_id,
    fingerprint: row.fingerprint,
    kind: row.kind,
    name: row.name,
    record: JSON.parse(row.record) as unknown,
    nItems: row.n_items,
    createdAt: row.created_at,
  })

  return {
    saveScan: ({ datasetVersionId, roles, record }, arrays) =>
      connection.write(() => {
        const blob = (values: Float64Array | Int32Array): Buffer => packNumbers(values).blob
        const { lastInsertRowid } = insertScan.run(
          datasetVersionId,
          toJson(roles, 'roles'),
          toJson(record, 'scan'),
          blob(arrays.ranking),
          blob(arrays.wrong),
          blob(arrays.probabilities),
          blob(arrays.disagreement),
          blob(arrays.repeats),
          blob(arrays.byModel),
          blob(arrays.marginRank),
          blob(arrays.issues),
          new Date().toISOString(),
        )
        return Number(lastInsertRowid)
      }),

    scans: (versionId) =>
      connection.read(() =>
        selectScans.all(versionId).map((row) => ({
          id: row.id,
          datasetVersionId: row.dataset_version_id,
          roles: JSON.parse(row.roles) as unknown,
          record: JSON.parse(row.record) as unknown,
          createdAt: row.created_at,
        })),
      ),

    scanArrays: (scanId) =>
      connection.read(() => {
        const row = selectArrays.get(scanId)
        if (row === undefined) throw new RangeError(`there is no scan ${scanId}`)
        try {
          return {
            ranking: unpackIntegers(row.ranking),
            wrong: unpackDoubles(row.wrong),
            probabilities: unpackDoubles(row.probabilities),
            disagreement: unpackDoubles(row.disagreement),
            repeats: unpackDoubles(row.repeats),
            byModel: unpackDoubles(row.by_model),
            marginRank: unpackDoubles(row.margin_rank),
            issues: unpackIntegers(row.issues),
          }
        } catch (error) {
          throw new ProjectError(
            'project_damaged',
            'The project file is damaged: a scan of labels cannot be read. Scan the labels again, ' +
              'or restore the project from a backup.',
            file,
            error,
          )
        }
      }),

    createQueue: (queue, items) =>
      connection.writeDurably(() => {
        if (selectByKey.get(queue.key) !== undefined) {
          throw new RangeError(`there is a queue ${queue.key} already`)
        }
        const queueId = Number(
          insertQueue.run(
            queue.key,
            queue.datasetVersionId,
            queue.fingerprint,
            queue.kind,
            queue.name,
            toJson(queue.record, 'queue'),
            new Date().toISOString(),
          ).lastInsertRowid,
        )
        items.forEach(({ row, given, facts, evidence }, position) => {
          insertItem.run(
            queueId,
            position,
            row,
            given,
            toJson(facts, 'facts'),
            toJson(evidence, 'evidence'),
          )
        })
        return queueId
      }),

    queues: () => connection.read(() => selectQueues.all().map(toQueue)),

    queue: (queueId) =>
      connection.read(() => {
        const row = selectQueue.get(queueId)
        return row === undefined ? null : toQueue(row)
      }),

    findQueue: (key) =>
      connection.read(() => {
        const row = selectByKey.get(key)
        return row === undefined ? null : toQueue(row)
      }),

    items: (queueId) =>
      connection.read(() =>
        selectItems.all(queueId).map(({ position, row, given, facts }) => ({
          position,
          row,
          given,
          facts: JSON.parse(facts) as unknown,
        })),
      ),

    evidence: (queueId, positions) =>
      connection.read(() =>
        positions.flatMap((wanted) => {
          const found = selectItem.get(queueId, wanted)
          if (found === undefined) return []
          const { position, row, given, facts, evidence } = found
          return [
            {
              position,
              row,
              given,
              facts: JSON.parse(facts) as unknown,
              evidence: JSON.parse(evidence) as unknown,
            },
          ]
        }),
      ),

    append: (events) =>
      connection.writeDurably(() => {
        let { events: sequence, hash } = head()
        let added = 0
        for (const { key, queueId, position, record } of events) {
          if (selectKey.get(key) !== undefined) continue
          const text = toJson(record, 'review')
          const next = chainHash(hash, chained(key, queueId, position, text))
          insertEvent.run(++sequence, key, queueId, position, text, hash, next)
          hash = next
          added++
        }
        return added
      }),

    events: (after = 0) =>
      connection.read(() =>
        selectEventsAfter.all(after).map((row) => ({
          sequence: row.sequence,
          key: row.key,
          queueId: row.queue_id,
          position: row.position,
          record: JSON.parse(row.record) as unknown,
          previousHash: row.previous_hash,
          hash: row.hash,
        })),
      ),

    head: () => connection.read(head),

    verify: () =>
      connection.read(() => {
        let previous = NO_HASH
        let sequence = 0
        let brokenAt: number | null = null
        for (const row of selectEvents.iterate()) {
          sequence++
          const text = chained(row.key, row.queue_id, row.position, row.record)
          const follows =
            row.sequence === sequence &&
            row.previous_hash === previous &&
            row.hash === chainHash(previous, text)
          if (!follows) {
            brokenAt = row.sequence
            break
          }
          previous = row.hash
        }
        return { ...head(), brokenAt }
      }),
  }
}

/** All of an event that the hash covers. */
function chained(key: string, queueId: number, position: number, record: string): string {
  return JSON.stringify([key, queueId, position, record])
}
