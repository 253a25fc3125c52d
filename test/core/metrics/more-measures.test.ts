import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureAtShare } from '#shared/core/metrics/at-share.ts'
import { gMean, indexOfBalancedAccuracy } from '#shared/core/metrics/confusion.ts'
import { measureDecisions } from '#shared/core/metrics/decision-metrics.ts'
import { precisionRecallGain, precisionRecallGainArea } from '#shared/core/metrics/pr-gain.ts'
import { countsAtThresholds, measureAtK } from '#shared/core/metrics/ranking.ts'
import { weightedSamples } from '../../support/samples.ts'

const samples = weightedSamples({ bothClasses: true })

describe('precision-recall gain', () => {
  it('is 1 for a perfect ranking, and 0 for one score for all', () => {
    const y = Uint8Array.of(1, 1, 0, 0, 0, 0)
    const perfect = countsAtThresholds(y, Float64Array.of(6, 5, 4, 3, 2, 1), null)
    expect(precisionRecallGainArea(perfect).value).toBeCloseTo(1, 12)
    expect(precisionRecallGain(perfect)!.recallGain).toEqual(
      // FN / TP = 1 with one of two positives: 1 − ½ · 1.
      Float64Array.of(0.5, 1, 1, 1, 1, 1),
    )
    const flat = countsAtThresholds(y, new Float64Array(6), null)
    expect(precisionRecallGainArea(flat).value).toBeCloseTo(0, 12)
    expect(
      precisionRecallGainArea(countsAtThresholds(Uint8Array.of(0), flat.thresholds, null)),
    ).toEqual({ value: null, reason: 'no sample is positive' })
  })

  it('is the integral over recall gains, with negatives spread evenly between two scores', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores }) => {
        const counts = countsAtThresholds(yTrue, scores, null)
        const { positives, negatives } = counts
        const odds = positives / negatives
        // Midpoint rule in recall gain: true positives from 1 − odds (P − t) / t, false ones linear.
        const steps = 20_000
        let sum = 0
        for (let k = 0; k < steps; k++) {
          const gain = (k + 0.5) / steps
          const tp = (odds * positives) / (1 - gain + odds)
          let at = 0
          while (counts.truePositives[at]! < tp - 1e-12) at++
          const [t0, f0] =
            at === 0 ? [0, 0] : [counts.truePositives[at - 1]!, counts.falsePositives[at - 1]!]
          const [t1, f1] = [counts.truePositives[at]!, counts.falsePositives[at]!]
          const fp = f0 + ((f1 - f0) * (tp - t0)) / (t1 - t0)
          sum += 1 - (odds * fp) / tp
        }
        const area = precisionRecallGainArea(counts).value!
        expect(Math.abs(area - sum / steps)).toBeLessThan(1e-3 * Math.max(1, Math.abs(area)))
      }),
      { numRuns: 30 },
    )
  })
})

describe('measureAtShare', () => {
  it('is the expected precision at k where samples count one each', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores }) => {
        const counts = countsAtThresholds(yTrue, scores, null)
        for (const k of [1, yTrue.length]) {
          const { precision, recall, lift } = measureAtShare(counts, k / yTrue.length)
          const atK = measureAtK(yTrue, scores, k)
          expect(precision.value).toBeCloseTo(atK.precisionExpected, 10)
          expect(recall.value).toBeCloseTo(atK.recallExpected!, 10)
          expect(lift.value).toBeCloseTo(atK.liftExpected!, 10)
        }
      }),
    )
  })

  it('says why it is undefined', () => {
    const none = countsAtThresholds(Uint8Array.of(0), Float64Array.of(1), null)
    expect(measureAtShare(none, 0.5)).toMatchObject({
      precision: { value: 0 },
      lift: { value: null, reason: 'no sample is positive' },
    })
    expect(() => measureAtShare(none, 0)).toThrow('share must lie in (0, 1], got 0')
  })
})

describe('measureDecisions', () => {
  it('gives a reason for exactly what is undefined', () => {
    const nothingCalled = measureDecisions({ tp: 0, fp: 0, tn: 90, fn: 10 })
    expect(nothingCalled.precision.reason).toBe('nothing was called positive')
    expect(nothingCalled.matthewsCorrelation.reason).toBe('nothing was called positive')
    expect(nothingCalled.recall.value).toBe(0)
    expect(nothingCalled.f1.value).toBe(0)
    const noPositives = measureDecisions({ tp: 0, fp: 3, tn: 90, fn: 0 })
    expect(noPositives.recall.reason).toBe('no sample is positive')
    expect(noPositives.gMean.reason).toBe('no sample is positive')
    for (const { value, reason } of Object.values(
      measureDecisions({ tp: 0, fp: 0, tn: 0, fn: 0 }),
    )) {
      expect(value).toBeNull()
      expect(reason).not.toBeNull()
    }
  })

  it('IBA: the square of the G-mean, moved by dominance', () => {
    const confusion = { tp: 8, fp: 30, tn: 70, fn: 2 }
    expect(indexOfBalancedAccuracy(confusion, 0)).toBeCloseTo(gMean(confusion)! ** 2, 12)
    // 0.8 · 0.7 · (1 + 0.1 · (0.8 − 0.7))
    expect(indexOfBalancedAccuracy(confusion)).toBeCloseTo(0.5656, 12)
  })
})
