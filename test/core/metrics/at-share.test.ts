import { describe, expect, it } from 'vitest'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'
import {
  atShareIntervals,
  measureAtShare,
  rankSamples,
  takenAtShare,
} from '#shared/core/metrics/at-share.ts'
import { countsAtThresholds } from '#shared/core/metrics/ranking.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'

const stream = createStream(2, 'at share')
function draw(n: number): { yTrue: Uint8Array; scores: Float64Array } {
  const yTrue = Uint8Array.from({ length: n }, () => (stream.uniform() < 0.05 ? 1 : 0))
  const scores = Float64Array.from(
    yTrue,
    (y) => Math.round(20 * (2 * y + normalQuantile((stream.uint32() + 0.5) / 2 ** 32))) / 20,
  )
  return { yTrue, scores }
}

describe('what is taken of the highest scores', () => {
  it('is what the measures count, ties by the room there is', () => {
    const { yTrue, scores } = draw(2000)
    for (const share of [0.001, 0.0333, 0.1, 1]) {
      const taken = takenAtShare(rankSamples(scores, null), share)
      const all = taken.reduce((sum, part) => sum + part, 0)
      const found = taken.reduce((sum, part, i) => sum + part * yTrue[i]!, 0)
      expect(all).toBeCloseTo(2000 * share, 9)
      const { precision } = measureAtShare(countsAtThresholds(yTrue, scores, null), share)
      expect(found / all).toBeCloseTo(precision.value!, 9)
    }
    expect(() => takenAtShare(rankSamples(scores, null), 0)).toThrow(
      'share must lie in (0, 1], got 0',
    )
  })

  it('has intervals that hold what comes of very many cases', () => {
    const many = draw(400_000)
    const truth = measureAtShare(countsAtThresholds(many.yTrue, many.scores, null), 0.05)
    const held = { precision: 0, recall: 0 }
    for (let round = 0; round < 300; round++) {
      const { yTrue, scores } = draw(1500)
      const intervals = atShareIntervals(yTrue, rankSamples(scores, null), null, 0.05, 0.95)
      for (const name of ['precision', 'recall'] as const) {
        const { lower, upper } = intervals[name]!
        if (lower <= truth[name].value! && truth[name].value! <= upper) held[name]++
      }
    }
    // 95 % of 300 with a standard deviation of 3.8.
    for (const count of Object.values(held)) {
      expect(count).toBeGreaterThan(272)
      expect(count).toBeLessThan(298)
    }
  })

  it('is never surer of a precision than its few cases allow', () => {
    const yTrue = Uint8Array.from({ length: 400 }, (_, i) => (i < 40 ? 1 : 0))
    const scores = Float64Array.from(yTrue, (_, i) => -i)
    const { precision, recall } = atShareIntervals(
      yTrue,
      rankSamples(scores, null),
      null,
      0.01,
      0.95,
    )
    expect(precision!.lower).toBeLessThanOrEqual(wilsonInterval(4, 4, 0.95)!.lower)
    expect(precision!.upper).toBe(1)
    expect(recall!.lower).toBeLessThan(0.1)
    expect(recall!.upper).toBeGreaterThan(0.1)
    const none = atShareIntervals(new Uint8Array(400), rankSamples(scores, null), null, 0.01, 0.95)
    expect(none).toEqual({ precision: null, recall: null })
  })
})
