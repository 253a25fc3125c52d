import { describe, expect, it } from 'vitest'
import { candidateAt } from '#shared/core/decision/read-curve.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { logit } from '#shared/core/math/elementary.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { differenceBetween, judgeRun } from '#shared/core/pipeline/judge-run.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { prepareExperiment, prepareSamples } from '#shared/core/pipeline/prepare-experiment.ts'
import { runFold } from '#shared/core/pipeline/run-fold.ts'
import { analyseThreshold } from '#shared/core/pipeline/threshold-analysis.ts'
import { quickPlan, smallRequest, smallRoles } from '../../support/small-table.ts'

const request = smallRequest({
  plan: quickPlan(['lr', 'lr_balanced']),
  roles: { ...smallRoles, weight: 'weight', group: 'customer', ignore: [] },
  frame: { ...smallRequest().frame, prevalence: 0.05 },
})
const { data } = prepareExperiment(request)
const runOf = (name: string): OutOfFold => {
  const configuration = data.plan.configurations.find((one) => one.name === name)!
  return layOutOfFold(
    [0, 1, 2].map((fold) => runFold(data, configuration, fold, noCheckpoint)),
    data.yTrue.length,
  )
}
const lr = runOf('lr')
const known = evaluateRun(data, data.plan.configurations[0]!, lr, noCheckpoint).result
/** What a worker is given: no features. */
const judged: ExperimentData = {
  ...prepareSamples(request).samples,
  features: [],
  weightColumns: {},
  folds: data.folds,
  plan: data.plan,
  seed: data.seed,
}

describe('judgeRun', () => {
  it('comes to the same with and without an evaluation to go by', () => {
    const byHand = judgeRun(judged, lr, null, noCheckpoint)
    expect(byHand).toEqual(judgeRun(judged, lr, known, noCheckpoint))
    expect(byHand.costPer1000.interval).toEqual(known.costPer1000Interval)
    expect(byHand.threshold.value).toBe(known.threshold.value)
    expect(byHand.recall.interval?.method).toMatch(/^of groups/)
  })

  it('gives a reason where there is no number', () => {
    const silent: OutOfFold = { ...lr, thresholds: [Infinity, Infinity, Infinity] }
    const { precision, recall, alertsPer1000 } = judgeRun(judged, silent, null, noCheckpoint)
    expect(precision).toEqual({ value: null, interval: null, reason: 'no case got an alert' })
    expect(recall.value).toBe(0)
    expect(alertsPer1000.value).toBe(0)
  })
})

it('differenceBetween is 0 between a run and itself', () => {
  expect(differenceBetween(judged, lr, lr)).toMatchObject({
    costPer1000: 0,
    interval: { lower: 0, upper: 0 },
  })
})

describe('analyseThreshold', () => {
  const analysis = analyseThreshold(judged, lr, { bayes: 1 / 11, known: null }, noCheckpoint)

  it('counts every case once, in bins of equal width in log-odds', () => {
    const { edges, positives, negatives } = analysis.histogram
    expect(positives).toHaveLength(48)
    expect(positives.reduce((sum, n) => sum + n, 0)).toBe(40)
    expect(negatives.reduce((sum, n) => sum + n, 0)).toBe(360)
    const places = Array.from(edges, logit)
    const width = places[1]! - places[0]!
    places.forEach((place, i) => {
      expect(place).toBeCloseTo(places[0]! + i * width, 9)
    })
    expect(places[0]! * 2).toBeCloseTo(Math.round(places[0]! * 2), 9)
    // Inner bins hold what lies between their edges.
    const between = lr.probabilities.filter((p, i) => {
      return data.yTrue[i] === 0 && p >= edges[20]! && p < edges[21]!
    })
    expect(Math.abs(negatives[20]! - between.length)).toBeLessThanOrEqual(1)
  })

  it('spans what the folds cost', () => {
    const { thresholds, low, high } = analysis.foldSpread
    expect(thresholds).toHaveLength(200)
    const costs = [0, 1, 2].map((fold) => {
      const samples = [...data.folds.keys()].filter((i) => data.folds[i] === fold)
      const curve = costCurve({
        yTrue: Uint8Array.from(samples, (i) => data.yTrue[i]!),
        probabilities: Float64Array.from(samples, (i) => lr.probabilities[i]!),
        weights: Float64Array.from(samples, (i) => data.decisionWeights![i]!),
        costs: data.costs,
      })
      const total = curve.positives + curve.negatives
      return (1000 * curve.totalCost[candidateAt(curve.thresholds, thresholds[77]!)]!) / total
    })
    expect(low[77]).toBeCloseTo(Math.min(...costs), 9)
    expect(high[77]).toBeCloseTo(Math.max(...costs), 9)
    thresholds.forEach((threshold, i) => {
      expect(low[i]).toBeLessThanOrEqual(high[i]!)
      if (i > 0) expect(threshold).toBeGreaterThan(thresholds[i - 1]!)
    })
  })

  it('takes probabilities of 0 and 1', () => {
    const hard: OutOfFold = { ...lr, probabilities: Float64Array.from(data.yTrue) }
    const { histogram, curve } = analyseThreshold(
      judged,
      hard,
      { bayes: null, known: null },
      noCheckpoint,
    )
    expect([...curve.thresholds]).toEqual([Infinity, 1, 0])
    expect([histogram.negatives[0], histogram.positives.at(-1)]).toEqual([360, 40])
    expect([...histogram.edges].every((edge) => edge > 0 && edge < 1)).toBe(true)
  })
})
