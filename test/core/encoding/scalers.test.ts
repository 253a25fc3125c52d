import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyScaler,
  fitMinMaxScaler,
  fitRobustScaler,
  fitStandardScaler,
} from '#shared/core/encoding/scalers.ts'

const fits = {
  standard: (values: Float64Array) => fitStandardScaler(values, null),
  robust: fitRobustScaler,
  min_max: fitMinMaxScaler,
}

describe.each(Object.entries(fits))('the %s scaler', (_, fit) => {
  it('keeps missing values missing, and does without them', () => {
    const values = Float64Array.of(3, NaN, 7, 1, NaN, 12)
    expect(fit(values)).toEqual(fit(Float64Array.of(3, 7, 1, 12)))
    expect(Number.isNaN(applyScaler(fit(values), values)[1])).toBe(true)
  })

  it('leaves a constant feature at 0, and nothing alone', () => {
    const constant = new Float64Array(7).fill(0.1)
    expect([...applyScaler(fit(constant), constant)]).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(fit(Float64Array.of(NaN))).toEqual({ center: 0, scale: 1 })
  })

  it('undoes a change of unit', () => {
    const whole = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(whole, (list) => {
        const values = Float64Array.from(list)
        const inOtherUnit = values.map((value) => 8 * value + 32)
        const got = applyScaler(fit(inOtherUnit), inOtherUnit)
        applyScaler(fit(values), values).forEach((value, i) => {
          expect(got[i]).toBeCloseTo(value, 9)
        })
      }),
    )
  })
})

it('the standard scaler takes a weight for so many values', () => {
  const weighted = fitStandardScaler(Float64Array.of(1, 5, 9, 70), Float64Array.of(2, 1, 3, 0))
  const repeated = fitStandardScaler(Float64Array.of(1, 1, 5, 9, 9, 9), null)
  expect(weighted.center).toBeCloseTo(repeated.center, 12)
  expect(weighted.scale).toBeCloseTo(repeated.scale, 12)
  expect(() => fitStandardScaler(new Float64Array(2), new Float64Array(1))).toThrow(RangeError)
})
