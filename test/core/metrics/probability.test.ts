import { describe, expect, it } from 'vitest'
import {
  brierReference,
  brierScore,
  brierSkill,
  logLoss,
  prevalence,
} from '#shared/core/metrics/probability.ts'

const yTrue = Uint8Array.of(1, 0, 0, 1)
const probabilities = Float64Array.of(0.8, 0.3, 0.1, 0.4)
const weights = Float64Array.of(1, 2, 3, 4)

describe('proper scores', () => {
  it('agrees with values worked out by hand', () => {
    expect(prevalence(yTrue, weights).value).toBe(0.5)
    expect(brierScore(yTrue, probabilities, null).value).toBeCloseTo(
      (0.04 + 0.09 + 0.01 + 0.36) / 4,
      15,
    )
    expect(brierScore(yTrue, probabilities, weights).value).toBeCloseTo(
      (0.04 + 0.18 + 0.03 + 1.44) / 10,
      15,
    )
    expect(brierReference(yTrue, weights).value).toBe(0.25)
    expect(brierSkill(yTrue, probabilities, weights).value).toBeCloseTo(1 - 0.169 / 0.25, 14)
    const losses = [Math.log(0.8), Math.log(0.7), Math.log(0.9), Math.log(0.4)]
    expect(logLoss(yTrue, probabilities, null).value).toBeCloseTo(
      -losses.reduce((sum, loss) => sum + loss, 0) / 4,
      14,
    )
  })

  it('charges a certain error −ln epsilon, and a certain truth next to nothing', () => {
    const certain = logLoss(Uint8Array.of(1, 0), Float64Array.of(0, 0), null, 1e-15)
    expect(certain.value).toBeCloseTo(-Math.log(1e-15) / 2, 12)
  })

  it('says why a measure is undefined', () => {
    const one = Float64Array.of(0.5)
    expect(brierSkill(Uint8Array.of(1), one, null).reason).toBe('no sample is negative')
    expect(brierSkill(Uint8Array.of(0), one, null).reason).toBe('no sample is positive')
    expect(logLoss(Uint8Array.of(1), one, Float64Array.of(0)).reason).toBe(
      'there are no samples of positive weight',
    )
    expect(brierScore(new Uint8Array(0), new Float64Array(0), null).value).toBeNull()
  })

  it('refuses what is no probability', () => {
    expect(() => brierScore(Uint8Array.of(1), Float64Array.of(1.2), null)).toThrow(
      'probabilities must lie in [0, 1], got 1.2 at 0',
    )
    expect(() => logLoss(yTrue, probabilities, null, 0)).toThrow(
      'epsilon must lie in (0, 0.5), got 0',
    )
  })
})
