/** What would change the decision: other costs, another prevalence, people between yes and no. */
import type { ThresholdData } from '#shared/contract/decision.ts'
import {
  bestByRatio,
  hullPoints,
  lowerEnvelope,
  mapOfRatioAndPrevalence,
} from '#shared/core/decision/lower-envelope.ts'
import type { RatedPoint, RatioPrevalenceMap } from '#shared/core/decision/lower-envelope.ts'
import { readCurve } from '#shared/core/decision/read-curve.ts'
import { solveThreeWayOf } from '#shared/core/decision/three-way.ts'
import type { ReviewTerms, ThreeWayPoint } from '#shared/core/decision/three-way.ts'
import { costPerCase, tornado } from '#shared/core/decision/tornado.ts'
import type { Tornado, UncertainInput } from '#shared/core/decision/tornado.ts'
import { alertLimit } from '#shared/core/frame/limits.ts'
import type { CostMatrix } from '#shared/core/frame/sample-costs.ts'
import type { Decision } from './decision-figures.ts'

/** The costs where each is one number for all cases; null otherwise. */
export function constantCosts({ costs }: Decision): CostMatrix | null {
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  return typeof truePositive === 'number' &&
    typeof falsePositive === 'number' &&
    typeof trueNegative === 'number' &&
    typeof falseNegative === 'number'
    ? { truePositive, falsePositive, trueNegative, falseNegative }
    : null
}

/** Rates at a threshold, as a point of the ROC curve. */
function ratedPoint(name: string, data: ThresholdData, threshold: number): RatedPoint {
  const { tp, fp } = readCurve(data.curve, threshold)
  const { weightOfPositives, weightOfNegatives } = data.curve
  return {
    name,
    threshold,
    truePositiveRate: weightOfPositives > 0 ? tp / weightOfPositives : 0,
    falsePositiveRate: weightOfNegatives > 0 ? fp / weightOfNegatives : 0,
  }
}

/** All points of a run that can be cheapest at some ratio. */
function pointsOf(name: string, { curve }: ThresholdData): RatedPoint[] {
  return hullPoints(name, {
    ...curve,
    positives: curve.weightOfPositives,
    negatives: curve.weightOfNegatives,
  })
}

/** How far up and down, in percent, costs and prevalence might be. */
export type Doubt = Readonly<Record<'misses' | 'alarms' | 'prevalence', number>>

/** How much each doubt moves the cost of a case, with the threshold kept and chosen anew. */
export function doubted(
  data: ThresholdData,
  costs: CostMatrix,
  threshold: number,
  doubt: Doubt,
): Tornado {
  const { prevalenceInUse } = data
  const around = (
    likely: number,
    percent: number,
  ): { low: number; likely: number; high: number } => {
    const part = (Math.abs(likely) * percent) / 100
    return { low: likely - part, likely, high: likely + part }
  }
  const exactly = (likely: number): { low: number; likely: number; high: number } => ({
    low: likely,
    likely,
    high: likely,
  })
  const prevalence = around(prevalenceInUse, doubt.prevalence)
  return tornado(ratedPoint('kept', data, threshold), pointsOf('kept', data), {
    falseNegative: around(costs.falseNegative, doubt.misses),
    falsePositive: around(costs.falsePositive, doubt.alarms),
    truePositive: exactly(costs.truePositive),
    trueNegative: exactly(costs.trueNegative),
    prevalence: {
      ...prevalence,
      low: Math.max(1e-9, prevalence.low),
      high: Math.min(1 - 1e-9, prevalence.high),
    },
  })
}

/** Regret of a miss over that of a false alarm; null where it is none. */
export function ratioOf({
  truePositive,
  falsePositive,
  trueNegative,
  falseNegative,
}: CostMatrix): number | null {
  const miss = falseNegative - truePositive
  const alarm = falsePositive - trueNegative
  return alarm > 0 && miss > 0 ? miss / alarm : null
}

export interface BestRun {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Which run is cheapest at which FN:FP, each with its best threshold. */
export function bestRuns(
  runs: readonly { readonly name: string; readonly data: ThresholdData }[],
  prevalence: number,
): readonly BestRun[] {
  const points = runs.flatMap(({ name, data }) => pointsOf(name, data))
  return points.length === 0 ? [] : bestByRatio(lowerEnvelope(points, prevalence))
}

/** Ratios and prevalences of the map: each step is the same factor. */
export function mapAround(
  runs: readonly { readonly name: string; readonly data: ThresholdData }[],
  ratio: number,
  prevalence: number,
): (RatioPrevalenceMap & { readonly names: readonly string[] }) | null {
  const points = runs.flatMap(({ name, data }) => pointsOf(name, data))
  if (points.length === 0) return null
  const factors = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8]
  const map = mapOfRatioAndPrevalence(
    points,
    factors.map((factor) => factor * ratio),
    factors.map((factor) => factor * prevalence).filter((one) => one > 0 && one < 0.5),
  )
  return { ...map, names: points.map(({ name }) => name) }
}

/** Best cuts with people between them; null where a class is missing. */
export function withReview(
  { curve }: ThresholdData,
  costs: CostMatrix,
  review: ReviewTerms,
): ThreeWayPoint | null {
  const { weightOfPositives: positives, weightOfNegatives: negatives } = curve
  if (!(positives > 0 && negatives > 0)) return null
  return solveThreeWayOf(
    {
      // Without the first candidate, which alerts on nobody.
      thresholds: curve.thresholds.slice(1),
      truePositives: curve.tp.slice(1),
      falsePositives: curve.fp.slice(1),
      positives,
      negatives,
    },
    { costs, review },
  )
}

/** Cost of a case at another prevalence: with the threshold kept, and with the best one there. */
export function atPrevalence(
  data: ThresholdData,
  costs: CostMatrix,
  threshold: number,
  prevalence: number,
): {
  readonly kept: number
  readonly best: number
  readonly bestPoint: RatedPoint
  readonly alertShare: (point: RatedPoint) => number
} {
  const inputs: Record<UncertainInput, number> = { ...costs, prevalence }
  const kept = ratedPoint('kept', data, threshold)
  const candidates = [kept, ...pointsOf('kept', data)]
  const bestPoint = candidates.reduce((least, point) =>
    costPerCase(point, inputs) < costPerCase(least, inputs) ? point : least,
  )
  return {
    kept: costPerCase(kept, inputs),
    best: costPerCase(bestPoint, inputs),
    bestPoint,
    alertShare: ({ truePositiveRate, falsePositiveRate }) =>
      prevalence * truePositiveRate + (1 - prevalence) * falsePositiveRate,
  }
}

/** Reviews a day to begin with: as many as the frame allows alerts; 100 where it has no limit. */
export function reviewsAtFirst(limits: Parameters<typeof alertLimit>[0]): number {
  return Math.floor(alertLimit(limits)?.perDay ?? 100)
}
