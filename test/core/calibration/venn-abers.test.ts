import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitIsotonic, predictIsotonic } from '#shared/core/calibration/isotonic.ts'
import {
  fitVennAbers,
  predictVennAbers,
  vennAbersPairs,
} from '#shared/core/calibration/venn-abers.ts'

/** Isotonic regression of the samples with one more: the definition. */
function slowly(
  scores: readonly number[],
  labels: readonly number[],
  weights: readonly number[] | null,
  asked: number,
  label: 0 | 1,
): number {
  const x = Float64Array.of(...scores, asked)
  const fit = fitIsotonic(
    x,
    Float64Array.of(...labels, label),
    weights === null ? null : Float64Array.of(...weights, 1),
  )
  return predictIsotonic(fit, Float64Array.of(asked))[0]!
}

describe('fitVennAbers', () => {
  it('is isotonic regression of the samples together with the one asked about', () => {
    const sample = fc.record({
      score: fc.oneof(
        fc.integer({ min: 0, max: 8 }).map((k) => k / 8),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      label: fc.constantFrom(0, 1),
      weight: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 25 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (list, elsewhere, isWeighted) => {
          const scores = list.map(({ score }) => score)
          const labels = list.map(({ label }) => label)
          const weights = isWeighted ? [1, ...list.slice(1).map(({ weight }) => weight)] : null
          const fit = fitVennAbers(
            Float64Array.from(scores),
            Uint8Array.from(labels),
            weights === null ? null : Float64Array.from(weights),
          )
          for (const asked of [elsewhere, scores[0]!, 0, 1]) {
            const { p0, p1 } = vennAbersPairs(fit, Float64Array.of(asked))
            expect(p0[0]).toBeCloseTo(slowly(scores, labels, weights, asked, 0), 12)
            expect(p1[0]).toBeCloseTo(slowly(scores, labels, weights, asked, 1), 12)
            const [p] = predictVennAbers([fit], Float64Array.of(asked))
            expect(p).toBeCloseTo(p1[0]! / (1 - p0[0]! + p1[0]!), 12)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes the geometric mean of the odds of several', () => {
    const scores = Float64Array.of(0.1, 0.4, 0.6, 0.9)
    const fits = [
      fitVennAbers(scores, Uint8Array.of(0, 0, 1, 1), null),
      fitVennAbers(scores, Uint8Array.of(0, 1, 0, 1), null),
    ]
    const asked = Float64Array.of(0.5)
    const [one, other] = fits.map((fit) => predictVennAbers([fit], asked)[0]!) as [number, number]
    const odds = Math.sqrt((one / (1 - one)) * (other / (1 - other)))
    expect(predictVennAbers(fits, asked)[0]).toBeCloseTo(odds / (1 + odds), 12)
  })

  it('needs a sample that weighs something', () => {
    const fit = () => fitVennAbers(Float64Array.of(0.5), Uint8Array.of(1), Float64Array.of(0))
    expect(fit).toThrow('a weight above 0')
  })
})
