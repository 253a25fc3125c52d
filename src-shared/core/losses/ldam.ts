import type { MarginShift } from './margin-loss.ts'

/**
 * Label-distribution-aware margins (LDAM): by how much the logit has to be on the right side, more
 * for the rarer class.
 *
 *     marginⱼ = C / nⱼ^¼,   C such that the larger of the two is `maxMargin`
 *     loss    = ln(1 + e^−u),   u = scale · (s·z − margin of the class),   s = ±1 for the class
 *
 * Where a class is rare its training error says little of its true error; a wider margin makes up
 * for that. The authors train with equal weights first and weigh classes only late (deferred
 * re-weighting).
 *
 * @param counts    Samples (or sums of weights) per class, both above 0.
 * @param maxMargin Margin of the rarer class, in logits, ≥ 0.
 * @param scale     Multiplies the margins, > 0. The authors use 30 on logits that are cosines;
 *   here logits have no bound and 1 is the ordinary choice.
 * @throws RangeError when a class is missing or a number is out of range.
 *
 * Source: Cao, Wei, Gaidon, Arechiga, Ma (2019), "Learning Imbalanced Datasets with
 * Label-Distribution-Aware Margin Loss", eq. 13 and algorithm 1.
 */
export function ldamMargins(
  { negatives, positives }: { readonly negatives: number; readonly positives: number },
  maxMargin: number,
  scale: number,
): MarginShift {
  if (!(negatives > 0 && positives > 0)) {
    throw new RangeError(
      `LDAM needs both classes, got ${positives} positives and ${negatives} negatives`,
    )
  }
  if (!(maxMargin >= 0 && maxMargin < Infinity)) {
    throw new RangeError(`maxMargin must be a finite number from 0, got ${maxMargin}`)
  }
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(`scale must be a finite number above 0, got ${scale}`)
  }
  const rarer = Math.min(negatives, positives)
  const marginOf = (n: number): number => maxMargin * Math.sqrt(Math.sqrt(rarer / n))
  return { positive: 0 - marginOf(positives), negative: 0 - marginOf(negatives), scale }
}
