import { describe, expect, it } from 'vitest'
import { calibrationStage } from '#shared/core/calibration/receipt.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Labels drawn at the probability whose logit is α + β · logit p. */
function drawn(alpha: number, beta: number): { yTrue: Uint8Array; probabilities: Float64Array } {
  const random = createStream(9, 'receipt')
  const probabilities = Float64Array.from({ length: 40_000 }, () => 0.02 + 0.9 * random.uniform())
  const yTrue = Uint8Array.from(probabilities, (p) => {
    const odds = Math.exp(alpha) * (p / (1 - p)) ** beta
    return random.uniform() < odds / (1 + odds) ? 1 : 0
  })
  return { yTrue, probabilities }
}

describe('calibrationStage', () => {
  it('finds intercept and slope of the miscalibration that drew the labels', () => {
    for (const [alpha, beta] of [
      [0, 1],
      [-1, 1],
      [0.5, 0.6],
    ] as const) {
      const { yTrue, probabilities } = drawn(alpha, beta)
      const { intercept, slope } = calibrationStage('raw', yTrue, probabilities, null)
      expect(Math.abs(intercept! - alpha)).toBeLessThan(0.06)
      expect(Math.abs(slope! - beta)).toBeLessThan(0.05)
    }
  })

  it('puts its parts together: bins, Brier parts, observed to expected', () => {
    const { yTrue, probabilities } = drawn(0, 1)
    const stage = calibrationStage('corrected', yTrue, probabilities, null)
    const sum = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((total, value) => total + value, 0)
    expect(stage.stage).toBe('corrected')
    expect(stage.bins.map(({ count }) => count)).toEqual(new Array(10).fill(4000))
    expect(stage.observedToExpected).toBeCloseTo(sum(yTrue) / sum(probabilities), 12)
    expect(stage.reliability! - stage.resolution! + stage.uncertainty!).toBeCloseTo(
      stage.brier!,
      2, // bins of unequal probabilities leave a rest
    )
    expect(stage.eceEqualCount10).toBeCloseTo(
      sum(stage.bins.map((bin) => Math.abs(bin.observed! - bin.meanProbability!))) / 10,
      12,
    )
    expect(stage.undefinedMeasures).toEqual([])
  })

  it('takes a weight for so many repetitions where bins play no part', () => {
    const probabilities = Float64Array.of(0.1, 0.3, 0.2, 0.7, 0.9)
    const yTrue = Uint8Array.of(0, 1, 0, 0, 1)
    const times = [2, 1, 0, 3, 2]
    const indices = times.flatMap((count, i) => new Array<number>(count).fill(i))
    const weighted = calibrationStage('raw', yTrue, probabilities, Float64Array.from(times))
    const repeated = calibrationStage(
      'raw',
      Uint8Array.from(indices, (i) => yTrue[i]!),
      Float64Array.from(indices, (i) => probabilities[i]!),
      null,
    )
    for (const measure of [
      'intercept',
      'slope',
      'observedToExpected',
      'brier',
      'logLoss',
    ] as const) {
      expect(weighted[measure]).toBeCloseTo(repeated[measure]!, 10)
    }
  })

  it('says why there is no line', () => {
    const reasonOf = (y: number[], p: number[]): string | undefined => {
      const stage = calibrationStage('raw', Uint8Array.from(y), Float64Array.from(p), null)
      expect(stage.slope).toBeNull()
      expect(stage.intercept).toBeNull()
      return stage.undefinedMeasures.find(({ measure }) => measure === 'slope')?.reason
    }
    expect(reasonOf([0, 0], [0.1, 0.2])).toBe('no sample is positive')
    expect(reasonOf([1, 1], [0.1, 0.2])).toBe('no sample is negative')
    expect(reasonOf([0, 1, 1], [0.3, 0.3, 0.3])).toBe('all probabilities are equal')
    const separated = 'the probabilities separate the classes completely'
    expect(reasonOf([0, 0, 1], [0.1, 0.2, 0.3])).toBe(separated)
    expect(reasonOf([0, 0, 1, 1], [0.1, 0.3, 0.3, 0.4])).toBe(separated)
    expect(reasonOf([1, 0], [0.1, 0.9])).toBe(separated)
    expect(reasonOf([], [])).toBe('there are no samples of positive weight')
  })

  it('stays finite for certain probabilities, right or wrong', () => {
    const stage = calibrationStage(
      'raw',
      Uint8Array.of(0, 1, 0, 1),
      Float64Array.of(0, 1, 1, 0),
      null,
    )
    expect(stage.slope).toBeCloseTo(0, 12)
    expect(Number.isFinite(stage.logLoss)).toBe(true)
    const none = calibrationStage('raw', Uint8Array.of(0, 1), Float64Array.of(0, 0), null)
    expect(none.observedToExpected).toBeNull()
    expect(none.undefinedMeasures[0]).toEqual({
      measure: 'observedToExpected',
      reason: 'no positive is expected: every probability is 0',
    })
  })
})
