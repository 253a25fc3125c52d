import { logit } from '../math/elementary.ts'

/** Probabilities are kept this far from 0 and 1 before a logit is taken. */
const logitClip = 1e-15

/** The logits of probabilities clipped to [1e-15, 1 − 1e-15]. */
export function clippedLogits(probabilities: Float64Array): Float64Array {
  return probabilities.map((p) => logit(Math.max(logitClip, Math.min(1 - logitClip, p))))
}
