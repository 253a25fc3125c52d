/** A cost per case: one number for all, or a column that holds it for each case. */
export type CostSource = number | { readonly column: string }

/**
 * The decision frame: what errors cost and what the decision has to keep to. Gains are negative
 * costs. All costs are in one currency of the user's choosing.
 */
export interface Frame {
  readonly costs: {
    readonly truePositive: CostSource
    readonly falsePositive: CostSource
    readonly trueNegative: CostSource
    readonly falseNegative: CostSource
  }
  /** True when nobody stated costs, so that FN:FP = (1 − prevalence):prevalence was assumed. */
  readonly costsAssumed: boolean
  /** Cases that arrive per day; null when unknown, then everything is per 1,000 cases. */
  readonly casesPerDay: number | null
  /** Most alerts per day that can be worked; needs `casesPerDay`. */
  readonly capacity: number | null
  /** Minutes that reviewing an alert takes, > 0; null when unknown. */
  readonly minutesPerAlert: number | null
  /**
   * Most hours per day that all reviewers have together, > 0; needs `minutesPerAlert` and
   * `casesPerDay`. Beside `capacity` the tighter of both binds, see `alertLimit`.
   */
  readonly reviewHoursPerDay: number | null
  /** Prevalence where decisions will be taken, in (0, 1); null means as in the data. */
  readonly prevalence: number | null
  /** All are kept at once; at most one of each measure, recall first. */
  readonly commitments: readonly Commitment[]
  /** Symbol or code that amounts are shown with (€, CHF); null shows bare numbers. */
  readonly currency: string | null
}

/** What the decision promises: `recall >= atLeast` or `precision >= atLeast`, atLeast in (0, 1]. */
export interface Commitment {
  readonly measure: 'recall' | 'precision'
  readonly atLeast: number
}
