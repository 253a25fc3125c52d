/**
 * Label quality scores: how well a given label agrees with out-of-fold probabilities, in [0, 1],
 * low = doubtful. Element i of every result belongs to sample i.
 *
 * They rank within one given class. Across classes of very different size they put nearly all of the
 * rare class first, since every model is less sure of it; `adjusted` probabilities soften that.
 */
import { ln } from '../math/elementary.ts'
import { confidentThresholds } from './confident-joint.ts'
import { requireGivenLabels } from './given-labels.ts'

/** Probability of the given label. */
export function selfConfidence(given: Uint8Array, probabilities: Float64Array): Float64Array {
  requireGivenLabels(given, probabilities)
  return probabilities.map((p, i) => (given[i] === 1 ? p : 1 - p))
}

/** (probability of the given label − probability of the other + 1) / 2. */
export function normalizedMargin(given: Uint8Array, probabilities: Float64Array): Float64Array {
  requireGivenLabels(given, probabilities)
  return probabilities.map((p, i) => ((given[i] === 1 ? p - (1 - p) : 1 - p - p) + 1) / 2)
}

/**
 * Self-confidence that costs less when the model was torn anyway: with H the entropy of the two
 * probabilities in bits and u = H ÷ probability of the given label, ln(1 + u) / u.
 *
 * A probability of exactly 0 or 1 has no entropy and scores 0, even where the label is right: that
 * is how the score is defined where it comes from.
 */
export function confidenceWeightedEntropy(
  given: Uint8Array,
  probabilities: Float64Array,
): Float64Array {
  const confidence = selfConfidence(given, probabilities)
  return confidence.map((ofGiven, i) => {
    const p = probabilities[i]!
    const bits = (entropyPart(p) + entropyPart(1 - p)) / Math.LN2
    const u = bits / Math.max(ofGiven, LEAST)
    return ln(u + 1) / Math.max(u, LEAST)
  })
}

const LEAST = 1e-6 // keeps the quotients finite

function entropyPart(p: number): number {
  return p === 0 ? 0 : -p * ln(p)
}

/**
 * Probabilities of the positive class with the confidence of each class taken off.
 *
 * With t the confident thresholds (mean self-confidence per given class) every probability becomes
 * p − t + max t, then both are divided by their sum. So a class that the model is shy of is
 * compared with its own kind.
 *
 * @returns Length nSamples; the unchanged probabilities where one class is not given at all.
 */
export function adjustedProbabilities(
  given: Uint8Array,
  probabilities: Float64Array,
): Float64Array {
  const { negative, positive } = confidentThresholds(given, probabilities)
  const most = Math.max(negative, positive)
  if (most === Infinity) return probabilities.slice()
  return probabilities.map((p) => {
    const ofPositive = p - positive + most
    const ofNegative = 1 - p - negative + most
    return ofPositive / (ofPositive + ofNegative)
  })
}
