import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import type { RandomStream } from '../math/random.ts'
import type { ConfusionCounts } from '../metrics/confusion.ts'
import {
  DECISION_METRICS,
  type DecisionMetricName,
  measureDecisions,
} from '../metrics/decision-metrics.ts'
import type { Interval } from '../metrics/interval.ts'
import { rateInterval } from '../metrics/rate-interval.ts'
import { bcaInterval } from './bootstrap-intervals.ts'

const DRAWS_PER_CHECKPOINT = 64
const LARGEST_UNDEFINED_SHARE = 0.05

/** Metrics that are shares of samples: which count, and among which; by truth and decision. */
const SHARES: Partial<
  Record<
    DecisionMetricName,
    {
      readonly of: (y: number, decision: number) => boolean
      readonly among: (y: number, decision: number) => boolean
    }
  >
> = {
  precision: { of: (y) => y === 1, among: (_, decision) => decision === 1 },
  recall: { of: (_, decision) => decision === 1, among: (y) => y === 1 },
  specificity: { of: (_, decision) => decision === 0, among: (y) => y === 0 },
  negativePredictiveValue: { of: (y) => y === 0, among: (_, decision) => decision === 0 },
  accuracy: { of: (y, decision) => y === decision, among: () => true },
}

/**
 * Intervals of all measures of decisions at a threshold fixed beforehand.
 *
 * Shares of samples get that of a rate (`rateInterval`). The others get the case bootstrap,
 * bias-corrected and accelerated: at a few dozen positives plain percentiles of F1 or the G-mean sit
 * too low.
 *
 * @param yTrue, decisions 0 or 1 per sample, length nSamples.
 * @param weights ≥ 0 per sample; null means 1 each.
 * @param groups  Samples with one number ≥ 0 are drawn together, those with a negative number alone;
 *   null when each sample is drawn by itself.
 * @param draws   At least 1.
 * @param level   In (0, 1).
 * @returns null for a measure that is undefined, so in more than 5 % of the draws or without one
 *   sample (or group), or the same in all draws.
 * @throws RangeError when lengths differ.
 *
 * Samples of one outcome and weight are drawn as one cell: with weights by class or none, a draw
 * costs four binomials however many samples there are.
 */
export function decisionIntervals({
  yTrue,
  decisions,
  weights,
  groups,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly yTrue: Uint8Array
  readonly decisions: Uint8Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): Readonly<Record<DecisionMetricName, Interval | null>> {
  for (const other of [decisions, weights, groups]) {
    if (other !== null && other.length !== yTrue.length) {
      throw new RangeError(
        `decisionIntervals needs arrays of one length, got ${yTrue.length} and ${other.length}`,
      )
    }
  }
  const names = Object.keys(DECISION_METRICS) as DecisionMetricName[]
  const cells = cellsOf(yTrue, decisions, weights, groups)
  const whole = confusionOf(cells, cells.sizes)
  const measures = measureDecisions(whole)
  const drawn = names.filter((name) => measures[name].value !== null && !(name in SHARES))

  const values = drawn.map(() => new Float64Array(draws))
  const draw = createMultinomial(cells.sizes, stream)
  const counts = new Int32Array(cells.sizes.length)
  for (let k = 0; k < draws; k++) {
    if (k % DRAWS_PER_CHECKPOINT === 0) checkpoint(k / draws)
    draw(counts)
    const confusion = confusionOf(cells, counts)
    drawn.forEach((name, m) => {
      values[m]![k] = DECISION_METRICS[name].of(confusion) ?? NaN
    })
  }
  checkpoint(1)

  const intervals = names.map((name): [DecisionMetricName, Interval | null] => {
    const { value } = measures[name]
    if (value === null) return [name, null]
    const share = SHARES[name]
    if (share !== undefined) {
      const mark = (test: (y: number, decision: number) => boolean): Uint8Array =>
        yTrue.map((y, i) => Number(test(y, decisions[i]!)))
      const rate = { of: mark(share.of), among: mark(share.among), weights, groups, level }
      return [name, rateInterval(rate)]
    }
    const defined = values[drawn.indexOf(name)]!.filter((v) => !Number.isNaN(v))
    if (1 - defined.length / draws > LARGEST_UNDEFINED_SHARE) return [name, null]
    const jackknife = jackknifeOf(cells, whole, DECISION_METRICS[name].of)
    const interval = jackknife && bcaInterval(value, defined, jackknife, level)
    if (interval === null) return [name, null]
    const { lower, upper } = interval
    const method = `${groups === null ? 'case' : 'group'} bootstrap, BCa, ${draws} draws`
    return [name, { lower, upper, level, method }]
  })
  return Object.fromEntries(intervals) as Record<DecisionMetricName, Interval | null>
}

/** What is drawn as one: `sizes[c]` alike samples, or groups, each with these weights. */
interface Cells {
  readonly sizes: Int32Array
  readonly tp: Float64Array
  readonly fp: Float64Array
  readonly tn: Float64Array
  readonly fn: Float64Array
}

function cellsOf(
  yTrue: Uint8Array,
  decisions: Uint8Array,
  weights: Float64Array | null,
  groups: Int32Array | null,
): Cells {
  const cellOfKey = new Map<string | number, number>()
  const sizes: number[] = []
  const sums: Record<keyof ConfusionCounts, number[]> = { tp: [], fp: [], tn: [], fn: [] }
  yTrue.forEach((y, i) => {
    const weight = weights === null ? 1 : weights[i]!
    const group = groups?.[i] ?? -1
    const outcome = OUTCOMES[2 * y + decisions[i]!]!
    const key = group >= 0 ? group : `${outcome} ${weight}`
    let cell = cellOfKey.get(key)
    const isNew = cell === undefined
    if (cell === undefined) {
      cell = sizes.length
      cellOfKey.set(key, cell)
      sizes.push(0)
      for (const column of Object.values(sums)) column.push(0)
    }
    // A group is one unit, whatever it holds; of alike samples each is one.
    if (group >= 0) {
      sizes[cell] = 1
      sums[outcome][cell]! += weight
    } else {
      sizes[cell]! += 1
      if (isNew) sums[outcome][cell] = weight
    }
  })
  return {
    sizes: Int32Array.from(sizes),
    tp: Float64Array.from(sums.tp),
    fp: Float64Array.from(sums.fp),
    tn: Float64Array.from(sums.tn),
    fn: Float64Array.from(sums.fn),
  }
}

/** Indexed by 2 · truth + decision. */
const OUTCOMES = ['tn', 'fp', 'fn', 'tp'] as const

function confusionOf(cells: Cells, counts: Int32Array): ConfusionCounts {
  let tp = 0
  let fp = 0
  let tn = 0
  let fn = 0
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell]!
    if (count === 0) continue
    tp += count * cells.tp[cell]!
    fp += count * cells.fp[cell]!
    tn += count * cells.tn[cell]!
    fn += count * cells.fn[cell]!
  }
  return { tp, fp, tn, fn }
}

/** The measure without each unit in turn; null where that is undefined for one. */
function jackknifeOf(
  cells: Cells,
  whole: ConfusionCounts,
  measure: (confusion: ConfusionCounts) => number | null,
): Float64Array | null {
  const values = new Float64Array(cells.sizes.reduce((sum, size) => sum + size, 0))
  let next = 0
  for (let cell = 0; cell < cells.sizes.length; cell++) {
    // Rounding must not leave a count below 0.
    const value = measure({
      tp: Math.max(0, whole.tp - cells.tp[cell]!),
      fp: Math.max(0, whole.fp - cells.fp[cell]!),
      tn: Math.max(0, whole.tn - cells.tn[cell]!),
      fn: Math.max(0, whole.fn - cells.fn[cell]!),
    })
    if (value === null) return null
    values.fill(value, next, next + cells.sizes[cell]!)
    next += cells.sizes[cell]!
  }
  return values
}
