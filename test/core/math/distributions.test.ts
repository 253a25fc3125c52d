import { describe, expect, it } from 'vitest'
import { chiSquareQuantile, chiSquareTails } from '#shared/core/math/chi-square.ts'
import { lnGamma, stirlingError } from '#shared/core/math/gamma.ts'
import {
  betaQuantile,
  binomialTails,
  binomialTerm,
  incompleteBeta,
} from '#shared/core/math/incomplete-beta.ts'
import { kolmogorovTail } from '#shared/core/math/kolmogorov.ts'
import { studentQuantile, studentTails } from '#shared/core/math/student-t.ts'

function expectRelative(got: number, want: number, tolerance: number): void {
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance * Math.abs(want))
}

describe('gamma function', () => {
  // mpmath 1.3, loggamma with 40 digits.
  it.each([
    [1e-8, 18.42068073818021],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [3.7, 1.428072326665388],
    [15.99, 27.87186447594001],
    [16.01, 27.926684741120564],
    [1234.5, 7550.550901077895],
  ])('logarithm at %d', (x, want) => {
    expectRelative(lnGamma(x), want, 5e-14)
  })

  it('leaves of a factorial what Stirling leaves', () => {
    // ln 10! by multiplication.
    const ln10Factorial = Math.log(3_628_800)
    const rest = 10.5 * Math.log(10) - 10 + 0.5 * Math.log(2 * Math.PI)
    expect(stirlingError(10)).toBeCloseTo(ln10Factorial - rest, 13)
    expect(() => lnGamma(0)).toThrow('x must be above 0, got 0')
  })
})

describe('beta distribution', () => {
  // mpmath 1.3, betainc with 40 digits: both tails.
  it.each([
    [0.3, 2, 5, 0.579825, 0.420175],
    [1e-10, 0.5, 40, 7.11423029266408e-5, 0.9999288576970734],
    [0.999, 300, 0.7, 0.579582542311384, 0.4204174576886161],
    [0.5, 1000, 1000, 0.5, 0.5],
    [0.0175, 17, 951, 0.5255714403403056, 0.47442855965969444],
    [0.001, 50, 2, 5.095000000000005e-149, 1],
  ])('tails at %d of Beta(%d, %d)', (x, a, b, lower, upper) => {
    const tails = incompleteBeta(x, 1 - x, a, b)
    expectRelative(tails.lower, lower, 1e-12)
    expectRelative(tails.upper, upper, 1e-12)
  })

  it('inverts its quantiles over many shapes, in either tail', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [1, 30],
      [40, 0.6],
      [7, 7],
      [493, 284_315],
    ] as const) {
      for (const p of [1e-12, 0.001, 0.025, 0.4, 0.6, 0.975, 0.9999]) {
        const x = betaQuantile(p, a, b)
        const { lower, upper } = incompleteBeta(x, 1 - x, a, b)
        // In the tail of p; near 1 the spacing of doubles around x is all that is left.
        expectRelative(p <= 0.5 ? lower : upper, p <= 0.5 ? p : 1 - p, 1e-8)
      }
    }
    expect(betaQuantile(0, 2, 3)).toBe(0)
    expect(betaQuantile(1, 2, 3)).toBe(1)
  })

  it('has binomial tails that are sums of their terms', () => {
    for (const p of [0, 0.01, 0.3, 0.5, 0.97, 1]) {
      let sum = 0
      for (let k = 0; k < 40; k++) {
        sum += binomialTerm(k, 40 - k, p, 1 - p)
        const { lower, upper } = binomialTails(k, 40, p)
        expect(lower).toBeCloseTo(sum, 13)
        expect(lower + upper).toBeCloseTo(1, 14)
      }
    }
    expect(binomialTails(-1, 5, 0.5)).toEqual({ lower: 0, upper: 1 })
    expect(binomialTails(0, 0, 0.5)).toEqual({ lower: 1, upper: 0 })
    expect(() => binomialTails(1, 5, 1.5)).toThrow('p must lie in [0, 1], got 1.5')
  })
})

describe('chi-square and t', () => {
  // mpmath 1.3, gammainc with 40 digits.
  it.each([
    [1e-8, 1, 7.978845594730578e-5, 0.9999202115440526],
    [3.84, 1, 0.9499564787512949, 0.050043521248705106],
    [700, 5, 1, 4.9119861035732e-149],
    [120, 100, 0.9155933189063081, 0.08440668109369183],
    [2, 31.5, 3.7608328866471636e-14, 1],
  ])('chi-square tails at %d of %d degrees', (x, degrees, lower, upper) => {
    const tails = chiSquareTails(x, degrees)
    expectRelative(tails.lower, lower, 1e-12)
    expectRelative(tails.upper, upper, 1e-12)
  })

  // scipy 1.10.1: chi2.sf(x, degrees)
  it.each([
    [0.5, 1, 0.47950012218695337],
    [10, 5, 0.07523524614651217],
    [250, 3, 6.543750030967994e-54],
    [1500, 1000, 1.0454640385980825e-22],
    [0.001, 4, 0.9999998750416589],
    [80, 100, 0.9296649333406051],
  ])('chi-square beyond %d with %i degrees', (x, degrees, want) => {
    expectRelative(chiSquareTails(x, degrees).upper, want, 1e-10)
  })

  // scipy 1.10.1: 2 * t.sf(t, degrees)
  it.each([
    [1, 1, 0.49999999999999956],
    [0.1, 3, 0.9266523488008058],
    [2.5, 10, 0.031446844236608776],
    [6.9, 998, 9.2273495803031e-12],
    [0.001, 50, 0.9992060947755017],
    [40, 5, 1.8411962171772952e-7],
    [12, 200_000, 3.647523700755828e-33],
  ])('t further from 0 than %d with %i degrees', (t, degrees, want) => {
    expectRelative(2 * studentTails(t, degrees).upper, want, 1e-9)
  })

  // mpmath 1.3, from the incomplete beta function.
  it.each([
    [-40, 3, 1.7190340394579263e-5],
    [-1e-9, 4, 0.499999999625],
    [-12, 200, 1.2110680026233156e-25],
  ])('t below %d of %d degrees', (t, degrees, want) => {
    expectRelative(studentTails(t, degrees).lower, want, 1e-12)
    expectRelative(studentTails(-t, degrees).upper, want, 1e-12)
  })

  it('inverts its quantiles', () => {
    for (const degrees of [1, 4, 7.5, 300]) {
      for (const p of [1e-10, 0.025, 0.3, 0.5, 0.7, 0.975]) {
        expectRelative(studentTails(studentQuantile(p, degrees), degrees).lower, p, 1e-9)
        expectRelative(chiSquareTails(chiSquareQuantile(p, degrees), degrees).lower, p, 1e-9)
      }
    }
    expect(studentQuantile(0.5, 3)).toBe(0)
    expect(studentQuantile(0, 3)).toBe(-Infinity)
    expect(chiSquareQuantile(1, 3)).toBe(Infinity)
    // One degree of freedom is Cauchy: tan(π (p − ½)).
    expectRelative(studentQuantile(0.9, 1), Math.tan(Math.PI * 0.4), 1e-12)
  })
})

describe('Kolmogorov distribution', () => {
  // scipy 1.11, kstwo.sf; one or more in every branch.
  it.each([
    [1, 0.6, 0.8],
    [10, 0.09, 0.9999610360566907],
    [10, 0.12, 0.9948566839762616],
    [10, 0.27, 0.38905586707926754],
    [10, 0.45, 0.022891810311718164],
    [67, 0.1, 0.48359379445471673],
    [67, 0.2, 0.007969445457871482],
    [140, 0.08, 0.31480749911643063],
    [141, 0.05, 0.854845693009663],
    [500, 0.0625, 0.038523959455558865],
    [500, 0.08, 0.0031305058199356268],
    [2000, 0.014, 0.8225768631529283],
    [2000, 0.032, 0.032559919350984456],
    [200_000, 0.001, 0.9881500208855729],
    [222, 2 / 3, 1.0742995614110893e-97],
  ])('tail for n = %d at %d', (n, d, want) => {
    expectRelative(kolmogorovTail(n, d), want, 1e-9)
  })

  it('is the distribution of the largest gap: exact for two samples', () => {
    // P(D ≥ d) for n = 2: 1 − 2 (2d − ½)² up to ½ and 2 (1 − d)² above, from the area of the square.
    for (const d of [0.3, 0.4, 0.5]) {
      expect(kolmogorovTail(2, d)).toBeCloseTo(1 - 2 * (2 * d - 0.5) ** 2, 12)
    }
    for (const d of [0.5, 0.75, 0.9]) expect(kolmogorovTail(2, d)).toBeCloseTo(2 * (1 - d) ** 2, 12)
    expect(kolmogorovTail(5, 0)).toBe(1)
    expect(kolmogorovTail(5, 1)).toBe(0)
    expect(() => kolmogorovTail(0, 0.5)).toThrow('n must be a positive integer, got 0')
  })
})
