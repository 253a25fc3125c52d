import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedCurve } from '#shared/core/decision/counted-curve.ts'
import { solveOperatingPoint } from '#shared/core/decision/solve-operating-point.ts'
import { costCurve } from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import type { SampleCosts } from '#shared/core/frame/sample-costs.ts'
import { createStream } from '#shared/core/math/random.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { runCurves } from '#shared/core/pipeline/run-curves.ts'

interface World {
  readonly seed: number
  readonly nSamples: number
  /** How many different scores there may be: few make ties, many make curves that are thinned. */
  readonly levels: number
  readonly miss: number
  readonly alarm: number
  readonly perRow: boolean
  readonly weighted: boolean
}

const worlds = fc.record<World>({
  seed: fc.nat(1_000_000),
  nSamples: fc.integer({ min: 2, max: 1500 }),
  levels: fc.constantFrom(1, 5, 100, 1_000_000),
  miss: fc.integer({ min: 1, max: 500 }),
  alarm: fc.integer({ min: 1, max: 30 }),
  perRow: fc.boolean(),
  weighted: fc.boolean(),
})

function drawn({ seed, nSamples, levels, miss, alarm, perRow, weighted }: World): {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
  readonly costs: SampleCosts
} {
  const stream = createStream(seed, 'plotted optimum')
  const yTrue = Uint8Array.from({ length: nSamples }, (_, i) =>
    i === 0 || stream.uniform() < 0.1 ? 1 : 0,
  )
  const probabilities = Float64Array.from(yTrue, (y) => {
    const score = 0.7 * stream.uniform() + 0.3 * y * stream.uniform()
    return Math.min(1, Math.ceil(score * levels) / levels)
  })
  return {
    yTrue,
    probabilities,
    weights: weighted ? Float64Array.from(yTrue, () => 1 + stream.below(3)) : null,
    costs: {
      truePositive: 1,
      falsePositive: alarm,
      trueNegative: 0,
      falseNegative: perRow ? Float64Array.from(yTrue, () => miss * (1 + stream.below(9))) : miss,
      constant: !perRow,
    },
  }
}

/** The least of what is plotted, and what is plotted at the marked threshold. */
function expectMarkedAtMinimum(
  points: readonly { readonly threshold: number; readonly cost: number }[],
  marked: number,
): void {
  const least = Math.min(...points.map(({ cost }) => cost))
  const at = points.find(({ threshold }) => threshold === marked)
  expect(at, `the marked threshold ${marked} is not on the curve`).toBeDefined()
  const scale = Math.max(...points.map(({ cost }) => Math.abs(cost)))
  expect(at!.cost - least).toBeLessThanOrEqual(1e-11 * scale)
}

describe('the marked optimum is the minimum of the plotted curve', () => {
  it('in the report, whose curve is thinned', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { weights, ...samples } = drawn(world)
        const tuned = tuneThreshold({
          ...samples,
          weights,
          constraints: { commitments: [], maxAlertShare: null },
        })
        const { cost } = runCurves(
          { ...samples, decisionWeights: weights } as unknown as ExperimentData,
          { configuration: 'one', probabilities: samples.probabilities } as OutOfFold,
        )
        expectMarkedAtMinimum(
          cost.map(({ threshold, costPer1000 }) => ({ threshold, cost: costPer1000 })),
          tuned.value,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('on the page, where neighbouring candidates may be joined', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 4, max: 50 }), (world, most) => {
        const samples = drawn(world)
        const tuned = tuneThreshold({
          ...samples,
          constraints: { commitments: [], maxAlertShare: null },
        })
        const curve = countedCurve(samples, { most, always: [tuned.value] })
        expectMarkedAtMinimum(
          [...curve.thresholds].map((threshold, i) => ({ threshold, cost: curve.totalCost[i]! })),
          tuned.value,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('by the solver, under any requirement that can be kept', () => {
    fc.assert(
      fc.property(worlds, fc.double({ min: 0.05, max: 1, noNaN: true }), (world, recall) => {
        const curve = costCurve(drawn(world))
        const requirements = [{ kind: 'recall' as const, limit: recall }]
        const solved = solveOperatingPoint({
          curve,
          goal: 'cost',
          requirements,
          workload: { casesPerDay: null, minutesPerAlert: null },
        })
        if (!solved.feasible) throw new Error('every recall can be had by alerting on everything')
        const points = [...curve.thresholds].flatMap((threshold, i) =>
          curve.tp[i]! / curve.positives >= recall - 1e-12
            ? [{ threshold, cost: curve.totalCost[i]! }]
            : [],
        )
        expectMarkedAtMinimum(points, solved.chosen.threshold)
      }),
      { numRuns: 300 },
    )
  })
})
