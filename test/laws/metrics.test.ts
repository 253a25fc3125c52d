/** Laws that every measure must keep, run over all of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  calibrationBins,
  expectedCalibrationError,
  maximumCalibrationError,
} from '#shared/core/metrics/calibration-bins.ts'
import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  type ConfusionCounts,
  confusionAt,
  falseNegativeRate,
  falseOmissionRate,
  falsePositiveRate,
  fBeta,
  gMean,
  jaccard,
  matthewsCorrelation,
  negativePredictiveValue,
  precision,
  recall,
  specificity,
  youdenJ,
} from '#shared/core/metrics/confusion.ts'
import { measureAtShare } from '#shared/core/metrics/at-share.ts'
import { DECISION_METRICS } from '#shared/core/metrics/decision-metrics.ts'
import type { Measured } from '#shared/core/metrics/measured.ts'
import { precisionRecallGainArea } from '#shared/core/metrics/pr-gain.ts'
import { brierScore, brierSkill, logLoss } from '#shared/core/metrics/probability.ts'
import {
  averagePrecision,
  countsAtThresholds,
  precisionAtRecall,
  recallAtPrecision,
  rocAuc,
  type ThresholdCounts,
  trapezoidPrecisionRecallArea,
} from '#shared/core/metrics/ranking.ts'
import { weightedSamples } from '../support/samples.ts'

type Metric = (y: Uint8Array, scores: Float64Array, weights: Float64Array | null) => number | null

const ofRanking =
  (metric: (counts: ThresholdCounts) => number | null): Metric =>
  (y, scores, weights) =>
    metric(countsAtThresholds(y, scores, weights))
const ofDecisions =
  (metric: (confusion: ConfusionCounts) => number | null): Metric =>
  (y, scores, weights) =>
    metric(confusionAt(y, scores, weights, 0.5))
const valueOf =
  (metric: (...samples: Parameters<Metric>) => Measured): Metric =>
  (...samples) =>
    metric(...samples).value

const RANKING: Readonly<Record<string, Metric>> = {
  averagePrecision: ofRanking((counts) => averagePrecision(counts).value),
  trapezoid: ofRanking((counts) => trapezoidPrecisionRecallArea(counts).value),
  rocAuc: ofRanking((counts) => rocAuc(counts).value),
  recallAtPrecision: ofRanking((counts) => recallAtPrecision(counts, 0.6).recall),
  precisionAtRecall: ofRanking((counts) => precisionAtRecall(counts, 0.6).precision),
  precisionRecallGainArea: ofRanking((counts) => precisionRecallGainArea(counts).value),
  precisionAtShare: ofRanking((counts) => measureAtShare(counts, 0.3).precision.value),
  liftAtShare: ofRanking((counts) => measureAtShare(counts, 0.3).lift.value),
}

const DECISIONS: Readonly<Record<string, Metric>> = {
  ...Object.fromEntries(
    Object.entries(DECISION_METRICS).map(([name, metric]) => [name, ofDecisions(metric.of)]),
  ),
  falseOmissionRate: ofDecisions(falseOmissionRate),
  falsePositiveRate: ofDecisions(falsePositiveRate),
  falseNegativeRate: ofDecisions(falseNegativeRate),
  jaccard: ofDecisions(jaccard),
}

const PROBABILITY: Readonly<Record<string, Metric>> = {
  brierScore: valueOf(brierScore),
  brierSkill: valueOf(brierSkill),
  logLoss: valueOf(logLoss),
  eceWidth: (...samples) =>
    expectedCalibrationError(calibrationBins(...samples, 'width', 10)).value,
  mceWidth: (...samples) => maximumCalibrationError(calibrationBins(...samples, 'width', 10)).value,
}

const ALL = Object.entries({ ...RANKING, ...DECISIONS, ...PROBABILITY })

/** Equal up to rounding, or undefined both. */
function expectSame(got: number | null, want: number | null): void {
  if (got === null || want === null) expect(got).toBe(want)
  else expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(want)))
}

const samples = weightedSamples({ bothClasses: false })

describe.each(ALL)('%s', (_, metric) => {
  it('is a number or null, never NaN', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores, weights }) => {
        const value = metric(yTrue, scores, weights)
        expect(value === null || Number.isFinite(value)).toBe(true)
      }),
    )
  })

  it('does not depend on the order of the samples', () => {
    fc.assert(
      fc.property(samples, fc.infiniteStream(fc.nat()), ({ yTrue, scores, weights }, keys) => {
        const order = Array.from(yTrue, (_y, i) => ({ i, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ i }) => i)
        expectSame(
          metric(
            Uint8Array.from(order, (i) => yTrue[i]!),
            Float64Array.from(order, (i) => scores[i]!),
            Float64Array.from(order, (i) => weights[i]!),
          ),
          metric(yTrue, scores, weights),
        )
      }),
    )
  })

  it('takes an integer weight for so many samples, and weight 0 for none', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores, weights }) => {
        const drawn = weights.map((weight) => weight - 1)
        if (drawn.every((weight) => weight === 0)) return
        const rows = [...yTrue.keys()].flatMap((i) => new Array<number>(drawn[i]!).fill(i))
        expectSame(
          metric(
            Uint8Array.from(rows, (i) => yTrue[i]!),
            Float64Array.from(rows, (i) => scores[i]!),
            null,
          ),
          metric(yTrue, scores, drawn),
        )
      }),
    )
  })

  it('does not depend on the unit of the weights', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores, weights }) => {
        expectSame(
          metric(
            yTrue,
            scores,
            weights.map((weight) => weight * 0.37),
          ),
          metric(yTrue, scores, weights),
        )
      }),
    )
  })
})

describe.each(Object.entries(RANKING))('%s', (_, metric) => {
  it('only looks at the order of the scores', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores, weights }) => {
        const ranks = [...new Set(scores)].sort((a, b) => a - b)
        const transformed = scores.map((score) => 3 * ranks.indexOf(score) ** 3 - 100)
        expectSame(metric(yTrue, transformed, weights), metric(yTrue, scores, weights))
      }),
    )
  })
})

const flip = (y: Uint8Array): Uint8Array => y.map((label) => 1 - label)

describe('identities', () => {
  it('ROC AUC of flipped labels, or of reversed scores, is 1 minus it', () => {
    const auc = RANKING['rocAuc']!
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        const value = auc(yTrue, scores, weights)!
        expectSame(auc(flip(yTrue), scores, weights), 1 - value)
        expectSame(
          auc(
            yTrue,
            scores.map((score) => -score),
            weights,
          ),
          1 - value,
        )
      }),
    )
  })

  it('flipping labels and probabilities leaves the measures that treat classes alike', () => {
    fc.assert(
      fc.property(samples, ({ yTrue, scores, weights }) => {
        const other = scores.map((score) => 1 - score)
        for (const name of ['brierScore', 'brierSkill']) {
          const metric = PROBABILITY[name]!
          expectSame(metric(flip(yTrue), other, weights), metric(yTrue, scores, weights))
        }
      }),
    )
  })

  it('swapping the classes in a confusion keeps what is symmetric and swaps what is not', () => {
    const count = fc.nat(30)
    fc.assert(
      fc.property(count, count, count, count, (tp, fp, tn, fn) => {
        const confusion = { tp, fp, tn, fn }
        const swapped = { tp: tn, fp: fn, tn: tp, fn: fp }
        for (const metric of [
          accuracy,
          matthewsCorrelation,
          cohenKappa,
          balancedAccuracy,
          gMean,
          youdenJ,
        ]) {
          expectSame(metric(swapped), metric(confusion))
        }
        expectSame(recall(swapped), specificity(confusion))
        expectSame(precision(swapped), negativePredictiveValue(confusion))
      }),
    )
  })

  it('complements add up to 1, and averages lie where they should', () => {
    const count = fc.nat(30)
    fc.assert(
      fc.property(count, count, count, count, (tp, fp, tn, fn) => {
        const confusion = { tp, fp, tn, fn }
        const complements = [
          [falseOmissionRate, negativePredictiveValue],
          [falseNegativeRate, recall],
          [falsePositiveRate, specificity],
        ] as const
        for (const [one, other] of complements) {
          const [a, b] = [one(confusion), other(confusion)]
          if (a === null) expect(b).toBeNull()
          else expect(a + b!).toBeCloseTo(1, 12)
        }
        const [p, r] = [precision(confusion), recall(confusion)]
        if (p && r) expect(fBeta(confusion, 1)).toBeCloseTo((2 * p * r) / (p + r), 12)
        const f1 = fBeta(confusion, 1)
        if (f1 !== null) expect(jaccard(confusion)).toBeCloseTo(f1 / (2 - f1), 12)
      }),
    )
  })

  it('scores without information get the prevalence as average precision and ½ as ROC AUC', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, weights }) => {
        const scores = new Float64Array(yTrue.length).fill(0.5)
        const counts = countsAtThresholds(yTrue, scores, weights)
        expectSame(
          averagePrecision(counts).value,
          counts.positives / (counts.positives + counts.negatives),
        )
        expectSame(rocAuc(counts).value, 0.5)
      }),
    )
  })

  it('giving everybody the prevalence has no skill and no calibration error', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, weights }) => {
        const counts = countsAtThresholds(yTrue, new Float64Array(yTrue.length), weights)
        const share = counts.positives / (counts.positives + counts.negatives)
        const probabilities = new Float64Array(yTrue.length).fill(share)
        expectSame(brierSkill(yTrue, probabilities, weights).value, 0)
        expectSame(PROBABILITY['eceWidth']!(yTrue, probabilities, weights), 0)
      }),
    )
  })
})

describe('the law tests', () => {
  it('notice a metric that breaks a law', () => {
    const countsTiesWhole = ofRanking(
      ({ truePositives, falsePositives, positives, negatives }) =>
        falsePositives.reduce(
          (area, fp, i) => area + (fp - (falsePositives[i - 1] ?? 0)) * truePositives[i]!,
          0,
        ) /
        positives /
        negatives,
    )
    const yTrue = Uint8Array.of(0, 1, 1)
    const tied = Float64Array.of(0.5, 0.5, 0.9)
    const value = countsTiesWhole(yTrue, tied, null)!
    expect(() => {
      expectSame(countsTiesWhole(flip(yTrue), tied, null), 1 - value)
    }).toThrow()
  })
})
