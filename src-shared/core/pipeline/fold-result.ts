import type { SyntheticPassport } from './synthetic-passport.ts'
import type { SearchChoice } from '../plan/plan.ts'
import type { Hyperparameters } from '../search/draw-trials.ts'
import type { TrialResult } from '../search/search-steps.ts'
import type { GradientFlow } from '../insight/training-record.ts'

/**
 * What one configuration did on one outer fold: its out-of-fold predictions and how they came
 * about. It is what a worker hands back and what the project file keeps; metrics, costs and
 * curves are computed from it.
 */
export interface FoldResult {
  /** Name of the configuration in the plan. */
  readonly configuration: string
  /** Outer fold, from 0. */
  readonly fold: number
  /**
   * The samples judged: positions among the samples of the experiment, ascending. Element i of
   * the arrays below belongs to samples[i].
   */
  readonly samples: Int32Array
  /** Probabilities as the model gave them. */
  readonly scores: Float64Array
  /** After prior-odds correction; null where none was applied. */
  readonly corrected: Float64Array | null
  /** Final probabilities, at the prevalence in use. */
  readonly probabilities: Float64Array
  readonly tunedThreshold: TunedThreshold
  readonly training: FoldTraining
  /** The fitted calibrator as plain JSON; null where none was fitted. */
  readonly calibrator: { readonly kind: string; readonly [parameter: string]: unknown } | null
  /** What the model owes to each column; null where no measure of it is defined. */
  readonly importance: FoldImportance | null
  /** What training attended to; left out for models that don't learn pass by pass. */
  readonly flow?: GradientFlow
  /**
   * Mean margin over the passes of training (see insight/training-record.ts) of every sample
   * outside the fold, ascending; NaN for those that training did not meet. Left out like `flow`.
   */
  readonly margins?: Float32Array
  /** What the gate of two stages does by itself; left out for other models. */
  readonly gate?: GateSums
  /** What was tried for hyperparameters inside the training set; left out without a search. */
  readonly search?: FoldSearch
  /** What the configuration asked for; left out where it asked for nothing. */
  readonly insight?: FoldInsight
}

export interface FoldInsight {
  /** By growing share; the last is all training samples. */
  readonly learningCurve?: readonly LearningPoint[]
  /** Per column, in the order of the experiment; null for models without exact contributions. */
  readonly contributions?: {
    readonly samples: number
    /** Mean absolute contribution to the logit. */
    readonly meanAbsolute: readonly number[]
  } | null
}

export interface LearningPoint {
  readonly share: number
  /** Training samples before sampling, and how many of them are positive. */
  readonly samples: number
  readonly positives: number
  /** On the samples that the fold judges; higher is better. Null where undefined. */
  readonly value: number | null
}

export interface FoldSearch {
  readonly metric: SearchChoice['metric']
  /** The trial that the fold was fitted and judged with. */
  readonly chosen: number
  /** By step, then by trial. */
  readonly trials: readonly (TrialResult & {
    readonly share: number
    readonly hyperparameters: Hyperparameters
  })[]
}

/** Sums over the judged samples, weighted as decisions are. */
export interface GateSums {
  readonly weight: number
  readonly positive: number
  /** What the gate lets through, and how much of it is positive. */
  readonly passed: number
  readonly passedPositive: number
  /** If everything that passes were alerted. */
  readonly cost: number
}

/** Arrays have an element per column that models may see, in the order of the experiment. */
export interface FoldImportance {
  /** Average precision lost on the samples judged when the values of a column are exchanged. */
  readonly permutation: readonly number[]
  /** How many of the judged samples were taken, and how often each column was exchanged. */
  readonly samples: number
  readonly repeats: number
  /** Share of the gain of all splits; null for models without splits. */
  readonly gain: readonly number[] | null
  /**
   * Change of the logit per standard deviation of a numeric column, null for other columns; null
   * as a whole for models that are not linear.
   */
  readonly coefficients: readonly (number | null)[] | null
}

/** A threshold on probabilities, fitted inside the training set of the fold. */
export interface TunedThreshold {
  /** +Infinity where the cheapest choice is to flag nothing. */
  readonly value: number
  /** False when not all limits of the frame can be kept. */
  readonly feasible: boolean
  /** By how much they are missed, in words; null when feasible. */
  readonly shortfall: string | null
}

/** The set the model was fitted on, after sampling, and how the fit ended. */
export interface FoldTraining {
  readonly negatives: number
  readonly positives: number
  /** How many of these were made by a sampler. */
  readonly synthetic: number
  readonly iterations: number
  readonly converged: boolean
  /** How many samples of equal weight would know as much; left out where the plan weighs none. */
  readonly effectiveSamples?: {
    readonly positives: number
    readonly negatives: number
    readonly all: number
  }
  readonly notes: readonly string[]
  /** Of the synthetic samples, where some were made between others. */
  readonly passport?: SyntheticPassport
}
