/** Reference cases of the area "thresholds". */
import { bayesThreshold, bayesThresholds } from '#shared/core/decision/bayes-threshold.ts'
import { decisionCurve } from '#shared/core/decision/decision-curve.ts'
import { decide, judgeDecisions } from '#shared/core/decision/operating-point.ts'
import {
  costCurve,
  savings,
  tiedMinima,
  type CostCurve,
  type ScoredSamples,
} from '#shared/core/decision/threshold-curves.ts'
import { tuneThreshold } from '#shared/core/decision/tune-threshold.ts'
import type { CostMatrix, SampleCosts } from '#shared/core/frame/sample-costs.ts'
import { argsortDescending } from '#shared/core/math/order.ts'
import { type ConfusionCounts, fBeta, gMean, youdenJ } from '#shared/core/metrics/confusion.ts'
import { countsAtThresholds, recallAtPrecision } from '#shared/core/metrics/ranking.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

const UNCONSTRAINED = { commitments: [], maxAlertShare: null }
const FREE: CostMatrix = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 }

export const thresholds: GoldenHandlers = {
  thresholds: checkThresholds,
  per_row_costs: checkPerRow,
}

function checkThresholds({ input, expect }: GoldenCase, check: Checker): void {
  const samples = {
    yTrue: Uint8Array.from(input['y'] as number[]),
    probabilities: Float64Array.from(input['score'] as number[]),
    weights: input['weight'] === undefined ? null : Float64Array.from(input['weight'] as number[]),
  }
  const at = (costs: CostMatrix): ScoredSamples => ({
    ...samples,
    costs: { ...costs, constant: true },
  })
  const curve = costCurve(at(FREE))

  const checks: Readonly<Record<string, (want: never) => void>> = {
    curve: (want: Record<string, unknown>) => {
      const { tp, fp, positives, negatives } = curve
      const got = {
        thresholds: curve.thresholds,
        tp,
        fp,
        fn: tp.map((value) => positives - value),
        tn: fp.map((value) => negatives - value),
      }
      check.close('curve', got, want)
    },
    costs: (wants: CostExpectation[]) => {
      wants.forEach((want, i) => checkCosts(`costs[${i}]`, want, at, check))
    },
    f_beta: (wants: (MaximumExpectation & { beta: number })[]) => {
      wants.forEach((want, i) =>
        checkMaximum(`f_beta[${i}]`, want, curve, (counts) => fBeta(counts, want.beta), check),
      )
    },
    youden: (want: MaximumExpectation) => {
      checkMaximum('youden', want, curve, youdenJ, check)
    },
    g_mean: (want: MaximumExpectation) => {
      checkMaximum('g_mean', want, curve, gMean, check)
    },
    recall_at_precision: (wants: RecallExpectation[]) => {
      const counts = countsAtThresholds(samples.yTrue, samples.probabilities, samples.weights)
      wants.forEach((want, i) => {
        const got = recallAtPrecision(counts, want.precision)
        check.close(`recall_at_precision[${i}].recall`, got.recall, want.recall)
        check.close(`recall_at_precision[${i}].threshold`, got.threshold, want.threshold)
        check.close(
          `recall_at_precision[${i}].attained_precision`,
          got.attainedPrecision,
          want.attained_precision,
        )
      })
    },
    decision_curve: (wants: DecisionCurveExpectation[]) => {
      const got = decisionCurve(
        curve,
        wants.map((want) => want.threshold_probability),
      )
      wants.forEach((want, i) => {
        check.close(`decision_curve[${i}].net_benefit`, got[i]!.netBenefit, want.net_benefit)
        check.close(`decision_curve[${i}].treat_all`, got[i]!.treatAll, want.treat_all)
        check.close(`decision_curve[${i}].treat_none`, got[i]!.treatNone, want.treat_none)
        check.close(
          `decision_curve[${i}].interventions_avoided_per_100`,
          got[i]!.interventionsAvoidedPer100,
          want.interventions_avoided_per_100,
          { rel: 1e-9, abs: 1e-9 }, // per 100 and divided by small odds: rounding grows with it
        )
      })
    },
    capacity: (wants: CapacityExpectation[]) => {
      wants.forEach((want, i) => checkCapacity(`capacity[${i}]`, want, samples, curve, check))
    },
  }
  for (const [part, want] of Object.entries(expect)) {
    const checkPart = checks[part]
    if (checkPart === undefined) check.notYet(part)
    else checkPart(want as never)
  }
}

interface DecisionCurveExpectation {
  readonly threshold_probability: number
  readonly net_benefit: number
  readonly treat_all: number
  readonly treat_none: number
  readonly interventions_avoided_per_100: number
}

interface CostExpectation {
  readonly costs: {
    readonly fn: number
    readonly fp: number
    readonly tp: number
    readonly tn: number
  }
  readonly total_cost: number[]
  readonly min_cost: number
  readonly min_cost_per_row: number
  readonly tied_thresholds: number[]
  readonly chosen: number
  readonly elkan_threshold: number
  readonly cost_all_negative: number
  readonly cost_all_positive: number
  readonly savings: number | null
}

function checkCosts(
  what: string,
  want: CostExpectation,
  at: (costs: CostMatrix) => ScoredSamples,
  check: Checker,
): void {
  const { tp, fp, tn, fn } = want.costs
  const costs = { truePositive: tp, falsePositive: fp, trueNegative: tn, falseNegative: fn }
  const curve = costCurve(at(costs))
  const tuned = tuneThreshold({ ...at(costs), constraints: UNCONSTRAINED })
  const total = curve.positives + curve.negatives
  check.close(`${what}.total_cost`, curve.totalCost, want.total_cost)
  check.close(`${what}.min_cost`, tuned.meanCost * total, want.min_cost)
  check.close(`${what}.min_cost_per_row`, tuned.meanCost, want.min_cost_per_row)
  check.close(
    `${what}.tied_thresholds`,
    tiedThresholds(curve.thresholds, curve.totalCost),
    want.tied_thresholds,
  )
  check.close(`${what}.chosen`, tuned.value, want.chosen)
  check.close(`${what}.elkan_threshold`, bayesThreshold(costs), want.elkan_threshold)
  check.close(`${what}.cost_all_negative`, curve.totalCost[0], want.cost_all_negative)
  check.close(`${what}.cost_all_positive`, curve.totalCost.at(-1), want.cost_all_positive)
  check.close(`${what}.savings`, savings(curve), want.savings)
}

function tiedThresholds(candidates: Float64Array, values: Float64Array): Float64Array {
  return Float64Array.from(tiedMinima(values), (i) => candidates[i]!)
}

interface MaximumExpectation {
  readonly values?: number[]
  readonly max: number
  readonly tied_thresholds: number[]
  readonly chosen: number
}

/** Undefined counts as 0 here, as in the reference. */
function checkMaximum(
  what: string,
  want: MaximumExpectation,
  curve: CostCurve,
  measure: (counts: ConfusionCounts) => number | null,
  check: Checker,
): void {
  const values = curve.tp.map((tp, i) => {
    const fp = curve.fp[i]!
    return measure({ tp, fp, tn: curve.negatives - fp, fn: curve.positives - tp }) ?? 0
  })
  const tied = tiedThresholds(
    curve.thresholds,
    values.map((value) => 0 - value),
  )
  if (want.values !== undefined) check.close(`${what}.values`, values, want.values)
  check.close(`${what}.max`, Math.max(...values), want.max)
  check.close(`${what}.tied_thresholds`, tied, want.tied_thresholds)
  check.close(`${what}.chosen`, tied[0], want.chosen)
}

interface RecallExpectation {
  readonly precision: number
  readonly recall: number
  readonly threshold: number | null
  readonly attained_precision: number | null
}

interface CapacityExpectation {
  readonly k: number
  readonly rows: number[]
  readonly score_of_kth: number
  readonly flagged_at_that_threshold: number
  readonly tp: number
  readonly whole_groups_threshold: number
  readonly whole_groups_flagged: number
}

function checkCapacity(
  what: string,
  want: CapacityExpectation,
  samples: Omit<ScoredSamples, 'costs'>,
  curve: CostCurve,
  check: Checker,
): void {
  const { probabilities, yTrue } = samples
  const rows = topRows(probabilities, want.k)
  const scoreOfKth = Math.min(...rows.map((row) => probabilities[row]!))
  // Flagging pays whatever it catches, so that only the capacity keeps the threshold up.
  const whole = tuneThreshold({
    ...samples,
    costs: { ...FREE, truePositive: -1, falsePositive: -1, constant: true },
    constraints: { commitments: [], maxAlertShare: want.k / yTrue.length },
  })
  const flagged = curve.thresholds.indexOf(scoreOfKth)
  check.equal(`${what}.rows`, rows, want.rows)
  check.close(`${what}.score_of_kth`, scoreOfKth, want.score_of_kth)
  check.equal(
    `${what}.flagged_at_that_threshold`,
    curve.tp[flagged]! + curve.fp[flagged]!,
    want.flagged_at_that_threshold,
  )
  check.equal(`${what}.tp`, rows.filter((row) => yTrue[row] === 1).length, want.tp)
  check.close(`${what}.whole_groups_threshold`, whole.value, want.whole_groups_threshold)
  check.equal(
    `${what}.whole_groups_flagged`,
    Math.round(whole.alertShare * yTrue.length),
    want.whole_groups_flagged,
  )
}

function topRows(scores: Float64Array, k: number): number[] {
  return [...argsortDescending(scores).slice(0, k).sort()]
}

function checkPerRow({ input, expect }: GoldenCase, check: Checker): void {
  const yTrue = Uint8Array.from(input['y'] as number[])
  const probabilities = Float64Array.from(input['p'] as number[])
  const amount = Float64Array.from(input['amount'] as number[])
  const admin = input['admin'] as number
  const kept = 1 - (input['recovered_share'] as number)
  const costs: SampleCosts = {
    truePositive: amount.map((value) => admin + kept * value),
    falsePositive: admin,
    trueNegative: 0,
    falseNegative: amount,
    constant: false,
  }
  const samples: ScoredSamples = { yTrue, probabilities, weights: null, costs }
  const curve = costCurve(samples)
  const [allNegative, allPositive] = [curve.totalCost[0]!, curve.totalCost.at(-1)!]
  const totalCostOf = (decisions: Uint8Array): number =>
    judgeDecisions({ yTrue, decisions, weights: null, costs }).meanCost * yTrue.length
  const gain = probabilities.map((p, i) => {
    const missRegret = amount[i]! - (costs.truePositive as Float64Array)[i]!
    return p * missRegret - (1 - p) * admin
  })

  const checks: Readonly<Record<string, (want: never) => void>> = {
    global_threshold: (want: Record<string, unknown>) => {
      const tuned = tuneThreshold({ ...samples, constraints: UNCONSTRAINED })
      const got = {
        thresholds: curve.thresholds,
        total_cost: curve.totalCost,
        min_cost: tuned.meanCost * yTrue.length,
        tied_thresholds: tiedThresholds(curve.thresholds, curve.totalCost),
        chosen: tuned.value,
        savings: savings(curve),
      }
      check.close('global_threshold', got, want)
    },
    cost_all_negative: (want: number) => check.close('cost_all_negative', allNegative, want),
    cost_all_positive: (want: number) => check.close('cost_all_positive', allPositive, want),
    bayes: (want: Record<string, unknown>) => {
      const rowThreshold = bayesThresholds(costs, yTrue.length)
      const decisions = decide(probabilities, rowThreshold)
      const totalCost = totalCostOf(decisions)
      check.close('bayes.row_threshold', rowThreshold, want['row_threshold'])
      check.equal(
        'bayes.flagged',
        [...decisions.keys()].filter((i) => decisions[i] === 1),
        want['flagged'],
      )
      check.close('bayes.total_cost', totalCost, want['total_cost'])
      check.close(
        'bayes.savings',
        1 - totalCost / Math.min(allNegative, allPositive),
        want['savings'],
      )
    },
    expected_gain: (want: number[]) => check.close('expected_gain', gain, want),
    top_k_by_gain: (want: { k: number; rows: number[]; total_cost: number }) => {
      const rows = topRows(gain, want.k)
      const decisions = Uint8Array.from(yTrue, (_, i) => (rows.includes(i) ? 1 : 0))
      check.equal('top_k_by_gain.rows', rows, want.rows)
      check.close('top_k_by_gain.total_cost', totalCostOf(decisions), want.total_cost)
    },
    cost_with_perfect_knowledge: (want: number) => {
      // With the truth as probability, the Bayes rule takes the cheaper decision of every row.
      const truth = Float64Array.from(yTrue)
      const decisions = decide(truth, bayesThresholds(costs, yTrue.length))
      check.close('cost_with_perfect_knowledge', totalCostOf(decisions), want)
    },
  }
  for (const [part, want] of Object.entries(expect)) {
    const checkPart = checks[part]
    if (checkPart === undefined) check.notYet(part)
    else checkPart(want as never)
  }
}
