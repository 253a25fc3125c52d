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
  /** Asked in order before the model; see rules/rule-layer.ts. None when left out. */
  readonly rules?: readonly RuleChoice[]
  /** Hyperparameters of the model to be found inside each training set; none when left out. */
  readonly search?: SearchChoice
  /** What else is to be found out about the run; nothing when left out. */
  readonly insight?: InsightChoice
}

export interface InsightChoice {
  /** A fit on each share of the training samples, in (0, 1), in every outer fold. */
  readonly learningCurve?: {
    readonly shares: readonly number[]
    readonly metric: SearchChoice['metric']
  }
  /** What columns contribute to the logits of at most so many judged samples per fold. */
  readonly contributions?: { readonly samples: number }
  /** Whether results tell what training attended to; it is stored with the folds in any case. */
  readonly gradientFlow?: boolean
}

/** A bounded search for hyperparameters; see search/search-steps.ts. */
export interface SearchChoice {
  readonly kind: 'random' | 'successive_halving'
  /** Sets of hyperparameters that are tried, the stated one included; 2 to 500. */
  readonly trials: number
  /** What trials are judged by, on scores from inner folds. */
  readonly metric: 'average_precision' | 'roc_auc' | 'log_loss' | 'brier'
  /** Successive halving: of so many trials one goes on, on so many times the samples; 2 to 10. */
  readonly factor: number
  /** By the name of the hyperparameter. */
  readonly ranges: Readonly<Record<string, HyperparameterRange>>
}

export type HyperparameterRange =
  | { readonly values: readonly number[] }
  | {
      readonly low: number
      readonly high: number
      readonly scale: 'linear' | 'log'
      /** Whether only whole numbers are drawn. */
      readonly whole: boolean
    }

/** A rule over columns and what becomes of the cases that it is the first to be true of. */
export interface RuleChoice {
  /** As in `amount > 5000 and country != "home"`; see rules/parse-rule.ts. */
  readonly when: string
  readonly then: 'alert' | 'pass' | 'hand_on'
}

/** A model that may be part of another one. */
export type SingleModelChoice =
  LogisticRegressionChoice | GradientBoostingChoice | MultilayerPerceptronChoice

export type ModelChoice = SingleModelChoice | TwoStageChoice

/** A gate that lets through what might be positive, and a filter that decides on that. */
export interface TwoStageChoice {
  readonly kind: 'two_stage'
  readonly gate: SingleModelChoice
  readonly filter: SingleModelChoice
  /** Share of the positives that the gate is to let through, in (0, 1]. */
  readonly gateRecall: number
  /** Folds that give the gate's scores of the samples it is fitted on, 2 to 20. */
  readonly gateFolds: number
}

export interface LogisticRegressionChoice {
  readonly kind: 'logistic_regression'
  /** Inverse strength of the penalty, > 0: minimises penalty + C · Σ wᵢ · log lossᵢ. */
  readonly c: number
  /**
   * Share of the L1 penalty, in [0, 1]; 0 when left out. The penalty on the coefficients w is
   * l1Ratio · |w|₁ + ½ · (1 − l1Ratio) · |w|².
   */
  readonly l1Ratio?: number
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
  /** What trees are fitted to; log loss when left out. */
  readonly loss?: BoostingLossChoice
  /**
   * How columns of categories are split: as one 0/1 feature per category, or by sets of
   * categories; `one_hot` when left out. See also `categoricalsInUse`.
   */
  readonly categoricals?: 'one_hot' | 'native'
  /** Splits level by level, or the node of highest gain first; `depth` when left out. */
  readonly growth?: 'depth' | 'leaf'
  /** Most leaves of a tree that grows leaf by leaf; 31 when left out. */
  readonly maxLeaves?: number
  /** Share of the samples that each tree is fitted to, in (0, 1]; 1 when left out. */
  readonly rowShare?: number
  /** Share of the features that each tree may split on, in (0, 1]; 1 when left out. */
  readonly columnShare?: number
  /** Numeric columns with which the probability may only rise, or only fall. */
  readonly monotone?: readonly MonotoneChoice[]
  /** Ends training when a held-out share stops getting better; never when left out. */
  readonly earlyStopping?: EarlyStoppingChoice
}

export type BoostingLossChoice =
  | { readonly kind: 'log_loss' }
  | {
      readonly kind: 'focal'
      /** Focusing parameter, in [0, 20]. */
      readonly gamma: number
      /** Weight of the positive class, in (0, 1). */
      readonly alpha: number
    }

export interface MonotoneChoice {
  readonly column: string
  readonly direction: 'increasing' | 'decreasing'
}

export interface EarlyStoppingChoice {
  /** Share of each class that is held out of the training set, in (0, 0.5]. */
  readonly validationShare: number
  /** Iterations without a better value after which training ends. */
  readonly patience: number
  /**
   * What is looked at. `cost`: the mean cost at the best threshold, with the costs of a false
   * positive and of a false negative.
   */
  readonly metric:
    | { readonly kind: 'log_loss' }
    | { readonly kind: 'average_precision' }
    | { readonly kind: 'cost'; readonly falsePositive: number; readonly falseNegative: number }
}

export interface MultilayerPerceptronChoice {
  readonly kind: 'multilayer_perceptron'
  /** Units of one to three hidden layers. */
  readonly hidden: readonly number[]
  /** Share of the hidden units that are dropped in each step of training, in [0, 1). */
  readonly dropout: number
  /** L2 penalty on the weights. */
  readonly l2: number
  readonly learningRate: number
  /** Samples per step. */
  readonly batchSize: number
  /** `stratified`: the classes as in the data; `balanced`: as many positives as negatives. */
  readonly batches: 'stratified' | 'balanced'
  /** Passes over the samples, at most. */
  readonly epochs: number
  /** Epochs without a lower loss after which training stops. */
  readonly patience: number
  /** Share of each class that is held out to judge epochs by, in [0, 0.5]; 0 for none. */
  readonly validationShare: number
  /** Focusing parameter of the focal loss, ≥ 0; 0 is log loss. */
  readonly focalGamma: number
  /** Weight of the positive class in the focal loss, in (0, 1); null weighs both alike. */
  readonly focalAlpha: number | null
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

/**
 * How a configuration encodes categories. A sampler that places samples between others would make
 * codes between codes, so with one of these boosting sees 0/1 features whatever was chosen.
 */
export function categoricalsInUse({
  model,
  sampling,
}: Pick<Configuration, 'model' | 'sampling'>): 'one_hot' | 'native' {
  const keepsValues = sampling.kind === 'none' || sampling.kind === 'random_under'
  return keepsValues && model.kind === 'gradient_boosting'
    ? (model.categoricals ?? 'one_hot')
    : 'one_hot'
}

/** True for a configuration that leaves samples, weights and probabilities as they are. */
export function isUntreated(configuration: Configuration): boolean {
  const { sampling, weighting, calibration } = configuration
  return (
    sampling.kind === 'none' &&
    weighting.kind === 'none' &&
    !calibration.correction &&
    calibration.calibrator === 'none' &&
    (configuration.rules ?? []).length === 0
  )
}
