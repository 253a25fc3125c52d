import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildQueue } from '#shared/core/label-quality/build-queue.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Samples of which the even are given negative; the higher the number, the more doubtful. */
function build(nSamples: number, size: number, controlShare: number, seed = 1) {
  const ranked = Int32Array.from({ length: nSamples }, (_, i) => nSamples - 1 - i)
  const negatives = ranked.filter((sample) => sample % 2 === 0)
  const expected = Float64Array.from({ length: nSamples }, (_, i) => 0.4 * (i / nSamples) ** 6)
  const stream = createStream(seed, 'queue')
  return { negatives, ...buildQueue({ ranked, negatives, expected, size, controlShare, stream }) }
}

describe('a queue', () => {
  it('is the head of the ranking where nothing is drawn', () => {
    const { samples, strata, control } = build(100, 5, 0)
    expect([...samples]).toEqual([99, 98, 97, 96, 95])
    expect(strata.every((stratum) => stratum === -1)).toBe(true)
    expect(control).toBe(null)
  })

  it('holds each sample once, the ranked in their order, and as many drawn as asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 300 }),
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (nSamples, size, controlShare, seed) => {
          const { samples, strata, control, negatives } = build(nSamples, size, controlShare, seed)
          expect(new Set(samples).size).toBe(samples.length)
          expect(samples.length).toBeLessThanOrEqual(size)
          const ranked = [...samples].filter((_, i) => strata[i] === -1)
          expect(ranked).toEqual(ranked.toSorted((a, b) => b - a))
          const drawn = [...samples].filter((_, i) => strata[i]! >= 0)
          expect(drawn).toHaveLength(Math.min(negatives.length, Math.round(size * controlShare)))
          expect(drawn.every((sample) => sample % 2 === 0)).toBe(true)
          control?.draws.forEach((count, stratum) => {
            expect(strata.filter((one) => one === stratum)).toHaveLength(count)
          })
        },
      ),
    )
  })

  it('mixes what was drawn evenly in', () => {
    const { strata } = build(2000, 700, 1 / 7)
    for (let start = 0; start < 700; start += 7) {
      expect(strata.subarray(start, start + 7).filter((stratum) => stratum >= 0)).toHaveLength(1)
    }
  })

  it('draws every sample of the part that is sampled equally often, wherever one stops', () => {
    const counts = new Float64Array(200)
    for (let seed = 0; seed < 3000; seed++) {
      const { samples, strata, control } = build(200, 40, 0.25, seed)
      const sampled = control!.sizes.length - 1
      // Whoever stops half way has seen a random half of it.
      for (let at = 0; at < 20; at++) if (strata[at] === sampled) counts[samples[at]!]! += 1
    }
    const drawn = counts.filter((count) => count > 0)
    const mean = drawn.reduce((sum, count) => sum + count, 0) / drawn.length
    // Binomial with a small share: 6 standard deviations either way.
    for (const count of drawn) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean))
    expect(drawn.length).toBeGreaterThan(80)
  })

  it('refuses sizes and shares that can not be', () => {
    expect(() => build(10, 0, 0)).toThrow(/size must be an integer from 1/)
    expect(() => build(10, 5, 1.5)).toThrow(/controlShare must lie in \[0, 1\]/)
  })
})
