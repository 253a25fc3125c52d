import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Constraints,
  decide,
  judgeDecisions,
  meetsConstraints,
} from '#shared/core/decision/operating-point.ts'
import type { Commitment } from '#shared/core/frame/frame.ts'
import { costCurve, savings, type ScoredSamples } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'

const FREELY: Constraints = { commitments: [], maxAlertShare: null }
const recallOf = (atLeast: number): Commitment => ({ measure: 'recall', atLeast })
const precisionOf = (atLeast: number): Commitment => ({ measure: 'precision', atLeast })

const constantCosts = {
  truePositive: 1,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 10,
  constant: true,
}
// Positives at 0.9, 0.5 and 0.2 among ten samples.
const samples: ScoredSamples = {
  yTrue: Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 0),
  probabilities: Float64Array.of(0.9, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01),
  weights: null,
  costs: constantCosts,
}

/** Samples with ties, weights and costs that differ, in integers so that sums are exact. */
const anySamples: fc.Arbitrary<ScoredSamples> = fc
  .array(
    fc.record({
      y: fc.nat(1),
      score: fc.integer({ min: 0, max: 8 }),
      weight: fc.integer({ min: 0, max: 3 }),
      miss: fc.integer({ min: -2, max: 20 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .filter((rows) => rows.some(({ weight }) => weight > 0))
  .chain((rows) =>
    fc.record({ isWeighted: fc.boolean(), isPerSample: fc.boolean() }).map((kind) => ({
      yTrue: Uint8Array.from(rows, ({ y }) => y),
      probabilities: Float64Array.from(rows, ({ score }) => score / 8),
      weights: kind.isWeighted ? Float64Array.from(rows, ({ weight }) => weight) : null,
      costs: kind.isPerSample
        ? {
            ...constantCosts,
            falseNegative: Float64Array.from(rows, ({ miss }) => miss),
            constant: false,
          }
        : constantCosts,
    })),
  )
const anyConstraints = fc.record({
  commitments: fc.uniqueArray(
    fc.record({
      measure: fc.constantFrom('recall' as const, 'precision' as const),
      atLeast: fc.constantFrom(0.2, 0.5, 0.8, 1),
    }),
    { selector: ({ measure }) => measure, maxLength: 2 },
  ),
  maxAlertShare: fc.option(fc.constantFrom(0, 0.1, 0.5, 1)),
})

/** Judges the decisions of every candidate one by one. */
function bruteForce(scored: ScoredSamples): { threshold: number; judged: Fit }[] {
  const candidates = [...new Set([Infinity, ...scored.probabilities])].sort((a, b) => b - a)
  return candidates.map((threshold) => ({
    threshold,
    judged: judgeDecisions({ ...scored, decisions: decide(scored.probabilities, threshold) }),
  }))
}
interface Fit {
  readonly meanCost: number
  readonly alertShare: number
  readonly precision: number | null
  readonly recall: number | null
}
const least = (values: readonly number[]): number => Math.min(...values)

describe('tuneThreshold', () => {
  it('finds the least cost that any threshold has, with the fewest alerts', () => {
    fc.assert(
      fc.property(anySamples, (scored) => {
        const all = bruteForce(scored)
        const tuned = tuneThreshold({ ...scored, constraints: FREELY })
        const cheapest = least(all.map(({ judged }) => judged.meanCost))
        const expected = all.find(({ judged }) => judged.meanCost <= cheapest + 1e-9)!
        expect(tuned.meanCost).toBeCloseTo(cheapest, 9)
        // A sample of weight 0 makes no candidate, so compare what is flagged.
        expect(tuned.alertShare).toBeCloseTo(expected.judged.alertShare, 9)
        expect(tuned.feasible).toBe(true)
      }),
    )
  })

  it('keeps all constraints at least cost where a threshold can, and says so', () => {
    fc.assert(
      fc.property(anySamples, anyConstraints, (scored, constraints) => {
        const all = bruteForce(scored)
        const tuned = tuneThreshold({ ...scored, constraints })
        const keeping = all.filter(({ judged }) => meetsConstraints(judged, constraints))
        expect(tuned.feasible).toBe(keeping.length > 0)
        expect(tuned.shortfall === null).toBe(tuned.feasible)
        if (keeping.length > 0) {
          expect(meetsConstraints(tuned, constraints)).toBe(true)
          expect(tuned.meanCost).toBeCloseTo(least(keeping.map(({ judged }) => judged.meanCost)), 9)
          return
        }
        // Contradicting constraints: the capacity is kept, and the commitment that is missed most
        // is missed by the least; what no threshold defines has no say in it.
        const { commitments, maxAlertShare } = constraints
        const told = commitments.filter(({ measure }) =>
          all.some(({ judged }) => judged[measure] !== null),
        )
        const staffed = all.filter(({ judged }) =>
          meetsConstraints(judged, { commitments: [], maxAlertShare }),
        )
        const missedBy = (fit: Fit): number =>
          Math.max(
            0,
            ...told.map(({ measure, atLeast }) => {
              const value = fit[measure]
              return value === null ? 2 : (atLeast - value) / atLeast
            }),
          )
        const closest = least(staffed.map(({ judged }) => missedBy(judged)))
        const cheapest = least(
          staffed
            .filter(({ judged }) => missedBy(judged) <= closest + 1e-9)
            .map(({ judged }) => judged.meanCost),
        )
        expect(meetsConstraints(tuned, { commitments: [], maxAlertShare })).toBe(true)
        expect(missedBy(tuned)).toBeCloseTo(closest, 9)
        expect(tuned.meanCost).toBeCloseTo(cheapest, 9)
        expect(tuned.shortfall).not.toMatch(/NaN|Infinity/)
      }),
    )
  })

  it('reports the fit that its value gives', () => {
    const tuned = tuneThreshold({ ...samples, constraints: FREELY })
    const decisions = decide(samples.probabilities, tuned.value)
    expect(judgeDecisions({ ...samples, decisions })).toMatchObject({
      meanCost: tuned.meanCost,
      alertShare: tuned.alertShare,
      precision: tuned.precision,
      recall: tuned.recall,
    })
  })

  it('says how many alerts a recall needs and how many are too many', () => {
    const tuned = tuneThreshold({
      ...samples,
      constraints: { commitments: [recallOf(0.9)], maxAlertShare: 0.4 },
    })
    expect(tuned).toMatchObject({ value: 0.5, feasible: false, alertShare: 0.4 })
    expect(tuned.shortfall).toBe(
      'recall 0.9 needs 700 alerts per 1,000 cases; the capacity allows 400: 300 too many; within it recall reaches 0.667',
    )
  })

  it('says what precision is within reach', () => {
    const scored = { ...samples, yTrue: Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0) }
    const beyond = tuneThreshold({
      ...scored,
      constraints: { commitments: [precisionOf(0.9)], maxAlertShare: null },
    })
    expect(beyond).toMatchObject({ value: 0.6, feasible: false })
    expect(beyond.shortfall).toBe(
      'precision 0.9 is out of reach at every threshold; the closest is precision 0.667',
    )
    const crowded = tuneThreshold({
      ...scored,
      constraints: { commitments: [precisionOf(0.6)], maxAlertShare: 0.2 },
    })
    expect(crowded).toMatchObject({ value: 0.8, feasible: false })
    expect(crowded.shortfall).toMatch(/^precision 0.6 needs 300 alerts .* 100 too many/)
  })

  it('keeps a recall and a precision together', () => {
    const tune = (recall: number, precision: number, maxAlertShare: number | null = null) =>
      tuneThreshold({
        ...samples,
        costs: { ...constantCosts, falseNegative: 1.5, falsePositive: 2 },
        constraints: { commitments: [recallOf(recall), precisionOf(precision)], maxAlertShare },
      })
    // Alone the costs would stop at 0.9, and recall at 0.6 of three positives would do at 0.5.
    expect(tune(0.6, 0.5)).toMatchObject({ value: 0.5, feasible: true, shortfall: null })
    expect(tune(0.3, 0.5)).toMatchObject({ value: 0.9, feasible: true })
    const apart = tune(0.6, 0.8)
    expect(apart).toMatchObject({ value: 0.5, feasible: false })
    expect(apart.shortfall).toBe(
      'recall 0.6 and precision 0.8 cannot be kept together; the least that would have to give way: precision 0.5 (0.3 less), or recall 0.333 (0.267 less)',
    )
  })

  it('says which of several limits would have to give way, in what they are stated in', () => {
    const tuned = tuneThreshold({
      ...samples,
      constraints: {
        commitments: [recallOf(0.6), precisionOf(0.5)],
        maxAlertShare: 0.3,
        alertsSetBy: 'review hours',
      },
    })
    expect(tuned).toMatchObject({ alertShare: 0.1, feasible: false })
    expect(tuned.shortfall).toBe(
      'recall 0.6 and precision 0.5 cannot be kept together within the review hours (300 alerts per 1,000 cases); the least that would have to give way: 400 alerts per 1,000 (100 more), or recall 0.333 (0.267 less)',
    )
  })

  it('says so where relaxing one limit is not enough', () => {
    const tuned = tuneThreshold({
      ...samples,
      yTrue: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      constraints: { commitments: [recallOf(0.5), precisionOf(0.5)], maxAlertShare: 0.5 },
    })
    expect(tuned.feasible).toBe(false)
    expect(tuned.shortfall).toMatch(
      /^recall 0.5 and precision 0.5 .* \(500 alerts per 1,000 cases\), and relaxing one limit is not enough; the closest has recall 0 and precision 0$/,
    )
  })

  it('goes by precision alone where no sample is positive', () => {
    const tuned = tuneThreshold({
      ...samples,
      yTrue: new Uint8Array(10),
      constraints: { commitments: [recallOf(0.5), precisionOf(0.5)], maxAlertShare: null },
    })
    expect(tuned).toMatchObject({ feasible: false, recall: null, precision: 0 })
    expect(tuned.shortfall).toBe(
      'recall 0.5 cannot be kept: without positive cases recall is undefined',
    )
  })

  it('needs an alert to keep a precision', () => {
    const unstaffed = tuneThreshold({
      ...samples,
      constraints: { commitments: [precisionOf(0.5)], maxAlertShare: 0 },
    })
    expect(unstaffed).toMatchObject({ value: Infinity, feasible: false, precision: null })
    expect(unstaffed.shortfall).toMatch(/within it there is no alert at all$/)
  })

  it('answers in words when no sample is positive', () => {
    const scored = { ...samples, yTrue: new Uint8Array(10) }
    expect(tuneThreshold({ ...scored, constraints: FREELY })).toMatchObject({
      value: Infinity,
      recall: null,
      meanCost: 0,
    })
    const committed = tuneThreshold({
      ...scored,
      constraints: { commitments: [recallOf(0.5)], maxAlertShare: null },
    })
    expect(committed.shortfall).toBe(
      'recall 0.5 cannot be kept: without positive cases recall is undefined',
    )
  })

  it('has two candidates when all scores are equal', () => {
    const scored = { ...samples, probabilities: new Float64Array(10).fill(0.3) }
    expect([...costCurve(scored).thresholds]).toEqual([Infinity, 0.3])
    expect(tuneThreshold({ ...scored, constraints: FREELY }).value).toBe(0.3)
    const dearAlerts = { ...constantCosts, falsePositive: 9 }
    expect(tuneThreshold({ ...scored, costs: dearAlerts, constraints: FREELY }).value).toBe(
      Infinity,
    )
  })

  it('finds a single positive', () => {
    const yTrue = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    const tuned = tuneThreshold({ ...samples, yTrue, constraints: FREELY })
    expect(tuned).toMatchObject({ value: 0.5, recall: 1, precision: 0.25 })
  })

  it('refuses what it cannot work on', () => {
    const tune =
      (changes: Partial<ScoredSamples>, constraints = FREELY) =>
      (): unknown =>
        tuneThreshold({ ...samples, ...changes, constraints })
    expect(tune({ yTrue: new Uint8Array(0), probabilities: new Float64Array(0) })).toThrow(
      RangeError,
    )
    expect(tune({ probabilities: new Float64Array(10).fill(NaN) })).toThrow(/NaN/)
    expect(tune({ weights: new Float64Array(10) })).toThrow(/more than 0/)
    expect(tune({}, { ...FREELY, commitments: [recallOf(0)] })).toThrow(/\(0, 1\], got 0/)
    expect(tune({}, { ...FREELY, maxAlertShare: NaN })).toThrow(/maxAlertShare/)
  })
})

describe('costCurve', () => {
  it('gives the same costs from constants and from columns of the same numbers', () => {
    const perSample = {
      ...constantCosts,
      falseNegative: new Float64Array(10).fill(10),
      truePositive: new Float64Array(10).fill(1),
      constant: false,
    }
    const fromColumns = costCurve({ ...samples, costs: perSample }).totalCost
    costCurve(samples).totalCost.forEach((cost, i) => {
      expect(fromColumns[i]).toBeCloseTo(cost, 12)
    })
  })

  it('has the tuned threshold at its minimum', () => {
    const curve = costCurve(samples)
    const tuned = tuneThreshold({ ...samples, constraints: FREELY })
    const marked = curve.totalCost[curve.thresholds.indexOf(tuned.value)]!
    expect(marked).toBe(Math.min(...curve.totalCost))
    expect(marked / 10).toBe(tuned.meanCost)
  })

  it('saves nothing where flagging all or none costs nothing', () => {
    expect(savings(costCurve({ ...samples, yTrue: new Uint8Array(10) }))).toBeNull()
    // Flagging none costs 30, all 10; the best threshold, 0.2, costs 7.
    expect(savings(costCurve(samples))).toBeCloseTo(0.3, 12)
  })
})
