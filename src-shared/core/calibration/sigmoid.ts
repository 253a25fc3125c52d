import { exp } from '../math/elementary.ts'
import { checkSamples } from '../metrics/check-samples.ts'
import { fitLogisticLine } from './logistic-line.ts'

/** p = 1 / (1 + exp(a · score + b)); a is negative when higher scores mean positive. */
export interface SigmoidFit {
  readonly a: number
  readonly b: number
  /** What positives and negatives were fitted to, instead of 1 and 0. */
  readonly targetPositive: number
  readonly targetNegative: number
  /** Weighted sum of cross-entropies to the targets, nats. */
  readonly objective: number
}

/**
 * Sigmoid calibration (Platt scaling): the logistic curve that fits scores to labels best.
 *
 * With n1 positives and n0 negatives (sums of weights) the curve is fitted to targets
 * (n1 + 1) / (n1 + 2) and 1 / (n0 + 2) rather than to 1 and 0. They are what Bayes' rule expects
 * of one more sample of that class, and keep the optimum finite where the classes do not overlap.
 *
 * Of a model that is a distorted logistic curve itself, the logit of its probability is the score
 * to take: a = −1, b = 0 then leaves it as it is, which no a and b do for the probability.
 *
 * @param scores  Finite, length nSamples ≥ 1.
 * @param yTrue   0 or 1, length nSamples.
 * @param weights ≥ 0, length nSamples; null means 1 each.
 * @throws RangeError when lengths differ, a score is not finite, a weight is negative, or no
 *   sample has a weight.
 *
 * One class only, or equal scores: a = 0 and the mean target for all.
 *
 * Deterministic; Newton's method to machine precision, see `fitLogisticLine`.
 *
 * Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines and Comparisons to
 * Regularized Likelihood Methods"; Newton's method as in Lin, Lin, Weng (2007), "A Note on Platt's
 * Probabilistic Outputs for Support Vector Machines".
 */
export function fitSigmoid(
  scores: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): SigmoidFit {
  const n = scores.length
  checkSamples(yTrue, scores, weights)
  const strange = scores.findIndex((score) => !Number.isFinite(score))
  if (strange >= 0) {
    throw new RangeError(`scores must be finite, got ${scores[strange]!} at ${strange}`)
  }
  const { targetPositive, targetNegative, oneClass } = targetsOf(yTrue, weights)
  const targets = Float64Array.from(yTrue, (y) => (y === 1 ? targetPositive : targetNegative))
  const line = fitLogisticLine(oneClass ? new Float64Array(n) : scores, targets, weights)
  // 0 − x rather than −x: a slope of 0 gives 0, not −0.
  return {
    a: 0 - line.slope,
    b: 0 - line.intercept,
    targetPositive,
    targetNegative,
    objective: line.objective,
  }
}

/**
 * Platt's targets, per sample: what to fit instead of labels so that no fit has to end in certainty.
 *
 * @throws RangeError when no sample has a weight.
 */
export function sigmoidTargets(yTrue: Uint8Array, weights: Float64Array | null): Float64Array {
  const { targetPositive, targetNegative } = targetsOf(yTrue, weights)
  return Float64Array.from(yTrue, (y) => (y === 1 ? targetPositive : targetNegative))
}

function targetsOf(
  yTrue: Uint8Array,
  weights: Float64Array | null,
): {
  readonly targetPositive: number
  readonly targetNegative: number
  readonly oneClass: boolean
} {
  let positiveWeight = 0
  let negativeWeight = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    if (yTrue[i] === 1) positiveWeight += weight
    else negativeWeight += weight
  }
  if (positiveWeight + negativeWeight === 0) {
    throw new RangeError('some sample must have a weight above 0, got none')
  }
  return {
    targetPositive: (positiveWeight + 1) / (positiveWeight + 2),
    targetNegative: 1 / (negativeWeight + 2),
    oneClass: positiveWeight === 0 || negativeWeight === 0,
  }
}

/** The calibrated probability of each score, in [0, 1], length of `scores`. */
export function predictSigmoid(
  { a, b }: { readonly a: number; readonly b: number },
  scores: Float64Array,
): Float64Array {
  return scores.map((score) => {
    const z = a * score + b
    const e = exp(-Math.abs(z))
    return z <= 0 ? 1 / (1 + e) : e / (1 + e)
  })
}
