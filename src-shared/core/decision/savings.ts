import type { SampleCosts } from '../frame/sample-costs.ts'
import { type Measured, measured, undefinedBecause } from '../metrics/measured.ts'
import { judgeDecisions } from './operating-point.ts'

/**
 * Share of the cost that decisions save against the better of an alert on every case and none: at
 * most 1, 0 where they are as dear, below 0 where deciding all cases alike would be cheaper.
 *
 * @param decisions 1 = called positive, length nSamples; costs may differ from sample to sample.
 * @returns Undefined where the better of the two costs nothing, or less: nothing is there to save.
 * @throws RangeError when lengths differ, or the weights do not add up to more than 0.
 *
 * Source: Bahnsen, Aouada, Ottersten (2015), "Example-Dependent Cost-Sensitive Decision Trees",
 * eq. 7.
 */
export function savingsOfDecisions(
  yTrue: Uint8Array,
  decisions: Uint8Array,
  weights: Float64Array | null,
  costs: SampleCosts,
): Measured {
  const meanCost = (of: Uint8Array): number =>
    judgeDecisions({ yTrue, decisions: of, weights, costs }).meanCost
  const all = new Uint8Array(yTrue.length).fill(1)
  const alike = Math.min(meanCost(new Uint8Array(yTrue.length)), meanCost(all))
  if (!(alike > 0)) return undefinedBecause('deciding every case alike costs nothing')
  return measured(1 - meanCost(decisions) / alike)
}
