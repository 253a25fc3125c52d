import fc from 'fast-check'

export interface WeightedSamples {
  readonly yTrue: Uint8Array
  /** In [0, 1], often tied. */
  readonly scores: Float64Array
  /** Integers from 1 to 4. */
  readonly weights: Float64Array
}

/** Small labelled, scored and weighted tables in which ties are common. */
export function weightedSamples({
  bothClasses,
}: {
  readonly bothClasses: boolean
}): fc.Arbitrary<WeightedSamples> {
  const sample = fc.record({
    y: fc.integer({ min: 0, max: 1 }),
    score: fc.oneof(
      fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    weight: fc.integer({ min: 1, max: 4 }),
  })
  return fc
    .array(sample, { minLength: 2, maxLength: 40 })
    .filter((samples) => !bothClasses || new Set(samples.map(({ y }) => y)).size === 2)
    .map((samples) => ({
      yTrue: Uint8Array.from(samples, ({ y }) => y),
      scores: Float64Array.from(samples, ({ score }) => score + 0),
      weights: Float64Array.from(samples, ({ weight }) => weight),
    }))
}
