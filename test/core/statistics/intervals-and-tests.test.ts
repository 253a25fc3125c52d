import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialTails } from '#shared/core/math/incomplete-beta.ts'
import { createStream } from '#shared/core/math/random.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import { adjustPValues } from '#shared/core/statistics/adjust-p-values.ts'
import {
  bcaInterval,
  bootstrapPValue,
  percentileInterval,
  sampleDrawer,
} from '#shared/core/statistics/bootstrap-intervals.ts'
import { correctedTTest } from '#shared/core/statistics/corrected-t.ts'
import { decisionIntervals } from '#shared/core/statistics/decision-intervals.ts'
import {
  aucInterval,
  aucScoreInterval,
  type AucCovariance,
  delongCovariance,
  hanleyMcNeilError,
  pairedAucTest,
} from '#shared/core/statistics/delong.ts'
import { mcNemarTest } from '#shared/core/statistics/mcnemar.ts'
import {
  clopperPearsonInterval,
  proportionInterval,
  type ProportionMethod,
} from '#shared/core/statistics/proportion-interval.ts'
import { weightedSamples } from '../../support/samples.ts'

const METHODS: readonly ProportionMethod[] = [
  'wilson',
  'wilson-corrected',
  'clopper-pearson',
  'agresti-coull',
  'jeffreys',
]

describe('proportionInterval', () => {
  it.each(METHODS)('%s holds the share, and turns with its complement', (method) => {
    for (const [k, n] of [
      [0, 1],
      [1, 1],
      [3, 41],
      [20, 40],
      [999, 1000],
    ] as const) {
      const { lower, upper } = proportionInterval(method, k, n, 0.95)!
      expect(lower).toBeLessThanOrEqual(k / n + 1e-12)
      expect(upper).toBeGreaterThanOrEqual(k / n - 1e-12)
      const turned = proportionInterval(method, n - k, n, 0.95)!
      expect(turned.lower).toBeCloseTo(1 - upper, 12)
      expect(turned.upper).toBeCloseTo(1 - lower, 12)
    }
    expect(proportionInterval(method, 0, 0, 0.95)).toBeNull()
    expect(() => proportionInterval(method, 3, 2, 0.95)).toThrow(
      'successes must lie in [0, trials], got 3 of 2',
    )
  })

  it('is exact where it says so: at its limits a tail holds 2.5 %', () => {
    const { lower, upper } = clopperPearsonInterval(17, 260, 0.95)!
    expect(binomialTails(16, 260, lower).upper).toBeCloseTo(0.025, 12)
    expect(binomialTails(17, 260, upper).lower).toBeCloseTo(0.025, 12)
  })
})

/** The definition: ψ over all pairs, components as means, covariances of the components. */
function slowDelong(y: Uint8Array, scores: readonly Float64Array[]): AucCovariance {
  const positives = [...y.keys()].filter((i) => y[i] === 1)
  const negatives = [...y.keys()].filter((i) => y[i] === 0)
  const psi = (s: Float64Array, i: number, j: number): number =>
    s[i]! > s[j]! ? 1 : s[i] === s[j] ? 0.5 : 0
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const v10 = scores.map((s) => positives.map((i) => mean(negatives.map((j) => psi(s, i, j)))))
  const v01 = scores.map((s) => negatives.map((j) => mean(positives.map((i) => psi(s, i, j)))))
  const cov = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i]! - mean(b)), 0) / (a.length - 1)
  const isPossible = positives.length > 1 && negatives.length > 1
  return {
    auc: v10.map(mean),
    covariance: isPossible
      ? scores.map((_, a) =>
          scores.map(
            (__, b) =>
              cov(v10[a]!, v10[b]!) / positives.length + cov(v01[a]!, v01[b]!) / negatives.length,
          ),
        )
      : null,
    positives: positives.length,
    negatives: negatives.length,
  }
}

describe('DeLong', () => {
  it('is what its definition over all pairs gives, ties and all', () => {
    fc.assert(
      fc.property(weightedSamples({ bothClasses: true }), ({ yTrue, scores, weights }) => {
        const other = weights.map((weight, i) => weight / 4 + scores[i]! / 2)
        const fast = delongCovariance(yTrue, [scores, other])
        const slow = slowDelong(yTrue, [scores, other])
        if ('reason' in fast) throw new Error(fast.reason)
        const auc = rocAuc(countsAtThresholds(yTrue, scores, null)).value!
        expect(fast.auc[0]).toBeCloseTo(auc, 12)
        fast.auc.forEach((value, i) => expect(value).toBeCloseTo(slow.auc[i]!, 12))
        expect(fast.covariance === null).toBe(slow.covariance === null)
        fast.covariance?.forEach((row, i) =>
          row.forEach((value, j) => expect(value).toBeCloseTo(slow.covariance![i]![j]!, 12)),
        )
      }),
    )
  })

  it('score interval: around the AUC, within [0, 1], the other two with many positives', () => {
    const small = aucScoreInterval(0.94, 0.02, 20, 1980, 0.95)!
    expect(small.lower).toBeLessThan(aucInterval(0.94, 0.02, 0.95, 'logit')!.lower)
    expect(small.upper).toBeGreaterThan(0.94)
    const turned = aucScoreInterval(0.06, 0.02, 20, 1980, 0.95)!
    expect(turned.lower).toBeCloseTo(1 - small.upper, 9)
    expect(turned.upper).toBeCloseTo(1 - small.lower, 9)
    const perfect = aucScoreInterval(1, 0, 30, 300, 0.95)!
    expect(perfect.upper).toBe(1)
    expect(perfect.lower).toBeGreaterThan(0.8)
    expect(perfect.lower).toBeLessThan(1)
    const large = aucScoreInterval(0.8, 0.004, 20_000, 200_000, 0.95)!
    const wald = aucInterval(0.8, 0.004, 0.95, 'wald')!
    expect(large.lower).toBeCloseTo(wald.lower, 3)
    expect(large.upper).toBeCloseTo(wald.upper, 3)
    expect(aucScoreInterval(0.8, 0, 1, 300, 0.95)).toBeNull()
  })

  it('says what is missing instead of dividing by 0', () => {
    expect(delongCovariance(Uint8Array.of(0, 0), [Float64Array.of(1, 2)])).toEqual({
      reason: 'no sample is positive',
    })
    const perfect = delongCovariance(Uint8Array.of(0, 0, 1, 1), [
      Float64Array.of(1, 2, 3, 4),
      Float64Array.of(1, 2, 3, 4),
    ]) as AucCovariance
    expect(aucInterval(1, Math.sqrt(perfect.covariance![0]![0]!), 0.95, 'logit')).toBeNull()
    expect(pairedAucTest(perfect, 0, 1)).toMatchObject({ difference: 0, z: null, pValue: null })
    const lone = delongCovariance(Uint8Array.of(0, 0, 1), [Float64Array.of(1, 2, 3)])
    expect(lone).toMatchObject({ covariance: null })
    expect(hanleyMcNeilError(1, 5, 5)).toBe(0)
  })
})

describe('tests', () => {
  it('McNemar: exact is a coin, mid is smaller, neither depends on who comes first', () => {
    // 2 · (1 + 5) / 2⁵ of 5 coins with at most one head.
    expect(mcNemarTest(1, 4).exactPValue).toBeCloseTo(12 / 32, 14)
    expect(mcNemarTest(1, 4).midPValue).toBeCloseTo(7 / 32, 14)
    expect(mcNemarTest(4, 1)).toEqual(mcNemarTest(1, 4))
    expect(mcNemarTest(0, 0)).toMatchObject({ exactPValue: 1, chiSquare: null })
    expect(() => mcNemarTest(0.5, 1)).toThrow('counts must be non-negative integers, got 0.5')
  })

  it('Nadeau-Bengio: wider than the naive test, and defined when nothing differs', () => {
    const test = correctedTTest(Float64Array.of(0.1, 0.2, 0.15, 0.05), 800, 200)
    expect(test.uncorrectedT! / test.t!).toBeCloseTo(Math.sqrt((1 / 4 + 0.25) / (1 / 4)), 12)
    expect(test.interval.lower).toBeLessThan(test.mean)
    expect(correctedTTest(Float64Array.of(1, 1), 8, 2)).toMatchObject({ t: null, pValue: null })
    expect(() => correctedTTest(Float64Array.of(1), 8, 2)).toThrow('at least 2 differences, got 1')
  })

  it('adjusted p-values: Holm and BH between the p-value and Bonferroni, order kept', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        const p = Float64Array.from(values)
        const bonferroni = adjustPValues(p, 'bonferroni')
        for (const method of ['holm', 'benjamini-hochberg'] as const) {
          const adjusted = adjustPValues(p, method)
          adjusted.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(p[i]!)
            expect(value).toBeLessThanOrEqual(bonferroni[i]!)
            p.forEach((other, j) => {
              if (other <= p[i]!) expect(adjusted[j]).toBeLessThanOrEqual(value)
            })
          })
        }
      }),
    )
  })
})

describe('bootstrap', () => {
  it('draws each class whole when stratified, and varies it when not', () => {
    const y = Uint8Array.from({ length: 300 }, (_, i) => (i < 20 ? 1 : 0))
    const drawn = new Int32Array(300)
    const positivesOf = (kind: 'case' | 'stratified'): Set<number> => {
      const draw = sampleDrawer(y, kind, createStream(1, 'test', kind))
      return new Set(
        Array.from({ length: 30 }, () => {
          draw(drawn)
          expect(Math.max(...drawn)).toBeLessThan(300)
          return drawn.reduce((sum, i) => sum + y[i]!, 0)
        }),
      )
    }
    expect([...positivesOf('stratified')]).toEqual([20])
    expect(positivesOf('case').size).toBeGreaterThan(5)
  })

  it('BCa is the percentile interval where there is neither bias nor acceleration', () => {
    const replicates = Float64Array.from({ length: 1001 }, (_, i) => i - 500)
    const symmetric = Float64Array.of(-1, 1, -2, 2)
    const bca = bcaInterval(0, replicates, symmetric, 0.95)!
    const percentile = percentileInterval(replicates, 0.95)
    expect(bca.acceleration).toBe(0)
    expect(bca.lower).toBeCloseTo(percentile.lower, 9)
    expect(bca.upper).toBeCloseTo(percentile.upper, 9)
    expect(bcaInterval(-501, replicates, symmetric, 0.95)).toBeNull()
  })

  it('p-value: 1 around 0, small but never 0 on one side', () => {
    expect(bootstrapPValue(Float64Array.of(-1, 1))).toBe(1)
    expect(bootstrapPValue(new Float64Array(99).fill(3))).toBeCloseTo(0.02, 12)
  })
})

describe('decisionIntervals', () => {
  /** Samples with the given counts, positives first. */
  const samplesOf = (tp: number, fn: number, fp: number, tn: number) => ({
    yTrue: Uint8Array.from({ length: tp + fn + fp + tn }, (_, i) => (i < tp + fn ? 1 : 0)),
    decisions: Uint8Array.from({ length: tp + fn + fp + tn }, (_, i) =>
      i < tp || (i >= tp + fn && i < tp + fn + fp) ? 1 : 0,
    ),
  })
  const common = { weights: null, groups: null, draws: 400, level: 0.95, checkpoint: noCheckpoint }
  const samples = samplesOf(30, 20, 40, 4900)
  const intervals = decisionIntervals({ ...samples, ...common, stream: createStream(3, 'plain') })

  it('holds every measure that is defined', () => {
    expect(intervals.recall).toEqual(proportionInterval('wilson', 30, 50, 0.95))
    expect(intervals.f1!.lower).toBeLessThan(60 / 120)
    expect(intervals.f1!.upper).toBeGreaterThan(60 / 120)
    expect(intervals.matthewsCorrelation!.lower).toBeGreaterThan(0.3)
  })

  it('draws groups whole: ten alike samples a group are a tenth of the evidence', () => {
    const grouped = decisionIntervals({
      ...samples,
      ...common,
      groups: Int32Array.from(samples.yTrue, (_, i) => Math.floor(i / 10)),
      stream: createStream(3, 'groups'),
    })
    const width = ({ lower, upper }: { lower: number; upper: number }): number => upper - lower
    const ratio = width(grouped.f1!) / width(intervals.f1!)
    expect(ratio).toBeGreaterThan(2.2)
    expect(ratio).toBeLessThan(4.5)
    expect(grouped.recall!.method).toBe('of groups, corrected for skewness')
  })

  it('knows weights: those by class move precision, not recall', () => {
    const weighted = decisionIntervals({
      ...samples,
      ...common,
      weights: Float64Array.from(samples.yTrue, (y) => (y === 1 ? 4 : 1)),
      stream: createStream(3, 'weights'),
    })
    expect(weighted.precision!.lower).toBeLessThan(120 / 160)
    expect(weighted.precision!.upper).toBeGreaterThan(120 / 160)
    expect(weighted.precision!.lower).toBeGreaterThan(intervals.precision!.upper - 0.1)
    expect(Math.abs(weighted.recall!.lower - intervals.recall!.lower)).toBeLessThan(0.04)
  })

  it('is null where the measure is', () => {
    const none = decisionIntervals({
      ...samplesOf(0, 0, 0, 50),
      ...common,
      stream: createStream(3, 'none'),
    })
    expect(none.recall).toBeNull()
    expect(none.f1).toBeNull()
    expect(none.specificity).not.toBeNull()
  })
})
