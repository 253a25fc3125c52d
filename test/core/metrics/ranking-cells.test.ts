import fc from 'fast-check'
import { expect, it } from 'vitest'
import { measureRanking, rankingCells } from '#shared/core/metrics/ranking-cells.ts'
import { measureRun } from '#shared/core/metrics/run-metrics.ts'
import { weightedSamples } from '../../support/samples.ts'

it('measures any draw as if its rows were there', () => {
  const weightsDrawn = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 })
  fc.assert(
    fc.property(
      weightedSamples({ bothClasses: false }),
      weightsDrawn,
      ({ yTrue, scores }, drawn) => {
        const { cellOfSample, nCells } = rankingCells(yTrue, scores)
        const cellWeights = new Float64Array(nCells)
        cellOfSample.forEach((cell, i) => (cellWeights[cell]! += drawn[i]!))
        const got = {
          averagePrecision: 0,
          rocAuc: 0,
          recallAtPrecision50: 0,
          recallAtPrecision90: 0,
          precisionAtRecall50: 0,
          precisionAtRecall90: 0,
        }
        measureRanking(cellWeights, got)
        const weights = Float64Array.from(drawn.slice(0, yTrue.length))
        const { metrics } = measureRun(yTrue, scores, weights)
        for (const [metric, value] of Object.entries(got)) {
          const want = metrics[metric as keyof typeof got]
          if (want === null) expect([metric, value]).toEqual([metric, NaN])
          else expect(Math.abs(value - want), metric).toBeLessThan(1e-12)
        }
      },
    ),
    { numRuns: 500 },
  )
})

it('has as few cells as there are cuts, whatever the number of negatives', () => {
  const scores = Float64Array.from({ length: 1000 }, (_, i) => i / 1000)
  const yTrue = Uint8Array.from(scores, (score) => (score === 0.5 || score === 0.9 ? 1 : 0))
  expect(rankingCells(yTrue, scores).nCells).toBe(7)
})
