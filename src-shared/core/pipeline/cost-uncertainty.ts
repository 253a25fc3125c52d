/**
 * What if costs and prevalence are not what was stated: how far each doubt moves the cost of the
 * recommended decision, which run is best at which ratio of costs, and from which threshold
 * probabilities on acting on it is worth anything.
 *
 * Rates are those of all out-of-fold probabilities, on which thresholds are solved anew too, so that
 * what is kept and what is solved stand on the same cases; nested estimates judge the decision itself.
 */
import { mapAround, ratioStretches } from '../decision/best-runs.ts'
import type { Comparison } from '../decision/comparison.ts'
import { constantCosts, costRatio } from '../decision/cost-ratio.ts'
import { hullPoints } from '../decision/lower-envelope.ts'
import type { RatedPoint } from '../decision/lower-envelope.ts'
import { netBenefitCurve } from '../decision/net-benefit.ts'
import { per1000 } from '../decision/operating-point.ts'
import type { ThresholdRule } from '../decision/operating-point.ts'
import { candidateAt } from '../decision/read-curve.ts'
import { costCurve } from '../decision/threshold-curves.ts'
import type { CostCurve } from '../decision/threshold-curves.ts'
import { DEFAULT_DOUBT, doubtedFrame, tornado } from '../decision/tornado.ts'
import type { UncertainFrame } from '../decision/tornado.ts'
import { uncertaintySentences } from '../decision/uncertainty-sentences.ts'
import type { CostUncertainty, NetBenefitCurve } from '../decision/uncertainty.ts'
import type { ConfigurationResult } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'

/** What of a run has a part in it; worked out where its probabilities are at hand. */
export interface RunUnderDoubt {
  readonly name: string
  /** The points that can be cheapest at some ratio; empty where a class is missing. */
  readonly hull: readonly RatedPoint[]
  /** Rates at the threshold of each rule that has one threshold for all cases. */
  readonly rated: readonly { readonly rule: ThresholdRule; readonly point: RatedPoint }[]
  readonly benefit: NetBenefitCurve | null
}

export function runUnderDoubt(
  data: Pick<ExperimentData, 'yTrue' | 'decisionWeights' | 'groups' | 'costs' | 'prevalence'>,
  { configuration: name, probabilities }: Pick<OutOfFold, 'configuration' | 'probabilities'>,
  { operatingPoints }: Pick<ConfigurationResult, 'operatingPoints'>,
): RunUnderDoubt {
  const { yTrue, decisionWeights: weights, costs } = data
  const curve = costCurve({ yTrue, probabilities, weights, costs })
  const { positives, negatives } = curve
  const hull = hullPoints(name, curve)
  return {
    name,
    hull,
    rated:
      hull.length === 0
        ? []
        : operatingPoints.flatMap(({ rule, threshold }) => {
            if (threshold === null) return []
            const at = candidateAt(curve.thresholds, threshold)
            const truePositiveRate = curve.tp[at]! / positives
            const falsePositiveRate = curve.fp[at]! / negatives
            return [{ rule, point: { name, threshold, truePositiveRate, falsePositiveRate } }]
          }),
    benefit: runBenefit(data, { configuration: name, probabilities }, curve),
  }
}

/** The decision curve of a run; null where a class is missing. */
export function runBenefit(
  {
    yTrue,
    decisionWeights: weights,
    groups,
    costs,
    prevalence,
  }: Pick<ExperimentData, 'yTrue' | 'decisionWeights' | 'groups' | 'costs' | 'prevalence'>,
  { configuration, probabilities }: Pick<OutOfFold, 'configuration' | 'probabilities'>,
  curve?: CostCurve,
): NetBenefitCurve | null {
  return netBenefitCurve(
    configuration,
    { yTrue, probabilities, weights, groups, costs, prevalenceInUse: prevalence.inUse },
    curve,
  )
}

/**
 * @param runs     In the order of the plan.
 * @param currency What amounts are shown with; null for bare numbers.
 */
export function costUncertainty(
  { costs, prevalence }: Pick<ExperimentData, 'costs' | 'prevalence'>,
  runs: readonly RunUnderDoubt[],
  { recommended, reference }: Pick<Comparison, 'recommended' | 'reference'>,
  currency: string | null,
): CostUncertainty {
  const { name, rule } = recommended
  const run = runs.find((one) => one.name === name)!
  const kept = run.rated.find((one) => one.rule === rule)?.point ?? null
  const matrix = constantCosts(costs)
  const ratio = matrix === null ? null : costRatio(matrix)
  const points = runs.flatMap(({ hull }) => hull)
  const noCosts = 'costs differ from case to case'
  const noClass = points.length === 0 ? 'a class is missing among the cases judged' : null
  const tornadoReason =
    noClass ??
    (matrix === null ? noCosts : kept === null ? 'every case has its own threshold' : null)
  const mapReason =
    noClass ?? (matrix === null ? noCosts : ratio === null ? 'one decision is never wrong' : null)
  const curves = [run, ...runs.filter((one) => one.name === reference && one !== run)].flatMap(
    ({ benefit }) => benefit ?? [],
  )
  const stated = {
    name,
    rule,
    threshold: kept?.threshold ?? null,
    doubt: DEFAULT_DOUBT,
    ratio,
    tornado:
      tornadoReason === null
        ? doubted(kept!, run.hull, doubtedFrame(matrix!, prevalence.inUse, DEFAULT_DOUBT))
        : null,
    tornadoReason,
    bestByRatio: noClass === null ? ratioStretches(points, prevalence.inUse) : null,
    bestByRatioReason: noClass,
    map: mapReason === null ? mapAround(points, ratio!, prevalence.inUse) : null,
    mapReason,
    decisionCurves: curves.length === 0 ? null : curves,
    decisionCurvesReason: curves.length === 0 ? noClass : null,
  }
  return { ...stated, sentences: uncertaintySentences(stated, currency) }
}

function doubted(
  kept: RatedPoint,
  hull: readonly RatedPoint[],
  frame: UncertainFrame,
): CostUncertainty['tornado'] {
  const { likely, bars } = tornado(kept, hull, frame)
  return {
    costPer1000: per1000(likely),
    bars: bars.map(({ input, range, changesThreshold, ...cost }) => ({
      ...{ input, low: range.low, likely: range.likely, high: range.high, changesThreshold },
      atLowPer1000: per1000(cost.atLow),
      atHighPer1000: per1000(cost.atHigh),
      solvedAtLowPer1000: per1000(cost.solvedAtLow),
      solvedAtHighPer1000: per1000(cost.solvedAtHigh),
      swingPer1000: per1000(cost.swing),
    })),
  }
}
