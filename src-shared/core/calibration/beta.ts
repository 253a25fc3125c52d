import { ln, log1p, sigmoid } from '../math/elementary.ts'
import { blockSum } from '../math/sum.ts'
import { fitLogisticLine } from './logistic-line.ts'
import { fitLogisticPlane } from './logistic-plane.ts'

/** p′ = σ(a · ln p − b · ln(1 − p) + c). */
export interface BetaParameters {
  readonly a: number
  readonly b: number
  readonly c: number
}

export interface BetaFit extends BetaParameters {
  /** Best parameters without a bound on their sign. */
  readonly unconstrained: BetaParameters
  /** Which parameters were fitted in the end: all, or the others where one was negative. */
  readonly branch: 'abc' | 'a=0' | 'b=0'
  /** Weighted sum of log losses to the targets, nats. */
  readonly objective: number
}

/** Probabilities are kept this far from 0 and 1 before logarithms are taken. */
const clip = 2 ** -52

/** Where 1 − |correlation| of the columns is no more, rounding would decide what they add. */
const leastIndependent = 1e-6

/**
 * Beta calibration: the calibration curves that arise where scores of both classes follow beta
 * distributions. They contain the identity (a = b = 1, c = 0), sigmoids on the logit (a = b), and
 * curves that bend at one end only, as those of naive Bayes and of boosted trees do.
 *
 * a and b below 0 would turn the order of samples round. Where the best a is negative, a is 0 and
 * the others are fitted again; otherwise where b is, b is 0.
 *
 * @param probabilities In [0, 1], length n ≥ 1; clipped to [2⁻⁵², 1 − 2⁻⁵²].
 * @param targets       In [0, 1], length n. Strictly inside they ensure that an optimum exists.
 * @param weights       ≥ 0, length n, or null for 1 each; the sum is above 0.
 *
 * Where ln p and ln(1 − p) are no two columns (at most two different probabilities), a = b.
 *
 * Source: Kull, Silva Filho, Flach (2017), "Beta Calibration: a Well-Founded and Easily
 * Implemented Improvement on Logistic Calibration for Binary Classifiers", algorithm 1.
 */
export function fitBeta(
  probabilities: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
): BetaFit {
  const logP = standardized(probabilities.map(logOf), weights)
  const logQ = standardized(
    probabilities.map((p) => -logOfRest(p)),
    weights,
  )
  const correlation = weightedMean(
    logP.values.map((value, i) => value * logQ.values[i]!),
    weights,
  )
  if (!(1 - Math.abs(correlation) > leastIndependent)) {
    const { a, c, objective } = fitBetaOfOneShape(probabilities, targets, weights)
    return { a, b: a, c, unconstrained: { a, b: a, c }, branch: 'abc', objective }
  }
  const ones = new Float64Array(targets.length).fill(1)
  const plane = fitLogisticPlane([logP.values, logQ.values, ones], targets, weights)
  const [tiltP, tiltQ, level] = plane.coefficients as [number, number, number]
  const a = tiltP / logP.spread
  const b = tiltQ / logQ.spread
  const c = level - a * logP.center - b * logQ.center
  const unconstrained = { a, b, c }
  if (a < 0) {
    const line = fitLogisticLine(
      probabilities.map((p) => -logOfRest(p)),
      targets,
      weights,
    )
    const { slope, intercept, objective } = line
    return { a: 0, b: slope, c: intercept, unconstrained, branch: 'a=0', objective }
  }
  if (b < 0) {
    const { slope, intercept, objective } = fitLogisticLine(
      probabilities.map(logOf),
      targets,
      weights,
    )
    return { a: slope, b: 0, c: intercept, unconstrained, branch: 'b=0', objective }
  }
  return { a, b, c, unconstrained, branch: 'abc', objective: plane.objective }
}

/** Beta calibration with a = b: a line in the logit. */
export function fitBetaOfOneShape(
  probabilities: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
): { readonly a: number; readonly c: number; readonly objective: number } {
  const logits = probabilities.map((p) => logOf(p) - logOfRest(p))
  const { slope, intercept, objective } = fitLogisticLine(logits, targets, weights)
  return { a: slope, c: intercept, objective }
}

/** Beta calibration that leaves probability ½ where it is: c = (a − b) · ln 2. */
export function fitBetaThroughHalf(
  probabilities: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
): { readonly a: number; readonly b: number } {
  const columns = [
    probabilities.map((p) => logOf(p) + Math.LN2),
    probabilities.map((p) => -logOfRest(p) - Math.LN2),
  ]
  const spreads = columns.map((column) => {
    const square = weightedMean(
      column.map((value) => value * value),
      weights,
    )
    return square > 0 ? Math.sqrt(square) : 1
  })
  const { coefficients } = fitLogisticPlane(
    columns.map((column, j) => column.map((value) => value / spreads[j]!)),
    targets,
    weights,
  )
  return { a: coefficients[0]! / spreads[0]!, b: coefficients[1]! / spreads[1]! }
}

/** @returns p′ per probability. */
export function predictBeta(
  { a, b, c }: BetaParameters,
  probabilities: Float64Array,
): Float64Array {
  return probabilities.map((p) => sigmoid(a * logOf(p) - b * logOfRest(p) + c))
}

function clipped(p: number): number {
  return Math.max(clip, Math.min(1 - clip, p))
}

function logOf(p: number): number {
  return ln(clipped(p))
}

/** ln(1 − p). */
function logOfRest(p: number): number {
  return log1p(-clipped(p))
}

function standardized(
  values: Float64Array,
  weights: Float64Array | null,
): { readonly values: Float64Array; readonly center: number; readonly spread: number } {
  const center = weightedMean(values, weights)
  const variance = weightedMean(
    values.map((value) => (value - center) * (value - center)),
    weights,
  )
  const spread = Math.sqrt(variance)
  // The mean of equal numbers may miss them by its rounding: such a spread stands for 0.
  if (!(spread > 1e-14 * Math.abs(center))) {
    return { values: new Float64Array(values.length), center, spread: 1 }
  }
  return { values: values.map((value) => (value - center) / spread), center, spread }
}

function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  if (weights === null) return blockSum(values) / values.length
  return blockSum(values.map((value, i) => value * weights[i]!)) / blockSum(weights)
}
