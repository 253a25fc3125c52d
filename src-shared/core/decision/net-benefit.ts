/** The decision curve of a run: what acting on it is worth, whatever errors cost. */
import { bayesThresholds } from './bayes-threshold.ts'
import { decisionCurveBands } from './decision-curve-bands.ts'
import { decisionCurve, thresholdProbabilities } from './decision-curve.ts'
import { intervalPer1000, per1000 } from './operating-point.ts'
import { costCurve } from './threshold-curves.ts'
import type { CostCurve, ScoredSamples } from './threshold-curves.ts'
import type { NetBenefitCurve, NetBenefitPoint, Stretch } from './uncertainty.ts'

const LEVEL = 0.95

/**
 * Net benefit around the prevalence and the Bayes threshold, with intervals.
 *
 * @param name          Of the run.
 * @param groups        As for `meanInterval`.
 * @param prevalenceInUse In (0, 1): where the weighted samples are.
 * @param curve         Of the samples, where it is known already.
 * @returns Null where a class is missing: then one decision is right for all.
 */
export function netBenefitCurve(
  name: string,
  {
    groups,
    prevalenceInUse,
    ...samples
  }: ScoredSamples & { readonly groups: Int32Array | null; readonly prevalenceInUse: number },
  curve: CostCurve = costCurve(samples),
): NetBenefitCurve | null {
  const { yTrue, probabilities, weights, costs } = samples
  if (!(curve.positives > 0 && curve.negatives > 0)) return null
  const bayes = costs.constant ? bayesThresholds(costs, 1)[0]! : null
  const thresholds = thresholdProbabilities(
    prevalenceInUse,
    bayes !== null && bayes > 0 && bayes < 1 ? bayes : null,
  )
  const bands = decisionCurveBands({
    ...{ yTrue, probabilities, weights, groups, thresholds, level: LEVEL },
  })
  const points = decisionCurve(curve, thresholds).map((point, i): NetBenefitPoint => ({
    thresholdProbability: point.thresholdProbability,
    netBenefitPer1000: per1000(point.netBenefit),
    netBenefitPer1000Interval: intervalPer1000(bands[i]!.netBenefit),
    alertAllPer1000: per1000(point.treatAll),
    gainOverAllPer1000: per1000(point.netBenefit - point.treatAll),
    gainOverAllPer1000Interval: intervalPer1000(bands[i]!.gainOverAll),
    alertsAvoidedPer100: point.interventionsAvoidedPer100,
  }))
  return {
    name,
    points,
    better: stretchesWhere(
      points,
      ({ netBenefitPer1000, gainOverAllPer1000 }) =>
        netBenefitPer1000 > ROUNDING && gainOverAllPer1000 > ROUNDING,
    ),
    certain: stretchesWhere(
      points,
      ({ netBenefitPer1000Interval: own, gainOverAllPer1000Interval: overAll }) =>
        own !== null && overAll !== null && own.lower > 0 && overAll.lower > 0,
    ),
  }
}

const ROUNDING = 1e-9 // of 1,000 cases: sums of weights in another order

function stretchesWhere(
  points: readonly NetBenefitPoint[],
  holds: (point: NetBenefitPoint) => boolean,
): Stretch[] {
  const stretches: { from: number; to: number }[] = []
  let open = false
  for (const point of points) {
    const { thresholdProbability: at } = point
    const is = holds(point)
    if (is && open) stretches.at(-1)!.to = at
    else if (is) stretches.push({ from: at, to: at })
    open = is
  }
  return stretches
}
