import { describe, expect, it } from 'vitest'
import { fitBeta, predictBeta } from '#shared/core/calibration/beta.ts'
import { applyCalibrator, fitCalibrator } from '#shared/core/calibration/calibrator.ts'
import { fitTemperature, predictTemperature } from '#shared/core/calibration/temperature.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Probabilities and labels that agree with them. */
function calibrated(nSamples: number): { p: Float64Array; yTrue: Uint8Array } {
  const stream = createStream(8, 'beta')
  const p = Float64Array.from({ length: nSamples }, () => stream.uniform() ** 2)
  return { p, yTrue: Uint8Array.from(p, (q) => (stream.uniform() < q ? 1 : 0)) }
}

describe('beta calibration', () => {
  it('finds the curve by which probabilities were bent', () => {
    const { p, yTrue } = calibrated(60_000)
    // p = σ(2 ln q − ½ ln(1 − q) − 0.3), solved for q by bisection.
    const bent = p.map((target) => {
      let [low, high] = [1e-12, 1 - 1e-12]
      for (let step = 0; step < 60; step++) {
        const q = (low + high) / 2
        const [at] = predictBeta({ a: 2, b: 0.5, c: -0.3 }, Float64Array.of(q))
        if (at! < target) low = q
        else high = q
      }
      return (low + high) / 2
    })
    const fit = fitBeta(bent, Float64Array.from(yTrue), null)
    expect(fit.branch).toBe('abc')
    expect(fit.a).toBeCloseTo(2, 1)
    expect(fit.b).toBeCloseTo(0.5, 1)
    expect(fit.c).toBeCloseTo(-0.3, 1)
  })

  it('is constant where scores rank worse than chance', () => {
    const { p, yTrue } = calibrated(500)
    const turned = p.map((q) => 1 - q)
    const mean = yTrue.reduce((sum, y) => sum + y, 0) / 500
    for (const kind of ['beta', 'temperature'] as const) {
      const calibrator = fitCalibrator(kind, turned, yTrue, null)
      const [low, high] = applyCalibrator(calibrator, Float64Array.of(0.1, 0.9))
      expect(high).toBe(low)
      expect(low).toBeCloseTo(mean, 2)
    }
  })
})

describe('temperature scaling', () => {
  it('finds by what logits were multiplied', () => {
    const { p, yTrue } = calibrated(60_000)
    const sharpened = predictTemperature(2.5, p)
    const { inverseTemperature } = fitTemperature(sharpened, Float64Array.from(yTrue), null)
    expect(inverseTemperature).toBeCloseTo(0.4, 1)
  })

  it('says so where no temperature is best', () => {
    const separable = fitTemperature(Float64Array.of(0.2, 0.8), Float64Array.of(0, 1), null)
    expect(separable.inverseTemperature).toBeNull()
    const turned = fitTemperature(Float64Array.of(0.8, 0.2), Float64Array.of(0, 1), null)
    expect(turned.inverseTemperature).toBeNull()
    expect(turned.derivativeAtZero).toBeGreaterThan(0)
  })
})
