import type { HiddenRate } from './hidden-positives.ts'

/** A rate as it is, and as it would be had every hidden positive been labelled. */
export interface CorrectedRate {
  readonly asGiven: number | null
  readonly corrected: number | null
  /** Holds whenever the intervals of both hidden rates do; null where one is unknown. */
  readonly lower: number | null
  readonly upper: number | null
}

export interface CorrectedRates {
  readonly precision: CorrectedRate
  readonly recall: CorrectedRate
}

/**
 * Precision and recall with the hidden positives put where they belong.
 *
 * Positives that nobody labelled count as false alarms when a model finds them, and as nothing when
 * it doesn't: precision is understated, recall overstated. With a the share of hidden positives
 * among the false alarms and b that among the negatives left alone,
 *
 *     precision = (tp + a·fp) / (tp + fp)
 *     recall    = (tp + a·fp) / (tp + a·fp + fn + b·tn)
 *
 * so that precision rises with a, and recall rises with a and falls with b. The limits take each at
 * its own end: with both intervals at level 1 − ε/2 these hold with probability of at least 1 − ε.
 *
 * @param counts Of decisions against given labels, ≥ 0, possibly weighted.
 * @param amongAlarms Hidden positives among the false alarms, from a control sample of them.
 * @param amongQuiet  The same among the negatives that were left alone.
 */
export function correctedRates(
  {
    tp,
    fp,
    fn,
    tn,
  }: { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number },
  amongAlarms: HiddenRate,
  amongQuiet: HiddenRate,
): CorrectedRates {
  const precision = (a: number | null): number | null =>
    a === null || tp + fp === 0 ? null : (tp + a * fp) / (tp + fp)
  const recall = (a: number | null, b: number | null): number | null => {
    if (a === null || b === null) return null
    const positives = tp + a * fp + fn + b * tn
    return positives === 0 ? null : (tp + a * fp) / positives
  }
  // Without false alarms (or quiet negatives) there is nothing of which a share could be hidden.
  const alarms = fp === 0 ? NOTHING : limitsOf(amongAlarms)
  const quiet = tn === 0 ? NOTHING : limitsOf(amongQuiet)
  return {
    precision: {
      asGiven: precision(0),
      corrected: precision(alarms.rate),
      lower: precision(alarms.lower),
      upper: precision(alarms.upper),
    },
    recall: {
      asGiven: recall(0, 0),
      corrected: recall(alarms.rate, quiet.rate),
      lower: recall(alarms.lower, quiet.upper),
      upper: recall(alarms.upper, quiet.lower),
    },
  }
}

interface Limits {
  readonly rate: number | null
  readonly lower: number | null
  readonly upper: number | null
}

const NOTHING: Limits = { rate: 0, lower: 0, upper: 0 }

function limitsOf({ rate, interval }: HiddenRate): Limits {
  return { rate, lower: interval?.lower ?? null, upper: interval?.upper ?? null }
}
