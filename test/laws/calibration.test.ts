/** What holds for every calibrator. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCalibrator, calibrators, fitCalibrator } from '#shared/core/calibration/calibrator.ts'
import type { CalibratorChoice } from '#shared/core/calibration/calibrator.ts'

const choices = ['none', 'auto', ...Object.keys(calibrators)] as CalibratorChoice[]

interface Sample {
  readonly p: number
  readonly y: number
  readonly weight: number
}

const sample: fc.Arbitrary<Sample> = fc.record({
  p: fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 1, 0.25, 0.5, 1e-300, 1 - 1e-16),
  ),
  y: fc.integer({ min: 0, max: 1 }),
  weight: fc.integer({ min: 1, max: 3 }),
})
const samples = fc.array(sample, { minLength: 1, maxLength: 40 })
const grid = Float64Array.from({ length: 201 }, (_, i) => i / 200)

const fit = (choice: CalibratorChoice, list: readonly Sample[], weighted = true) =>
  fitCalibrator(
    choice,
    Float64Array.from(list, ({ p }) => p),
    Uint8Array.from(list, ({ y }) => y),
    weighted ? Float64Array.from(list, ({ weight }) => weight) : null,
  )

/** Largest difference of two calibrators on a grid of probabilities. */
function distance(a: ReturnType<typeof fit>, b: ReturnType<typeof fit>): number {
  const [left, right] = [applyCalibrator(a, grid), applyCalibrator(b, grid)]
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - right[i]!)), 0)
}

describe.each(choices)('calibrator %s', (choice) => {
  it('never exchanges two samples and stays in [0, 1]', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const calibrated = applyCalibrator(fit(choice, list), grid)
        expect(calibrated).toEqual(calibrated.toSorted())
        expect(calibrated[0]).toBeGreaterThanOrEqual(0)
        expect(calibrated.at(-1)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
  })

  it('does not depend on the order of samples', () => {
    fc.assert(
      fc.property(samples, fc.nat(), (list, turn) => {
        const cut = turn % list.length
        const turned = [...list.slice(cut), ...list.slice(0, cut)].reverse()
        expect(distance(fit(choice, turned), fit(choice, list))).toBeLessThan(1e-7)
      }),
    )
  })

  it('takes a weight for so many repetitions, and 0 for absence', () => {
    fc.assert(
      fc.property(samples, fc.array(sample, { maxLength: 3 }), (list, absent) => {
        const repeated = list.flatMap((one) => new Array<Sample>(one.weight).fill(one))
        const withAbsent = [...list, ...absent.map((one) => ({ ...one, weight: 0 }))]
        const weighted = fit(choice, list)
        expect(distance(fit(choice, repeated, false), weighted)).toBeLessThan(1e-7)
        expect(distance(fit(choice, withAbsent), weighted)).toBeLessThan(1e-7)
      }),
    )
  })

  it('is plain data: the same after being stored and sent', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const calibrator = fit(choice, list)
        expect(applyCalibrator(structuredClone(calibrator), grid)).toEqual(
          applyCalibrator(calibrator, grid),
        )
      }),
      { numRuns: 30 },
    )
  })

  // No calibration leaves certainty where the model had it.
  if (choice === 'none') return
  it('is never certain of what it was fitted on', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const probabilities = Float64Array.from(list, ({ p }) => p)
        for (const p of applyCalibrator(fit(choice, list), probabilities)) {
          expect(p > 0 && p < 1).toBe(true)
        }
      }),
    )
  })
})
