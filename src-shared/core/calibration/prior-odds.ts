/**
 * Probabilities of a model trained at one prevalence, brought to another.
 *
 * Sampling and class weights change the prevalence that a model sees in training from π to π′ and
 * nothing else about the classes, so that by Bayes' rule the odds of every sample are multiplied
 * by one factor:
 *
 *     odds at the target = odds in training · [τ / (1 − τ)] / [π′ / (1 − π′)]
 *
 * with τ the prevalence aimed at. In logits this is the addition of `priorShift(π′, τ)`. It is
 * exact in the population for random under- and over-sampling and for class weights (π′ is then
 * the weighted prevalence), an approximation for SMOTE; a fitted model is never the population, so
 * a calibration receipt belongs to it.
 *
 * Source: Elkan (2001), "The Foundations of Cost-Sensitive Learning", theorem 2; for
 * under-sampling the same as Dal Pozzolo, Caelen, Johnson, Bontempi (2015), "Calibrating
 * Probability with Undersampling for Unbalanced Classification", equation 4.
 */
import { ln } from '../math/elementary.ts'

/**
 * What to add to a logit that was trained at prevalence `from` so that it holds at prevalence
 * `to`, both in (0, 1).
 */
export function priorShift(from: number, to: number): number {
  return ln(oddsFactor(from, to))
}

/**
 * Probabilities trained at one prevalence as they are at another.
 *
 * @param probabilities In [0, 1]; 0 stays 0 and 1 stays 1.
 * @param prevalences   In (0, 1): of the positive class in training, weighted if training was, and
 *   where the probabilities are to hold.
 * @throws RangeError when a prevalence does not lie in (0, 1).
 */
export function correctPriorOdds(
  probabilities: Float64Array,
  {
    trainPrevalence,
    targetPrevalence,
  }: { readonly trainPrevalence: number; readonly targetPrevalence: number },
): Float64Array {
  return scaleOdds(probabilities, oddsFactor(trainPrevalence, targetPrevalence))
}

/**
 * Probabilities with their odds multiplied by `factor`, as f·p / (f·p + (1 − p)).
 *
 * Undoes under-sampling when `factor` is the share of the negatives that was kept.
 *
 * @param factor > 0 and finite.
 * @throws RangeError for another factor.
 */
export function scaleOdds(probabilities: Float64Array, factor: number): Float64Array {
  if (!(factor > 0 && factor < Infinity)) {
    throw new RangeError(`factor must be a finite number above 0, got ${factor}`)
  }
  return probabilities.map((p) => (factor * p) / (factor * p + (1 - p)))
}

function oddsFactor(from: number, to: number): number {
  for (const prevalence of [from, to]) {
    if (!(prevalence > 0 && prevalence < 1)) {
      throw new RangeError(`a prevalence must lie in (0, 1), got ${prevalence}`)
    }
  }
  return (to / (1 - to)) * ((1 - from) / from)
}
