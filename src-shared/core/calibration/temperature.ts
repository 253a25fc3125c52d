import { sigmoid } from '../math/elementary.ts'
import { evaluateSlope } from './logistic-plane.ts'
import { clippedLogits } from './logits.ts'

/** p′ = σ(inverseTemperature · logit p). */
export interface TemperatureFit {
  /** 1 / T; null where the best one is 0 or infinite, so that there is none. */
  readonly inverseTemperature: number | null
  /** Derivative of the (weighted) sum of log losses in 1 / T, near 0: below 0 where scores rank. */
  readonly derivativeAtZero: number
}

const nearZero = 1e-4
const largest = 1e4
const maxSteps = 200

/**
 * Temperature scaling: the one number by which logits are divided so that log loss is least.
 *
 * For models whose logits are right but for being too bold (T > 1) or too timid (T < 1). It leaves
 * probability ½ where it is, so it can't mend a level that is wrong: after sampling or weights
 * correct the prior odds first.
 *
 * Minimises the convex sum of wᵢ · (softplus(b zᵢ) − tᵢ b zᵢ) over b = 1 / T > 0, zᵢ the logit of
 * the probability clipped to [1e-15, 1 − 1e-15], by Newton's method kept inside a bracket.
 *
 * @param probabilities In [0, 1], length n ≥ 1.
 * @param targets       In [0, 1], length n: labels, or what Bayes' rule expects of them.
 * @param weights       ≥ 0, length n, or null for 1 each.
 *
 * No optimum: where the probabilities rank no better than chance (the best b is 0 or below), and
 * where labels are separated completely (b grows without bound).
 *
 * Source: Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", 4.2.
 */
export function fitTemperature(
  probabilities: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
): TemperatureFit {
  const logits = clippedLogits(probabilities)
  const at = (slope: number): { gradient: number; curvature: number } =>
    evaluateSlope(logits, targets, weights, slope)
  const derivativeAtZero = at(nearZero).gradient
  if (!(derivativeAtZero < 0)) return { inverseTemperature: null, derivativeAtZero }
  let low = nearZero
  let high = 1
  while (high < largest && at(high).gradient < 0) {
    low = high
    high *= 2
  }
  if (!(at(high).gradient > 0)) return { inverseTemperature: null, derivativeAtZero }
  let slope = Math.sqrt(low * high)
  for (let step = 0; step < maxSteps; step++) {
    const { gradient, curvature } = at(slope)
    if (gradient === 0) break
    if (gradient < 0) low = slope
    else high = slope
    const newton = slope - gradient / curvature
    const next = newton > low && newton < high ? newton : (low + high) / 2
    const moved = Math.abs(next - slope)
    slope = next
    if (moved <= 1e-14 * slope) break
  }
  return { inverseTemperature: slope, derivativeAtZero }
}

/** @returns σ(inverseTemperature · logit p) per probability. */
export function predictTemperature(
  inverseTemperature: number,
  probabilities: Float64Array,
): Float64Array {
  return clippedLogits(probabilities).map((logit) => sigmoid(inverseTemperature * logit))
}
