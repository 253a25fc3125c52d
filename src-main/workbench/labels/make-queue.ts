/** Queues: which rows are to be reviewed, in which order, and what their cards say. */
import { randomUUID } from 'node:crypto'
import { UserError } from '#shared/contract/errors.ts'
import type { LabelsState, QueueKind } from '#shared/contract/labels.ts'
import type { RunReference } from '#shared/contract/work.ts'
import { findColumn, textOf } from '#shared/core/dataset/dataset.ts'
import type { Dataset, Roles } from '#shared/core/dataset/dataset.ts'
import { formatNumber } from '#shared/core/format.ts'
import { buildQueue } from '#shared/core/label-quality/build-queue.ts'
import type { BuiltQueue } from '#shared/core/label-quality/build-queue.ts'
import { logit } from '#shared/core/math/elementary.ts'
import { argsortAscending, argsortDescending } from '#shared/core/math/order.ts'
import { createStream, sampleWithoutReplacement, shuffle } from '#shared/core/math/random.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import type { LabelFindings } from '#shared/core/pipeline/label-findings.ts'
import { foldsInUse, rowsInUse } from '#shared/core/pipeline/set-apart.ts'
import { trainingMargins } from '#shared/core/pipeline/training-margins.ts'
import { stakesOf, worthPerMinute } from '#shared/core/pipeline/review-worth.ts'
import type { ReviewTerms } from '#shared/core/pipeline/review-worth.ts'
import type { WorkerPool } from '../../jobs/pool.ts'
import { foldsByRow, storedRun } from '../analysis/stored-run.ts'
import type { StoredRun } from '../analysis/stored-run.ts'
import { createPace } from '../pace.ts'
import type { ExperimentOrder, Watch } from '../workbench.ts'
import { itemFacts, queueRecord, sameRoles, scanRecord } from './records.ts'
import type { LabelPorts } from './label-ports.ts'
import type { ItemFacts, QueueRecord, ReviewPorts, ScanRecord } from './records.ts'
import { scanData, scanMemoryPlan, scanPlan } from './scan-labels.ts'

export interface QueueOrder {
  readonly versionId: number
  readonly roles: Roles
  readonly frame: ExperimentOrder['frame']
  readonly names: LabelsState['names']
  readonly kind: Exclude<QueueKind, 'second'>
  /** Null: by its kind. */
  readonly name: string | null
  readonly size: number
  readonly controlShare: number
  readonly seed: number
  readonly terms: ReviewTerms
  /** For the kinds that read predictions; else null. */
  readonly run: RunReference | null
  /** For the kind `rows`; else null. */
  readonly rows: readonly number[] | null
}

const queueNames: Readonly<Record<QueueKind, string>> = {
  suspicion: 'Most doubtful labels',
  money: 'Most money per review minute',
  disagreement: 'Models disagree',
  threshold: 'Near the threshold',
  false_negatives: 'Missed positives',
  false_positives: 'False alarms',
  hard: 'Hardest to learn',
  rows: 'Chosen rows',
  control: 'Random control',
  second: 'Second look',
}

/**
 * Makes a queue of the latest scan of a version and keeps it.
 *
 * @returns Its id.
 * @throws UserError `bad_input` when there is no scan, no run where one is needed, or no row.
 */
export function makeQueue(
  ports: LabelPorts,
  order: QueueOrder,
  workers: number,
  watch: Watch,
  now: () => number,
): Promise<number> {
  const { project, workbench } = ports
  const { versionId, roles, frame, seed, names, terms } = order
  const scan = project.reviews.scans(versionId).find((one) => sameRoles(one.roles, roles))
  if (scan === undefined) {
    throw new UserError('bad_input', 'Scan the labels first: a queue is made of what a scan finds.')
  }
  const version = project.datasets.get(versionId)!
  const about = scanRecord(scan)
  const findings = project.reviews.scanArrays(scan.id)
  return workbench.study(
    { versionId, roles, frame, plan: scanMemoryPlan(), seed, nHeld: 0 },
    workers,
    watch,
    async (pool, { data, frameFacts }) => {
      const table = project.datasets.load(versionId, titleColumns(roles))
      const stakes = stakesOf(
        data.yTrue,
        frameFacts.costsAssumed ? null : data.costs,
        amountsOf(table, roles),
      )
      const worth = worthPerMinute(findings.wrong, stakes, terms)
      const built = chooseRows(ports, order, findings, worth, data.yTrue)
      const { samples, strata, control } = built
      const { columns, columnsLeftOut, evidence } = await cardsOf(
        pool,
        scanPlan(scanData(data), about),
        { findings, samples, names },
        now,
        watch,
      )
      const titleOf = createTitles(table, roles)
      const record: QueueRecord = {
        seed,
        roles,
        names,
        currency: frameFacts.currency,
        stakesFrom: stakes.from,
        terms,
        columns,
        columnsLeftOut,
        scanId: scan.id,
        model: modelText(scan.id, about),
        control: control === null ? null : { sizes: control.sizes, draws: control.draws },
        secondOf: null,
      }
      return project.reviews.createQueue(
        {
          key: randomUUID(),
          datasetVersionId: versionId,
          fingerprint: version.fingerprint,
          kind: order.kind,
          name: order.name ?? nameOf(order),
          record,
        },
        Array.from(samples, (row, i) => {
          const wrong = findings.wrong[row]!
          const facts: ItemFacts = {
            wrong,
            suggestion: wrong >= 0.5 ? 'relabel' : 'keep',
            stake: stakes.from === 'cases' ? null : stakes.values[row]!,
            worth: stakes.from === 'cases' ? null : worth[row]!,
            title: titleOf(row),
            stratum: strata[i]!,
          }
          return { row, given: data.yTrue[row] === 1 ? 1 : 0, facts, evidence: evidence[i] }
        }),
      )
    },
  )
}

/**
 * A share of the rows of a queue, drawn at random from those that were decided, for somebody who
 * doesn't know what was said of them.
 *
 * @returns Its id.
 */
export function makeSecondLook(
  { project }: ReviewPorts,
  queueId: number,
  decided: ReadonlySet<number>,
  share: number,
  seed: number,
): number {
  const { reviews } = project
  const queue = reviews.queue(queueId)!
  const all = reviews.items(queueId).filter(({ row }) => decided.has(row))
  const count = Math.round(all.length * share)
  if (count < 1) {
    throw new UserError(
      'bad_input',
      `Of ${all.length} decided rows a share of ${formatNumber(100 * share)} % is none. Decide more rows first, or take a larger share.`,
    )
  }
  const stream = createStream(seed, 'second look', queue.key)
  const positions = Int32Array.from(all, ({ position }) => position)
  const drawn = sampleWithoutReplacement(positions, count, stream)
  shuffle(drawn, stream)
  const record: QueueRecord = { ...queueRecord(queue), seed, control: null, secondOf: queue.key }
  return reviews.createQueue(
    {
      key: randomUUID(),
      datasetVersionId: queue.datasetVersionId,
      fingerprint: queue.fingerprint,
      kind: 'second',
      name: `${queueNames.second} at ${queue.name}`.slice(0, 200),
      record,
    },
    // The place in the second queue says nothing of the first.
    reviews.evidence(queueId, [...drawn]).map((item) => ({
      row: item.row,
      given: item.given,
      facts: { ...itemFacts(item), stratum: -1 },
      evidence: item.evidence,
    })),
  )
}

function nameOf({ kind, run }: QueueOrder): string {
  return run === null ? queueNames[kind] : `${queueNames[kind]}, ${run.name}`
}

/** `scan 3: lr 21 %, gbdt 30 %, …` */
function modelText(scanId: number, { estimates, repeats }: ScanRecord): string {
  const models = estimates.models.map(
    ({ name, weight }) => `${name} ${formatNumber(Math.round(100 * weight))} %`,
  )
  return `scan ${scanId}: ${models.join(', ')}; ${repeats} repeats`
}

function chooseRows(
  ports: LabelPorts,
  order: QueueOrder,
  findings: LabelFindings,
  worth: Float64Array,
  given: Uint8Array,
): BuiltQueue {
  const { kind, size, seed } = order
  const all = Int32Array.from(given.keys())
  const negatives = findings.ranking.filter((sample) => given[sample] === 0)
  const ranked = (): Int32Array => {
    switch (kind) {
      case 'suspicion':
        return findings.ranking
      case 'money':
        return argsortDescending(worth)
      case 'disagreement':
        return argsortDescending(findings.disagreement)
      case 'control':
        return new Int32Array(0)
      case 'rows':
        return Int32Array.from(new Set(order.rows ?? []))
      case 'hard':
        return hardest(run())
      case 'threshold':
      case 'false_negatives':
      case 'false_positives':
        return byPrediction(kind, foldsByRow(run()), given)
    }
  }
  const run = (): StoredRun => {
    if (order.run === null) {
      throw new UserError('bad_input', 'Say which run the queue is to be made of.')
    }
    const stored = storedRun(ports, order.run)
    if (stored.experiment.datasetVersionId !== order.versionId) {
      throw new UserError(
        'bad_input',
        `Run "${order.run.name}" is on another version of the data. Choose a run of this one.`,
      )
    }
    return stored
  }
  const wanted = ranked()
  const beyond = wanted.find((row) => row >= all.length)
  if (beyond !== undefined) {
    throw new UserError('bad_input', `There is no row ${beyond + 1}; the data have ${all.length}.`)
  }
  const built = buildQueue({
    ranked: wanted,
    negatives,
    expected: findings.wrong,
    size,
    controlShare: kind === 'control' ? 1 : order.controlShare,
    stream: createStream(seed, 'review queue', kind),
  })
  if (built.samples.length === 0) {
    throw new UserError(
      'bad_input',
      `No row belongs in a queue "${queueNames[kind]}". Choose another order, or another run.`,
    )
  }
  return built
}

/** Log-odds that stay finite for probabilities of 0 and 1. */
function boundedLogit(probability: number): number {
  return logit(Math.min(1 - 1e-9, Math.max(1e-9, probability)))
}

/**
 * Rows by what a run has decided on them, each by a threshold that has not seen it: the nearest to
 * it first, or of its errors the plainest.
 */
function byPrediction(
  kind: 'threshold' | 'false_negatives' | 'false_positives',
  folds: readonly FoldResult[],
  given: Uint8Array,
): Int32Array {
  const rows: number[] = []
  const keys: number[] = []
  for (const { samples, probabilities, tunedThreshold } of folds) {
    const cut = boundedLogit(tunedThreshold.value)
    samples.forEach((row, i) => {
      const probability = probabilities[i]!
      const above = boundedLogit(probability) - cut
      const isAlert = probability >= tunedThreshold.value
      if (kind === 'threshold') {
        rows.push(row)
        keys.push(Math.abs(above))
      } else if (kind === 'false_negatives' && given[row] === 1 && !isAlert) {
        rows.push(row)
        keys.push(above)
      } else if (kind === 'false_positives' && given[row] === 0 && isAlert) {
        rows.push(row)
        keys.push(-above)
      }
    })
  }
  return argsortAscending(Float64Array.from(keys)).map((at) => rows[at]!)
}

/** Rows by their mean margin over training, the lowest first: what training kept coming back to. */
function hardest({ experiment, folds }: StoredRun): Int32Array {
  if (experiment.plan.validation?.scheme === 'time') {
    throw new UserError(
      'bad_input',
      'Margins of training don’t compare in a run in order of time: early rows trained every fold, the latest none. Choose a run on stratified folds.',
    )
  }
  const margins = trainingMargins(foldsInUse(experiment.folds), folds())
  if (margins === null) {
    throw new UserError(
      'bad_input',
      'This run kept no margins of training. Choose a run of boosted trees or a perceptron.',
    )
  }
  const rows = rowsInUse(experiment.folds)
  return argsortAscending(margins.map((margin) => (Number.isNaN(margin) ? Infinity : margin)))
    .filter((sample) => !Number.isNaN(margins[sample]))
    .map((sample) => (rows === null ? sample : rows[sample]!))
}

/** What the cards of some rows say. */
async function cardsOf(
  pool: WorkerPool,
  plan: ReturnType<typeof scanPlan>,
  {
    findings,
    samples,
    names,
  }: {
    readonly findings: LabelFindings
    readonly samples: Int32Array
    readonly names: LabelsState['names']
  },
  now: () => number,
  watch: Watch,
) {
  const pace = createPace('folds', now, watch.onProgress)
  const folds = [...new Set(Array.from(samples, (row) => plan.folds[0]![row]!))].sort(
    (a, b) => a - b,
  )
  const total = folds.length + 2
  let done = 0
  pace.reach(0, 'Explaining the scores')
  const contributions = await Promise.all(
    folds.map(async (fold) => {
      const { result } = await pool.run({
        kind: 'review_contributions',
        plan,
        fold,
        samples: samples.filter((row) => plan.folds[0]![row] === fold),
      })
      pace.reach(++done / total, 'Explaining the scores')
      return result
    }),
  )
  pace.reach(done / total, 'Looking for similar rows')
  const { result } = await pool.run(
    { kind: 'review_evidence', findings, samples, contributions, names },
    (fraction) => {
      pace.reach((done + 2 * fraction) / total, 'Looking for similar rows')
    },
  )
  return result
}

function titleColumns(roles: Roles): string[] {
  return [roles.id, roles.time, roles.amount].filter((name) => name !== null)
}

function amountsOf(table: Dataset, { amount }: Roles): Float64Array | null {
  const column = amount === null ? null : findColumn(table, amount)
  return column?.kind === 'numeric' ? column.values : null
}

/** What a person knows a case by. */
function createTitles(table: Dataset, roles: Roles): (row: number) => ItemFacts['title'] {
  const columns = titleColumns(roles).flatMap((name) => findColumn(table, name) ?? [])
  return (row) =>
    columns.flatMap((column) => {
      const text = textOf(column, row)
      return text === null ? [] : [{ label: column.name, text: text.slice(0, 200) }]
    })
}
