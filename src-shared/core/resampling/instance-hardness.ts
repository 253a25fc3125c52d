import { quantileSorted } from '../math/quantile.ts'
import type { InstanceHardnessChoice } from '../plan/sampling-choice.ts'
import { noSynthetic } from './sampler.ts'
import type { Classes, Sampler } from './sampler.ts'

/**
 * Instance hardness threshold: the majority samples that a model finds easiest, by the out-of-fold
 * probability of their own class. Ties at the threshold all stay.
 *
 * @throws RangeError when nobody scores out of fold, or a class has fewer samples than folds.
 *
 * Source: Smith, Martinez, Giraud-Carrier (2014), "An Instance Level Analysis of Data Complexity",
 * section 2.
 */
export const instanceHardness: Sampler<InstanceHardnessChoice> = (
  { folds },
  { original, classes, wanted, stream, checkpoint, aids },
) => {
  const { scoreOutOfFold } = aids
  if (scoreOutOfFold === undefined) {
    throw new RangeError('the instance hardness threshold needs scoreOutOfFold, got none')
  }
  if (classes.minority.length < folds) {
    throw new RangeError(
      `${folds} folds need at least ${folds} samples of each class, got ${classes.minority.length}`,
    )
  }
  const probabilities = scoreOutOfFold(original, folds, stream, checkpoint)
  return { kept: easiest(probabilities, classes, wanted.majority), synthetic: noSynthetic }
}

/**
 * The minority, and the majority samples whose probability of their own class is at least the
 * quantile 1 − count ÷ their number of these.
 *
 * @param probabilities Of the positive class, per sample.
 */
export function easiest(
  probabilities: Float64Array,
  { minority, majority, minorityLabel }: Classes,
  count: number,
): Int32Array {
  const own = Float64Array.from(majority, (row) =>
    minorityLabel === 1 ? 1 - probabilities[row]! : probabilities[row]!,
  )
  const threshold = quantileSorted(own.toSorted(), 1 - count / majority.length)
  const isKept = new Uint8Array(probabilities.length)
  for (const i of minority) isKept[i] = 1
  majority.forEach((row, at) => {
    if (own[at]! >= threshold) isKept[row] = 1
  })
  return Int32Array.from(probabilities, (_, i) => i).filter((i) => isKept[i] === 1)
}
