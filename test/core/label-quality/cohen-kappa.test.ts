import { describe, expect, it } from 'vitest'
import { cohenKappa } from '#shared/core/label-quality/cohen-kappa.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Pairs from a table of counts: rows the first reviewer, columns the second. */
function pairs(counts: readonly (readonly number[])[]): [number[], number[]] {
  const first: number[] = []
  const second: number[] = []
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      for (let n = 0; n < count; n++) {
        first.push(i)
        second.push(j)
      }
    })
  })
  return [first, second]
}

describe("Cohen's kappa", () => {
  it('of two raters and three diagnoses', () => {
    // By hand: observed (75 + 4 + 10)/100, expected (80·80 + 10·5 + 10·15)/100² = 0.66.
    const {
      observed,
      kappa,
      pairs: n,
    } = cohenKappa(
      ...pairs([
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
      ]),
    )
    expect(n).toBe(100)
    expect(observed).toBeCloseTo(0.89, 12)
    expect(kappa).toBeCloseTo((0.89 - 0.66) / (1 - 0.66), 12)
  })

  it('has an interval as wide as the spread over samples', () => {
    const counts = [
      [120, 14],
      [9, 57],
    ]
    const [first, second] = pairs(counts)
    const { kappa, interval } = cohenKappa(first, second)
    const stream = createStream(3, 'kappa')
    const draws = Array.from({ length: 4000 }, () => {
      const drawn = Array.from(first, () => stream.below(first.length))
      return cohenKappa(
        drawn.map((i) => first[i]!),
        drawn.map((i) => second[i]!),
      ).kappa!
    })
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    const deviation = Math.sqrt(
      draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1),
    )
    expect((interval!.upper - interval!.lower) / 2 / 1.959964).toBeCloseTo(deviation, 2)
    expect(interval!.lower).toBeLessThan(kappa!)
    expect(interval!.upper).toBeGreaterThan(kappa!)
  })

  it('is 1 where they agree on both, −1 where they contradict each other in half and half', () => {
    expect(
      cohenKappa(
        ...pairs([
          [5, 0],
          [0, 5],
        ]),
      ).kappa,
    ).toBeCloseTo(1, 12)
    expect(
      cohenKappa(
        ...pairs([
          [0, 5],
          [5, 0],
        ]),
      ).kappa,
    ).toBeCloseTo(-1, 12)
    expect(
      cohenKappa(
        ...pairs([
          [5, 5],
          [5, 5],
        ]),
      ).kappa,
    ).toBeCloseTo(0, 12)
  })

  it('does not depend on who is called first', () => {
    const [first, second] = pairs([
      [40, 7],
      [3, 20],
    ])
    expect(cohenKappa(second, first).kappa).toBeCloseTo(cohenKappa(first, second).kappa!, 12)
  })

  it('has reasons where there is none', () => {
    expect(cohenKappa([], [])).toMatchObject({ kappa: null, reason: 'No row was reviewed twice.' })
    expect(cohenKappa([1, 1], [1, 1])).toMatchObject({ observed: 1, kappa: null, interval: null })
    expect(() => cohenKappa([1], [])).toThrow(/second must have 1 entries/)
  })
})
