import { exp, log1p } from '../math/elementary.ts'
import { requireOneLength } from './log-loss.ts'
import type { LossDerivatives } from './log-loss.ts'

/**
 * Weighted focal loss and its first two derivatives in the logit.
 *
 * Focal loss is log loss with each sample scaled down by how well it is already predicted, so that
 * the many easy negatives of an imbalanced set stop dominating the gradient.
 *
 * Write s = +1 for a positive sample and −1 for a negative one, m = s·z for the margin of a logit
 * z, p = σ(m) for the probability given to the true class, q = 1 − p = σ(−m), w for the weight:
 *
 *     loss     =  w · αT · q^γ · (−ln p)
 *     gradient = −s · w · αT · q^γ · t            with  t = γ · p · (−ln p) + q
 *     hessian  =  w · αT · p · q^γ · (γ t + (1 + γ) q − γ q · (−ln p))
 *
 * −ln p is max(−m, 0) + ln(1 + e^−|m|), and q^γ is e^(−γ (−ln q)) but for the γ of which it is a
 * product: nothing overflows at any logit.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param logits  Length nSamples, any finite number.
 * @param weights ≥ 0, length nSamples; null = all one.
 * @param focus   `gamma`: focusing parameter, ≥ 0 and finite; 0 is log loss. `alpha`: weight of the
 *   positive class, in (0, 1), negatives get 1 − alpha; null weighs both 1.
 * @throws RangeError when lengths differ or a parameter is out of range.
 *
 * Unlike that of log loss the second derivative may be negative, where a sample is badly missed.
 * O(nSamples) time, no allocation. Deterministic.
 *
 * Source: Lin, Goyal, Girshick, He, Dollár (2017), "Focal Loss for Dense Object Detection", eq. 5.
 */
export function focalLossDerivatives(
  yTrue: Uint8Array,
  logits: Float64Array,
  weights: Float64Array | null,
  { gamma, alpha }: { readonly gamma: number; readonly alpha: number | null },
  out: LossDerivatives,
): void {
  requireOneLength(yTrue, logits, weights, out)
  if (!(gamma >= 0 && gamma < Infinity)) {
    throw new RangeError(`gamma must be a finite number from 0, got ${gamma}`)
  }
  if (alpha !== null && !(alpha > 0 && alpha < 1)) {
    throw new RangeError(`alpha must lie in (0, 1), got ${alpha}`)
  }
  const factors = alpha === null ? ([1, 1] as const) : ([1 - alpha, alpha] as const)
  for (let i = 0; i < yTrue.length; i++) {
    const isPositive = yTrue[i] === 1
    const margin = isPositive ? logits[i]! : -logits[i]!
    const e = exp(-Math.abs(margin))
    const likelier = 1 / (1 + e)
    const unlikelier = e * likelier
    const p = margin > 0 ? likelier : unlikelier
    const q = margin > 0 ? unlikelier : likelier
    const tail = log1p(e)
    const nats = Math.max(-margin, 0) + tail // −ln p
    let focus = (weights === null ? 1 : weights[i]!) * factors[isPositive ? 1 : 0]
    if (gamma === 1) focus *= q
    else if (gamma === 2) focus *= q * q
    else if (gamma !== 0) focus *= exp(-gamma * (Math.max(margin, 0) + tail))
    const t = gamma * p * nats + q
    out.loss[i] = focus * nats
    out.gradient[i] = isPositive ? -focus * t : focus * t
    out.hessian[i] = focus * p * (gamma * t + (1 + gamma) * q - gamma * q * nats)
  }
}
