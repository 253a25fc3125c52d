import type { ClassMatrix } from './confident-joint.ts'

/**
 * Probability that each given label is wrong: what makes doubts in both classes comparable.
 *
 * With p(x) the probability of being *given* positive, ρ₀ the share of true negatives that are given
 * positive and ρ₁ the share of true positives that are given negative, the probability of being
 * truly positive is t = (p − ρ₀) / (1 − ρ₀ − ρ₁), and
 *
 *     P(wrong | given negative, x) = ρ₁ · t / (1 − p)
 *     P(wrong | given positive, x) = ρ₀ · (1 − t) / p
 *
 * Both rise with the doubt within their class, so no order within a class is changed. Where positives
 * are missed but never made up (ρ₀ near 0), negatives come first; where any label may be wrong, a rare
 * class that was given too often does.
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities Of being given positive, in [0, 1], length nSamples.
 * @param calibrated    Confident joint, from which both rates are read, half a sample added to each
 *   count: what was not seen is rare, not impossible.
 * @returns In [0, 1], length nSamples. It assumes that noise depends on nothing but the true class.
 */
export function wrongLabelProbability(
  given: Uint8Array,
  probabilities: Float64Array,
  [[a, b], [c, d]]: ClassMatrix,
): Float64Array {
  const falsePositive = (c + 0.5) / (a + c + 1)
  const missed = (b + 0.5) / (b + d + 1)
  const told = Math.max(LEAST_TOLD, 1 - falsePositive - missed)
  return probabilities.map((p, i) => {
    const truly = Math.min(1, Math.max(0, (p - falsePositive) / told))
    const [wrong, all] = given[i] === 1 ? [falsePositive * (1 - truly), p] : [missed * truly, 1 - p]
    return wrong >= all ? 1 : wrong / all
  })
}

/** Labels tell this much at least; below it the rates are not believed. */
const LEAST_TOLD = 1e-3
