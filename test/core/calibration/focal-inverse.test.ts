import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invertFocal } from '#shared/core/calibration/focal-inverse.ts'

/** Expected focal loss of score q where positives have probability eta. */
function risk(q: number, eta: number, gamma: number, alpha: number): number {
  return (
    -eta * alpha * (1 - q) ** gamma * Math.log(q) -
    (1 - eta) * (1 - alpha) * q ** gamma * Math.log(1 - q)
  )
}

/** The score of least risk, by golden-section search: the risk has one minimum. */
function bestScore(eta: number, gamma: number, alpha: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = -25
  let high = 25 // logits
  const at = (z: number): number => risk(1 / (1 + Math.exp(-z)), eta, gamma, alpha)
  for (let step = 0; step < 90; step++) {
    const a = high - ratio * (high - low)
    const b = low + ratio * (high - low)
    if (at(a) < at(b)) high = b
    else low = a
  }
  return 1 / (1 + Math.exp(-(low + high) / 2))
}

describe('invertFocal', () => {
  it('finds the probability whose expected focal loss is least at the score', () => {
    for (const gamma of [0, 0.5, 1, 2, 5]) {
      for (const alpha of [0.1, 0.25, 0.5, 0.9]) {
        for (const eta of [0.001, 0.01, 0.2, 0.5, 0.9]) {
          const score = bestScore(eta, gamma, alpha)
          const [got] = invertFocal(Float64Array.of(score), { gamma, alpha })
          // The minimum of a smooth function is known to half the digits.
          expect(Math.abs(got! - eta)).toBeLessThan(1e-5 * Math.max(eta, 0.01) + 1e-7)
        }
      }
    }
  })

  it('takes 0.1536 at gamma 2 for 0.01', () => {
    const [below, above] = invertFocal(Float64Array.of(0.15355, 0.15365), { gamma: 2, alpha: null })
    expect(below).toBeLessThan(0.01)
    expect(above).toBeGreaterThan(0.01)
  })

  it('is the identity for log loss, increasing, mirrored, and keeps 0 and 1', () => {
    const grid = Float64Array.from({ length: 999 }, (_, i) => (i + 1) / 1000)
    invertFocal(grid, { gamma: 0, alpha: null }).forEach((p, i) => {
      expect(p).toBeCloseTo(grid[i]!, 13)
    })
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (gamma, alpha) => {
          const inverted = invertFocal(grid, { gamma, alpha })
          expect(inverted).toEqual(inverted.toSorted())
          const mirrored = invertFocal(
            grid.map((p) => 1 - p),
            { gamma, alpha: 1 - alpha },
          )
          inverted.forEach((p, i) => {
            expect(1 - mirrored[i]!).toBeCloseTo(p, 10)
          })
        },
      ),
    )
    const ends = Float64Array.of(0, 1e-300, 1 - 2 ** -53, 1)
    const inverted = invertFocal(ends, { gamma: 2, alpha: 0.25 })
    expect([inverted[0], inverted[3]]).toEqual([0, 1])
    for (const p of inverted) expect(p >= 0 && p <= 1).toBe(true)
  })

  it('refuses what is no focal loss', () => {
    expect(() => invertFocal(Float64Array.of(0.5), { gamma: -1, alpha: null })).toThrow('gamma')
    expect(() => invertFocal(Float64Array.of(0.5), { gamma: 2, alpha: 1 })).toThrow('alpha')
  })
})
