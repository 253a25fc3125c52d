/** The commands of labels: scans, queues, reviews. */
import { openFrame } from '#shared/contract/work.ts'
import type { Args } from '#shared/contract/commands.ts'
import type { ReviewReply } from '#shared/contract/labels.ts'
import type { DeskContext, Handlers, OpenedProject } from '../desk/context.ts'
import { queueRun } from '../analysis/runs.ts'
import { draftOf } from '../desk/drafts.ts'
import { watchOf } from '../desk/watch-job.ts'
import { existingVersion } from '../existing-version.ts'
import type { Watch } from '../workbench.ts'
import { bookOf, existingQueue } from './book.ts'
import { correctAndOrderAgain } from './run-again.ts'
import { hiddenRates } from './hidden-rates.ts'
import { labelsImpact } from './impact.ts'
import { labelsState } from './labels-state.ts'
import { makeQueue, makeSecondLook } from './make-queue.ts'
import { mergePack, writePack } from './packs.ts'
import { readPackFile } from './pack-file.ts'
import { reviewLog } from './review-log-file.ts'
import { decide, queueView, reviewCards, undoOrRedo } from './reviewing.ts'
import { scanLabels } from './scan-labels.ts'

type Answered =
  | 'labels.state'
  | 'labels.scan'
  | 'queue.make'
  | 'queue.second'
  | 'queue.view'
  | 'queue.cards'
  | 'review.decide'
  | 'review.undo'
  | 'review.redo'
  | 'labels.apply'
  | 'labels.rates'
  | 'labels.impact'
  | 'pack.write'
  | 'pack.merge'
  | 'review.log'

const plainNames = { positive: 'positive', negative: 'negative' } as const

export const labelHandlers: Pick<Handlers, Answered> = {
  'labels.state': ({ versionId }, context) => {
    const opened = context.project()
    if (versionId === null) return labelsState(opened, null, null, plainNames)
    const { roles, classNames } = draftOf(opened.project, versionId)
    return labelsState(opened, versionId, roles, classNames)
  },

  'labels.scan': (args, context) => {
    const opened = context.writableProject()
    const { versionId, roles, seed, repeats, audit } = args
    const order = { versionId, roles, seed, repeats, audit, frame: args.frame ?? openFrame }
    return labelJob('Scan of the labels', versionId, opened, context, (watch, { workers }) =>
      scanLabels(opened, order, workers, watch, context.services.now),
    )
  },

  'queue.make': (args, context) => {
    const opened = context.writableProject()
    const order = { ...orderOf(args), names: draftOf(opened.project, args.versionId).classNames }
    return labelJob('New queue', args.versionId, opened, context, (watch, { workers }) =>
      makeQueue(opened, order, workers, watch, context.services.now),
    )
  },

  'queue.second': ({ queueId, share, seed }, context) => {
    const opened = context.writableProject()
    const queue = existingQueue(opened, queueId)
    const decided = new Set(bookOf(opened, queue.fingerprint).rows.keys())
    const made = makeSecondLook(opened, queueId, decided, share, seed)
    context.tell('labels.changed', { queueId: made })
    return { queueId: made }
  },

  'queue.view': ({ queueId, reviewer }, context) => queueView(context.project(), queueId, reviewer),

  'queue.cards': ({ queueId, positions, reviewer }, context) =>
    reviewCards(context.project(), queueId, positions, reviewer),

  'review.decide': (args, context) =>
    reviewed(args.queueId, context, (opened, now) => decide(opened, args, now)),

  'review.undo': (args, context) =>
    reviewed(args.queueId, context, (opened, now) => undoOrRedo(opened, 'undo', args, now)),

  'review.redo': (args, context) =>
    reviewed(args.queueId, context, (opened, now) => undoOrRedo(opened, 'redo', args, now)),

  'labels.apply': ({ versionId, roles }, context) => {
    const opened = context.writableProject()
    const { createFingerprint } = context.services
    const made = correctAndOrderAgain(opened, versionId, roles, createFingerprint)
    const jobIds = made.experimentIds.map((id) => queueRun(id, opened, context).jobId)
    context.projectChanged()
    context.tell('labels.changed', { queueId: null })
    return { versionId: made.versionId, jobIds }
  },

  'labels.rates': ({ run }, context) => hiddenRates(context.project(), run),

  'labels.impact': ({ versionId }, context) => {
    const opened = context.project()
    return labelsImpact(opened, versionId, context.limits().workers, opened.signal)
  },

  'pack.write': ({ queueId, withReviews }, context) =>
    writePack(context.project(), queueId, withReviews),

  'pack.merge': ({ fileId }, context) => {
    const opened = context.writableProject()
    const { path, name } = context.files.find(fileId)
    const merged = mergePack(opened, readPackFile(path, name), name, context.services.clock())
    context.tell('labels.changed', { queueId: merged.queueId })
    return merged
  },

  'review.log': ({ versionId }, context) => {
    const opened = context.project()
    return reviewLog(opened, existingVersion(opened.project, versionId).fingerprint)
  },
}

function reviewed(
  queueId: number,
  context: DeskContext,
  act: (opened: OpenedProject, now: Date) => ReviewReply,
): ReviewReply {
  const reply = act(context.writableProject(), context.services.clock())
  context.tell('labels.changed', { queueId })
  return reply
}

function orderOf({
  actionability,
  secondsPerReview,
  costPerReview,
  ...args
}: Args<'queue.make'>): Omit<Parameters<typeof makeQueue>[1], 'names'> {
  return {
    ...args,
    frame: args.frame ?? openFrame,
    terms: { actionability, secondsPerReview, costPerReview },
  }
}

/** Work on labels as a job that every page hears of when it has ended. */
function labelJob(
  title: string,
  versionId: number,
  opened: OpenedProject,
  context: DeskContext,
  work: (watch: Watch, limits: ReturnType<DeskContext['limits']>) => Promise<number | null>,
): { readonly jobId: string } {
  const { jobId, done } = context.jobs.start(
    { kind: 'labels', title, versionId, lane: 'run' },
    (control) => work(watchOf(control, opened), context.limits()),
  )
  const tell = (): void => {
    if (!opened.signal.aborted) context.tell('labels.changed', { queueId: null })
  }
  done.then(tell, tell)
  return { jobId }
}
