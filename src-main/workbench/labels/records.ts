/** What the store keeps of scans, queues and reviews as JSON, by its types. */
import type {
  LabelScanView,
  LabelsState,
  QueueKind,
  QueueView,
  ReviewCard,
  Verdict,
} from '#shared/contract/labels.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { LoggedReview } from '#shared/core/label-quality/review-log.ts'
import type { ReviewEvidence } from '#shared/core/pipeline/review-evidence.ts'
import type { ReviewTerms } from '#shared/core/pipeline/review-worth.ts'
import type { LabelScanFacts, ReviewQueue, StoredReviewEvent } from '../../store/reviews.ts'
import type { Project } from '../../store/project.ts'

/** What reviews need of the program. */
export interface ReviewPorts {
  readonly project: Project
}

export type ScanRecord = Pick<LabelScanView, 'seed' | 'repeats' | 'estimates' | 'audit'> & {
  readonly nFolds: number
}

export interface QueueRecord {
  readonly seed: number
  readonly roles: Roles
  readonly names: LabelsState['names']
  readonly currency: string | null
  readonly stakesFrom: QueueView['stakesFrom']
  readonly terms: ReviewTerms
  readonly columns: QueueView['columns']
  readonly columnsLeftOut: number
  /** Scan and models that raised the rows, in words. */
  readonly model: string
  /** How control rows were drawn; null without any. */
  readonly control: {
    readonly sizes: readonly number[]
    readonly draws: readonly number[]
  } | null
  /** The queue whose rows are looked at a second time; else null. */
  readonly secondOf: string | null
}

export interface ItemFacts {
  readonly wrong: number
  readonly suggestion: ReviewCard['suggestion']
  readonly stake: number | null
  readonly worth: number | null
  readonly title: ReviewCard['title']
  /** Part of the control plan that the row was drawn from; −1 where the ranking put it here. */
  readonly stratum: number
}

/** An event of the log; `key`, position and queue stand beside it in the store. */
export interface ReviewRecord {
  readonly kind: LoggedReview['kind']
  /** Key of the queue, which the store of another project knows by another number. */
  readonly queue: string
  readonly row: number
  /** Rows with the very same features that were decided with it. */
  readonly alsoRows: readonly number[]
  readonly reviewer: string
  /** ISO 8601, UTC, by the clock of the reviewer's machine. */
  readonly at: string
  /** Set where that clock stood behind the event before: by how many seconds. */
  readonly clockBehindSeconds: number | null
  /** Seconds between seeing the row and deciding. */
  readonly seconds: number | null
  /** The label before and after, as the user calls it; after: null where none follows. */
  readonly before: string
  readonly after: string | null
  readonly verdict: Verdict | null
  readonly reason: string
  readonly note: string
  readonly suggestion: ReviewCard['suggestion']
  readonly suggestionVisible: boolean
  /** What raised the row. */
  readonly model: string
  /** Key of the verdict that is undone or redone; else null. */
  readonly refersTo: string | null
  /** The log that it came from; null for this one. */
  readonly from: { readonly hash: string; readonly sequence: number } | null
}

/** A review with everything that is known of it. */
export type Review = ReviewRecord &
  LoggedReview & { readonly sequence: number; readonly position: number }

export function scanRecord({ record }: LabelScanFacts): ScanRecord {
  return record as ScanRecord
}

export function queueRecord({ record }: Pick<ReviewQueue, 'record'>): QueueRecord {
  return record as QueueRecord
}

export function queueKind({ kind }: Pick<ReviewQueue, 'kind'>): QueueKind {
  return kind as QueueKind
}

export function itemFacts({ facts }: { readonly facts: unknown }): ItemFacts {
  return facts as ItemFacts
}

export function itemEvidence({ evidence }: { readonly evidence: unknown }): ReviewEvidence {
  return evidence as ReviewEvidence
}

export function reviewOf({ key, sequence, position, record }: StoredReviewEvent): Review {
  return { ...(record as ReviewRecord), key, sequence, position }
}

/** Whether a scan was made with these roles; amounts have no part in it. */
export function sameRoles(stored: unknown, roles: Roles): boolean {
  const key = (one: Roles): string =>
    JSON.stringify([
      ...[one.target, one.positive, one.id, one.time, one.group, one.weight],
      [...one.ignore].sort(),
    ])
  return key(stored as Roles) === key(roles)
}
