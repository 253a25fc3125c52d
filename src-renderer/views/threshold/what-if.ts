/** What would change the decision: other costs, another prevalence, people between yes and no. */
import type { ThresholdData } from '#shared/contract/decision.ts'
import { mapAround, ratioStretches } from '#shared/core/decision/best-runs.ts'
import { frameRequirements } from '#shared/core/decision/frame-requirements.ts'
import { hullPoints } from '#shared/core/decision/lower-envelope.ts'
import type { RatedPoint } from '#shared/core/decision/lower-envelope.ts'
import { readCurve } from '#shared/core/decision/read-curve.ts'
import { solveThreeWayOf } from '#shared/core/decision/three-way.ts'
import type { ReviewTerms, ThreeWayPoint } from '#shared/core/decision/three-way.ts'
import { doubtedFrame, tornado } from '#shared/core/decision/tornado.ts'
import type { Doubt, Tornado } from '#shared/core/decision/tornado.ts'
import { transferPrevalence } from '#shared/core/decision/transfer-prevalence.ts'
import type { Transferred } from '#shared/core/decision/transfer-prevalence.ts'
import type { RatioStretch, UncertaintyMap } from '#shared/core/decision/uncertainty.ts'
import { alertLimit } from '#shared/core/frame/limits.ts'
import type { CostMatrix } from '#shared/core/frame/sample-costs.ts'

interface NamedRun {
  readonly name: string
  readonly data: ThresholdData
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
function pointsOf({ name, data: { curve } }: NamedRun): RatedPoint[] {
  return hullPoints(name, {
    ...curve,
    positives: curve.weightOfPositives,
    negatives: curve.weightOfNegatives,
  })
}

/** How much each doubt moves the cost of a case, with the threshold kept and chosen anew. */
export function doubted(
  data: ThresholdData,
  costs: CostMatrix,
  threshold: number,
  doubt: Doubt,
): Tornado {
  return tornado(
    ratedPoint('kept', data, threshold),
    pointsOf({ name: 'kept', data }),
    doubtedFrame(costs, data.prevalenceInUse, doubt),
  )
}

/** Which run is cheapest at which FN:FP, each with its best threshold; empty without a class. */
export function bestRuns(runs: readonly NamedRun[], prevalence: number): readonly RatioStretch[] {
  const points = runs.flatMap(pointsOf)
  return points.length === 0 ? [] : ratioStretches(points, prevalence)
}

/** Which run is cheapest around what is stated; null without a class. */
export function mapOfRuns(
  runs: readonly NamedRun[],
  ratio: number,
  prevalence: number,
): UncertaintyMap | null {
  const points = runs.flatMap(pointsOf)
  return points.length === 0 ? null : mapAround(points, ratio, prevalence)
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

/**
 * Probabilities, threshold, workload and cost at another prevalence, under the limits of the frame;
 * null where a class is missing.
 */
export function atPrevalence(
  data: ThresholdData,
  costs: CostMatrix,
  threshold: number,
  prevalence: number,
): Transferred | null {
  const { curve, casesPerDay, minutesPerAlert } = data
  const { weightOfPositives: positives, weightOfNegatives: negatives } = curve
  if (!(positives > 0 && negatives > 0)) return null
  return transferPrevalence({
    curve: { ...curve, positives, negatives },
    costs,
    newPrevalence: prevalence,
    threshold,
    requirements: frameRequirements(data),
    workload: { casesPerDay, minutesPerAlert },
  })
}

/** Net true positives of 1,000 cases at a threshold, in (0, 1), that is acted on as it is meant. */
export function netBenefitAt({ curve }: ThresholdData, threshold: number): number | null {
  if (!(threshold > 0 && threshold < 1)) return null
  const { tp, fp } = readCurve(curve, threshold)
  const total = curve.weightOfPositives + curve.weightOfNegatives
  return (1000 * (tp - (fp * threshold) / (1 - threshold))) / total
}

/** Reviews a day to begin with: as many as the frame allows alerts; 100 where it has no limit. */
export function reviewsAtFirst(limits: Parameters<typeof alertLimit>[0]): number {
  return Math.floor(alertLimit(limits)?.perDay ?? 100)
}
