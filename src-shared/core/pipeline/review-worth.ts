import { costReader } from '../decision/bayes-threshold.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'

/** What is at stake in each sample, should its label be wrong. */
export interface Stakes {
  /** ≥ 0 per sample. */
  readonly values: Float64Array
  /** `costs`: what the frame says; `amounts`: the amount column; `cases`: each counts as one. */
  readonly from: 'costs' | 'amounts' | 'cases'
}

/**
 * What a wrong label hides: of a positive that nobody found, what missing it costs beyond catching
 * it; of a negative that is called positive, what the false alarm costs.
 *
 * @param costs   As the frame states them; null where costs are assumed, which are in no currency.
 * @param amounts Money at stake per sample; null without such a column. Missing ones count as 0.
 */
export function stakesOf(
  given: Uint8Array,
  costs: SampleCosts | null,
  amounts: Float64Array | null,
): Stakes {
  if (costs !== null) {
    const missed = costReader(costs.falseNegative)
    const caught = costReader(costs.truePositive)
    const alarmed = costReader(costs.falsePositive)
    const quiet = costReader(costs.trueNegative)
    return {
      values: Float64Array.from(given, (label, i) =>
        Math.max(0, label === 0 ? missed(i) - caught(i) : alarmed(i) - quiet(i)),
      ),
      from: 'costs',
    }
  }
  if (amounts !== null) {
    return {
      values: amounts.map((amount) => (Number.isNaN(amount) ? 0 : Math.abs(amount))),
      from: 'amounts',
    }
  }
  return { values: new Float64Array(given.length).fill(1), from: 'cases' }
}

/**
 * What a minute of reviewing each sample should recover: the probability that its label is wrong ×
 * what is at stake × the share of it that can still be recovered × reviews a minute.
 *
 * @param actionability In [0, 1].
 * @param secondsPerReview Above 0.
 */
export function worthPerMinute(
  wrong: Float64Array,
  { values }: Stakes,
  { actionability, secondsPerReview }: ReviewTerms,
): Float64Array {
  const perMinute = (60 / secondsPerReview) * actionability
  return wrong.map((probability, i) => probability * values[i]! * perMinute)
}

export interface ReviewTerms {
  readonly actionability: number
  readonly secondsPerReview: number
  /** What a review costs, in the unit of the stakes; null: nobody has said. */
  readonly costPerReview: number | null
}
