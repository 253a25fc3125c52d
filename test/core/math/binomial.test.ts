import { describe, expect, it } from 'vitest'
import { drawBinomial } from '#shared/core/math/binomial.ts'
import { createMultinomial } from '#shared/core/math/multinomial.ts'
import { normalCdf } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Probability of a larger chi-square (Wilson-Hilferty, good to a few percent of itself here). */
function chiSquareTail(statistic: number, degrees: number): number {
  const spread = 2 / (9 * degrees)
  return 1 - normalCdf((Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread))
}

/** P(k) for k = 0 … n, from the mode outwards so that nothing underflows. */
function binomialProbabilities(n: number, p: number): number[] {
  const mode = Math.floor((n + 1) * p)
  const relative = new Array<number>(n + 1).fill(0)
  relative[mode] = 1
  for (let k = mode + 1; k <= n; k++) {
    relative[k] = (relative[k - 1]! * (n - k + 1) * p) / (k * (1 - p))
  }
  for (let k = mode - 1; k >= 0; k--) {
    relative[k] = (relative[k + 1]! * (k + 1) * (1 - p)) / ((n - k) * p)
  }
  const total = relative.reduce((sum, value) => sum + value, 0)
  return relative.map((value) => value / total)
}

/** Chi-square of observed against expected counts, cells of fewer than 8 expected joined. */
function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  let statistic = 0
  let cells = 0
  let seen = 0
  let due = 0
  for (let i = 0; i < expected.length; i++) {
    seen += observed[i]!
    due += expected[i]!
    if (due < 8) continue
    statistic += (seen - due) ** 2 / due
    cells += 1
    seen = 0
    due = 0
  }
  return chiSquareTail(statistic, cells - 1)
}

describe('drawBinomial', () => {
  // Inversion, rejection, both sides of ½ and of the switch between them, small and large n.
  it.each([
    [5, 0.3],
    [40, 0.02],
    [19, 0.5],
    [20, 0.5],
    [25, 0.41],
    [30, 0.9],
    [1000, 0.0099],
    [1000, 0.0101],
    [45_000, 0.11],
    [300_000, 0.0017],
    [300_000, 0.5],
  ])('follows the exact distribution for n = %d, p = %d', (n, p) => {
    const draws = 40_000
    const stream = createStream(7, 'binomial', n)
    const observed = new Array<number>(n + 1).fill(0)
    for (let i = 0; i < draws; i++) observed[drawBinomial(n, p, stream)]! += 1
    const expected = binomialProbabilities(n, p).map((share) => share * draws)
    expect(chiSquare(observed, expected)).toBeGreaterThan(0.001)
  })

  it('answers without chance at the ends and refuses what is outside', () => {
    const stream = createStream(1, 'ends')
    expect(drawBinomial(0, 0.5, stream)).toBe(0)
    expect(drawBinomial(9, 0, stream)).toBe(0)
    expect(drawBinomial(9, 1, stream)).toBe(9)
    expect(() => drawBinomial(-1, 0.5, stream)).toThrow('n must be')
    expect(() => drawBinomial(3, 1.2, stream)).toThrow('p must lie in [0, 1], got 1.2')
  })
})

describe('createMultinomial', () => {
  it('draws each cell as often as its size says, and always all samples', () => {
    // Large and small cells, an empty one, more small samples than one block holds.
    const sizes = Int32Array.of(500, 3, 0, 40, ...new Array<number>(5000).fill(1), 16, 15)
    const nSamples = sizes.reduce((sum, size) => sum + size, 0)
    const counts = new Int32Array(sizes.length)
    const sums = new Float64Array(sizes.length)
    const draw = createMultinomial(sizes, createStream(3, 'multinomial'))
    const draws = 400
    for (let i = 0; i < draws; i++) {
      draw(counts)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(nSamples)
      counts.forEach((count, cell) => (sums[cell]! += count))
    }
    expect(sums[2]).toBe(0)
    const expected = Array.from(sizes, (size) => size * draws)
    expect(chiSquare(Array.from(sums), expected)).toBeGreaterThan(0.001)
  })

  it('has the joint distribution of drawing rows', () => {
    // Sizes (17, 1, 1): one cell drawn as a binomial, two sample by sample; 19 draws of 19 rows.
    const draws = 40_000
    const draw = createMultinomial(Int32Array.of(17, 1, 1), createStream(5, 'joint'))
    const counts = new Int32Array(3)
    const observed = new Array<number>(25).fill(0)
    for (let i = 0; i < draws; i++) {
      draw(counts)
      observed[Math.min(counts[1]!, 4) * 5 + Math.min(counts[2]!, 4)]! += 1
    }
    // Given a draws of the second cell, the third has 19 − a left at 1 in 18.
    const expected = Array.from({ length: 25 }, () => 0)
    binomialProbabilities(19, 1 / 19).forEach((share, a) => {
      lumped(binomialProbabilities(19 - a, 1 / 18)).forEach((given, b) => {
        expected[Math.min(a, 4) * 5 + b]! += share * given * draws
      })
    })
    expect(chiSquare(observed, expected)).toBeGreaterThan(0.001)
  })
})

/** Probabilities of 0, 1, 2, 3 and at least 4. */
function lumped(probabilities: readonly number[]): number[] {
  const shares = [0, 0, 0, 0, 0]
  probabilities.forEach((share, k) => (shares[Math.min(k, 4)]! += share))
  return shares
}
