import { exp } from '../math/elementary.ts'
import { normalCdf, normalQuantile } from '../math/normal.ts'
import { blockSum } from '../math/sum.ts'
import { binOfSamples, type BinStrategy } from './calibration-bins.ts'
import { checkProbabilities } from './check-samples.ts'
import type { Interval } from './interval.ts'
import { meanInterval, unitSums } from './mean-interval.ts'
import { LOG_LOSS_EPSILON, logLossOf, squaredErrorOf } from './probability.ts'
import { ECE_BINS } from './run-metrics.ts'

/** Samples with what was promised for them. Weights and groups as for `meanInterval`. */
export interface PromisedSamples {
  /** 0 or 1, length nSamples. */
  readonly yTrue: Uint8Array
  /** In [0, 1]. */
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
  readonly groups: Int32Array | null
}

export type ProbabilityMetric = 'brier' | 'brierSkill' | 'logLoss' | 'eceEqualCount10'

/**
 * Intervals of the measures that judge probabilities as such. Brier score and log loss are means;
 * the skill is linear in two means near the truth and taken for the mean of its tangent.
 *
 * @param level In (0, 1).
 * @returns null for a measure that is undefined, for all with fewer than two units.
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function probabilityIntervals(
  samples: PromisedSamples,
  level: number,
): Readonly<Record<ProbabilityMetric, Interval | null>> {
  const { yTrue, probabilities, weights, groups } = samples
  checkProbabilities(yTrue, probabilities, weights)
  const squared = probabilities.map((p, i) => squaredErrorOf(yTrue[i]!, p))
  const losses = probabilities.map((p, i) => logLossOf(yTrue[i]!, p, LOG_LOSS_EPSILON))
  return {
    brier: meanInterval(squared, weights, groups, level),
    brierSkill: skillInterval(squared, samples, level),
    logLoss: meanInterval(losses, weights, groups, level),
    eceEqualCount10: calibrationErrorInterval(samples, 'equal-count', level),
  }
}

function skillInterval(
  squared: Float64Array,
  { yTrue, weights, groups }: PromisedSamples,
  level: number,
): Interval | null {
  const mean = (values: ArrayLike<number>): number =>
    weights === null
      ? blockSum(values) / values.length
      : blockSum(weights.map((w, i) => w * values[i]!)) / blockSum(weights)
  const share = mean(yTrue)
  const reference = share * (1 - share)
  if (!(reference > 0)) return null
  const score = mean(squared)
  const tangent = squared.map(
    (error, i) =>
      1 -
      error / reference +
      ((score / reference) * (1 - 2 * share) * (yTrue[i]! - share)) / reference,
  )
  const interval = meanInterval(tangent, weights, groups, level)
  return interval && { ...interval, upper: Math.min(1, interval.upper) }
}

/**
 * Interval of the expected calibration error over ten bins, Σ |gap| with a bin's
 * share of the mean of p − y as its gap.
 *
 * Noise can only raise a sum of absolute values: a perfect model has an error too, and so have the
 * draws of a bootstrap, whose interval leaves 0 out for four perfect models in five. A gap g that is
 * normal with error s adds the mean of |N(g, s)| − |g| too much, which is taken off: for the upper
 * limit with g as it came out, which takes off too little; for the lower with g drawn towards 0 by
 * 1 − s²/g², after which it reaches 0 for 19 perfect models in 20. The error of the sum is that of
 * the gaps with the signs that they have.
 *
 * @returns Holds the measured error. null with fewer than two units that weigh anything.
 */
export function calibrationErrorInterval(
  { yTrue, probabilities, weights, groups }: PromisedSamples,
  strategy: BinStrategy,
  level: number,
): Interval | null {
  const nSamples = yTrue.length
  const total = weights === null ? nSamples : blockSum(weights)
  const nUnits = unitSums(weights ?? new Float64Array(nSamples).fill(1), groups).filter(
    (weight) => weight > 0,
  ).length
  if (nUnits < 2) return null
  const binOf = binOfSamples(probabilities, strategy, ECE_BINS)
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!)
  const gap = new Float64Array(ECE_BINS)
  const weightOfBin = new Float64Array(ECE_BINS)
  for (let i = 0; i < nSamples; i++) {
    gap[binOf[i]!]! += weightOf(i) * (probabilities[i]! - yTrue[i]!)
    weightOfBin[binOf[i]!]! += weightOf(i)
  }
  /** What a sample adds to the chance part of its bin's gap. */
  const deviation = probabilities.map((p, i) => {
    const bin = binOf[i]!
    return weightOfBin[bin]! > 0 ? weightOf(i) * (p - yTrue[i]! - gap[bin]! / weightOfBin[bin]!) : 0
  })
  const errorOf = (values: Float64Array): number => {
    const squares = blockSum(unitSums(values, groups).map((u) => u * u))
    return Math.sqrt((squares * nUnits) / (nUnits - 1))
  }
  let tooMuch = 0
  let tooMuchIfSmall = 0
  gap.forEach((value, bin) => {
    const error = errorOf(deviation.map((d, i) => (binOf[i] === bin ? d : 0)))
    if (error === 0) return
    const size = Math.abs(value)
    tooMuch += foldingBias(size, error)
    tooMuchIfSmall += foldingBias(drawnToZero(size, error), error)
  })
  const measured = blockSum(gap.map(Math.abs))
  const reach =
    normalQuantile((1 + level) / 2) *
    errorOf(deviation.map((d, i) => (gap[binOf[i]!]! < 0 ? -d : d)))
  return {
    lower: Math.max(0, measured - tooMuchIfSmall - reach) / total,
    upper: Math.max(measured, Math.min(total, measured - tooMuch + reach)) / total,
    level,
    method: `normal gaps ${groups === null ? 'of cases' : 'of groups'}, less their bias`,
  }
}

/** `size` less what noise of this error is likely to have added to it; 0 where it may be all noise. */
function drawnToZero(size: number, error: number): number {
  return size > error ? size - (error * error) / size : 0
}

/** Mean of |N(size, error)| less `size`; size ≥ 0, error > 0. */
function foldingBias(size: number, error: number): number {
  const ratio = size / error
  return error * Math.sqrt(2 / Math.PI) * exp((-ratio * ratio) / 2) - 2 * size * normalCdf(-ratio)
}
