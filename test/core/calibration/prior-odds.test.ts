import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correctPriorOdds, priorShift, scaleOdds } from '#shared/core/calibration/prior-odds.ts'

const prevalence = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
const probability = fc.double({ min: 0, max: 1, noNaN: true })

describe('correctPriorOdds', () => {
  it('is the shift of logits that priorShift gives', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        prevalence,
        prevalence,
        (p, from, to) => {
          const [corrected] = correctPriorOdds(Float64Array.of(p), {
            trainPrevalence: from,
            targetPrevalence: to,
          })
          const shifted = Math.log(p / (1 - p)) + priorShift(from, to)
          expect(corrected).toBeCloseTo(1 / (1 + Math.exp(-shifted)), 9)
        },
      ),
    )
  })

  it('finds the true probabilities after under-sampling a known population', () => {
    // Positives N(1, 1), negatives N(0, 1): odds at x are prior odds · exp(x − ½).
    const posterior = (prior: number, x: number): number => {
      const odds = (prior / (1 - prior)) * Math.exp(x - 0.5)
      return odds / (1 + odds)
    }
    for (const x of [-3, 0, 0.5, 4]) {
      const trained = Float64Array.of(posterior(0.25, x))
      const prevalences = { trainPrevalence: 0.25, targetPrevalence: 0.002 }
      expect(correctPriorOdds(trained, prevalences)[0]).toBeCloseTo(posterior(0.002, x), 12)
    }
  })

  it('keeps 0, 1 and the order, and stays in [0, 1]', () => {
    fc.assert(
      fc.property(probability, probability, prevalence, prevalence, (p, q, from, to) => {
        const given = Float64Array.of(0, Math.min(p, q), Math.max(p, q), 1)
        const corrected = correctPriorOdds(given, { trainPrevalence: from, targetPrevalence: to })
        expect(corrected[0]).toBe(0)
        expect(corrected[3]).toBe(1)
        expect(corrected).toEqual(corrected.toSorted())
      }),
    )
  })

  it('refuses prevalences and factors that are none', () => {
    const p = Float64Array.of(0.5)
    for (const bad of [0, 1, -0.1, NaN]) {
      expect(() => correctPriorOdds(p, { trainPrevalence: bad, targetPrevalence: 0.5 })).toThrow(
        `a prevalence must lie in (0, 1), got ${bad}`,
      )
      expect(() => priorShift(0.5, bad)).toThrow(RangeError)
    }
    for (const bad of [0, -1, Infinity, NaN]) expect(() => scaleOdds(p, bad)).toThrow(RangeError)
  })
})
