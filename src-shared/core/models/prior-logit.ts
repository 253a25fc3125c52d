import { ln } from '../math/elementary.ts'
import { blockSum } from '../math/sum.ts'

const HALF_A_SAMPLE = 0.5 // what an absent class is taken to weigh (Jeffreys' prior)

/** What a model knows of the classes before it looks at any feature. */
export interface Prior {
  /** Log-odds of the weighted prevalence; finite. */
  readonly logit: number
  /** Sums of weights. */
  readonly negatives: number
  readonly positives: number
  /** False when all samples that weigh anything are of one class: then no feature can be learned. */
  readonly hasBothClasses: boolean
}

/**
 * Log-odds of the weighted prevalence: the best constant logit under log loss.
 *
 * With one class only it would be infinite. Then both classes are credited with half a sample, so
 * that the answer stays a probability inside (0, 1) that comes nearer to certainty the more
 * samples there are.
 *
 * @param yTrue   0 or 1 per sample, length nSamples.
 * @param weights ≥ 0 and finite, not all zero, length nSamples; null = all one.
 */
export function priorOf(yTrue: Uint8Array, weights: Float64Array | null): Prior {
  const weightOf = (label: number): number => {
    const ofLabel = new Float64Array(yTrue.length)
    for (let i = 0; i < yTrue.length; i++) {
      if (yTrue[i] === label) ofLabel[i] = weights === null ? 1 : weights[i]!
    }
    return blockSum(ofLabel)
  }
  const negative = weightOf(0)
  const positive = weightOf(1)
  const credit = negative > 0 && positive > 0 ? 0 : HALF_A_SAMPLE
  return {
    logit: ln((positive + credit) / (negative + credit)),
    negatives: negative,
    positives: positive,
    hasBothClasses: credit === 0,
  }
}
