import { describe, expect, it } from 'vitest'
import { applyCalibrator, fitCalibrator } from '#shared/core/calibration/calibrator.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Probabilities and labels, with the labels drawn at odds that are a tenth of the stated ones. */
function tooHigh(nSamples: number): { probabilities: Float64Array; yTrue: Uint8Array } {
  const random = createStream(4, 'calibrator')
  const probabilities = Float64Array.from({ length: nSamples }, () => random.uniform())
  const yTrue = Uint8Array.from(probabilities, (p) =>
    random.uniform() < p / (p + 10 * (1 - p)) ? 1 : 0,
  )
  return { probabilities, yTrue }
}

describe('fitCalibrator', () => {
  it('undoes a shift of odds', () => {
    const { probabilities, yTrue } = tooHigh(20_000)
    for (const choice of ['sigmoid', 'isotonic'] as const) {
      const calibrator = fitCalibrator(choice, probabilities, yTrue, null)
      const asked = Float64Array.from({ length: 90 }, (_, i) => 0.05 + i / 100)
      const missed = applyCalibrator(calibrator, asked).map((p, i) =>
        Math.abs(p - asked[i]! / (asked[i]! + 10 * (1 - asked[i]!))),
      )
      expect(missed.reduce((sum, gap) => sum + gap, 0) / 90).toBeLessThan(0.012)
    }
  })

  it('of kind none is the identity', () => {
    const probabilities = Float64Array.of(0, 0.3, 1)
    const calibrator = fitCalibrator('none', probabilities, Uint8Array.of(0, 1, 1), null)
    expect(calibrator).toEqual({ kind: 'identity' })
    expect(applyCalibrator(calibrator, probabilities)).toEqual(probabilities)
  })

  it('of kind auto takes isotonic from 200 positives of weight above 0', () => {
    const withPositives = (positives: number) => ({
      probabilities: Float64Array.from({ length: 1000 }, (_, i) => i / 1000),
      yTrue: new Uint8Array(1000).fill(1, 1000 - positives),
    })
    const kindOf = (positives: number, weights: Float64Array | null): string => {
      const { probabilities, yTrue } = withPositives(positives)
      return fitCalibrator('auto', probabilities, yTrue, weights).kind
    }
    expect(kindOf(199, null)).toBe('sigmoid')
    expect(kindOf(200, null)).toBe('isotonic')
    expect(kindOf(200, new Float64Array(1000).fill(1, 0, 999))).toBe('sigmoid')
  })

  it('lets isotonic say 0 or 1 no more firmly than the block allows', () => {
    // Blocks: three negatives; one of each at mean ½; one positive.
    const probabilities = Float64Array.of(0.1, 0.2, 0.3, 0.5, 0.6, 0.9)
    const yTrue = Uint8Array.of(0, 0, 0, 1, 0, 1)
    const calibrator = fitCalibrator('isotonic', probabilities, yTrue, null)
    expect(calibrator.kind === 'isotonic' && [...calibrator.y]).toEqual([
      1 / 8,
      1 / 8,
      1 / 2,
      1 / 2,
      3 / 4,
    ])
  })

  it('lets no block overtake its neighbour on the way', () => {
    // 0 (one sample), then 1/5 (five samples): ½ / 2 = 0.25 would overtake.
    const probabilities = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    const yTrue = Uint8Array.of(0, 1, 0, 0, 0, 0)
    const calibrator = fitCalibrator('isotonic', probabilities, yTrue, null)
    expect(applyCalibrator(calibrator, probabilities)).toEqual(new Float64Array(6).fill(0.2))
  })

  it('is constant at the mean target where a model ranks worse than chance', () => {
    const probabilities = Float64Array.of(0.9, 0.8, 0.3, 0.1)
    const yTrue = Uint8Array.of(0, 0, 1, 1)
    const calibrator = fitCalibrator('sigmoid', probabilities, yTrue, null)
    expect(calibrator).toMatchObject({ kind: 'sigmoid', a: 0 })
    expect(applyCalibrator(calibrator, Float64Array.of(0, 0.5, 1))[0]).toBeCloseTo(0.5, 14)
  })

  it('stays inside (0, 1) with one class only, and with certain probabilities', () => {
    for (const label of [0, 1]) {
      for (const choice of ['sigmoid', 'isotonic', 'auto'] as const) {
        const probabilities = Float64Array.of(0, 0.5, 1, 1)
        const yTrue = new Uint8Array(4).fill(label)
        const calibrator = fitCalibrator(choice, probabilities, yTrue, null)
        for (const p of applyCalibrator(calibrator, probabilities)) {
          expect(p).toBeGreaterThan(0)
          expect(p).toBeLessThan(1)
          expect(p > 0.5).toBe(label === 1)
        }
      }
    }
  })

  it('refuses probabilities that are none', () => {
    expect(() => fitCalibrator('sigmoid', Float64Array.of(1.1), Uint8Array.of(1), null)).toThrow(
      'probabilities must lie in [0, 1], got 1.1 at 0',
    )
    expect(() =>
      fitCalibrator('isotonic', Float64Array.of(0.1), Uint8Array.of(1, 0), null),
    ).toThrow(RangeError)
  })
})
