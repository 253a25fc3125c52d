import type { HiddenRates } from '#shared/contract/labels.ts'
import type { RunReference } from '#shared/contract/work.ts'
import { correctedRates } from '#shared/core/label-quality/corrected-rates.ts'
import { hiddenPositiveRate } from '#shared/core/label-quality/hidden-positives.ts'
import type { ControlStratum } from '#shared/core/label-quality/hidden-positives.ts'
import { foldsByRow, storedRun } from '../analysis/stored-run.ts'
import { bookOf, itemsOfQueue } from './book.ts'
import type { LabelPorts } from './label-ports.ts'
import { itemFacts, queueRecord } from './records.ts'

const UNJUDGED = -1

/** Both intervals hold at once with 95 % when each does with this. */
const levelOfEach = 0.975

/**
 * Precision and recall of a run with the positives counted that control rows say are hidden.
 *
 * Control rows are random within each part of their plan, so they are random within the part of it
 * that the run alerts on, and the part that it leaves alone: these are the strata of two estimates.
 *
 * Rows that no fold judges (locked away, or only trained on) have no part in either.
 *
 * @returns Null before a random row was judged; of several queues the one that judged most speaks.
 * @throws UserError as `storedRun` does.
 */
export function hiddenRates(ports: LabelPorts, run: RunReference): HiddenRates | null {
  const { project, workbench } = ports
  const stored = storedRun(ports, run)
  const { experiment } = stored
  const version = project.datasets.get(experiment.datasetVersionId)!
  const { samples } = workbench.samples(version.id, experiment.roles, {
    ...experiment.frame,
    costs: experiment.frame.costsAssumed ? null : experiment.frame.costs,
  })
  const { yTrue } = samples
  const decided = new Int8Array(yTrue.length).fill(UNJUDGED)
  for (const { samples: rows, probabilities, tunedThreshold } of foldsByRow(stored)) {
    rows.forEach((row, i) => {
      decided[row] = probabilities[i]! >= tunedThreshold.value ? 1 : 0
    })
  }
  const book = bookOf(ports, version.fingerprint)
  let best: { readonly alarms: ControlStratum[]; readonly quiet: ControlStratum[] } | null = null
  for (const queue of book.queues) {
    const { control, scanId } = queueRecord(queue)
    if (control === null || scanId === null) continue
    const partOf = partsOf(project.reviews.scanArrays(scanId).ranking, yTrue, control.sizes)
    const cells = [0, 1].map(() => control.sizes.map(() => ({ size: 0, reviewed: 0, found: 0 })))
    yTrue.forEach((label, row) => {
      if (label === 0 && decided[row] !== UNJUDGED) cells[decided[row]!]![partOf[row]!]!.size++
    })
    for (const item of itemsOfQueue(project, queue.id)) {
      const verdict = book.rows.get(item.row)?.verdict ?? null
      const { stratum } = itemFacts(item)
      if (stratum < 0 || verdict === null || verdict === 'exclude') continue
      if (decided[item.row] === UNJUDGED) continue
      const cell = cells[decided[item.row]!]![stratum]!
      cell.reviewed++
      if (verdict === 'relabel') cell.found++
    }
    const judged = { alarms: cells[1]!, quiet: cells[0]! }
    if (reviewedOf(judged) > (best === null ? 0 : reviewedOf(best))) best = judged
  }
  if (best === null) return null
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 }
  yTrue.forEach((label, row) => {
    if (decided[row] === UNJUDGED) return
    counts[decided[row] === 1 ? (label === 1 ? 'tp' : 'fp') : label === 1 ? 'fn' : 'tn']++
  })
  return {
    run,
    rates: correctedRates(
      counts,
      hiddenPositiveRate(best.alarms, levelOfEach),
      hiddenPositiveRate(best.quiet, levelOfEach),
    ),
    alarms: joined(best.alarms),
    quiet: joined(best.quiet),
  }
}

/** Part of a control plan that each row labelled negative belongs to. */
function partsOf(ranking: Int32Array, yTrue: Uint8Array, sizes: readonly number[]): Int8Array {
  const parts = new Int8Array(yTrue.length)
  let at = 0
  let part = 0
  let end = sizes[0] ?? 0
  for (const row of ranking) {
    if (yTrue[row] !== 0) continue
    while (at >= end && part + 1 < sizes.length) end += sizes[++part]!
    parts[row] = part
    at++
  }
  return parts
}

function reviewedOf({
  alarms,
  quiet,
}: {
  readonly alarms: readonly ControlStratum[]
  readonly quiet: readonly ControlStratum[]
}): number {
  return [...alarms, ...quiet].reduce((sum, { reviewed }) => sum + reviewed, 0)
}

function joined(strata: readonly ControlStratum[]): ControlStratum {
  return strata.reduce((sum, { size, reviewed, found }) => ({
    size: sum.size + size,
    reviewed: sum.reviewed + reviewed,
    found: sum.found + found,
  }))
}
