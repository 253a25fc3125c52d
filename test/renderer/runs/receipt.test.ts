import { describe, expect, it } from 'vitest'
import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import {
  placed,
  receiptPoints,
  receiptRange,
  receiptTable,
} from '../../../src-renderer/views/runs/receipt-points.ts'
import { isOff, jobOf, meaningOf, runRows } from '../../../src-renderer/views/runs/run-rows.ts'

const bins = [
  { meanProbability: 0.002, observed: 0, count: 1000 },
  { meanProbability: 0.02, observed: 0.03, count: 1000 },
  { meanProbability: 0.7, observed: 0.6, count: 10 },
]
const stage: CalibrationStage = {
  ...{ stage: 'raw', observedToExpected: 1, intercept: 0, slope: 1, brier: 0.02, logLoss: 0.1 },
  ...{ reliability: 0, resolution: 0, uncertainty: 0.02, eceEqualCount10: 0 },
  ...{ bins, undefinedMeasures: [] },
}

describe('reliability diagrams', () => {
  it('have a point for each bin with cases, inside its Wilson interval', () => {
    const empty = { count: 0, meanProbability: null, observed: null }
    const points = receiptPoints({
      ...stage,
      bins: [...stage.bins, { ...stage.bins[0]!, ...empty }],
    })
    expect(points).toHaveLength(3)
    for (const { observed, low, high } of points) {
      expect(low).toBeLessThanOrEqual(observed)
      expect(high).toBeGreaterThan(observed)
    }
    // 30 of 1,000 (Wilson 1927): from 2.11 % to 4.26 %.
    expect(points[1]!.low).toBeCloseTo(0.0211, 4)
    expect(points[1]!.high).toBeCloseTo(0.0425, 3)
  })

  it('reach from mark to mark around all points; 0 lies on the edge', () => {
    const range = receiptRange([stage])
    expect(range).toEqual({ low: 0.001, high: 0.9 })
    expect(placed(0, range)).toBe(placed(0.001, range))
    expect(placed(0.5, range)).toBe(0)
    expect(receiptRange([])).toEqual({ low: 0.1, high: 0.5 })
  })

  it('have the same numbers in their table', () => {
    const { head, rows } = receiptTable([stage, stage])
    expect(rows).toHaveLength(6)
    expect(rows.every((row) => row.length === head.length)).toBe(true)
    expect(rows[2]!.slice(1, 4)).toEqual([3, 0.7, 0.6])
  })
})

describe('runs', () => {
  it('a score means what the recalibration line says', () => {
    expect(meaningOf(0.3, { ...stage, intercept: 0, slope: 1 })).toBeCloseTo(0.3, 12)
    expect(meaningOf(0.5, { ...stage, intercept: Math.log(3), slope: 2 })).toBeCloseTo(0.75, 12)
    expect(meaningOf(0.5, { ...stage, slope: null })).toBeNull()
  })

  it('a ratio is off by more than a seventh either way', () => {
    expect([1, 1.14, 0.88, null].map(isOff)).toEqual([false, false, false, false])
    expect([1.15, 0.87].map(isOff)).toEqual([true, true])
  })

  it('have a state each, and the seconds that are known', () => {
    const run = (name: string, foldSeconds: readonly (number | null)[]): object => ({
      name,
      foldSeconds,
      folds: foldSeconds.length,
      foldsDone: foldSeconds.filter((one) => one !== null).length,
    })
    const experiment = {
      state: 'running',
      runs: [run('a', [1, 2]), run('b', [3, null]), run('c', [null, null])],
    } as unknown as Parameters<typeof runRows>[0]
    const rows = runRows(experiment, null)
    expect(rows.map(({ state, seconds }) => [state, seconds])).toEqual([
      ['finished', 3],
      ['running', 3],
      ['waiting', null],
    ])
    const stopped = runRows({ ...experiment, state: 'interrupted' }, null)
    expect(stopped.map(({ state }) => state)).toEqual(['finished', 'stopped', 'stopped'])
  })

  it('the job of an experiment is the one that still works', () => {
    const jobs = [
      { experimentId: 1, state: 'done' },
      { experimentId: 2, state: 'running' },
      { experimentId: 1, state: 'queued' },
    ] as unknown as Parameters<typeof jobOf>[0]
    expect(jobOf(jobs, 1)).toBe(jobs[2])
    expect(jobOf(jobs, 3)).toBeNull()
  })
})
