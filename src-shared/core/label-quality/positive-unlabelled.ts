import { requireGivenLabels } from './given-labels.ts'

export interface PositiveUnlabelled {
  /**
   * Share of the true positives that are given positive, c = P(given positive | truly positive), in
   * (0, 1]; null when nothing is given positive.
   */
  readonly labelFrequency: number | null
  /**
   * Probability that a sample is truly positive, per sample, in [0, 1]: 1 for those given positive.
   */
  readonly truePositive: Float64Array
  /** Expected number of true positives among those given negative; null without a frequency. */
  readonly hiddenPositives: number | null
}

/**
 * Reads negatives as unlabelled: the positives among them are those that nobody found.
 *
 * With g(x) the out-of-fold probability of being *given* positive and c the label frequency,
 *
 *     P(truly positive | x)                  = g(x) / c
 *     P(truly positive | x, given negative)  = (1 − c)/c · g(x)/(1 − g(x))
 *
 * and c is estimated by the mean of g over the samples given positive.
 *
 * It assumes that positives are found at random (whether one is labelled does not depend on what it
 * looks like), that all given positives are right, and that g is calibrated. The estimate of c also
 * takes positives to be recognisable for certain: where classes overlap, c comes out too small and
 * the hidden positives too many. So it is a ceiling more than an estimate; the control sample is
 * what decides.
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities g(x), out of fold, in [0, 1], length nSamples.
 *
 * Source: Elkan and Noto (2008), "Learning Classifiers from Only Positive and Unlabeled Data", KDD,
 * lemma 1 (its estimator e₁) and section 3.
 */
export function positiveUnlabelled(
  given: Uint8Array,
  probabilities: Float64Array,
): PositiveUnlabelled {
  requireGivenLabels(given, probabilities)
  let positives = 0
  let sum = 0
  for (let i = 0; i < given.length; i++) {
    if (given[i] !== 1) continue
    positives++
    sum += probabilities[i]!
  }
  const labelFrequency = positives === 0 || sum === 0 ? null : sum / positives
  const odds = labelFrequency === null ? 0 : (1 - labelFrequency) / labelFrequency
  let hidden = 0
  const truePositive = probabilities.map((g, i) => {
    if (given[i] === 1) return 1
    const share = odds === 0 || g === 0 ? 0 : g === 1 ? 1 : Math.min(1, (odds * g) / (1 - g))
    hidden += share
    return share
  })
  return {
    labelFrequency,
    truePositive,
    hiddenPositives: labelFrequency === null ? null : hidden,
  }
}
