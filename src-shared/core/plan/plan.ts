/** What to run, as data. The JSON form (`steelyard plan --default`) has the same keys in snake_case. */
export interface Plan {
  readonly version: 1
  /** Outer folds: every run of an experiment is judged on the same ones. */
  readonly folds: number
  /** Folds inside each training set, on whose scores calibrator and threshold are fitted. */
  readonly innerFolds: number
  /** Draws of every bootstrap interval. */
  readonly bootstrapDraws: number
  /**
   * What to do about a configuration that the data can't carry (SMOTE with few positives): leave
   * it out and say so, or else refuse the plan.
   */
  readonly leaveOutInfeasible: boolean
  readonly configurations: readonly Configuration[]
}

/** One combination of sampler, weighting, model and calibration. */
export interface Configuration {
  /** Unique in the plan; letters, digits, `_`, `-`, `.`; at most 60 characters. */
  readonly name: string
  readonly model: ModelChoice
  readonly sampling: SamplingChoice
  readonly weighting: WeightingChoice
  readonly calibration: CalibrationChoice
}

export type ModelChoice = LogisticRegressionChoice | GradientBoostingChoice

export interface LogisticRegressionChoice {
  readonly kind: 'logistic_regression'
  /** Inverse strength of the L2 penalty, > 0: minimises ½|w|² + C · Σ wᵢ · log lossᵢ. */
  readonly c: number
}

export interface GradientBoostingChoice {
  readonly kind: 'gradient_boosting'
  readonly iterations: number
  readonly maxDepth: number
  readonly learningRate: number
  /** L2 penalty on leaf values. */
  readonly lambda: number
  /** Least sum of second derivatives in a leaf. */
  readonly minChildWeight: number
  /** Histogram bins per feature, missing included. */
  readonly bins: number
}

export type SamplingChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'random_under'; readonly targetImbalanceRatio: number }
  | { readonly kind: 'smote'; readonly targetImbalanceRatio: number; readonly neighbors: number }

export type WeightingChoice = { readonly kind: 'none' } | { readonly kind: 'balanced' }

export interface CalibrationChoice {
  /** Undo the known shift of prior odds that sampling or weighting caused. */
  readonly correction: boolean
  /** `auto`: sigmoid below 200 positives among the samples it is fitted on, isotonic from there. */
  readonly calibrator: 'none' | 'sigmoid' | 'isotonic' | 'auto'
}

/** True for a configuration that leaves samples, weights and probabilities as they are. */
export function isUntreated(configuration: Configuration): boolean {
  const { sampling, weighting, calibration } = configuration
  return (
    sampling.kind === 'none' &&
    weighting.kind === 'none' &&
    !calibration.correction &&
    calibration.calibrator === 'none'
  )
}
