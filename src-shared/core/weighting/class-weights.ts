/** Multiplier in the loss per class. */
export interface ClassWeights {
  readonly negative: number
  readonly positive: number
}

/**
 * Class weights under which both classes weigh the same in the loss, and all samples together as
 * much as without weights:
 *
 *     weight of a class = n / (2 · samples of the class),   n = negatives + positives
 *
 * Balancing moves predicted probabilities away from frequencies; see the prior-odds correction in
 * core/calibration.
 *
 * @param counts Samples per class, each a count ≥ 0; sample weights play no part.
 * @returns Finite weights > 0. Where a class has no samples there is nothing to balance: both
 *   weights are 1.
 * @throws RangeError when a count is not a whole number ≥ 0.
 */
export function balancedClassWeights(counts: {
  readonly negatives: number
  readonly positives: number
}): ClassWeights {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(`${name} must be a whole number from 0, got ${count}`)
    }
  }
  const { negatives, positives } = counts
  if (negatives === 0 || positives === 0) return { negative: 1, positive: 1 }
  const nSamples = negatives + positives
  return { negative: nSamples / (2 * negatives), positive: nSamples / (2 * positives) }
}

/**
 * Weight of each sample in the loss: the weight of its class times its own.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param sampleWeights ≥ 0, length nSamples; null = all one.
 * @returns Length nSamples, ≥ 0.
 * @throws RangeError when lengths differ.
 */
export function weightByClass(
  yTrue: Uint8Array,
  classWeights: ClassWeights,
  sampleWeights: Float64Array | null,
): Float64Array {
  if (sampleWeights !== null && sampleWeights.length !== yTrue.length) {
    throw new RangeError(
      `sampleWeights must have one entry per sample (${yTrue.length}), got ${sampleWeights.length}`,
    )
  }
  return Float64Array.from(yTrue, (label, i) => {
    const classWeight = label === 1 ? classWeights.positive : classWeights.negative
    return classWeight * (sampleWeights === null ? 1 : sampleWeights[i]!)
  })
}
