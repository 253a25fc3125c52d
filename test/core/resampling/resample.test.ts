import { describe, expect, it } from 'vitest'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import type { Matrix } from '#shared/core/math/matrix.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { SamplingChoice } from '#shared/core/plan/plan.ts'
import { resample } from '#shared/core/resampling/resample.ts'
import type { Resampled } from '#shared/core/resampling/sampler.ts'

/** Negatives at 0, 1, 2 …, positives at 100, 110, 120 …, on one feature. */
function lineOf(negatives: number, positives: number): { X: Matrix; yTrue: Uint8Array } {
  const nSamples = negatives + positives
  const values = Float64Array.from({ length: nSamples }, (_, i) =>
    i < negatives ? i : 100 + 10 * (i - negatives),
  )
  return {
    X: { values, nSamples, nFeatures: 1 },
    yTrue: new Uint8Array(nSamples).fill(1, negatives),
  }
}

function run(
  choice: SamplingChoice,
  { X, yTrue }: { X: Matrix; yTrue: Uint8Array },
  weights: Float64Array | null = null,
  seed = 1,
): Resampled {
  return resample(choice, X, yTrue, weights, createStream(seed, 'test'), noCheckpoint)
}

const under = (targetImbalanceRatio: number): SamplingChoice => ({
  kind: 'random_under',
  targetImbalanceRatio,
})
const smote = (targetImbalanceRatio: number, neighbors = 5): SamplingChoice => ({
  kind: 'smote',
  targetImbalanceRatio,
  neighbors,
})

describe('resample', () => {
  it('without a sampler gives the set back', () => {
    const set = lineOf(5, 2)
    const result = run({ kind: 'none' }, set, Float64Array.of(1, 2, 3, 4, 5, 6, 7))
    expect(result.X).toBe(set.X)
    expect([...result.origin]).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(result.notes).toEqual([])
  })

  it('shrinks the majority to round(ratio · minority), whichever class that is', () => {
    expect(run(under(3), lineOf(100, 10)).countsAfter).toEqual({ negatives: 30, positives: 10 })
    expect(run(under(1.25), lineOf(100, 10)).countsAfter).toEqual({ negatives: 13, positives: 10 })
    expect(run(under(2), lineOf(8, 50)).countsAfter).toEqual({ negatives: 8, positives: 16 })
  })

  it('grows the minority to round(majority / ratio), whichever class that is', () => {
    expect(run(smote(3), lineOf(100, 10)).countsAfter).toEqual({ negatives: 100, positives: 33 })
    const few = run(smote(2), lineOf(8, 50))
    expect(few.countsAfter).toEqual({ negatives: 25, positives: 50 })
    expect([...few.yTrue.subarray(58)]).toEqual(new Array(17).fill(0))
  })

  it('leaves a set at the target or milder alone and says so', () => {
    for (const choice of [under(3), smote(3)]) {
      const result = run(choice, lineOf(30, 10))
      expect(result.countsAfter).toEqual(result.countsBefore)
      expect(result.origin).toHaveLength(40)
      expect(result.notes).toEqual(['already at 3:1 or milder, so sampling changed nothing'])
    }
  })

  it('draws the majority uniformly', () => {
    const times = new Int32Array(12)
    for (let seed = 0; seed < 3000; seed++) {
      for (const i of run(under(1), lineOf(12, 3), null, seed).origin) if (i < 12) times[i]!++
    }
    // 750 expected each; 5 standard deviations of a binomial are 119.
    for (const count of times) expect(Math.abs(count - 750)).toBeLessThan(119)
  })

  it('takes weights along, a synthetic sample that of its parent', () => {
    const weights = Float64Array.from({ length: 46 }, (_, i) => i + 0.5)
    const kept = run(under(2), lineOf(40, 6), weights)
    expect([...kept.weights!]).toEqual([...kept.origin].map((i) => i + 0.5))
    const grown = run(smote(4), lineOf(40, 6), weights)
    expect([...grown.weights!.subarray(46)]).toEqual(
      [...grown.synthetic.parent].map((i) => i + 0.5),
    )
  })

  it('refuses what it cannot do, in words', () => {
    expect(() => run(smote(1), lineOf(40, 4))).toThrow(
      new RangeError('SMOTE with 5 neighbours needs at least 6 positives, got 4'),
    )
    expect(() => run(smote(1), lineOf(4, 40))).toThrow('at least 6 negatives, got 4')
    expect(() => run(smote(1, 0), lineOf(40, 4))).toThrow('neighbors must be an integer from 1')
    expect(() => run(under(1), lineOf(40, 0))).toThrow(
      'sampling needs samples of both classes, got 0 positives and 40 negatives',
    )
    expect(() => run(under(0.5), lineOf(40, 4))).toThrow('from 1, got 0.5')
    expect(() => run(under(NaN), lineOf(40, 4))).toThrow(RangeError)
    expect(() => run(under(1), lineOf(40, 4), new Float64Array(3))).toThrow(
      'length 44, got 44 and 3',
    )
  })
})

describe('smote', () => {
  it('draws parents, neighbours and gaps uniformly', () => {
    // Positives at 100, 110, …, 150. With 2 neighbours, those of 100 are 110 and 120.
    const { synthetic, X } = run(smote(1, 2), lineOf(6006, 6))
    const first = synthetic.parent.indexOf(6006)
    const neighborsOfFirst = new Set(
      [...synthetic.neighbor].filter((_, s) => synthetic.parent[s] === 6006),
    )
    expect(first).toBeGreaterThanOrEqual(0)
    expect(neighborsOfFirst).toEqual(new Set([6007, 6008]))
    for (let i = 6006; i < 6012; i++) {
      const times = synthetic.parent.filter((parent) => parent === i).length
      // 1,000 expected; 5 standard deviations are 144.
      expect(Math.abs(times - 1000)).toBeLessThan(144)
    }
    const meanGap = synthetic.gap.reduce((sum, gap) => sum + gap, 0) / 6000
    expect(Math.abs(meanGap - 0.5)).toBeLessThan(0.019) // 5 · √(1/12 / 6000)
    expect(Math.max(...X.values.subarray(6012))).toBeLessThanOrEqual(150)
    expect(Math.min(...X.values.subarray(6012))).toBeGreaterThanOrEqual(100)
  })

  it('works with the fewest samples that it allows', () => {
    const { countsAfter, synthetic } = run(smote(1, 1), lineOf(10, 2))
    expect(countsAfter.positives).toBe(10)
    expect(new Set(synthetic.neighbor)).toEqual(new Set([10, 11]))
  })
})
