import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  confidentJoint,
  confidentThresholds,
  labelNoise,
} from '#shared/core/label-quality/confident-joint.ts'

const samples = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 64 })), {
    maxLength: 60,
  })
  .map((pairs) => ({
    given: Uint8Array.from(pairs, ([label]) => label),
    // 64ths are exact, so that 1 − p is too.
    probabilities: Float64Array.from(pairs, ([, p]) => p / 64),
  }))

describe('confidentThresholds', () => {
  it('is the mean probability of each class over the samples given it', () => {
    const { negative, positive } = confidentThresholds(
      Uint8Array.of(0, 0, 1, 1),
      Float64Array.of(0.1, 0.3, 0.6, 0.9),
    )
    expect(negative).toBeCloseTo(0.8, 12)
    expect(positive).toBeCloseTo(0.75, 12)
  })

  it('cannot be reached by a class that nothing is given', () => {
    expect(confidentThresholds(Uint8Array.of(0), Float64Array.of(0.2)).positive).toBe(Infinity)
  })

  it('refuses labels and probabilities that do not fit', () => {
    expect(() => confidentThresholds(Uint8Array.of(0, 1), Float64Array.of(0.5))).toThrow(RangeError)
    expect(() => confidentThresholds(Uint8Array.of(2), Float64Array.of(0.5))).toThrow('given')
    expect(() => confidentThresholds(Uint8Array.of(1), Float64Array.of(NaN))).toThrow(
      'probabilities',
    )
  })
})

describe('confidentJoint', () => {
  it('has rows that sum to the counts of the given labels', () => {
    fc.assert(
      fc.property(samples, ({ given, probabilities }) => {
        const { calibrated, confident, offDiagonal } = confidentJoint(given, probabilities)
        const positives = given.reduce((sum, label) => sum + label, 0)
        expect(calibrated[0][0] + calibrated[0][1]).toBe(given.length - positives)
        expect(calibrated[1][0] + calibrated[1][1]).toBe(positives)
        expect(calibrated.flat().every((count) => Number.isInteger(count) && count >= 0)).toBe(true)
        expect(offDiagonal).toHaveLength(confident[0][1] + confident[1][0])
      }),
    )
  })

  it('is turned over by exchanging the classes, where no sample is torn between them', () => {
    fc.assert(
      fc.property(samples, ({ given, probabilities }) => {
        fc.pre(!probabilities.includes(0.5))
        const [[a, b], [c, d]] = confidentJoint(given, probabilities).confident
        const turned = confidentJoint(
          given.map((label) => 1 - label),
          probabilities.map((p) => 1 - p),
        )
        expect(turned.confident).toEqual([
          [d, c],
          [b, a],
        ])
      }),
    )
  })

  it('counts what a plain reading of the definition counts', () => {
    fc.assert(
      fc.property(samples, ({ given, probabilities }) => {
        const { thresholds, offDiagonal } = confidentJoint(given, probabilities)
        const wanted = [...given.keys()].filter((i) => {
          const ofClass = [1 - probabilities[i]!, probabilities[i]!]
          const reached = [thresholds.negative, thresholds.positive]
            .map((threshold, k) => ({ k, reaches: ofClass[k]! >= threshold - 1e-6 }))
            .filter(({ reaches }) => reaches)
            .sort((one, other) => ofClass[other.k]! - ofClass[one.k]! || one.k - other.k)
          return reached[0] !== undefined && reached[0].k !== given[i]
        })
        expect([...offDiagonal]).toEqual(wanted)
      }),
    )
  })
})

describe('labelNoise', () => {
  it('reads rates by columns and by rows', () => {
    const { joint, truePrior, givenByTrue, trueByGiven } = labelNoise([
      [80, 10],
      [2, 8],
    ])
    expect(joint).toEqual([
      [0.8, 0.1],
      [0.02, 0.08],
    ])
    expect(truePrior).toEqual([0.82, 0.18])
    expect(givenByTrue[0][1]).toBeCloseTo(10 / 18, 12)
    expect(trueByGiven[1][0]).toBeCloseTo(1 / 9, 12)
  })

  it('has no noise where there is nothing', () => {
    const nothing = labelNoise([
      [0, 0],
      [0, 0],
    ])
    expect(nothing.joint).toBeNull()
    expect(nothing.givenByTrue).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})
