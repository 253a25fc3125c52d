import type { SampleCosts } from '../frame/sample-costs.ts'

/**
 * Weights by what deciding a sample wrongly costs more than deciding it rightly: FN − TP for a
 * positive sample, FP − TN for a negative one. Samples for which neither is dearer weigh nothing.
 *
 * A model that is trained with them learns which decision is the cheaper one, and its threshold is
 * ½; its probabilities are those of a population in which dear cases are common.
 *
 * @param yTrue 0 or 1 per sample, length nSamples.
 * @returns ≥ 0, length nSamples, in the unit of the costs.
 *
 * Source: Zadrozny, Langford, Abe (2003), "Cost-Sensitive Learning by Cost-Proportionate Example
 * Weighting", theorem 2.1.
 */
export function costWeights(yTrue: Uint8Array, costs: SampleCosts): Float64Array {
  const at = (cost: number | Float64Array, i: number): number =>
    typeof cost === 'number' ? cost : cost[i]!
  return Float64Array.from(yTrue, (label, i) =>
    Math.max(
      0,
      label === 1
        ? at(costs.falseNegative, i) - at(costs.truePositive, i)
        : at(costs.falsePositive, i) - at(costs.trueNegative, i),
    ),
  )
}
