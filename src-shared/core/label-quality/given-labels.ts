/**
 * Refuses labels and probabilities that do not belong together.
 *
 * @param given         0 or 1 per sample, length nSamples.
 * @param probabilities Of the positive class, in [0, 1], length nSamples.
 * @throws RangeError naming the argument and the sample.
 */
export function requireGivenLabels(given: Uint8Array, probabilities: Float64Array): void {
  if (probabilities.length !== given.length) {
    throw new RangeError(
      `probabilities must have ${given.length} entries, got ${probabilities.length}`,
    )
  }
  for (let i = 0; i < given.length; i++) {
    if (given[i]! > 1) throw new RangeError(`given must be 0 or 1, got ${given[i]!} at sample ${i}`)
    const p = probabilities[i]!
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`probabilities must lie in [0, 1], got ${p} at sample ${i}`)
    }
  }
}
