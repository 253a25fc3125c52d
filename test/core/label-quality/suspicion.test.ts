import { describe, expect, it } from 'vitest'
import { rankSuspicion } from '#shared/core/label-quality/suspicion.ts'
import { wrongLabelProbability } from '#shared/core/label-quality/wrong-label.ts'
import { modelDisagreement } from '#shared/core/label-quality/model-disagreement.ts'

const given = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1)
const one = Float64Array.of(0.1, 0.9, 0.2, 0.1, 0.05, 0.1, 0.8, 0.1, 0.9)
const other = Float64Array.of(0.2, 0.8, 0.3, 0.1, 0.1, 0.05, 0.9, 0.3, 0.7)

describe('rankSuspicion', () => {
  const suspicion = rankSuspicion(given, [
    { name: 'a', repeats: [one, one] },
    { name: 'b', repeats: [other] },
  ])

  it('ranks each given class by doubt', () => {
    expect(suspicion.negatives[0]).toBe(1)
    expect(suspicion.positives[0]).toBe(7)
    expect(suspicion.negatives).toHaveLength(6)
    expect(suspicion.positives).toHaveLength(3)
  })

  it('lays both rankings together without loss and in their own order', () => {
    expect([...suspicion.order].sort((a, b) => a - b)).toEqual([...given.keys()])
    expect([...suspicion.order].filter((i) => given[i] === 0)).toEqual([...suspicion.negatives])
    expect([...suspicion.order].filter((i) => given[i] === 1)).toEqual([...suspicion.positives])
    expect(new Set(suspicion.order.slice(0, 2))).toEqual(new Set([1, 7]))
  })

  it('goes by the probability of a wrong label across the classes', () => {
    const wrong = Array.from(suspicion.order, (i) => suspicion.wrong[i]!)
    expect(wrong).toEqual(wrong.toSorted((a, b) => b - a))
    expect(wrong.every((p) => p >= 0 && p <= 1)).toBe(true)
  })

  it('survives certainties and one class', () => {
    const sure = rankSuspicion(Uint8Array.of(0, 0), [
      { name: 'a', repeats: [Float64Array.of(0, 1)] },
    ])
    expect([...sure.order]).toEqual([1, 0])
    expect(sure.logits.every(Number.isFinite)).toBe(true)
  })

  it('refuses scores of another table', () => {
    const short = [{ name: 'a', repeats: [Float64Array.of(0.5)] }]
    expect(() => rankSuspicion(given, short)).toThrow('must score 9')
    expect(() => rankSuspicion(given, [{ name: 'a', repeats: [] }])).toThrow('repeat')
  })
})

describe('wrongLabelProbability', () => {
  it('is what Bayes says where the noise is known', () => {
    // A tenth of the true negatives given positive, a fifth of the true positives negative.
    const joint = [
      [9e8, 2e8],
      [1e8, 8e8],
    ] as const
    const truly = 0.3
    const p = truly * 0.8 + (1 - truly) * 0.1
    const [negative, positive] = wrongLabelProbability(
      Uint8Array.of(0, 1),
      Float64Array.of(p, p),
      joint,
    )
    expect(negative).toBeCloseTo((truly * 0.2) / (1 - p), 6)
    expect(positive).toBeCloseTo(((1 - truly) * 0.1) / p, 6)
  })

  it('stays a probability at certainties and without any counts', () => {
    const none = [
      [0, 0],
      [0, 0],
    ] as const
    const all = wrongLabelProbability(Uint8Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1), none)
    expect([...all]).toEqual([0, 1, 1, 0])
  })
})

describe('modelDisagreement', () => {
  it('is 0 for models that agree and grows with what parts them', () => {
    const agreed = modelDisagreement([
      { name: 'a', repeats: [one] },
      { name: 'b', repeats: [one] },
    ])
    expect([...agreed.betweenModels]).toEqual([...given].map(() => 0))
    const parted = modelDisagreement([
      { name: 'a', repeats: [one, other] },
      { name: 'b', repeats: [other, other] },
    ])
    // Logits of 0.1 and 0.3 differ by 1.35; the first model's mean lies half-way.
    expect(parted.betweenRepeats[7]!).toBeCloseTo(1.3499 / 2 / 2, 4)
    expect(parted.betweenModels[7]!).toBeCloseTo(1.3499 / 2 / 2, 4)
  })
})
