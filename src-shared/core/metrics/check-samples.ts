/**
 * Refuses labels, scores and weights that do not belong together.
 *
 * @throws RangeError when lengths differ, a label is neither 0 nor 1, a score is NaN, or a weight
 *   is negative or not finite.
 */
export function checkSamples(
  yTrue: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null,
): void {
  const nSamples = yTrue.length
  if (scores.length !== nSamples || (weights !== null && weights.length !== nSamples)) {
    const got = weights === null ? '' : ` and ${weights.length} weights`
    throw new RangeError(
      `yTrue, scores and weights must have one length, got ${nSamples} labels, ${scores.length} scores${got}`,
    )
  }
  for (let i = 0; i < nSamples; i++) {
    if (yTrue[i]! > 1) throw new RangeError(`yTrue must hold 0 and 1, got ${yTrue[i]} at ${i}`)
    if (Number.isNaN(scores[i]!)) throw new RangeError(`scores must be numbers, got NaN at ${i}`)
  }
  if (weights === null) return
  for (let i = 0; i < nSamples; i++) {
    const weight = weights[i]!
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`weights must be finite and at least 0, got ${weight} at ${i}`)
    }
  }
}

/** As `checkSamples`, and every probability must lie in [0, 1]. */
export function checkProbabilities(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
): void {
  checkSamples(yTrue, probabilities, weights)
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`probabilities must lie in [0, 1], got ${p} at ${i}`)
    }
  }
}
