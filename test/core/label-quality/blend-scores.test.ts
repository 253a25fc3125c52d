import { describe, expect, it } from 'vitest'
import { blendScores } from '#shared/core/label-quality/blend-scores.ts'
import { createStream } from '#shared/core/math/random.ts'
import { sigmoid, softplus } from '#shared/core/math/elementary.ts'

/** Labels drawn with logit z, a model that knows z, one that knows it with noise, one of noise. */
function madeTable(n: number): { given: Uint8Array; logits: Float64Array[] } {
  const stream = createStream(3, 'blend')
  const noise = (): number => 4 * (stream.uniform() + stream.uniform() - 1)
  const z = Float64Array.from({ length: n }, noise)
  return {
    given: Uint8Array.from(z, (logit) => (stream.uniform() < sigmoid(logit) ? 1 : 0)),
    logits: [z, z.map((logit) => logit + noise()), z.map(() => noise())],
  }
}

describe('blendScores', () => {
  it('gives the model that knows most the most weight, and none less than its even half', () => {
    const { given, logits } = madeTable(2000)
    const { weights } = blendScores(given, logits)
    expect(weights[0]!).toBeGreaterThan(0.55)
    expect(weights[2]!).toBeLessThan(0.2)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(1 / 6 - 1e-12)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  })

  it('gives probabilities that no shift or stretch of their logits would better', () => {
    const { given, logits } = madeTable(2000)
    const { probabilities } = blendScores(given, logits)
    const z = probabilities.map((p) => Math.log(p / (1 - p)))
    const loss = (shift: number, stretch: number): number =>
      z.reduce((sum, logit, i) => {
        const moved = shift + stretch * logit
        return sum + softplus(given[i] === 1 ? -moved : moved)
      }, 0)
    for (const [shift, stretch] of [
      [0.05, 1],
      [-0.05, 1],
      [0, 1.05],
      [0, 0.95],
    ] as const) {
      expect(loss(shift, stretch)).toBeGreaterThan(loss(0, 1))
    }
  })

  it('does not depend on the order of the models', () => {
    const { given, logits } = madeTable(500)
    const forth = blendScores(given, logits).weights
    const back = blendScores(given, logits.toReversed()).weights
    forth.forEach((weight, m) => {
      expect(back[2 - m]!).toBeCloseTo(weight, 4)
    })
  })

  it('weighs all alike where nothing can be learnt', () => {
    const same = [Float64Array.of(0, 0, 0), Float64Array.of(0, 0, 0)]
    expect([...blendScores(Uint8Array.of(0, 1, 0), same).weights]).toEqual([0.5, 0.5])
    const oneClass = blendScores(Uint8Array.of(1, 1, 1), same)
    expect([...oneClass.weights]).toEqual([0.5, 0.5])
    expect(oneClass.probabilities.every(Number.isFinite)).toBe(true)
    expect(() => blendScores(Uint8Array.of(1), [])).toThrow('at least one model')
  })

  it('stays finite on labels that a model parts perfectly', () => {
    const given = Uint8Array.of(0, 0, 1, 1)
    const { weights, probabilities } = blendScores(given, [
      Float64Array.of(-2, -1, 1, 2),
      Float64Array.of(1, -1, 1, -1),
    ])
    expect(weights.every(Number.isFinite)).toBe(true)
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true)
  })
})
