import { ln } from '../math/elementary.ts'
import type { MarginShift } from './margin-loss.ts'

/**
 * What logit adjustment adds to a logit in training: τ · ln(π₁ / π₀).
 *
 * Training minimises the log loss of z + τ · ln(π₁ / π₀) and scores with z alone. With τ = 1 a
 * threshold of ½ on σ(z) then minimises the balanced error: the mean of the error rates of the
 * classes. For two classes and a model with an intercept of its own this is the model of plain log
 * loss with another intercept: the order of samples stays, and a threshold does the same.
 *
 * @param counts Samples (or sums of weights) per class, both above 0.
 * @param tau    ≥ 0; 0 is log loss.
 *
 * Source: Menon, Jayasumana, Rawat, Jain, Veit, Kumar (2021), "Long-Tail Learning via Logit
 * Adjustment", eq. 9 (post hoc) and 10 (loss).
 */
export function logitAdjustment(
  counts: { readonly negatives: number; readonly positives: number },
  tau: number,
): number {
  const { negatives, positives } = counts
  if (!(negatives > 0 && positives > 0)) {
    throw new RangeError(
      `logit adjustment needs both classes, got ${positives} positives and ${negatives} negatives`,
    )
  }
  if (!(tau >= 0 && tau < Infinity)) {
    throw new RangeError(`tau must be a finite number from 0, got ${tau}`)
  }
  return tau * ln(positives / negatives)
}

/** The loss of logit adjustment, for `marginLossDerivatives`. */
export function logitAdjustedMargins(adjustment: number): MarginShift {
  return { positive: adjustment, negative: 0 - adjustment, scale: 1 }
}
