import { describe, expect, it } from 'vitest'
import type { CostMatrix, SampleCosts } from '#shared/core/frame/sample-costs.ts'
import { createStream } from '#shared/core/math/random.ts'
import { costUncertainty, runUnderDoubt } from '#shared/core/pipeline/cost-uncertainty.ts'
import { costPerCase } from '#shared/core/decision/tornado.ts'
import { toJson } from '#shared/contract/json.ts'
import type { OperatingPoint } from '#shared/core/report/analysis.ts'

const matrix: CostMatrix = { truePositive: 1, falsePositive: 1, trueNegative: 0, falseNegative: 13 }
const constant: SampleCosts = { ...matrix, constant: true }

interface World {
  readonly yTrue: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
}

/** Calibrated scores up to a half at a prevalence of about 0.1, and others that know less. */
function world(n = 3000): World {
  const stream = createStream(4, 'uncertain')
  const good = Float64Array.from({ length: n }, () => Math.min(0.5, stream.uniform() ** 9))
  const yTrue = Uint8Array.from(good, (p) => (stream.uniform() < p ? 1 : 0))
  return { yTrue, good, bad: good.map((p) => (stream.uniform() < 0.6 ? p : 0.1)) }
}

function uncertaintyOf(
  { yTrue, good, bad }: World,
  costs: SampleCosts = constant,
  { threshold = 0.08, weights = null as Float64Array | null } = {},
): ReturnType<typeof costUncertainty> {
  const nPositives = yTrue.reduce((sum, y, i) => sum + y * (weights?.[i] ?? 1), 0)
  const total = weights === null ? yTrue.length : weights.reduce((sum, w) => sum + w, 0)
  const share = nPositives / total
  const data = {
    ...{ yTrue, decisionWeights: weights, groups: null, costs },
    prevalence: { inData: share, inUse: share },
  }
  const operatingPoints = [{ rule: 'tuned', threshold } as OperatingPoint]
  const runs = Object.entries({ bad, good }).map(([configuration, probabilities]) =>
    runUnderDoubt(data, { configuration, probabilities }, { operatingPoints }),
  )
  const recommended = { name: 'good', rule: 'tuned' as const }
  return costUncertainty(data, runs, { recommended, reference: 'bad' }, '€')
}

describe('costUncertainty', () => {
  const made = world()
  const prevalence = made.yTrue.reduce((sum, y) => sum + y, 0) / made.yTrue.length
  const told = uncertaintyOf(made)

  it('moves what the decision costs, one doubt at a time', () => {
    expect(told).toMatchObject({ name: 'good', rule: 'tuned', threshold: 0.08, ratio: 12 })
    const { costPer1000, bars } = told.tornado!
    const alerted = made.good.map((p) => (p >= 0.08 ? 1 : 0))
    const cost = made.yTrue.reduce(
      (sum, y, i) => sum + (y === 1 ? (alerted[i] === 1 ? 1 : 13) : alerted[i]!),
      0,
    )
    expect(costPer1000).toBeCloseTo((1000 * cost) / made.yTrue.length, 8)
    expect(bars.map(({ input }) => input).toSorted()).toEqual([
      'falseNegative',
      'falsePositive',
      'prevalence',
    ])
    bars.forEach(({ swingPer1000, ...bar }, i) => {
      expect(swingPer1000).toBeLessThanOrEqual(bars[i - 1]?.swingPer1000 ?? Infinity)
      expect(bar.solvedAtLowPer1000).toBeLessThanOrEqual(bar.atLowPer1000 + 1e-9)
      expect(bar.solvedAtHighPer1000).toBeLessThanOrEqual(bar.atHighPer1000 + 1e-9)
    })
    const misses = bars.find(({ input }) => input === 'falseNegative')!
    expect([misses.low, misses.high]).toEqual([6.5, 19.5])
  })

  it('tells which run is best at which ratio, and nobody where no run is needed', () => {
    const stretches = told.bestByRatio!
    expect(stretches[0]).toMatchObject({ name: null, alerts: 'nobody', from: 0 })
    expect(stretches.at(-1)!.to).toBeNull()
    stretches.slice(1).forEach(({ from }, i) => expect(from).toBe(stretches[i]!.to))
    expect(stretches.find(({ from, to }) => from <= 12 && 12 < (to ?? Infinity))!.name).toBe('good')
    const { ratios, prevalences, cells } = told.map!
    expect([ratios[3], prevalences[3], cells[3]![3]!.name]).toEqual([12, prevalence, 'good'])
    expect(cells[3]![3]!.falseAlarmsPer1000).toBeGreaterThan(0)
    expect(cells).toHaveLength(7)
  })

  it('draws decision curves with bands that hold them, acting on all by its formula', () => {
    const [own, reference] = told.decisionCurves!
    expect([own!.name, reference!.name]).toEqual(['good', 'bad'])
    for (const point of own!.points) {
      const t = point.thresholdProbability
      expect(point.alertAllPer1000).toBeCloseTo(
        1000 * (prevalence - ((1 - prevalence) * t) / (1 - t)),
        8,
      )
      const { lower, upper } = point.netBenefitPer1000Interval!
      expect(lower).toBeLessThanOrEqual(point.netBenefitPer1000)
      expect(upper).toBeGreaterThanOrEqual(point.netBenefitPer1000)
      expect(point.gainOverAllPer1000).toBeCloseTo(
        point.netBenefitPer1000 - point.alertAllPer1000,
        9,
      )
    }
    // Calibrated scores are worth acting on where costs are as stated, and for certain with 3,000.
    const holds = ({ from, to }: { from: number; to: number }): boolean =>
      from <= 1 / 13 && 1 / 13 <= to
    expect(own!.better.some(holds)).toBe(true)
    expect(own!.certain.some(holds)).toBe(true)
  })

  it('says it in sentences', () => {
    expect(told.sentences[0]).toMatch(
      /^Most depends on .+ ±\d+ %: 1,000 cases cost €\S+ to €\S+ instead of €\S+, with the threshold kept; /,
    )
    expect(told.sentences[1]).toMatch(/^At the stated FN:FP of 12 good is best; /)
    expect(told.sentences[2]).toMatch(
      /^Acting on good beats alerting on everybody and on nobody at threshold probabilities from .+, (everywhere there for certain|for certain from .+) \(95 %, point by point\)\.$/,
    )
  })

  it('says the same of samples in another order, and of a weight of 2 as of a sample twice', () => {
    const turned = uncertaintyOf({
      yTrue: made.yTrue.toReversed(),
      good: made.good.toReversed(),
      bad: made.bad.toReversed(),
    })
    expect(turned.sentences).toEqual(told.sentences)
    const small = world(300)
    const times = Array.from(small.yTrue, (_, i) => 1 + (i % 2))
    const twice = (values: Uint8Array | Float64Array): number[] =>
      [...values].flatMap((value, i) => new Array<number>(times[i]!).fill(value))
    const repeated = uncertaintyOf({
      yTrue: Uint8Array.from(twice(small.yTrue)),
      good: Float64Array.from(twice(small.good)),
      bad: Float64Array.from(twice(small.bad)),
    })
    const weighed = uncertaintyOf(small, constant, { weights: Float64Array.from(times) })
    expect(weighed.tornado!.costPer1000).toBeCloseTo(repeated.tornado!.costPer1000, 8)
    weighed.decisionCurves![0]!.points.forEach(({ netBenefitPer1000 }, i) => {
      expect(netBenefitPer1000).toBeCloseTo(
        repeated.decisionCurves![0]!.points[i]!.netBenefitPer1000,
        8,
      )
    })
    weighed.bestByRatio!.forEach(({ from }, i) => {
      expect(from).toBeCloseTo(repeated.bestByRatio![i]!.from, 9)
    })
  })
})

describe('where there is no answer', () => {
  const made = world(200)

  it('has words for costs that differ from case to case, and what does not need them', () => {
    const told = uncertaintyOf(made, {
      ...matrix,
      falseNegative: new Float64Array(200).fill(13),
      constant: false,
    })
    expect(told).toMatchObject({
      ...{ ratio: null, tornado: null, map: null },
      tornadoReason: 'costs differ from case to case',
      mapReason: 'costs differ from case to case',
    })
    expect(told.bestByRatio).not.toBeNull()
    expect(told.decisionCurves).toHaveLength(2)
    expect(told.sentences[0]).toBe(
      'Which doubt matters most is not told: costs differ from case to case.',
    )
  })

  it('has words for a missing class', () => {
    const none = uncertaintyOf({ ...made, yTrue: new Uint8Array(200) })
    expect(none).toMatchObject({
      ...{ tornado: null, bestByRatio: null, map: null, decisionCurves: null },
      decisionCurvesReason: 'a class is missing among the cases judged',
    })
    expect(none.sentences).toHaveLength(2)
  })

  it('stays finite where one decision is never wrong, with one score, and without alerts', () => {
    const oneSided = uncertaintyOf(made, { ...constant, falsePositive: 0 })
    expect(oneSided).toMatchObject({ map: null, mapReason: 'one decision is never wrong' })
    const flat = new Float64Array(200).fill(0.1)
    const oneScore = uncertaintyOf({ ...made, good: flat, bad: flat })
    expect(oneScore.bestByRatio!.map(({ alerts }) => alerts)).toEqual(['nobody', 'everybody'])
    const silent = uncertaintyOf(made, constant, { threshold: Infinity })
    expect(silent.tornado!.costPer1000).toBeCloseTo(
      1000 *
        costPerCase(
          { name: '', threshold: null, truePositiveRate: 0, falsePositiveRate: 0 },
          { ...matrix, prevalence: made.yTrue.reduce((sum, y) => sum + y, 0) / 200 },
        ),
      8,
    )
    for (const told of [oneSided, oneScore, silent]) {
      expect(() => toJson(told)).not.toThrow()
      for (const sentence of told.sentences) expect(sentence).not.toMatch(/n\/a|NaN|undefined/)
    }
  })
})
