import type { Interval } from '../metrics/interval.ts'
import type { ThresholdRule } from './operating-point.ts'

export interface Comparison {
  /** One line per competitor: each untreated run at 0.5, Bayes and tuned; each treated run tuned. */
  readonly ledger: readonly LedgerRow[]
  /** Lines like those of the ledger for what competes with nobody. */
  readonly markers: readonly LedgerRow[]
  /** Cheapest untreated run with a tuned threshold: what every treatment has to beat. */
  readonly reference: string
  /**
   * What to decide with. The champion, if its `difference` is certain, if it is the reference
   * itself, or if the reference breaks a constraint that it keeps; else the reference, for a
   * treatment (or a fixed threshold) that may be cheaper by chance has not earned its keep.
   */
  readonly recommended: { readonly name: string; readonly rule: ThresholdRule }
  /** The cheapest, certain or not. */
  readonly champion: {
    readonly name: string
    readonly rule: ThresholdRule
    readonly costPer1000: number
    /** Expected cost on new data of "take the best of these": bootstrap bias corrected. */
    readonly costPer1000BiasCorrected: number | null
    readonly costPer1000BiasCorrectedInterval: Interval | null
    readonly competitors: number
    /**
     * With every set of hyperparameters that searches tried for them, the competitors were so many.
     * Left out where nothing was searched for.
     */
    readonly competitorsWithTrials?: number
  }
  /** Champion minus its opponent in cost per 1,000 cases; below 0 the champion is cheaper. */
  readonly difference: {
    readonly opponent: string
    readonly opponentRule: ThresholdRule
    readonly costPer1000: number
    readonly interval: Interval | null
    /** True when the interval excludes 0. */
    readonly certain: boolean
  } | null
}

export interface LedgerRow {
  readonly name: string
  readonly rule: ThresholdRule
  readonly untreated: boolean
  readonly costPer1000: number
  readonly costPer1000Interval: Interval | null
  readonly precision: number | null
  readonly recall: number | null
  readonly alertsPer1000: number
  /** Paired difference to the reference in cost per 1,000 cases; null on the reference itself. */
  readonly differenceToReference: number | null
  readonly differenceInterval: Interval | null
}
