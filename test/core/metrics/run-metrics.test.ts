import { expect, it } from 'vitest'
import { measureRun } from '#shared/core/metrics/run-metrics.ts'

it('measures a run', () => {
  const yTrue = Uint8Array.of(1, 0, 1, 0, 0)
  const probabilities = Float64Array.of(0.9, 0.8, 0.6, 0.2, 0.1)
  const { metrics, undefinedMetrics } = measureRun(yTrue, probabilities, null)
  expect(undefinedMetrics).toEqual([])
  expect(metrics.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 15)
  expect(metrics.rocAuc).toBeCloseTo(5 / 6, 15)
  expect(metrics.brier).toBeCloseTo((0.01 + 0.64 + 0.16 + 0.04 + 0.01) / 5, 15)
  expect(metrics.eceEqualCount10).toBeCloseTo((0.1 + 0.8 + 0.4 + 0.2 + 0.1) / 5, 15)
  expect(metrics.recallAtPrecision50).toBe(1)
  expect(metrics.recallAtPrecision90).toBe(0.5)
  expect(metrics.precisionAtRecall50).toBe(1)
  expect(metrics.precisionAtRecall90).toBe(2 / 3)
})

it('names each undefined measure and why', () => {
  const { metrics, undefinedMetrics } = measureRun(
    Uint8Array.of(0, 0),
    Float64Array.of(0.1, 0.4),
    null,
  )
  expect(undefinedMetrics.map(({ metric }) => metric)).toEqual([
    'averagePrecision',
    'rocAuc',
    'prGainArea',
    'brierSkill',
    'recallAtPrecision50',
    'recallAtPrecision90',
    'precisionAtRecall50',
    'precisionAtRecall90',
  ])
  expect(new Set(undefinedMetrics.map(({ reason }) => reason))).toEqual(
    new Set(['no sample is positive']),
  )
  expect(metrics.rocAuc).toBeNull()
  expect(metrics.brier).toBeCloseTo(0.085, 15)

  const nothing = measureRun(new Uint8Array(0), new Float64Array(0), null)
  expect(Object.values(nothing.metrics)).toEqual(new Array(11).fill(null))
  expect(nothing.undefinedMetrics).toHaveLength(11)
})
