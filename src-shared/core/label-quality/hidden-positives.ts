/**
 * How many positives hide among the samples given negative: what a random control sample says, with
 * a certainty that can be defended.
 *
 * Only a random sample says that without assumptions. Reviews that a model chose find more than
 * there is elsewhere, and may not be counted here.
 */
import type { Interval } from '../metrics/interval.ts'
import { clopperPearsonInterval } from '../statistics/proportion-interval.ts'

/** A part of the samples given negative, from which control rows were drawn at random. */
export interface ControlStratum {
  /** Samples in it. */
  readonly size: number
  /** How many of them were drawn and judged. */
  readonly reviewed: number
  /** How many of the judged turned out positive. */
  readonly found: number
}

export interface HiddenRate {
  /** Share of positives among the samples given negative; null where nothing was judged. */
  readonly rate: number | null
  readonly interval: Interval | null
  /** Expected number of hidden positives, and what the interval makes of it. */
  readonly count: number | null
  readonly countInterval: { readonly lower: number; readonly upper: number } | null
}

/**
 * The hidden-positive rate from a control sample drawn within strata.
 *
 * With one stratum this is the exact interval of a proportion. With several, each of share W of the
 * samples, the rate is Σ W · found/reviewed, and its limits are Σ W · limit of the stratum, at the
 * level 1 − (1 − level)/s for s strata of which something is unknown: then all limits hold at once
 * with probability of at least `level`. A stratum that was judged whole is known and takes no share
 * of the error; that is what makes strata narrow: review the doubtful ones whole, sample the rest.
 *
 * @param strata They part the samples given negative; empty ones count for nothing.
 * @param level  In (0, 1).
 * @throws RangeError when counts contradict each other.
 *
 * A stratum of which nothing was judged may hold anything from none to all: its limits are 0 and 1.
 */
export function hiddenPositiveRate(strata: readonly ControlStratum[], level: number): HiddenRate {
  for (const { size, reviewed, found } of strata) {
    if (!(found >= 0 && found <= reviewed && reviewed <= size)) {
      throw new RangeError(
        `a stratum must have found ≤ reviewed ≤ size, got ${found}, ${reviewed}, ${size}`,
      )
    }
  }
  const total = strata.reduce((sum, { size }) => sum + size, 0)
  const reviewed = strata.reduce((sum, stratum) => sum + stratum.reviewed, 0)
  if (total === 0 || reviewed === 0) {
    return { rate: null, interval: null, count: null, countInterval: null }
  }
  const unknown = strata.filter((stratum) => stratum.reviewed < stratum.size).length
  const levelOfEach = 1 - (1 - level) / Math.max(1, unknown)
  let lower = 0
  let upper = 0
  let rate: number | null = 0
  for (const stratum of strata) {
    const share = stratum.size / total
    const whole = stratum.reviewed === stratum.size
    const limits = whole
      ? null
      : clopperPearsonInterval(stratum.found, stratum.reviewed, levelOfEach)
    const known = stratum.reviewed === 0 ? 0 : stratum.found / stratum.reviewed
    if (stratum.reviewed === 0 && stratum.size > 0) rate = null
    else if (rate !== null) rate += share * known
    lower += share * (whole ? known : (limits?.lower ?? 0))
    upper += share * (whole ? known : (limits?.upper ?? 1))
  }
  const method =
    strata.length === 1 ? 'exact (Clopper-Pearson)' : 'exact within strata (Bonferroni)'
  return {
    rate,
    interval: { lower, upper, level, method },
    count: rate === null ? null : rate * total,
    countInterval: { lower: lower * total, upper: upper * total },
  }
}

/** A way to draw a control sample: rows to judge from each part of the ranking. */
export interface ControlPlan {
  /** Samples in each part, the most doubtful first. */
  readonly sizes: readonly number[]
  /** Control rows from each part. */
  readonly draws: readonly number[]
  /** How wide the interval would be if the models were right. */
  readonly expectedWidth: number
}

/** Shares of the budget that may go to judging the most doubtful rows whole. */
const WHOLE_SHARES = [0, 0.1, 0.25, 0.5]

/**
 * How to spend a number of control reviews: all at random, or some on judging the most doubtful
 * rows whole and the rest at random among the others.
 *
 * Which is narrower is decided here, by what the models expect, before anything is judged. Choosing
 * the narrower of two intervals afterwards would cost the coverage that both promise.
 *
 * @param expected Probability of a hidden positive per sample given negative, most doubtful first.
 * @param budget   Control reviews, at least 1.
 * @throws RangeError when the budget is not a whole number from 1 or level lies outside (0, 1).
 */
export function planControlSample(
  expected: Float64Array,
  budget: number,
  level: number,
): ControlPlan {
  if (!Number.isInteger(budget) || budget < 1) {
    throw new RangeError(`budget must be an integer from 1, got ${budget}`)
  }
  const size = expected.length
  const draws = Math.min(budget, size)
  const plans = WHOLE_SHARES.map((share): ControlPlan => {
    const whole = Math.floor(share * draws)
    const sizes = whole === 0 ? [size] : [whole, size - whole]
    const drawn = whole === 0 ? [draws] : [whole, draws - whole]
    let start = 0
    const strata = sizes.map((of, i): ControlStratum => {
      let sum = 0
      for (let at = start; at < start + of; at++) sum += expected[at]!
      start += of
      const reviewed = drawn[i]!
      const found = of === 0 ? 0 : Math.round((sum / of) * reviewed)
      return { size: of, reviewed, found: Math.min(reviewed, found) }
    })
    const { interval } = hiddenPositiveRate(strata, level)
    return {
      sizes,
      draws: drawn,
      expectedWidth: interval === null ? 0 : interval.upper - interval.lower,
    }
  })
  return plans.reduce((best, plan) => (plan.expectedWidth < best.expectedWidth ? plan : best))
}
