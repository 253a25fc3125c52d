import { exp, ln, log1p, logit, sigmoid, softplus } from '../math/elementary.ts'

/**
 * The probabilities behind the scores of a model that was trained with focal loss.
 *
 * Focal loss is not least where the score is the probability: with η the probability and q the
 * score of least expected loss, a = alpha (½ if unset),
 *
 *     η / (1 − η) = (1 − a) / a · q^(γ−1) · [q / (1 − q) − γ ln(1 − q)]
 *                              / ((1 − q)^(γ−1) · [(1 − q) / q − γ ln q])
 *
 * so scores are drawn towards ½: γ 2 turns η = 0.01 into q = 0.1536. Computed in the logit z of q,
 * where −ln(1 − q) = softplus(z) and −ln q = softplus(−z):
 *
 *     logit η = ln((1 − a) / a) + (γ − 1) z + ln(eᶻ + γ softplus(z)) − ln(e⁻ᶻ + γ softplus(−z))
 *
 * Both last terms keep their digits at any z. γ = 0 leaves the prior shift of alpha alone. Exact
 * for a model that is free to reach its optimum at every point; a regularised one is not, so a
 * calibration receipt belongs to it.
 *
 * @param scores In [0, 1]; 0 and 1 stay.
 * @param gamma  ≥ 0 and finite.
 * @param alpha  In (0, 1), or null for none.
 * @returns η per score, in [0, 1], increasing in the score.
 * @throws RangeError when gamma or alpha is out of range.
 *
 * Source: the stationary point of the conditional risk of Lin et al. (2017), "Focal Loss for Dense
 * Object Detection"; Charoenphakdee, Vongkulbhisal, Chairatanakul, Sugiyama (2021), "On Focal Loss
 * for Class-Posterior Probability Estimation", theorem 11, where alpha is ½.
 */
export function invertFocal(
  scores: Float64Array,
  { gamma, alpha }: { readonly gamma: number; readonly alpha: number | null },
): Float64Array {
  if (!(gamma >= 0 && gamma < Infinity)) {
    throw new RangeError(`gamma must be a finite number from 0, got ${gamma}`)
  }
  if (alpha !== null && !(alpha > 0 && alpha < 1)) {
    throw new RangeError(`alpha must lie in (0, 1), got ${alpha}`)
  }
  const shift = alpha === null ? 0 : ln((1 - alpha) / alpha)
  return scores.map((q) => {
    if (q <= 0 || q >= 1) return q
    const z = logit(q)
    return sigmoid(shift + focalLogit(z, gamma))
  })
}

/** logit η of the logit z of a score, for alpha ½. */
function focalLogit(z: number, gamma: number): number {
  return (gamma - 1) * z + lnOfSum(z, gamma * softplus(z)) - lnOfSum(-z, gamma * softplus(-z))
}

/** ln(eˣ + y) for y ≥ 0, without overflow. */
function lnOfSum(x: number, y: number): number {
  return x > 0 ? x + log1p(y * exp(-x)) : ln(exp(x) + y)
}
