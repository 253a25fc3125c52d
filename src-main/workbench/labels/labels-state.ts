/** What the screen of labels shows of a version. */
import type { LabelsState } from '#shared/contract/labels.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { cohenKappa } from '#shared/core/label-quality/cohen-kappa.ts'
import { verdicts } from '#shared/core/label-quality/review-log.ts'
import { existingVersion } from '../existing-version.ts'
import { bookOf, itemsOfQueue } from './book.ts'
import type { ReviewBook } from './book.ts'
import { correctedVersion, correctionsFrom } from './corrections.ts'
import { itemFacts, sameRoles, scanRecord } from './records.ts'
import type { ReviewPorts } from './records.ts'
import { controlOf, stateOf, summaryOf } from './reviewing.ts'

const mostConflicts = 200

export function labelsState(
  ports: ReviewPorts,
  versionId: number | null,
  roles: Roles | null,
  names: LabelsState['names'],
): LabelsState {
  const { project } = ports
  const version = versionId === null ? null : existingVersion(project, versionId)
  const scans = versionId === null ? [] : project.reviews.scans(versionId)
  const scan =
    (roles === null ? null : scans.find((one) => sameRoles(one.roles, roles))) ?? scans[0]
  const book = bookOf(ports, version?.fingerprint ?? '')
  const madeBy = versionId === null ? null : project.datasets.correction(versionId)
  // Queues whose data are elsewhere belong to no version, and are shown with every one.
  const strangers = project.reviews
    .queues()
    .filter(({ datasetVersionId }) => datasetVersionId === null)
    .filter(({ fingerprint }) => fingerprint !== version?.fingerprint)
  const decided = { keep: 0, relabel: 0, exclude: 0, unsure: 0, adjudicate: 0 }
  for (const { state, verdict } of book.rows.values()) {
    if (verdict !== null) decided[verdict]++
    else decided[state === 'adjudicate' ? 'adjudicate' : 'unsure']++
  }
  return {
    scan:
      scan === undefined
        ? null
        : {
            scanId: scan.id,
            createdAt: scan.createdAt,
            ...scanRecord(scan),
            outdated: roles !== null && !sameRoles(scan.roles, roles),
          },
    queues: [
      ...book.queues.map((queue) => summaryOf(ports, queue, book)),
      ...strangers.map((queue) => summaryOf(ports, queue, bookOf(ports, queue.fingerprint))),
    ],
    names,
    chain: project.reviews.verify(),
    control: controlOf(
      book.queues.map((queue) => ({ queue, items: itemsOfQueue(project, queue.id) })),
      book,
    ),
    conflicts: conflictsOf(ports, book),
    decided,
    agreement: agreementOf(book),
    reviewers: [...new Set(book.log.map(({ reviewer }) => reviewer))],
    corrected: (versionId === null ? [] : correctionsFrom(ports, versionId)).map((one) =>
      correctedVersion(ports, one),
    ),
    madeBy: madeBy === null ? null : correctedVersion(ports, madeBy),
  }
}

function conflictsOf(
  { project }: ReviewPorts,
  { rows, queues }: ReviewBook,
): LabelsState['conflicts'] {
  return [...rows.values()]
    .filter(({ state }) => state === 'adjudicate')
    .slice(0, mostConflicts)
    .flatMap(({ row, byReviewer }) => {
      // Any queue that holds the row can be asked for its card.
      const holder = queues
        .map((queue) => ({
          queue,
          item: itemsOfQueue(project, queue.id).find((item) => item.row === row),
        }))
        .find(({ item }) => item !== undefined)
      if (holder?.item === undefined) return []
      return [
        {
          queueId: holder.queue.id,
          position: holder.item.position,
          row,
          given: holder.item.given,
          said: byReviewer.map(({ reviewer, verdict, reason, note, at }) => ({
            ...{ reviewer, reason, note, at },
            verdict: verdict!,
          })),
        },
      ]
    })
}

/** How far the queues of a version have come. */
export function reviewProgress(
  ports: ReviewPorts,
  versionId: number,
): { readonly scanned: boolean; readonly decided: number; readonly total: number } {
  const { project } = ports
  const version = project.datasets.get(versionId)
  const book = bookOf(ports, version?.fingerprint ?? '')
  const states = book.queues.flatMap((queue) =>
    itemsOfQueue(project, queue.id).map(({ row }) => stateOf(queue, row, book)),
  )
  return {
    scanned: project.reviews.scans(versionId).length > 0,
    decided: states.filter((state) => state !== 'open').length,
    total: states.length,
  }
}

/** Of the first two who judged each row. */
function agreementOf({ rows }: ReviewBook): LabelsState['agreement'] {
  const twice = [...rows.values()].filter(({ byReviewer }) => byReviewer.length > 1)
  // Each pair in the same order of names, so that kappa is about people rather than about haste.
  const pairs = twice.map(({ byReviewer }) =>
    byReviewer
      .slice(0, 2)
      .toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1))
      .map(({ verdict }) => verdicts.indexOf(verdict!)),
  )
  return cohenKappa(
    pairs.map(([first]) => first!),
    pairs.map(([, second]) => second!),
  )
}

/** Rows that were shown because a model doubted them, and rows that were drawn at random. */
export function reviewedRows(
  { project }: ReviewPorts,
  { queues, rows }: ReviewBook,
): { readonly byModel: ReadonlySet<number>; readonly atRandom: ReadonlySet<number> } {
  const byModel = new Set<number>()
  const atRandom = new Set<number>()
  for (const queue of queues) {
    for (const item of itemsOfQueue(project, queue.id)) {
      if (!rows.has(item.row)) continue
      if (itemFacts(item).stratum >= 0) atRandom.add(item.row)
      else byModel.add(item.row)
    }
  }
  // A row that both a model and chance brought up was brought up by chance as well: it stays.
  for (const row of atRandom) byModel.delete(row)
  return { byModel, atRandom }
}
