import { describe, expect, it } from 'vitest'
import { sigmoid } from '#shared/core/math/elementary.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'
import {
  probabilityIntervals,
  type ProbabilityMetric,
  type PromisedSamples,
} from '#shared/core/metrics/probability-intervals.ts'
import { measureRun } from '#shared/core/metrics/run-metrics.ts'

/** Labels that come as `truth` of the log-odds says, and what a model that says `said` promises. */
function drawSamples(
  n: number,
  name: string,
  said: (logOdds: number) => number = (logOdds) => logOdds,
): PromisedSamples {
  const stream = createStream(7, 'probability intervals', name)
  const yTrue = new Uint8Array(n)
  const probabilities = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const logOdds = -3 + 1.5 * normalQuantile((stream.uint32() + 0.5) / 2 ** 32)
    yTrue[i] = stream.uniform() < sigmoid(logOdds) ? 1 : 0
    probabilities[i] = sigmoid(said(logOdds))
  }
  return { yTrue, probabilities, weights: null, groups: null }
}
const NAMES: readonly ProbabilityMetric[] = ['brier', 'brierSkill', 'logLoss', 'eceEqualCount10']

describe('probabilityIntervals', () => {
  it('holds what was measured', () => {
    for (const n of [2, 30, 500]) {
      const samples = drawSamples(n, `measured ${n}`, (logOdds) => logOdds + 0.5)
      const { metrics } = measureRun(samples.yTrue, samples.probabilities, null)
      const intervals = probabilityIntervals(samples, 0.95)
      for (const name of NAMES) {
        const interval = intervals[name]
        if (metrics[name] === null) expect(interval, name).toBeNull()
        else {
          expect(interval!.lower, name).toBeLessThanOrEqual(metrics[name] + 1e-12)
          expect(interval!.upper, name).toBeGreaterThanOrEqual(metrics[name] - 1e-12)
        }
      }
    }
  })

  it('reaches a calibration error of 0 where the model is perfect, and not where it is far off', () => {
    let [perfect, off] = [0, 0]
    for (let round = 0; round < 200; round++) {
      const [truth, twice] = [
        drawSamples(1000, `perfect ${round}`),
        drawSamples(1000, `off ${round}`, (logOdds) => logOdds + 1),
      ].map((samples) => probabilityIntervals(samples, 0.95).eceEqualCount10!)
      if (truth!.lower === 0) perfect++
      if (twice!.lower > 0) off++
    }
    expect(perfect).toBeGreaterThan(0.9 * 200)
    expect(off).toBe(200)
  })

  it('holds the calibration error of many cases in 95 % of samples', () => {
    const tooSure = (logOdds: number): number => 1.3 * logOdds + 0.4
    const all = drawSamples(400_000, 'all', tooSure)
    const truth = measureRun(all.yTrue, all.probabilities, null).metrics
    const held = { brier: 0, brierSkill: 0, logLoss: 0, eceEqualCount10: 0 }
    for (let round = 0; round < 200; round++) {
      const intervals = probabilityIntervals(drawSamples(1000, `held ${round}`, tooSure), 0.95)
      for (const name of NAMES) {
        const { lower, upper } = intervals[name]!
        if (lower <= truth[name]! && truth[name]! <= upper) held[name]++
      }
    }
    // 95 % of 200 with a standard deviation of 3.
    for (const name of NAMES) expect(held[name], name).toBeGreaterThan(180)
  })

  it('takes copies that came together for one, and leaves out what weighs nothing', () => {
    const samples = drawSamples(400, 'copies', (logOdds) => 0.5 * logOdds)
    const alone = probabilityIntervals(samples, 0.95)
    const twice = probabilityIntervals(
      {
        yTrue: Uint8Array.from({ length: 800 }, (_, i) => samples.yTrue[i >> 1]!),
        probabilities: Float64Array.from({ length: 800 }, (_, i) => samples.probabilities[i >> 1]!),
        weights: null,
        groups: Int32Array.from({ length: 800 }, (_, i) => i >> 1),
      },
      0.95,
    )
    const heavy = probabilityIntervals({ ...samples, weights: new Float64Array(400).fill(3) }, 0.95)
    for (const name of NAMES) {
      for (const other of [twice, heavy]) {
        expect(other[name]!.lower, name).toBeCloseTo(alone[name]!.lower, 10)
        expect(other[name]!.upper, name).toBeCloseTo(alone[name]!.upper, 10)
      }
    }
    const masked = probabilityIntervals(
      { ...samples, weights: Float64Array.from(samples.yTrue, (_, i) => (i === 0 ? 1 : 0)) },
      0.95,
    )
    expect(masked).toEqual({ brier: null, brierSkill: null, logLoss: null, eceEqualCount10: null })
  })

  it('has no skill of one class, and refuses what is no probability', () => {
    const samples = drawSamples(50, 'one class')
    const positive = probabilityIntervals({ ...samples, yTrue: new Uint8Array(50).fill(1) }, 0.95)
    expect(positive.brierSkill).toBeNull()
    expect(positive.brier).not.toBeNull()
    expect(() =>
      probabilityIntervals({ ...samples, probabilities: new Float64Array(50).fill(1.5) }, 0.95),
    ).toThrow('probabilities must lie in [0, 1], got 1.5 at 0')
  })
})
