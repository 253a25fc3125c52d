/**
 * The reviews of a project, read once and then only what was added: neither queues nor what was
 * reviewed ever changes.
 */
import { UserError } from '#shared/contract/errors.ts'
import { decidedRows } from '#shared/core/label-quality/review-log.ts'
import type { RowDecision } from '#shared/core/label-quality/review-log.ts'
import type { Project } from '../../store/project.ts'
import type { PlacedItem, ReviewQueue } from '../../store/reviews.ts'
import { reviewOf } from './records.ts'
import type { ReviewPorts, Review } from './records.ts'

/** Everything that was said of the rows of one version. */
export interface ReviewBook {
  readonly queues: readonly ReviewQueue[]
  readonly log: readonly Review[]
  readonly rows: ReadonlyMap<number, RowDecision<Review>>
}

interface Known {
  log: Review[]
  readonly items: Map<number, readonly PlacedItem[]>
}

const known = new WeakMap<Project, Known>()

function knownOf(project: Project): Known {
  const found = known.get(project) ?? { log: [], items: new Map() }
  known.set(project, found)
  const added = project.reviews.events(found.log.at(-1)?.sequence ?? 0)
  if (added.length > 0) found.log = [...found.log, ...added.map(reviewOf)]
  return found
}

/** Every review of a project, in the order of the log. */
function wholeLog(project: Project): readonly Review[] {
  return knownOf(project).log
}

/** The reviews of the data with this fingerprint, in whichever queues they were made. */
export function bookOf({ project }: ReviewPorts, fingerprint: string): ReviewBook {
  const queues = project.reviews.queues().filter((queue) => queue.fingerprint === fingerprint)
  const keys = new Set(queues.map(({ key }) => key))
  const log = wholeLog(project).filter(({ queue }) => keys.has(queue))
  return { queues, log, rows: decidedRows(log) }
}

export function itemsOfQueue(project: Project, queueId: number): readonly PlacedItem[] {
  const { items } = knownOf(project)
  const found = items.get(queueId) ?? project.reviews.items(queueId)
  items.set(queueId, found)
  return found
}

/** @throws UserError `bad_input` when there is no such queue. */
export function existingQueue({ project }: ReviewPorts, queueId: number): ReviewQueue {
  const queue = project.reviews.queue(queueId)
  if (queue !== null) return queue
  throw new UserError('bad_input', `The project has no queue ${queueId}.`)
}
