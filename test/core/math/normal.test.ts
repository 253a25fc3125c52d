import { describe, expect, it } from 'vitest'
import { erfc, normalCdf, normalQuantile } from '#shared/core/math/normal.ts'

function expectRelative(got: number, want: number, tolerance: number): void {
  expect(Math.abs(got - want) / Math.abs(want)).toBeLessThanOrEqual(tolerance)
}

describe('normal distribution', () => {
  // mpmath 1.3, 40 digits: root of erfc(−x/√2)/2 − p at the double p.
  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-8, -5.612001244174789],
    [0.025, -1.9599639845400543],
    [0.07, -1.4757910281791706],
    [0.3, -0.5244005127080408],
    [0.51, 0.025068908258711057],
    [0.9, 1.2815515655446006],
    [0.975, 1.9599639845400538],
    [0.9999999, 5.199337582290661],
  ])('quantile of %d', (p, want) => {
    expectRelative(normalQuantile(p), want, 1e-15)
  })

  // mpmath 1.3: erfc(−x/√2)/2.
  it.each([
    [-30.0, 4.906713927148187e-198],
    [-8.5, 9.479534822203318e-18],
    [-4.0, 3.1671241833119924e-5],
    [-1.96, 0.024997895148220435],
    [-1.2, 0.11506967022170828],
    [-0.5, 0.3085375387259869],
    [0.3, 0.6179114221889527],
    [1.1, 0.8643339390536173],
    [2.5, 0.9937903346742238],
    [6.0, 0.9999999990134123],
  ])('distribution function at %d', (x, want) => {
    expectRelative(normalCdf(x), want, 1e-13)
  })

  it('inverts the one by the other', () => {
    for (let p = 0.001; p < 1; p += 0.001) expectRelative(normalCdf(normalQuantile(p)), p, 1e-14)
  })

  it('answers at the ends', () => {
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalCdf(-Infinity)).toBe(0)
    expect(normalCdf(Infinity)).toBe(1)
    expect(normalCdf(NaN)).toBeNaN()
    expect(erfc(0)).toBe(1)
    expect(() => normalQuantile(1.5)).toThrow('p must lie in [0, 1], got 1.5')
  })
})
