import { describe, expect, it } from 'vitest'
import { learnThenTest, type LabelledScores } from '#shared/core/decision/learn-then-test.ts'
import { binomialTails } from '#shared/core/math/incomplete-beta.ts'
import { createStream } from '#shared/core/math/random.ts'

/** Positives score uniformly in (0, 1), negatives as the square of such: rates are known. */
function draw(n: number, prevalence: number, seed: number, name: string): LabelledScores {
  const stream = createStream(seed, name)
  const yTrue = new Uint8Array(n)
  const scores = Float64Array.from(yTrue, (_, i) => {
    yTrue[i] = stream.uniform() < prevalence ? 1 : 0
    const u = stream.uniform()
    return yTrue[i] === 1 ? Math.sqrt(u) : u * u * u
  })
  return { yTrue, scores }
}

/** True recall and precision at a threshold, by the construction of `draw`. */
const trueRecall = (t: number): number => 1 - t * t
const truePrecision = (t: number, prevalence: number): number => {
  const hits = prevalence * trueRecall(t)
  return hits / (hits + (1 - prevalence) * (1 - Math.cbrt(t)))
}

describe('learnThenTest', () => {
  it('breaks a promise of recall in at most δ of the draws, and is not idle', () => {
    const runs = 150
    let broken = 0
    let offered = 0
    for (let run = 0; run < runs; run++) {
      const { threshold } = learnThenTest({
        learning: draw(2000, 0.05, run, 'learning'),
        calibration: draw(2000, 0.05, run, 'calibration'),
        promises: [{ measure: 'recall', limit: 0.8 }],
        delta: 0.1,
      })
      if (threshold === null) continue
      offered++
      if (trueRecall(threshold) < 0.8) broken++
    }
    // 150 draws of chance 0.1 exceed 26 in 0.2 % of the cases.
    expect(binomialTails(26, runs, 0.1).upper).toBeLessThan(0.002)
    expect(broken).toBeLessThanOrEqual(26)
    expect(broken).toBeGreaterThan(0)
    expect(offered).toBeGreaterThan(140)
  })

  it('keeps several promises at once', () => {
    const promises = [
      { measure: 'recall', limit: 0.5 },
      { measure: 'precision', limit: 0.12 },
    ] as const
    let broken = 0
    let offered = 0
    for (let run = 0; run < 60; run++) {
      const { threshold, passed } = learnThenTest({
        learning: draw(4000, 0.05, run, 'learning'),
        calibration: draw(4000, 0.05, run, 'calibration'),
        promises,
        delta: 0.1,
      })
      if (threshold === null) continue
      offered++
      expect(passed).toContain(threshold)
      if (trueRecall(threshold) < 0.5 || truePrecision(threshold, 0.05) < 0.12) broken++
    }
    expect(offered).toBeGreaterThan(50)
    expect(broken).toBeLessThanOrEqual(13) // exceeded in 0.4 % of the cases at a chance of 0.1
  })

  it('promises nothing from too few positives, and says how many it takes', () => {
    const few = draw(100, 0.05, 1, 'few')
    const got = learnThenTest({
      learning: draw(2000, 0.05, 1, 'learning'),
      calibration: few,
      promises: [{ measure: 'recall', limit: 0.95 }],
      delta: 0.05,
    })
    expect(got).toMatchObject({ threshold: null, passed: [], positivesNeeded: 59 })
    expect(got.positives).toBeLessThan(59)
  })

  it('chooses by cost among all that passed', () => {
    const common = {
      learning: draw(2000, 0.05, 4, 'learning'),
      calibration: draw(2000, 0.05, 4, 'calibration'),
      promises: [{ measure: 'recall', limit: 0.7 }],
      delta: 0.1,
    } as const
    const highest = learnThenTest(common)
    expect(highest.threshold).toBe(Math.max(...highest.passed))
    const lowest = learnThenTest({ ...common, cost: (threshold) => threshold })
    expect(lowest.threshold).toBe(Math.min(...highest.passed))
    expect(() => learnThenTest({ ...common, promises: [] })).toThrow('a guarantee needs a promise')
    expect(() => learnThenTest({ ...common, delta: 0 })).toThrow('delta must lie in (0, 1), got 0')
  })
})
