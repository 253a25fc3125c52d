import { exp, log1p } from '../math/elementary.ts'
import { requireOneLength } from './log-loss.ts'
import type { LossDerivatives } from './log-loss.ts'

/** How the margins of the classes are moved before log loss is taken of them. */
export interface MarginShift {
  /** Added to the margin of positives: to their logit. */
  readonly positive: number
  /** Added to the margin of negatives: to minus their logit. */
  readonly negative: number
  /** Multiplies the margin after that, > 0. */
  readonly scale: number
}

/**
 * Log loss of margins that are moved by class: what logit adjustment and LDAM have in common.
 *
 * Write s = +1 for a positive sample and −1 for a negative one, z for its logit, w for its weight,
 * and u = scale · (s·z + shift of its class). Then
 *
 *     loss     = w · ln(1 + e^−u)
 *     gradient = −s · w · scale · σ(−u)        hessian = w · scale² · σ(u) · σ(−u)
 *
 * With no shift and scale 1 this is `logLossDerivatives`. Finite at any logit.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param logits  Length nSamples, any finite number.
 * @param weights ≥ 0, length nSamples; null = all one.
 * @throws RangeError when lengths differ, a shift is not finite, or the scale is not above 0.
 *
 * O(nSamples) time, no allocation. Deterministic.
 */
export function marginLossDerivatives(
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  { positive, negative, scale }: MarginShift,
  out: LossDerivatives,
): void {
  requireOneLength(yTrue, logits, weights, out)
  if (!Number.isFinite(positive) || !Number.isFinite(negative)) {
    throw new RangeError(`shifts must be finite, got ${positive} and ${negative}`)
  }
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(`scale must be a finite number above 0, got ${scale}`)
  }
  for (let i = 0; i < yTrue.length; i++) {
    const isPositive = yTrue[i] === 1
    const u = scale * (isPositive ? logits[i]! + positive : negative - logits[i]!)
    const e = exp(-Math.abs(u))
    const likelier = 1 / (1 + e)
    const unlikelier = e * likelier
    const weight = weights === null ? 1 : weights[i]!
    const pull = weight * scale * (u > 0 ? unlikelier : likelier)
    out.loss[i] = weight * (Math.max(-u, 0) + log1p(e))
    out.gradient[i] = isPositive ? -pull : pull
    out.hessian[i] = weight * scale * scale * likelier * unlikelier
  }
}
