/**
 * What every possible threshold would have caught, alarmed and cost, from one pass over the samples
 * in order of their scores. The candidates are Infinity (nothing gets an alert) and every distinct
 * score: between two neighbouring scores decisions don't change.
 */
import type { SampleCosts } from '../frame/sample-costs.ts'
import { argsortDescending } from '../math/order.ts'
import { countsAtThresholds } from '../metrics/ranking.ts'
import { costReader } from './bayes-threshold.ts'

/** Element i of every array belongs to candidate i; candidates decrease, Infinity comes first. */
export interface CostCurve {
  readonly thresholds: Float64Array
  /** Weight of positive samples with an alert. */
  readonly tp: Float64Array
  /** Weight of negative samples with an alert. */
  readonly fp: Float64Array
  /** Weighted sum of costs over all samples. */
  readonly totalCost: Float64Array
  /** Weight of all positive, of all negative samples. */
  readonly positives: number
  readonly negatives: number
}

export interface ScoredSamples {
  /** 0 or 1 per sample, length nSamples. */
  readonly yTrue: Uint8Array
  /** Any score that ranks; positive when ≥ threshold. No NaN. Length nSamples. */
  readonly probabilities: Float64Array
  /** ≥ 0 per sample; null means 1 each. */
  readonly weights: Float64Array | null
  readonly costs: SampleCosts
}

// Costs this close, measured against the largest on the curve, differ by rounding only.
const TIE_TOLERANCE = 1e-12

/**
 * Weighted counts and total cost at every candidate threshold.
 *
 * Samples of weight 0 make no candidate: they cannot change a cost.
 *
 * @throws RangeError when there are no samples, lengths differ, a value lies outside its range, or
 *   the weights do not add up to more than 0.
 *
 * O(nSamples log nSamples). Deterministic.
 */
export function costCurve(samples: ScoredSamples): CostCurve {
  const { yTrue, probabilities, weights, costs } = samples
  const counts = countsAtThresholds(yTrue, probabilities, weights)
  const { positives, negatives } = counts
  if (!(positives + negatives > 0)) {
    throw new RangeError(
      `a threshold needs samples whose weights add up to more than 0, got ${positives + negatives}`,
    )
  }
  const tp = prepend(0, counts.truePositives)
  const fp = prepend(0, counts.falsePositives)
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  const isConstant =
    typeof truePositive === 'number' &&
    typeof falsePositive === 'number' &&
    typeof trueNegative === 'number' &&
    typeof falseNegative === 'number'
  return {
    thresholds: prepend(Infinity, counts.thresholds),
    tp,
    fp,
    totalCost: isConstant
      ? tp.map(
          (_, i) =>
            tp[i]! * truePositive +
            fp[i]! * falsePositive +
            (positives - tp[i]!) * falseNegative +
            (negatives - fp[i]!) * trueNegative,
        )
      : costsAlongScores(samples, tp.length),
    positives,
    negatives,
  }
}

function prepend(first: number, rest: Float64Array): Float64Array {
  const all = new Float64Array(rest.length + 1)
  all[0] = first
  all.set(rest, 1)
  return all
}

/**
 * Total cost at every candidate where costs differ from sample to sample. From nothing flagged on,
 * flagging one more sample of weight w adds w·(cost with alert − cost without). The running sum is
 * compensated (Neumaier), so that equal costs stay equal to rounding after a million samples.
 */
function costsAlongScores(
  { yTrue, probabilities, weights, costs }: ScoredSamples,
  nCandidates: number,
): Float64Array {
  const withAlert = [costReader(costs.falsePositive), costReader(costs.truePositive)] as const
  const without = [costReader(costs.trueNegative), costReader(costs.falseNegative)] as const
  const classOf = (sample: number): 0 | 1 => (yTrue[sample] === 1 ? 1 : 0)
  const weightOf = (sample: number): number => (weights === null ? 1 : weights[sample]!)

  let sum = 0
  let lost = 0
  const add = (term: number): void => {
    const rounded = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - rounded + term : term - rounded + sum
    sum = rounded
  }
  for (let i = 0; i < yTrue.length; i++) add(weightOf(i) * without[classOf(i)](i))

  const totals = new Float64Array(nCandidates)
  totals[0] = sum + lost
  let candidate = 0
  let score = Infinity
  for (const sample of argsortDescending(probabilities)) {
    const weight = weightOf(sample)
    if (weight === 0) continue
    if (candidate === 0 || probabilities[sample] !== score) {
      candidate++
      score = probabilities[sample]!
    }
    const y = classOf(sample)
    add(weight * (withAlert[y](sample) - without[y](sample)))
    totals[candidate] = sum + lost
  }
  return totals
}

/**
 * Candidates whose value ties with the least one, highest threshold (fewest alerts) first.
 *
 * Two values tie when they differ by at most 1e-12 of the largest magnitude in `values`.
 *
 * @param values     One per candidate, e.g. total costs. Not empty.
 * @param candidates Which of them may be chosen, increasing, not empty; null means all.
 */
export function tiedMinima(values: Float64Array, candidates: Int32Array | null = null): Int32Array {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  const among = candidates ?? Int32Array.from(values, (_, i) => i)
  let least = Infinity
  for (const i of among) least = Math.min(least, values[i]!)
  return among.filter((i) => values[i]! <= least + TIE_TOLERANCE * largest)
}

/**
 * Share of the cost saved by the best threshold against the better of "flag nothing" and "flag
 * everything", ≤ 1; null when that better one costs nothing.
 *
 * Source: Bahnsen, Aouada, Ottersten (2015), "Example-Dependent Cost-Sensitive Decision Trees",
 * Expert Systems with Applications 42(19), eq. 7.
 */
export function savings({ totalCost }: CostCurve): number | null {
  const withoutModel = Math.min(totalCost[0]!, totalCost[totalCost.length - 1]!)
  if (withoutModel === 0) return null
  return 1 - totalCost[tiedMinima(totalCost)[0]!]! / withoutModel
}
