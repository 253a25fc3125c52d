import { expm1, log1p } from '../math/elementary.ts'
import type { ClassWeights } from './class-weights.ts'

/**
 * How many samples n samples of a class are worth when they overlap:
 *
 *     E(n) = (1 − βⁿ) / (1 − β)
 *
 * It grows like n at first and levels off at 1 / (1 − β).
 *
 * @param n    ≥ 0.
 * @param beta In [0, 1): 0 makes every class worth one sample, towards 1 it is worth n.
 */
export function effectiveNumber(n: number, beta: number): number {
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta must lie in [0, 1), got ${beta}`)
  return beta === 0 ? Math.min(n, 1) : -expm1(n * log1p(beta - 1)) / (1 - beta)
}

/**
 * Class weights that go down with the effective number of samples, and sum to 2 as in the paper.
 *
 * Between no weights (β = 0) and balanced ones (β → 1). Where a class has no samples both are 1.
 *
 * Source: Cui, Jia, Lin, Song, Belongie (2019), "Class-Balanced Loss Based on Effective Number of
 * Samples", eq. 3 and 6.
 */
export function effectiveNumberWeights(
  { negatives, positives }: { readonly negatives: number; readonly positives: number },
  beta: number,
): ClassWeights {
  if (negatives === 0 || positives === 0) return { negative: 1, positive: 1 }
  return summingTo2(1 / effectiveNumber(negatives, beta), 1 / effectiveNumber(positives, beta))
}

/**
 * Class weights by the inverse square root of the counts, which sum to 2: half-way, in logarithms,
 * between no weights and balanced ones. Where a class has no samples both are 1.
 */
export function inverseSqrtWeights({
  negatives,
  positives,
}: {
  readonly negatives: number
  readonly positives: number
}): ClassWeights {
  if (negatives === 0 || positives === 0) return { negative: 1, positive: 1 }
  return summingTo2(1 / Math.sqrt(negatives), 1 / Math.sqrt(positives))
}

function summingTo2(negative: number, positive: number): ClassWeights {
  const factor = 2 / (negative + positive)
  return { negative: factor * negative, positive: factor * positive }
}
