import type { CostMatrix, SampleCosts } from '../frame/sample-costs.ts'

/**
 * The probability from which calling a sample positive is the cheaper bet.
 *
 * Calling a sample of probability p positive costs p·TP + (1 − p)·FP on average, calling it
 * negative p·FN + (1 − p)·TN. The two are equal at
 *
 *     threshold = (FP − TN) / ((FP − TN) + (FN − TP))
 *
 * so only the two regrets matter: FP − TN, what a false alarm wastes, and FN − TP, what a miss
 * wastes. Multiplying all four costs by a constant, or adding one to both outcomes of a true
 * class, leaves the threshold as it was.
 *
 * Holds for calibrated probabilities only. A score that ranks well but is not a probability needs
 * `tuneThreshold`, which picks the cut from validation data instead.
 *
 * @returns A probability in (0, 1). Samples with p ≥ threshold are called positive.
 * @throws RangeError when a cost is not finite, or when either regret is ≤ 0: then one decision
 *   is never worse than the other and no threshold exists. The message names the two costs.
 *
 * @example
 * // A missed fraud costs 200, checking an honest customer costs 5.
 * bayesThreshold({ truePositive: 5, falsePositive: 5, trueNegative: 0, falseNegative: 200 })
 * // => 0.025: investigate from a probability of 1 in 40
 *
 * Source: Elkan (2001), "The Foundations of Cost-Sensitive Learning", IJCAI, section 1.3
 * (there c10 is falsePositive and c01 falseNegative: predicted class first, true class second).
 */
export function bayesThreshold(costs: CostMatrix): number {
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  for (const [name, value] of Object.entries({
    truePositive,
    falsePositive,
    trueNegative,
    falseNegative,
  })) {
    if (!Number.isFinite(value)) throw new RangeError(`cost ${name} must be finite, got ${value}`)
  }
  const falseAlarmRegret = falsePositive - trueNegative
  const missRegret = falseNegative - truePositive
  if (falseAlarmRegret <= 0) {
    throw new RangeError(
      `falsePositive (${falsePositive}) must cost more than trueNegative (${trueNegative})`,
    )
  }
  if (missRegret <= 0) {
    throw new RangeError(
      `falseNegative (${falseNegative}) must cost more than truePositive (${truePositive})`,
    )
  }
  return falseAlarmRegret / (falseAlarmRegret + missRegret)
}

/**
 * The Bayes threshold of every sample where costs differ from sample to sample.
 *
 * The formula of `bayesThreshold` with the costs of sample i. A regret may be ≤ 0 here (an amount
 * below the price of a check): the threshold may then lie outside [0, 1], and the sample always or
 * never gets an alert, which is the cheaper bet.
 *
 * @returns Per sample, length nSamples. Infinity (never an alert) where the regrets do not add up
 *   to more than 0.
 *
 * Source: Bahnsen, Aouada, Ottersten (2014), "Example-Dependent Cost-Sensitive Logistic
 * Regression for Credit Scoring", ICMLA, for costs per sample.
 */
export function bayesThresholds(costs: SampleCosts, nSamples: number): Float64Array {
  const truePositive = costReader(costs.truePositive)
  const falsePositive = costReader(costs.falsePositive)
  const trueNegative = costReader(costs.trueNegative)
  const falseNegative = costReader(costs.falseNegative)
  const thresholds = new Float64Array(nSamples)
  for (let i = 0; i < nSamples; i++) {
    const falseAlarmRegret = falsePositive(i) - trueNegative(i)
    const regrets = falseAlarmRegret + (falseNegative(i) - truePositive(i))
    thresholds[i] = regrets > 0 ? falseAlarmRegret / regrets : Infinity
  }
  return thresholds
}

/** One way to read a cost, whether it is the same for all samples or stands per sample. */
export function costReader(cost: number | Float64Array): (sample: number) => number {
  return typeof cost === 'number' ? () => cost : (sample) => cost[sample]!
}
