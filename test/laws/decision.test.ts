import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bayesThreshold } from '#shared/core/decision/bayes-threshold.ts'
import { type Constraints, decide } from '#shared/core/decision/operating-point.ts'
import { costCurve, type ScoredSamples } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import type { SampleCosts } from '#shared/core/frame/sample-costs.ts'

/** Everything a multiple of 1/16, so that sums are exact and ties are ties. */
const sixteenths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 16, max: max * 16 }).map((value) => value / 16)
const row = fc.record({
  y: fc.nat(1),
  score: sixteenths(0, 1),
  weight: fc.integer({ min: 1, max: 3 }),
  miss: sixteenths(4, 30),
  alarm: sixteenths(1, 3),
})
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never
const rows = fc.array(row, { minLength: 1, maxLength: 20 })

const kinds: readonly (readonly [string, (rows: readonly Row[]) => SampleCosts])[] = [
  [
    'constant',
    () => ({
      truePositive: 1,
      falsePositive: 1,
      trueNegative: -0.5,
      falseNegative: 8,
      constant: true,
    }),
  ],
  [
    'per sample',
    (from) => ({
      truePositive: 0.25,
      falsePositive: Float64Array.from(from, ({ alarm }) => alarm),
      trueNegative: 0,
      falseNegative: Float64Array.from(from, ({ miss }) => miss),
      constant: false,
    }),
  ],
]
const constraintKinds: readonly (readonly [string, Constraints])[] = [
  ['no constraint', { commitments: [], maxAlertShare: null }],
  ['a capacity', { commitments: [], maxAlertShare: 0.3 }],
  ['recall', { commitments: [{ measure: 'recall', atLeast: 0.7 }], maxAlertShare: null }],
  [
    'precision and a capacity',
    { commitments: [{ measure: 'precision', atLeast: 0.6 }], maxAlertShare: 0.5 },
  ],
  [
    'recall, precision and review hours',
    {
      commitments: [
        { measure: 'recall', atLeast: 0.5 },
        { measure: 'precision', atLeast: 0.4 },
      ],
      maxAlertShare: 0.6,
      alertsSetBy: 'review hours',
    },
  ],
]
const cases = kinds.flatMap(([costName, costsOf]) =>
  constraintKinds.map(([constraintName, constraints]) => ({
    name: `${costName} costs, ${constraintName}`,
    costsOf,
    constraints,
  })),
)

function mapCosts(
  costs: SampleCosts,
  change: (cost: number, outcome: keyof Omit<SampleCosts, 'constant'>) => number,
): SampleCosts {
  const changed = (outcome: keyof Omit<SampleCosts, 'constant'>): number | Float64Array => {
    const cost = costs[outcome]
    return typeof cost === 'number'
      ? change(cost, outcome)
      : cost.map((one) => change(one, outcome))
  }
  return {
    truePositive: changed('truePositive'),
    falsePositive: changed('falsePositive'),
    trueNegative: changed('trueNegative'),
    falseNegative: changed('falseNegative'),
    constant: costs.constant,
  }
}

describe.each(cases)('tuned thresholds: $name', ({ costsOf, constraints }) => {
  const samplesOf = (from: readonly Row[]): ScoredSamples => ({
    yTrue: Uint8Array.from(from, ({ y }) => y),
    probabilities: Float64Array.from(from, ({ score }) => score),
    weights: Float64Array.from(from, ({ weight }) => weight),
    costs: costsOf(from),
  })
  const tune = (samples: ScoredSamples): ReturnType<typeof tuneThreshold> =>
    tuneThreshold({ ...samples, constraints })

  it('do not change when all costs are multiplied', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(2 ** -20, 0.5, 4, 2 ** 20), (from, factor) => {
        const samples = samplesOf(from)
        const scaled = tune({ ...samples, costs: mapCosts(samples.costs, (cost) => cost * factor) })
        expect(scaled.value).toBe(tune(samples).value)
        expect(scaled.meanCost).toBeCloseTo(tune(samples).meanCost * factor, 6)
      }),
    )
  })

  it('do not change when both outcomes of a class get dearer alike', () => {
    fc.assert(
      fc.property(rows, sixteenths(-50, 50), sixteenths(-50, 50), (from, positive, negative) => {
        const samples = samplesOf(from)
        const costs = mapCosts(samples.costs, (cost, outcome) =>
          outcome === 'truePositive' || outcome === 'falseNegative'
            ? cost + positive
            : cost + negative,
        )
        expect(tune({ ...samples, costs }).value).toBe(tune(samples).value)
      }),
    )
  })

  it('do not depend on the order of the samples', () => {
    const withOrder = rows.chain((from) =>
      fc.tuple(fc.constant(from), fc.shuffledSubarray(from, { minLength: from.length })),
    )
    fc.assert(
      fc.property(withOrder, ([from, shuffled]) => {
        expect(tune(samplesOf(shuffled))).toEqual(tune(samplesOf(from)))
      }),
    )
  })

  it('take a weight for that many samples', () => {
    fc.assert(
      fc.property(rows, (from) => {
        const repeated = from.flatMap((one) => new Array<Row>(one.weight).fill(one))
        const unweighted = { ...samplesOf(repeated), weights: null }
        expect(tune(unweighted)).toEqual(tune(samplesOf(from)))
      }),
    )
  })

  it('lead to the same decisions after an increasing transform of the scores', () => {
    fc.assert(
      fc.property(rows, (from) => {
        const samples = samplesOf(from)
        const probabilities = samples.probabilities.map((score) => score ** 3 / 2 + 0.1)
        const before = decide(samples.probabilities, tune(samples).value)
        const after = decide(probabilities, tune({ ...samples, probabilities }).value)
        expect(after).toEqual(before)
      }),
    )
  })

  it('lie on the cost curve, at its minimum when nothing constrains them', () => {
    fc.assert(
      fc.property(rows, (from) => {
        const samples = samplesOf(from)
        const { thresholds, totalCost, positives, negatives } = costCurve(samples)
        const tuned = tune(samples)
        const at = thresholds.indexOf(tuned.value)
        expect(at).toBeGreaterThanOrEqual(0)
        expect(tuned.meanCost).toBe(totalCost[at]! / (positives + negatives))
        if (constraints.commitments.length > 0 || constraints.maxAlertShare !== null) return
        expect(totalCost[at]).toBeCloseTo(Math.min(...totalCost), 9)
      }),
    )
  })
})

describe('Bayes threshold', () => {
  const costs = fc.record({
    truePositive: sixteenths(-5, 5),
    falsePositive: sixteenths(6, 9),
    trueNegative: sixteenths(-5, 5),
    falseNegative: sixteenths(6, 900),
  })

  it('depends on the two regrets alone', () => {
    fc.assert(
      fc.property(costs, sixteenths(-9, 9), fc.constantFrom(0.25, 8), (matrix, shift, factor) => {
        const moved = {
          truePositive: factor * (matrix.truePositive + shift),
          falseNegative: factor * (matrix.falseNegative + shift),
          falsePositive: factor * (matrix.falsePositive - shift),
          trueNegative: factor * (matrix.trueNegative - shift),
        }
        expect(bayesThreshold(moved)).toBe(bayesThreshold(matrix))
      }),
    )
  })

  it('turns into 1 minus itself when the classes change places', () => {
    fc.assert(
      fc.property(costs, (matrix) => {
        const swapped = {
          truePositive: matrix.trueNegative,
          falseNegative: matrix.falsePositive,
          trueNegative: matrix.truePositive,
          falsePositive: matrix.falseNegative,
        }
        expect(bayesThreshold(swapped)).toBeCloseTo(1 - bayesThreshold(matrix), 12)
      }),
    )
  })

  it('is where tuning ends up on calibrated probabilities', () => {
    // Every score s of 1/40 … 39/40 stands for 40 samples of which 40·s are positive.
    const scores = Array.from({ length: 39 }, (_, i) => (i + 1) / 40)
    const samples = scores.flatMap((score, i) =>
      Array.from({ length: 40 }, (_, j) => ({ score, y: j <= i ? 1 : 0 })),
    )
    fc.assert(
      fc.property(costs, (matrix) => {
        const { value } = tuneThreshold({
          yTrue: Uint8Array.from(samples, ({ y }) => y),
          probabilities: Float64Array.from(samples, ({ score }) => score),
          weights: null,
          costs: { ...matrix, constant: true },
          constraints: { commitments: [], maxAlertShare: null },
        })
        const bayes = bayesThreshold(matrix)
        const cheapestScore = scores.find((score) => score > bayes + 1e-12) ?? Infinity
        expect(value).toBe(cheapestScore)
      }),
    )
  })
})
