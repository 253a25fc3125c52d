import type { ReviewLogTable } from '#shared/contract/labels.ts'
import { bookOf } from './book.ts'
import type { ReviewPorts } from './records.ts'

const header = [
  ...['sequence', 'key', 'kind', 'queue', 'row', 'also_rows', 'reviewer', 'at'],
  ...['clock_behind_seconds', 'seconds', 'before', 'after', 'verdict', 'reason', 'note'],
  ...['suggestion', 'suggestion_visible', 'model', 'refers_to', 'from_sequence', 'from_hash'],
  'hash',
]

/** Every review of the data with a fingerprint, as a table. */
export function reviewLog(ports: ReviewPorts, fingerprint: string): ReviewLogTable {
  const hashes = new Map(ports.project.reviews.events().map(({ key, hash }) => [key, hash]))
  const names = new Map(ports.project.reviews.queues().map((queue) => [queue.key, queue.name]))
  return {
    header,
    rows: bookOf(ports, fingerprint).log.map((review) => [
      ...[review.sequence, review.key, review.kind, names.get(review.queue) ?? '', review.row + 1],
      review.alsoRows.map((row) => row + 1).join(' '),
      ...[review.reviewer, review.at, review.clockBehindSeconds, review.seconds],
      ...[review.before, review.after, review.verdict, review.reason, review.note],
      ...[review.suggestion, review.suggestionVisible ? 'yes' : 'no', review.model],
      ...[review.refersTo, review.from?.sequence ?? null, review.from?.hash ?? null],
      hashes.get(review.key) ?? null,
    ]),
  }
}
