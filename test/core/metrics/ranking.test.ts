import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  averagePrecision,
  countsAtThresholds,
  measureAtK,
  precisionAtRecall,
  precisionRecallCurve,
  recallAtPrecision,
  rocAuc,
  rocCurve,
} from '#shared/core/metrics/ranking.ts'
import { weightedSamples } from '../../support/samples.ts'

describe('countsAtThresholds', () => {
  it('has one line per distinct score, from the highest down', () => {
    const counts = countsAtThresholds(
      Uint8Array.of(0, 1, 1, 0, 1),
      Float64Array.of(0.2, 0.7, 0.4, 0.4, 0.1),
      Float64Array.of(1, 2, 4, 8, 0),
    )
    expect(counts).toEqual({
      thresholds: Float64Array.of(0.7, 0.4, 0.2), // the sample of weight 0 makes none
      truePositives: Float64Array.of(2, 6, 6),
      falsePositives: Float64Array.of(0, 8, 9),
      positives: 6,
      negatives: 9,
    })
  })
})

describe('ranking measures against their definitions', () => {
  it('ROC AUC is the share of pairs in order, ties half', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        let ordered = 0
        let pairs = 0
        for (let i = 0; i < yTrue.length; i++) {
          for (let j = 0; j < yTrue.length; j++) {
            if (yTrue[i] !== 1 || yTrue[j] !== 0) continue
            const weight = weights[i]! * weights[j]!
            pairs += weight
            if (scores[i]! > scores[j]!) ordered += weight
            else if (scores[i]! === scores[j]!) ordered += weight / 2
          }
        }
        const { value } = rocAuc(countsAtThresholds(yTrue, scores, weights))
        expect(value).toBeCloseTo(ordered / pairs, 12)
      }),
    )
  })

  it('average precision is the mean over positives of the precision at their score', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        let sum = 0
        let positives = 0
        for (let i = 0; i < yTrue.length; i++) {
          if (yTrue[i] !== 1) continue
          let tp = 0
          let all = 0
          for (let j = 0; j < yTrue.length; j++) {
            if (scores[j]! < scores[i]!) continue
            all += weights[j]!
            tp += weights[j]! * yTrue[j]!
          }
          sum += weights[i]! * (tp / all)
          positives += weights[i]!
        }
        const { value } = averagePrecision(countsAtThresholds(yTrue, scores, weights))
        expect(value).toBeCloseTo(sum / positives, 12)
      }),
    )
  })

  it('the chosen points keep their targets, and none keeps them better', () => {
    fc.assert(
      fc.property(
        weightedSamples({ bothClasses: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        ({ yTrue, scores, weights }, target) => {
          const counts = countsAtThresholds(yTrue, scores, weights)
          const { thresholds, precision, recall } = precisionRecallCurve(counts)
          const points = Array.from(thresholds, (threshold, i) => ({
            threshold,
            precision: precision[i]!,
            recall: recall![i]!,
          }))
          const byRecall = points
            .filter((point) => point.precision >= target)
            .sort(
              (a, b) =>
                b.recall - a.recall || b.precision - a.precision || b.threshold - a.threshold,
            )[0]
          expect(recallAtPrecision(counts, target)).toEqual({
            recall: byRecall?.recall ?? 0,
            threshold: byRecall?.threshold ?? null,
            attainedPrecision: byRecall?.precision ?? null,
          })
          const byPrecision = points
            .filter((point) => point.recall >= target)
            .sort(
              (a, b) =>
                b.precision - a.precision || b.recall - a.recall || b.threshold - a.threshold,
            )[0]!
          expect(precisionAtRecall(counts, target)).toEqual({
            precision: byPrecision.precision,
            threshold: byPrecision.threshold,
            attainedRecall: byPrecision.recall,
          })
        },
      ),
    )
  })
})

describe('degenerate inputs', () => {
  const scores = Float64Array.of(0.3, 0.6)

  it('says why a measure is undefined', () => {
    const noPositives = countsAtThresholds(Uint8Array.of(0, 0), scores, null)
    expect(rocAuc(noPositives)).toEqual({ value: null, reason: 'no sample is positive' })
    expect(averagePrecision(noPositives).value).toBeNull()
    expect(precisionRecallCurve(noPositives).recall).toBeNull()
    expect(rocCurve(noPositives).truePositiveRate).toBeNull()
    expect(recallAtPrecision(noPositives, 0.5).recall).toBe(0)
    expect(precisionAtRecall(noPositives, 0.5).precision).toBeNull()
    const noNegatives = countsAtThresholds(Uint8Array.of(1, 1), scores, null)
    expect(rocAuc(noNegatives)).toEqual({ value: null, reason: 'no sample is negative' })
    expect(averagePrecision(noNegatives).value).toBe(1)
  })

  it('takes no samples at all', () => {
    const none = countsAtThresholds(new Uint8Array(0), new Float64Array(0), null)
    expect(rocAuc(none).value).toBeNull()
    expect(rocCurve(none).thresholds).toEqual(Float64Array.of(Infinity))
  })
})

describe('measureAtK', () => {
  it('gives ties at the cut their expected share', () => {
    // One above the cut, three tied at it of which one is positive, two taken.
    const yTrue = Uint8Array.of(0, 1, 0, 1, 0)
    const scores = Float64Array.of(0.5, 0.5, 0.5, 0.9, 0.1)
    expect(measureAtK(yTrue, scores, 2)).toEqual({
      precisionStable: 1 / 2, // the tie goes to index 0, a negative
      recallStable: 1 / 2,
      precisionExpected: (1 + 1 / 3) / 2,
      recallExpected: (1 + 1 / 3) / 2,
      liftExpected: (1 + 1 / 3) / 2 / (2 / 5),
      tiedAtCut: true,
    })
    expect(measureAtK(yTrue, scores, 4).tiedAtCut).toBe(false)
    expect(() => measureAtK(yTrue, scores, 6)).toThrow('k must be an integer in [1, 5], got 6')
  })
})
