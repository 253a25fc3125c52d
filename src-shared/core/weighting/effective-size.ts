/**
 * How many samples of equal weight would know as much as these: (Σ w)² / Σ w².
 *
 * The number of samples where all weigh the same, and down to 1 where one weighs all.
 *
 * @param weights ≥ 0 and finite.
 * @returns 0 where nothing weighs anything.
 *
 * Source: Kish (1965), "Survey Sampling", section 8.2.
 */
export function effectiveSize(weights: Iterable<number>): number {
  let sum = 0
  let squares = 0
  let largest = 0
  // Relative to the largest so far, so that no square is out of range.
  for (const weight of weights) {
    if (weight > largest) {
      const ratio = largest / weight
      sum *= ratio
      squares *= ratio * ratio
      largest = weight
    }
    if (largest > 0) {
      const share = weight / largest
      sum += share
      squares += share * share
    }
  }
  return squares === 0 ? 0 : (sum * sum) / squares
}

/** Below this share of their number samples are called extremely weighted. */
const EXTREME_SHARE = 0.1

/** What weights leave of the samples of a training set. */
export interface EffectiveSamples {
  readonly positives: number
  readonly negatives: number
  readonly all: number
  /** Together they know no more than a tenth of as many equal samples would. */
  readonly extreme: boolean
}

export function effectiveSamples(yTrue: Uint8Array, weights: Float64Array): EffectiveSamples {
  const ofClass = (label: number): number =>
    effectiveSize(weights.filter((_, i) => yTrue[i] === label))
  const all = effectiveSize(weights)
  return {
    positives: ofClass(1),
    negatives: ofClass(0),
    all,
    extreme: all < EXTREME_SHARE * weights.length,
  }
}
