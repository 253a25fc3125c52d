import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearsonInterval } from '#shared/core/statistics/proportion-interval.ts'

describe('clopperPearsonInterval', () => {
  it.each([
    // scipy 1.10.1: binomtest(k, n).proportion_ci(0.95, method='exact')
    [0, 200, 0, 0.018275340355148807],
    [1, 200, 0.0001265810280094039, 0.027541898457558386],
    [5, 500, 0.003254721407030504, 0.023181388069659612],
    [4, 2000, 0.0005451931252070058, 0.005112808605346166],
    [25, 500, 0.03261518014932359, 0.0729276216504791],
    [250, 500, 0.45528556932422715, 0.5447144306757727],
    [500, 500, 0.9926493899480923, 1],
  ])('of %i of %i is that of scipy', (successes, trials, lower, upper) => {
    const interval = clopperPearsonInterval(successes, trials, 0.95)!
    expect(interval.lower).toBeCloseTo(lower, 11)
    expect(interval.upper).toBeCloseTo(upper, 11)
  })

  it('mirrors when successes and failures change places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (trials, draw) => {
        const successes = draw % (trials + 1)
        const one = clopperPearsonInterval(successes, trials, 0.9)!
        const other = clopperPearsonInterval(trials - successes, trials, 0.9)!
        expect(one.lower).toBeCloseTo(1 - other.upper, 10)
        expect(one.lower).toBeLessThanOrEqual(successes / trials)
        expect(one.upper).toBeGreaterThanOrEqual(successes / trials)
      }),
      { numRuns: 50 },
    )
  })

  it('knows nothing without trials and refuses the impossible', () => {
    expect(clopperPearsonInterval(0, 0, 0.95)).toBeNull()
    expect(() => clopperPearsonInterval(3, 2, 0.95)).toThrow('successes')
    expect(() => clopperPearsonInterval(1, 2, 1)).toThrow('level')
  })
})
