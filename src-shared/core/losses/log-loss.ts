import { exp, log1p } from '../math/elementary.ts'

/** Where a loss puts its results, each of length nSamples; nothing is summed or averaged. */
export interface LossDerivatives {
  /** In nats, ≥ 0. */
  readonly loss: Float64Array
  /** First derivative in the logit. */
  readonly gradient: Float64Array
  /** Second derivative in the logit, ≥ 0. */
  readonly hessian: Float64Array
}

/**
 * Weighted log loss and its first two derivatives in the logit.
 *
 * Write s = +1 for a positive sample and −1 for a negative one, z for its logit, w for its weight
 * and σ(x) = 1 / (1 + e⁻ˣ). Then σ(−s·z) is the probability that the model gives to the wrong
 * class, and
 *
 *     loss     = −w · ln σ(s·z) = w · (max(−s·z, 0) + ln(1 + e^−|z|))
 *     gradient = −s · w · σ(−s·z)          hessian = w · σ(z) · σ(−z)
 *
 * The exponential is only taken of −|z|, so nothing overflows, and a probability near 0 keeps its
 * digits: no value is ever found by subtracting from 1. A positive weight is a sample weight that
 * depends on the label only; see core/weighting.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param logits  Length nSamples, any finite number.
 * @param weights ≥ 0, length nSamples; null = all one.
 * @throws RangeError when lengths differ.
 *
 * O(nSamples) time, no allocation. Deterministic.
 */
export function logLossDerivatives(
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  out: LossDerivatives,
): void {
  const nSamples = yTrue.length
  const { loss, gradient, hessian } = out
  requireOneLength(yTrue, logits, weights, out)
  for (let i = 0; i < nSamples; i++) {
    const z = logits[i]!
    const e = exp(-Math.abs(z))
    const likelier = 1 / (1 + e)
    const unlikelier = e * likelier
    const weight = weights === null ? 1 : weights[i]!
    const isPositive = yTrue[i] === 1
    const agrees = z > 0 === isPositive
    const missed = weight * (agrees ? unlikelier : likelier)
    loss[i] = weight * ((agrees ? 0 : Math.abs(z)) + log1p(e))
    gradient[i] = isPositive ? -missed : missed
    hessian[i] = weight * likelier * unlikelier
  }
}

/** @throws RangeError when an array does not have one entry per sample. */
export function requireOneLength(
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  out: LossDerivatives,
): void {
  const nSamples = yTrue.length
  for (const [name, { length }] of Object.entries({ logits, weights: weights ?? logits, ...out })) {
    if (length !== nSamples) {
      throw new RangeError(`${name} must have one entry per sample (${nSamples}), got ${length}`)
    }
  }
}
