import type { CostMatrix, SampleCosts } from '../frame/sample-costs.ts'

/**
 * FN:FP: what a miss wastes over what a false alarm wastes.
 *
 * @returns Above 0; null where one of them wastes nothing, so that one decision is never wrong.
 */
export function costRatio({
  truePositive,
  falsePositive,
  trueNegative,
  falseNegative,
}: CostMatrix): number | null {
  const miss = falseNegative - truePositive
  const alarm = falsePositive - trueNegative
  return alarm > 0 && miss > 0 ? miss / alarm : null
}

/** The costs where each is one number for all samples; null otherwise. */
export function constantCosts(
  costs: Readonly<Record<keyof CostMatrix, number | object>> | SampleCosts,
): CostMatrix | null {
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  return typeof truePositive === 'number' &&
    typeof falsePositive === 'number' &&
    typeof trueNegative === 'number' &&
    typeof falseNegative === 'number'
    ? { truePositive, falsePositive, trueNegative, falseNegative }
    : null
}
