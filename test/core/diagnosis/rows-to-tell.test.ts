import { describe, expect, it } from 'vitest'
import { rowsToTell } from '#shared/core/diagnosis/rows-to-tell.ts'

/** P(X ≥ k) by summing all terms. */
function atLeast(k: number, n: number, p: number): number {
  let term = (1 - p) ** n
  let sum = k === 0 ? term : 0
  for (let i = 1; i <= n; i++) {
    term *= ((n - i + 1) / i) * (p / (1 - p))
    if (i >= k) sum += term
  }
  return sum
}

describe('rowsToTell', () => {
  it('errs no more than asked either way, and no smaller review would do', () => {
    for (const [low, high, error] of [
      [0.1, 0.5, 0.05],
      [0.02, 0.1, 0.05],
      [0.3, 0.4, 0.2],
    ] as const) {
      const { rows, least } = rowsToTell(low, high, error)!
      expect(atLeast(least, rows, low)).toBeLessThanOrEqual(error)
      expect(1 - atLeast(least, rows, high)).toBeLessThanOrEqual(error)
      for (let fewer = 1; fewer < rows; fewer++) {
        const works = Array.from({ length: fewer }, (_, k) => k + 1).some(
          (k) => atLeast(k, fewer, low) <= error && 1 - atLeast(k, fewer, high) <= error,
        )
        expect(works).toBe(false)
      }
    }
  })

  it('gives up where a thousand rows would not tell', () => {
    expect(rowsToTell(0.1, 0.101, 0.05)).toBeNull()
  })

  it('refuses shares in the wrong order', () => {
    expect(() => rowsToTell(0.5, 0.1, 0.05)).toThrow(/ifOverlap must lie above 0/)
    expect(() => rowsToTell(0.1, 0.5, 0.6)).toThrow(/error must lie/)
  })
})
