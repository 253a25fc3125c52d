/** A desk with a table of payments whose labels are partly wrong, scanned and queued. */
import type { Args } from '#shared/contract/commands.ts'
import { importTable, openDesk } from '../desk-support.ts'
import type { TestDesk } from '../desk-support.ts'
import { draws } from '../../../support/draws.ts'

export const labelRoles = {
  ...{ target: 'fraud', positive: 'yes', id: 'id', time: null, group: null },
  ...{ amount: 'amount', weight: null, ignore: [] },
}

/** Amounts as if they were times, which stratified folds don't look at. */
export const timedRoles = { ...labelRoles, amount: null, time: 'amount' }
export type LabelRoles = typeof labelRoles | typeof timedRoles

export const labelFrame = {
  costs: {
    ...{ truePositive: 5, falsePositive: 5, trueNegative: 0 },
    falseNegative: { column: 'amount' },
  },
  ...{
    casesPerDay: null,
    capacity: null,
    prevalence: null,
    minutesPerAlert: null,
    reviewHoursPerDay: null,
    commitments: [],
    currency: '€',
  },
}

/** Rows whose frauds nobody found: they look like the others and are labelled no. */
export const hiddenRows = [8, 28, 48, 68, 88, 108]

/** Frauds lie apart in speed and distance; two rows are the very same. */
export function paymentsCsv(nRows = 240): string {
  const { uniform, bell } = draws(7)
  const lines = ['id,amount,speed,distance,country,fraud']
  for (let row = 0; row < nRows; row++) {
    const isHidden = hiddenRows.includes(row)
    const isFraud = row % 8 === 4 || isHidden
    const speed = bell() + (isFraud ? 2.4 : 0)
    const distance = bell() - (isFraud ? 1.8 : 0)
    const amount = 10 + Math.floor(300 * uniform())
    lines.push(
      [
        ...[`c${row}`, amount, speed.toFixed(3), distance.toFixed(3)],
        ...[['de', 'fr', 'at'][row % 3], isFraud && !isHidden ? 'yes' : 'no'],
      ].join(','),
    )
  }
  const twin = lines[11]!.split(',')
  lines.push(['c-twin', ...twin.slice(1)].join(','))
  return `${lines.join('\n')}\n`
}

export interface LabelDesk extends TestDesk {
  readonly versionId: number
  /** Makes a queue; its id. */
  readonly queue: (changes?: Partial<Args<'queue.make'>>) => Promise<number>
  /** Decides a row; the reply. */
  readonly say: (
    changes: Pick<Args<'review.decide'>, 'queueId' | 'position' | 'verdict'> &
      Partial<Args<'review.decide'>>,
  ) => ReturnType<typeof decideWith>
}

let keys = 0
export function newKey(): string {
  return `key-${keys++}`
}

async function decideWith(desk: TestDesk, args: Args<'review.decide'>) {
  return desk.ask('review.decide', args)
}

export async function labelDesk(
  options: {
    readonly desk?: TestDesk
    readonly scan?: boolean
    readonly roles?: LabelRoles
  } = {},
): Promise<LabelDesk> {
  const { scan = true, roles = labelRoles } = options
  const desk = options.desk ?? (await openDesk())
  const versionId = await importTable(desk, paymentsCsv(), 'payments')
  const state = await desk.ask('project.state')
  await desk.ask('draft.save', {
    versionId,
    draft: {
      ...state!.draft,
      roles,
      frame: labelFrame,
      classNames: { positive: 'fraud', negative: 'legitimate' },
    },
    reason: null,
  })
  const order = { versionId, roles, frame: labelFrame, seed: 1 }
  if (scan) {
    const { jobId } = await desk.ask('labels.scan', { ...order, repeats: 1, audit: false })
    const job = await desk.ended(jobId)
    if (job.state !== 'done') throw new Error(`the scan ended as ${job.state}: ${job.reason}`)
  }
  return {
    ...desk,
    versionId,
    async queue(changes = {}) {
      const { jobId } = await desk.ask('queue.make', {
        ...order,
        ...{ kind: 'suspicion', name: null, size: 30, controlShare: 0.2, actionability: 1 },
        ...{ secondsPerReview: 30, costPerReview: null, run: null, rows: null },
        ...changes,
      })
      const job = await desk.ended(jobId)
      if (job.state !== 'done') throw new Error(`the queue ended as ${job.state}: ${job.reason}`)
      const { queues } = await desk.ask('labels.state', { versionId })
      return queues.at(-1)!.queueId
    },
    say: (changes) =>
      decideWith(desk, {
        ...{ key: newKey(), kind: 'verdict', alsoSame: false, reviewer: 'Ann', reason: '' },
        ...{ note: '', seconds: 2, suggestionVisible: true },
        ...changes,
      }),
  }
}
