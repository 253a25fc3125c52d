/**
 * Intervals from bootstrap replicates of any measure, and how to draw the samples of a replicate.
 *
 * The percentile interval is the one that is shown; basic, normal and BCa are there to see whether
 * they tell another story. For measures of a run there is a faster way that draws no samples one by
 * one, metrics/bootstrap.ts.
 *
 * Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapters 12 to 14.
 */
import { normalCdf, normalQuantile } from '../math/normal.ts'
import { quantileSorted } from '../math/quantile.ts'
import type { RandomStream } from '../math/random.ts'
import { sortNumbers } from '../math/sort-numbers.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from '../metrics/interval.ts'

/** Standard deviation of replicates: the standard error of the measure. Null below 2 of them. */
export function standardErrorOf(replicates: Float64Array): number | null {
  const n = replicates.length
  if (n < 2) return null
  const mean = blockSum(replicates) / n
  return Math.sqrt(blockSum(replicates.map((value) => (value - mean) * (value - mean))) / (n - 1))
}

/** Between the quantiles of the replicates that leave (1 − level) / 2 on either side. */
export function percentileInterval(replicates: Float64Array, level: number): Interval {
  const [lower, upper] = quantilesOf(replicates, level)
  return { lower, upper, level, method: 'bootstrap, percentile' }
}

/** The percentile interval mirrored at the estimate. */
export function basicInterval(estimate: number, replicates: Float64Array, level: number): Interval {
  const [lower, upper] = quantilesOf(replicates, level)
  return {
    lower: 2 * estimate - upper,
    upper: 2 * estimate - lower,
    level,
    method: 'bootstrap, basic',
  }
}

/** The estimate and normal quantiles times the standard deviation of the replicates. */
export function normalInterval(
  estimate: number,
  replicates: Float64Array,
  level: number,
): Interval | null {
  const error = standardErrorOf(replicates)
  if (error === null) return null
  const reach = normalQuantile((1 + level) / 2) * error
  return {
    lower: estimate - reach,
    upper: estimate + reach,
    level,
    method: 'bootstrap, normal',
  }
}

function quantilesOf(replicates: Float64Array, level: number): [number, number] {
  if (replicates.length === 0) throw new RangeError('an interval needs replicates, got none')
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`)
  const sorted = sortNumbers(Float64Array.from(replicates))
  const outside = (1 - level) / 2
  return [quantileSorted(sorted, outside), quantileSorted(sorted, 1 - outside)]
}

export interface BcaInterval extends Interval {
  /** Normal quantile of the share of replicates below the estimate; equal ones count half. */
  readonly bias: number
  readonly acceleration: number
  /** Quantiles of the replicates that the limits are. */
  readonly levels: readonly [number, number]
}

/**
 * Bias-corrected and accelerated interval: percentiles moved so that bias and a standard error that
 * changes with the measure are made up for, to second order.
 *
 * @param jackknife The measure without sample i, at least 2 of them.
 * @returns null when all replicates lie on one side of the estimate: the bias is then unbounded.
 *
 * Source: Efron (1987), "Better Bootstrap Confidence Intervals".
 */
export function bcaInterval(
  estimate: number,
  replicates: Float64Array,
  jackknife: Float64Array,
  level: number,
): BcaInterval | null {
  const sorted = sortNumbers(Float64Array.from(replicates))
  let below = 0
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0
  if (below === 0 || below === sorted.length) return null
  const bias = normalQuantile(below / sorted.length)

  const mean = blockSum(jackknife) / jackknife.length
  let squares = 0
  let cubes = 0
  for (const value of jackknife) {
    const distance = mean - value
    squares += distance * distance
    cubes += distance * distance * distance
  }
  const acceleration = squares > 0 ? cubes / (6 * squares * Math.sqrt(squares)) : 0
  const movedTo = (p: number): number => {
    const z = bias + normalQuantile(p)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const levels = [movedTo((1 - level) / 2), movedTo((1 + level) / 2)] as const
  return {
    lower: quantileSorted(sorted, levels[0]),
    upper: quantileSorted(sorted, levels[1]),
    level,
    method: 'bootstrap, BCa',
    bias,
    acceleration,
    levels,
  }
}

/**
 * Two-sided p-value of "the difference is 0" from paired replicates of the difference: twice the
 * smaller of the shares at or below, and at or above 0, each counting one draw more than there are.
 */
export function bootstrapPValue(differences: Float64Array): number {
  let atMost = 0
  let atLeast = 0
  for (const value of differences) {
    if (value <= 0) atMost++
    if (value >= 0) atLeast++
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (differences.length + 1))
}

/**
 * Draws the samples of a replicate, with replacement.
 *
 * `case`: any samples, as many as there are; the prevalence varies as it would in new data.
 * `stratified`: from each class as many as it has; only for measures that do not depend on the
 * prevalence (recall, specificity, ROC AUC), for others such intervals are too narrow.
 *
 * @returns A function that overwrites `drawn` (length nSamples) with sample indices.
 */
export function sampleDrawer(
  yTrue: Uint8Array,
  kind: 'case' | 'stratified',
  stream: RandomStream,
): (drawn: Int32Array) => void {
  const nSamples = yTrue.length
  const all = Int32Array.from({ length: nSamples }, (_, i) => i)
  const strata =
    kind === 'case' ? [all] : [all.filter((i) => yTrue[i] === 0), all.filter((i) => yTrue[i] === 1)]
  return (drawn) => {
    let next = 0
    for (const stratum of strata) {
      for (let k = 0; k < stratum.length; k++)
        drawn[next++] = stratum[stream.below(stratum.length)]!
    }
  }
}
