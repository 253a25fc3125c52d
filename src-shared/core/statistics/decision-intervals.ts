import type { Checkpoint } from '../math/checkpoint.ts'
import { createMultinomial } from '../math/multinomial.ts'
import type { RandomStream } from '../math/random.ts'
import {
  DECISION_METRICS,
  type DecisionMetricName,
  measureDecisions,
} from '../metrics/decision-metrics.ts'
import type { ConfusionCounts } from '../metrics/confusion.ts'
import type { Interval } from '../metrics/interval.ts'
import { wilsonInterval } from '../metrics/wilson.ts'
import { bcaInterval } from './bootstrap-intervals.ts'

const DRAWS_PER_CHECKPOINT = 64
const LARGEST_UNDEFINED_SHARE = 0.05

/** Metrics that are shares of cases: what counts, and among how many. */
const PROPORTIONS: Partial<
  Record<DecisionMetricName, (c: ConfusionCounts) => readonly [count: number, trials: number]>
> = {
  precision: ({ tp, fp }) => [tp, tp + fp],
  recall: ({ tp, fn }) => [tp, tp + fn],
  specificity: ({ tn, fp }) => [tn, tn + fp],
  negativePredictiveValue: ({ tn, fn }) => [tn, tn + fn],
  accuracy: ({ tp, fp, tn, fn }) => [tp + tn, tp + fp + tn + fn],
}

/**
 * Intervals of all measures of decisions at a threshold fixed beforehand.
 *
 * Shares get Wilson's. The others get the case bootstrap of the four cells, bias-corrected and
 * accelerated: at a few dozen positives plain percentiles of F1 or the G-mean sit too low.
 *
 * @param confusion Whole counts of samples drawn one by one; weights and groups are not known here.
 * @param draws     At least 1.
 * @param level     In (0, 1).
 * @returns null for a measure that is undefined, or so in more than 5 % of the draws.
 */
export function decisionIntervals({
  confusion,
  draws,
  level,
  stream,
  checkpoint,
}: {
  readonly confusion: ConfusionCounts
  readonly draws: number
  readonly level: number
  readonly stream: RandomStream
  readonly checkpoint: Checkpoint
}): Readonly<Record<DecisionMetricName, Interval | null>> {
  const names = Object.keys(DECISION_METRICS) as DecisionMetricName[]
  const cells = cellsOf(confusion)
  if (cells.some((count) => !Number.isSafeInteger(count) || count < 0)) {
    throw new RangeError(`confusion must hold whole counts, got ${cells.join(', ')}`)
  }
  const drawn = names.filter((name) => PROPORTIONS[name] === undefined)
  const values = drawn.map(() => new Float64Array(draws))
  const draw = createMultinomial(Int32Array.from(cells), stream)
  const counts = new Int32Array(4)
  for (let k = 0; k < draws; k++) {
    if (k % DRAWS_PER_CHECKPOINT === 0) checkpoint(k / draws)
    draw(counts)
    const [tp, fp, tn, fn] = counts as unknown as Cells
    drawn.forEach((name, m) => {
      values[m]![k] = DECISION_METRICS[name].of({ tp, fp, tn, fn }) ?? NaN
    })
  }
  checkpoint(1)
  const measures = measureDecisions(confusion)
  const intervals = names.map((name): Interval | null => {
    const { value } = measures[name]
    const proportion = PROPORTIONS[name]
    if (value === null) return null
    if (proportion !== undefined) return wilsonInterval(...proportion(confusion), level)
    const defined = values[drawn.indexOf(name)]!.filter((v) => !Number.isNaN(v))
    if (1 - defined.length / draws > LARGEST_UNDEFINED_SHARE) return null
    const jackknife = jackknifeOf(confusion, (c) => DECISION_METRICS[name].of(c))
    const interval = jackknife && bcaInterval(value, defined, jackknife, level)
    if (interval === null) return null
    const { lower, upper } = interval
    return { lower, upper, level, method: `case bootstrap, BCa, ${draws} draws` }
  })
  return Object.fromEntries(names.map((name, i) => [name, intervals[i]!])) as Record<
    DecisionMetricName,
    Interval | null
  >
}

type Cells = readonly [tp: number, fp: number, tn: number, fn: number]

function cellsOf({ tp, fp, tn, fn }: ConfusionCounts): Cells {
  return [tp, fp, tn, fn]
}

/** The measure without each sample in turn; null where that is undefined for one. */
function jackknifeOf(
  confusion: ConfusionCounts,
  measure: (confusion: ConfusionCounts) => number | null,
): Float64Array | null {
  const cells = cellsOf(confusion)
  const values = new Float64Array(cells.reduce((sum, count) => sum + count, 0))
  let next = 0
  for (let left = 0; left < 4; left++) {
    if (cells[left] === 0) continue
    const [tp, fp, tn, fn] = cells.map((count, i) => (i === left ? count - 1 : count)) as [
      number,
      number,
      number,
      number,
    ]
    const value = measure({ tp, fp, tn, fn })
    if (value === null) return null
    values.fill(value, next, next + cells[left]!)
    next += cells[left]!
  }
  return values
}
