import type { SampleCosts } from '../frame/sample-costs.ts'
import type { Interval } from '../metrics/interval.ts'
import { ratioInterval } from '../metrics/mean-interval.ts'
import { measured, undefinedBecause } from '../metrics/measured.ts'
import type { Measured } from '../metrics/measured.ts'
import { judgeDecisions } from './operating-point.ts'

/**
 * Share of the cost that decisions save against the better of an alert on every case and none: at
 * most 1, 0 where they are as dear, below 0 where deciding all cases alike would be cheaper.
 *
 * @param decisions 1 = called positive, length nSamples; costs may differ from sample to sample.
 * @param groups    As for `meanInterval`.
 * @param level     Of the interval, in (0, 1). It takes the better of the two for settled.
 * @returns Undefined where the better of the two costs nothing, or less: nothing is there to save.
 * @throws RangeError when lengths differ, or the weights do not add up to more than 0.
 *
 * Source: Bahnsen, Aouada, Ottersten (2015), "Example-Dependent Cost-Sensitive Decision Trees",
 * eq. 7.
 */
export function savingsOfDecisions(
  {
    yTrue,
    decisions,
    weights,
    groups,
    costs,
  }: {
    readonly yTrue: Uint8Array
    readonly decisions: Uint8Array
    readonly weights: Float64Array | null
    readonly groups: Int32Array | null
    readonly costs: SampleCosts
  },
  level: number,
): Measured & { readonly interval: Interval | null } {
  const judge = (of: Uint8Array): ReturnType<typeof judgeDecisions> =>
    judgeDecisions({ yTrue, decisions: of, weights, costs })
  const taken = judge(decisions)
  const nobody = judge(new Uint8Array(yTrue.length))
  const everybody = judge(new Uint8Array(yTrue.length).fill(1))
  const alike = everybody.meanCost < nobody.meanCost ? everybody : nobody
  if (!(alike.meanCost > 0)) {
    return { ...undefinedBecause('deciding every case alike costs nothing'), interval: null }
  }
  const spent = ratioInterval(taken.costPerSample, alike.costPerSample, weights, groups, level)
  return {
    ...measured(1 - taken.meanCost / alike.meanCost),
    interval: spent && { ...spent, lower: 1 - spent.upper, upper: 1 - spent.lower },
  }
}
