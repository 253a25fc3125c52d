import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedCurve } from '#shared/core/decision/counted-curve.ts'
import { decide, judgeDecisions } from '#shared/core/decision/operating-point.ts'
import { candidateAt, emptyReading, readCurve } from '#shared/core/decision/read-curve.ts'
import { tiedMinima } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import type { SampleCosts } from '#shared/core/frame/sample-costs.ts'
import { createStream } from '#shared/core/math/random.ts'
import { weightedSamples } from '../../support/samples.ts'

const constant: SampleCosts = {
  truePositive: 2,
  falsePositive: 3,
  trueNegative: -1,
  falseNegative: 20,
  constant: true,
}
/** Misses that cost differently from sample to sample. */
const perSample = (nSamples: number): SampleCosts => ({
  ...constant,
  falseNegative: Float64Array.from({ length: nSamples }, (_, i) => 1 + (i % 7) * 5),
  constant: false,
})
const all = { most: Infinity, always: [] }

describe('readCurve', () => {
  it('reads what judging the decisions gives, at any threshold', () => {
    const threshold = fc.oneof(
      fc.double({ min: 0, max: 1.1, noNaN: true }),
      fc.constant(Infinity),
      fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    )
    fc.assert(
      fc.property(
        weightedSamples({ bothClasses: true }),
        threshold,
        fc.boolean(),
        fc.boolean(),
        ({ yTrue, scores, weights: drawn }, at, weighted, varied) => {
          const weights = weighted ? drawn : null
          const costs = varied ? perSample(yTrue.length) : constant
          const curve = countedCurve({ yTrue, probabilities: scores, weights, costs }, all)
          const read = readCurve(curve, at)
          const decisions = decide(scores, at)
          const judged = judgeDecisions({ yTrue, decisions, weights, costs })
          expect([read.caught, read.alarms]).toEqual([judged.confusion.tp, judged.confusion.fp])
          expect(read.costPer1000).toBeCloseTo(judged.meanCost * 1000, 8)
          expect(read.alertsPer1000).toBeCloseTo(judged.alertShare * 1000, 8)
          if (judged.recall === null) expect(read.recall).toBeNull()
          else expect(read.recall).toBeCloseTo(judged.recall, 12)
          if (judged.precision === null) expect(read.precision).toBeNull()
          else expect(read.precision).toBeCloseTo(judged.precision, 12)
        },
      ),
    )
  })

  it('has the tuned threshold at its minimum', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        const samples = { yTrue, probabilities: scores, weights, costs: perSample(yTrue.length) }
        const curve = countedCurve(samples, all)
        const constraints = { commitments: [], maxAlertShare: null }
        const { value } = tuneThreshold({ ...samples, constraints })
        expect(readCurve(curve, value).totalCost).toBe(
          curve.totalCost[tiedMinima(curve.totalCost)[0]!],
        )
      }),
    )
  })

  it('writes into the record it is given', () => {
    const curve = countedCurve(
      {
        yTrue: Uint8Array.of(1, 0),
        probabilities: Float64Array.of(0.9, 0.2),
        weights: null,
        costs: constant,
      },
      all,
    )
    const into = emptyReading()
    expect(readCurve(curve, 0.5, into)).toBe(into)
    expect(into).toMatchObject({ index: 1, caught: 1, alarms: 0, recall: 1, precision: 1 })
    expect(readCurve(curve, Infinity, into)).toMatchObject({ index: 0, precision: null })
  })

  it('leaves out scores that weigh nothing, and still counts them', () => {
    const curve = countedCurve(
      {
        yTrue: Uint8Array.of(1, 0, 0, 1),
        probabilities: Float64Array.of(0.9, 0.7, 0.5, 0.1),
        weights: Float64Array.of(1, 0, 2, 0),
        costs: constant,
      },
      all,
    )
    expect([...curve.thresholds]).toEqual([Infinity, 0.9, 0.5])
    expect([...curve.alarms]).toEqual([0, 0, 2])
    expect([...curve.fp]).toEqual([0, 0, 2])
  })
})

it('candidateAt finds the last candidate that is not below', () => {
  const thresholds = Float64Array.of(Infinity, 0.9, 0.5, 0.1)
  expect([Infinity, 1, 0.9, 0.7, 0.5, 0.2, 0.1, 0].map((t) => candidateAt(thresholds, t))).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3,
  ])
})

describe('joined candidates', () => {
  const nSamples = 500_000
  const stream = createStream(1, 'joined')
  const probabilities = Float64Array.from({ length: nSamples }, () => {
    const u = stream.uniform()
    return u * u * u * u
  })
  const yTrue = Uint8Array.from(probabilities, (p) => (stream.uniform() < p ? 1 : 0))
  const samples = { yTrue, probabilities, weights: null, costs: constant }
  const always = [0.5, 0.0301, 0.7123, 1e-9]
  const whole = countedCurve(samples, all)
  const curve = countedCurve(samples, { most: 400_000, always })

  it('are about 65,000, exact where they stay', () => {
    expect(whole.joined).toBe(false)
    expect(curve.joined).toBe(true)
    expect(curve.thresholds.length).toBeLessThan(70_000)
    expect(curve.thresholds.length).toBeGreaterThan(30_000)
    for (let i = 0; i < curve.thresholds.length; i += 97) {
      const at = candidateAt(whole.thresholds, curve.thresholds[i]!)
      expect(whole.thresholds[at]).toBe(curve.thresholds[i])
      expect(whole.totalCost[at]).toBe(curve.totalCost[i])
      expect(whole.alarms[at]).toBe(curve.alarms[i])
    }
  })

  it('keep the cheapest, both ends and what is marked', () => {
    const cheapest = Math.min(...curve.totalCost.slice(0, 60_000), ...curve.totalCost.slice(60_000))
    expect(cheapest).toBe(whole.totalCost[tiedMinima(whole.totalCost)[0]!])
    expect(curve.thresholds[0]).toBe(Infinity)
    expect(curve.thresholds.at(-1)).toBe(whole.thresholds.at(-1))
    for (const threshold of always) {
      expect({ ...readCurve(curve, threshold), index: 0 }).toEqual({
        ...readCurve(whole, threshold),
        index: 0,
      })
    }
  })

  it('are nowhere far from the truth', () => {
    for (let share = 0.0005; share < 1; share += 0.0103) {
      const read = readCurve(curve, share)
      const truth = readCurve(whole, share)
      const off = Math.abs(read.caught + read.alarms - truth.caught - truth.alarms)
      expect(off).toBeLessThan(nSamples / 10_000)
    }
  })
})
