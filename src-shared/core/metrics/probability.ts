import { ln } from '../math/elementary.ts'
import { checkProbabilities } from './check-samples.ts'
import {
  type Measured,
  measured,
  NO_NEGATIVES,
  NO_POSITIVES,
  NO_SAMPLES,
  undefinedBecause,
} from './measured.ts'

/** Weighted mean of `term(i)` over the samples. */
function weightedMean(
  nSamples: number,
  weights: Float64Array | null,
  term: (i: number) => number,
): Measured {
  let sum = 0
  let total = 0
  for (let i = 0; i < nSamples; i++) {
    const weight = weights === null ? 1 : weights[i]!
    if (weight === 0) continue
    sum += weight * term(i)
    total += weight
  }
  return total > 0 ? measured(sum / total) : undefinedBecause(NO_SAMPLES)
}

/** (Weighted) share of positives; undefined without samples. */
export function prevalence(yTrue: Uint8Array, weights: Float64Array | null): Measured {
  return weightedMean(yTrue.length, weights, (i) => yTrue[i]!)
}

/**
 * Brier score: (weighted) mean of (p − y)², in [0, 1], lower is better.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param probabilities In [0, 1], length nSamples.
 * @param weights       ≥ 0 per sample; null means 1 each.
 * @throws RangeError when lengths differ or a value lies outside its range.
 *
 * Source: Brier (1950), "Verification of Forecasts Expressed in Terms of Probability", for the
 * positive class alone, which is half of his sum over both.
 */
export function brierScore(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): Measured {
  checkProbabilities(yTrue, probabilities, weights)
  return weightedMean(yTrue.length, weights, (i) => squaredErrorOf(yTrue[i]!, probabilities[i]!))
}

/** (p − y)². */
export function squaredErrorOf(y: number, p: number): number {
  return (p - y) * (p - y)
}

/** Brier score of giving every sample the prevalence π: π (1 − π). */
export function brierReference(yTrue: Uint8Array, weights: Float64Array | null): Measured {
  const share = prevalence(yTrue, weights)
  return share.value === null ? share : measured(share.value * (1 - share.value))
}

/**
 * Brier skill score: 1 − Brier score / its reference. At most 1; 0 is no better than the prevalence,
 * below 0 worse. Undefined unless both classes are there.
 */
export function brierSkill(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): Measured {
  const score = brierScore(yTrue, probabilities, weights)
  const reference = brierReference(yTrue, weights)
  if (score.value === null || reference.value === null) return score
  if (reference.value === 0) {
    return undefinedBecause(prevalence(yTrue, weights).value === 0 ? NO_POSITIVES : NO_NEGATIVES)
  }
  return measured(1 - score.value / reference.value)
}

/** Spacing of the doubles above 1: no probability below 1 is nearer to it than half of this. */
export const LOG_LOSS_EPSILON = 2.220446049250313e-16

/** −ln of the probability given to the label, in nats; p is clipped to [epsilon, 1 − epsilon]. */
export function logLossOf(y: number, p: number, epsilon: number): number {
  const clipped = Math.min(Math.max(p, epsilon), 1 - epsilon)
  return -ln(y === 1 ? clipped : 1 - clipped)
}

/**
 * (Weighted) mean log loss in nats, ≥ 0, lower is better.
 *
 * @param epsilon Probabilities are clipped to [epsilon, 1 − epsilon], so that one certain error
 *   does not make the mean infinite; it then costs −ln epsilon. In (0, ½).
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function logLoss(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
  epsilon: number = LOG_LOSS_EPSILON,
): Measured {
  checkProbabilities(yTrue, probabilities, weights)
  if (!(epsilon > 0 && epsilon < 0.5)) {
    throw new RangeError(`epsilon must lie in (0, 0.5), got ${epsilon}`)
  }
  return weightedMean(yTrue.length, weights, (i) =>
    logLossOf(yTrue[i]!, probabilities[i]!, epsilon),
  )
}
