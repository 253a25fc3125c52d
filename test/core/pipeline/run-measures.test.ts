import { describe, expect, it } from 'vitest'
import { calibrationStage } from '#shared/core/calibration/receipt.ts'
import { judgeDecisions } from '#shared/core/decision/operating-point.ts'
import { Cancelled, noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { sigmoid } from '#shared/core/math/elementary.ts'
import { normalQuantile } from '#shared/core/math/normal.ts'
import { createStream } from '#shared/core/math/random.ts'
import { MEASURES } from '#shared/core/metrics/measure-list.ts'
import type { MeasureName } from '#shared/core/metrics/measure-list.ts'
import { measureRun } from '#shared/core/metrics/run-metrics.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { metricIntervals } from '#shared/core/pipeline/metric-intervals.ts'
import { runMeasures } from '#shared/core/pipeline/run-measures.ts'
import type { RunMeasure } from '#shared/core/report/analysis.ts'

const costs = {
  truePositive: 1,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 20,
  constant: true,
}

/** A run on samples whose probabilities are what they say. */
function measuresOf(
  changes: Partial<ExperimentData> & { readonly threshold?: number; readonly n?: number } = {},
  checkpoint = noCheckpoint,
): readonly RunMeasure[] {
  const { threshold = 0.1, n = 3000, ...rest } = changes
  const stream = createStream(5, 'measures')
  const probabilities = Float64Array.from({ length: n }, () =>
    sigmoid(-3.5 + 1.5 * normalQuantile((stream.uint32() + 0.5) / 2 ** 32)),
  )
  const yTrue = Uint8Array.from(probabilities, (p) => (stream.uniform() < p ? 1 : 0))
  const data = {
    ...{ yTrue, sampleWeights: null, decisionWeights: null, groups: null, costs, seed: 1 },
    ...{ casesPerDay: null, capacity: null, minutesPerAlert: null, reviewHoursPerDay: null },
    ...{ commitments: [], plan: { bootstrapDraws: 200 } },
    ...rest,
  } as unknown as ExperimentData
  const decisions = Uint8Array.from(probabilities, (p) => (p >= threshold ? 1 : 0))
  const { decisionWeights: weights } = data
  return runMeasures(
    data,
    {
      ...{ decisions, probabilities },
      judgement: judgeDecisions({ yTrue: data.yTrue, decisions, weights, costs: data.costs }),
      ...measureRun(data.yTrue, probabilities, weights),
      intervals: metricIntervals(data, probabilities, 0.95, noCheckpoint),
      stage: calibrationStage('raw', data.yTrue, probabilities, weights),
    },
    checkpoint,
  )
}
const find = (measures: readonly RunMeasure[], name: MeasureName, share?: number): RunMeasure =>
  measures.find((one) => one.measure === name && one.share === share)!

describe('runMeasures', () => {
  const measures = measuresOf()

  it('tells every measure there is, each within its interval or with a reason', () => {
    expect([...new Set(measures.map(({ measure }) => measure))].sort()).toEqual(
      Object.keys(MEASURES).sort(),
    )
    for (const { measure, value, reason, interval } of measures) {
      if (value === null) expect(reason, measure).toMatch(/\w/)
      else expect(Number.isFinite(value), measure).toBe(true)
      if (interval === null) continue
      expect(interval.lower, measure).toBeLessThanOrEqual(value! + 1e-9)
      expect(interval.upper, measure).toBeGreaterThanOrEqual(value! - 1e-9)
    }
    const without = measures.filter(({ interval }) => interval === null)
    expect(without.map(({ measure }) => measure)).toEqual([
      ...['prGainArea', 'recallAtPrecision50', 'recallAtPrecision90'],
      ...['reliability', 'resolution', 'uncertainty', 'largestCalibrationGap10'],
    ])
  })

  it('agrees with itself: parts, ratios and inverses', () => {
    const value = (name: MeasureName, share?: number): number => find(measures, name, share).value!
    // But for what probabilities differ within a bin.
    expect(value('reliability') - value('resolution') + value('uncertainty')).toBeCloseTo(
      value('brier'),
      2,
    )
    expect(value('youdenJ')).toBeCloseTo(2 * value('balancedAccuracy') - 1, 12)
    expect(value('gMean') ** 2).toBeCloseTo(value('recall') * value('specificity'), 12)
    expect(value('liftAtTop', 0.05)).toBeCloseTo(value('recallAtTop', 0.05) / 0.05, 9)
    expect(value('precisionAtTop', 0.05)).toBeGreaterThan(value('precisionAtTop', 0.1))
    expect(value('recallAtTop', 0.05)).toBeLessThan(value('recallAtTop', 0.1))
    expect(find(measures, 'observedToExpected').interval!.lower).toBeLessThan(1)
    expect(find(measures, 'observedToExpected').interval!.upper).toBeGreaterThan(1)
    expect(find(measures, 'calibrationSlope').interval!.upper).toBeGreaterThan(1)
  })

  it('says net benefit in true positives at the odds of the costs', () => {
    const alarm = 1 / 19
    const n = 3000
    const recall = find(measures, 'recall').interval!
    expect(recall.method).toBe('Wilson')
    const share = find(measures, 'alertShare')
    const precision = find(measures, 'precision').value!
    expect(find(measures, 'netBenefit').value).toBeCloseTo(
      share.value! * (precision - (1 - precision) * alarm),
      12,
    )
    expect(share.interval).toEqual(wilsonInterval(Math.round(share.value! * n), n, 0.95))
  })

  it('tells of the top as far as the alerts reach', () => {
    const limited = measuresOf({ casesPerDay: 1000, capacity: 25 })
    expect([...new Set(limited.flatMap(({ share }) => share ?? []))]).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.1,
    ])
  })

  it('cautions where an interval rests on too little', () => {
    expect(measures.every(({ caution }) => caution === null || caution.includes('rests on'))).toBe(
      true,
    )
    expect(find(measures, 'averagePrecision').caution).toBeNull()
    const few = measuresOf({ n: 150 })
    expect(find(few, 'averagePrecision').caution).toMatch(/rests on \d+ positives/)
    const strict = measuresOf({ threshold: 0.75 })
    expect(find(strict, 'recall').caution).toMatch(/rests on [0-4] successes/)
    expect(find(strict, 'specificity').caution).toMatch(/rests on [0-4] failures/)
    expect(find(strict, 'brier').caution).toBeNull()
  })

  it('answers in words where there is one class, no alert, or a cost of each case', () => {
    const negative = measuresOf({ yTrue: new Uint8Array(3000) })
    for (const name of ['recall', 'matthewsCorrelation', 'prGainArea', 'calibrationSlope'] as const)
      expect(find(negative, name), name).toMatchObject({ value: null, interval: null })
    const silent = measuresOf({ threshold: 2 })
    expect(find(silent, 'precision').reason).toBe('nothing was called positive')
    const each = measuresOf({
      costs: { ...costs, falseNegative: new Float64Array(3000).fill(9), constant: false },
    })
    expect(find(each, 'netBenefit').reason).toBe('costs differ from case to case')
    const certain = measuresOf({ costs: { ...costs, falseNegative: 0 } })
    expect(find(certain, 'netBenefit').reason).toBe(
      'one decision is the cheaper one whatever the case',
    )
  })

  it('takes copies that came together for one', () => {
    const groups = Int32Array.from({ length: 3000 }, (_, i) => Math.floor(i / 10))
    const grouped = measuresOf({ groups })
    for (const { measure, share, value } of measures) {
      expect(find(grouped, measure, share).value, measure).toBe(value)
    }
    expect(find(grouped, 'f1').interval!.method).toMatch(/^group bootstrap/)
    expect(find(grouped, 'calibrationSlope').interval!.method).toBe('sandwich of groups')
  })

  it('can be cancelled', () => {
    expect(() =>
      measuresOf({}, () => {
        throw new Cancelled()
      }),
    ).toThrow(Cancelled)
  })
})
