import { samplingKinds } from './sampling-kinds.ts'
import type { SamplingChoice } from './sampling-choice.ts'

export type { SamplingChoice } from './sampling-choice.ts'

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
  /** How cases are set apart for judging; stratified folds when left out. */
  readonly validation?: ValidationChoice
}

/** Groups stay in one fold under every scheme, where the roles name a column of them. */
export interface ValidationChoice {
  /**
   * `stratified`: folds with the same share of positives. `time`: later cases are judged by models
   * of earlier ones only; needs a time column.
   */
  readonly scheme: 'stratified' | 'time'
  /** Days between the last case of a training set and the first one judged; 0 when left out. */
  readonly gapDays?: number
  /**
   * Days after which a negative is known to be one: younger ones are unknown, so the latest cases
   * are not judged, and the gap is at least as long. 0 when left out.
   */
  readonly labelsMatureAfterDays?: number
  /** What a numeric time column counts; days when left out. Dates are read as such. */
  readonly timeUnit?: 'second' | 'minute' | 'hour' | 'day'
  /** Cases that agree in all features stay in one fold. */
  readonly keepDuplicatesTogether?: boolean
  /**
   * Divisions into folds, each drawn anew: the difference between champion and opponent is told over
   * all of them; 1 to 20, 1 when left out. Stratified folds only.
   */
  readonly repeats?: number
  /** Share of the cases that is locked away for a final test, in [0, 0.5]; 0 when left out. */
  readonly finalTestShare?: number
  /**
   * Share of the cases that nothing is fitted or chosen on, so that a threshold can be promised to
   * hold on new cases; in [0, 0.5]; 0 when left out, and then nothing is promised.
   */
  readonly calibrationShare?: number
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
  /** Why it is tried, in a person's words. */
  readonly because?: string
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
  | LogisticRegressionChoice
  | GradientBoostingChoice
  | MultilayerPerceptronChoice
  | DecisionTreeChoice
  | ForestChoice
  | SelfPacedEnsembleChoice
  | EasyEnsembleChoice
  | RusBoostChoice
  | GaussianNaiveBayesChoice
  | IsolationForestChoice

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
  /** Log loss when left out. */
  readonly loss?: LogisticLossChoice
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
  readonly loss?: LossChoice
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

/** What a model is fitted to; see core/losses. */
export type LossChoice =
  | { readonly kind: 'log_loss' }
  | {
      readonly kind: 'focal'
      /** Focusing parameter, in [0, 20]. */
      readonly gamma: number
      /** Weight of the positive class, in (0, 1). */
      readonly alpha: number
    }
  /** Logits are trained with the log-odds of the classes added, tau times (Menon 2021). */
  | { readonly kind: 'logit_adjusted'; readonly tau: number }
  /** Wider margins for the rarer class, and class weights late in training (Cao 2019). */
  | {
      readonly kind: 'ldam'
      /** Margin of the rarer class, in logits. */
      readonly maxMargin: number
      /** Multiplies the margins. */
      readonly scale: number
      /** Share of the training after which classes are weighed, in [0, 1]; 1: never. */
      readonly deferral: number
      /** For the effective number of samples by which they are weighed then, in [0, 1). */
      readonly beta: number
    }
  /** Only the samples of highest loss count, in each batch or for each tree. */
  | {
      readonly kind: 'hard_mining'
      /** Share of the weight that counts, in (0, 1]. */
      readonly share: number
    }
  /** Easy samples of each class first, all of them in the end. */
  | {
      readonly kind: 'self_paced'
      /** Share of each class that counts at first, in (0, 1]. */
      readonly startShare: number
      /** Share of the training after which all samples count, in [0, 1]. */
      readonly pace: number
    }

/** Losses that leave the problem convex up to a constant. */
export type LogisticLossChoice = Extract<LossChoice, { kind: 'log_loss' | 'logit_adjusted' }>

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
  /** What it is fitted to; as `focalGamma` says when left out, which then must be 0. */
  readonly loss?: LossChoice
}

/** How a classification tree grows. */
export interface TreeGrowth {
  /** What a split is worth. */
  readonly criterion: 'gini' | 'entropy'
  /** Null for no bound: until each leaf has samples of one class only. */
  readonly maxDepth: number | null
  /** Least weight of the samples of a leaf; 0 for no bound. */
  readonly minLeafWeight: number
  /** How many features are tried at each split. */
  readonly features: 'sqrt' | 'log2' | 'all'
  /** Histogram bins per feature, missing included. */
  readonly bins: number
}

export interface DecisionTreeChoice extends TreeGrowth {
  readonly kind: 'decision_tree'
}

/**
 * Trees that vote, each grown from a bootstrap sample: of all samples, or (balanced) of as many
 * from each class as the rarer one has. Bagging is a balanced forest of trees that try all features
 * at each split.
 */
export interface ForestChoice extends TreeGrowth {
  readonly kind: 'random_forest' | 'balanced_random_forest' | 'balanced_bagging'
  readonly trees: number
}

export interface SelfPacedEnsembleChoice extends TreeGrowth {
  readonly kind: 'self_paced_ensemble'
  readonly trees: number
  /** Steps of hardness from which the commoner class is drawn. */
  readonly hardnessBins: number
}

export interface EasyEnsembleChoice {
  readonly kind: 'easy_ensemble'
  /** Boosted members, each on a balanced draw. */
  readonly members: number
  /** Stumps per member. */
  readonly rounds: number
  readonly bins: number
}

export interface RusBoostChoice {
  readonly kind: 'rus_boost'
  /** Stumps, each on a balanced draw. */
  readonly rounds: number
  readonly learningRate: number
  readonly bins: number
}

export interface GaussianNaiveBayesChoice {
  readonly kind: 'gaussian_naive_bayes'
  /** Added to every variance, as a share of the largest variance of a feature. */
  readonly varianceShare: number
}

export interface IsolationForestChoice {
  readonly kind: 'isolation_forest'
  readonly trees: number
  readonly samplesPerTree: number
  /** What is ordinary: all samples whatever their label, or the negatives. */
  readonly reference: 'all' | 'negatives'
}

/** How much samples weigh in the loss. Of every kind but the first the total stays as it was. */
export type WeightingChoice =
  | { readonly kind: 'none' }
  /** Both classes weigh the same. */
  | { readonly kind: 'balanced' }
  /** By the inverse square root of the counts: half-way to balanced. */
  | { readonly kind: 'inverse_sqrt' }
  /** By the effective number of samples (Cui 2019). */
  | {
      readonly kind: 'effective_number'
      /** In [0, 1): 0 weighs nothing, towards 1 it is balanced. */
      readonly beta: number
    }
  /** Weights of the classes, > 0; only their ratio matters. */
  | { readonly kind: 'custom'; readonly negative: number; readonly positive: number }
  /** Each row weighs what a numeric column says, ≥ 0. */
  | { readonly kind: 'column'; readonly column: string }
  /** Each row weighs what deciding it wrongly costs by the frame. */
  | { readonly kind: 'costs' }

export interface CalibrationChoice {
  /**
   * Undo what is known of the training: the shift of prior odds by sampling or weighting, and the
   * pull of focal loss and logit adjustment.
   */
  readonly correction: boolean
  /** `auto`: sigmoid below 200 positives among the samples it is fitted on, isotonic from there. */
  readonly calibrator: 'none' | 'auto' | CalibratorKind
}

/** True for samplers that place samples between the 0/1 features of categories. */
function samplingMixesCategories({ kind }: SamplingChoice): boolean {
  return kind !== 'none' && samplingKinds[kind].makes === 'between'
}
/** See core/calibration. */
export type CalibratorKind =
  'sigmoid' | 'isotonic' | 'beta' | 'temperature' | 'venn_abers' | 'cross_venn_abers'

/**
 * How a configuration encodes categories. A sampler that places samples between others would make
 * codes between codes, so with one of these boosting sees 0/1 features whatever was chosen.
 */
export function categoricalsInUse({
  model,
  sampling,
}: Pick<Configuration, 'model' | 'sampling'>): 'one_hot' | 'native' {
  return !samplingMixesCategories(sampling) && model.kind === 'gradient_boosting'
    ? (model.categoricals ?? 'one_hot')
    : 'one_hot'
}

/** The loss that a model is fitted to. */
export function lossOfModel(model: ModelChoice): LossChoice | FocalWithoutAlpha {
  const { loss } = model as { readonly loss?: LossChoice }
  if (loss !== undefined) return loss
  return model.kind === 'multilayer_perceptron' && model.focalGamma > 0
    ? { kind: 'focal', gamma: model.focalGamma, alpha: model.focalAlpha }
    : { kind: 'log_loss' }
}

/** Focal loss of a perceptron, which may weigh both classes alike. */
interface FocalWithoutAlpha {
  readonly kind: 'focal'
  readonly gamma: number
  readonly alpha: number | null
}

/** The same model fitted to plain log loss. */
export function withLogLoss<Choice extends ModelChoice>(model: Choice): Choice {
  if (model.kind === 'two_stage') {
    return { ...model, gate: withLogLoss(model.gate), filter: withLogLoss(model.filter) }
  }
  if (lossOfModel(model).kind === 'log_loss') return model
  const rest: Record<string, unknown> = { ...model }
  delete rest['loss']
  return {
    ...rest,
    ...(model.kind === 'multilayer_perceptron' ? { focalGamma: 0, focalAlpha: null } : {}),
  } as Choice
}

/** Models that draw balanced sets of samples themselves: each is a treatment already. */
const balancesItself = {
  logistic_regression: false,
  gradient_boosting: false,
  multilayer_perceptron: false,
  decision_tree: false,
  random_forest: false,
  balanced_random_forest: true,
  balanced_bagging: true,
  self_paced_ensemble: true,
  easy_ensemble: true,
  rus_boost: true,
  gaussian_naive_bayes: false,
  isolation_forest: false,
} as const satisfies Record<SingleModelChoice['kind'], boolean>

export function isBalancedModel(model: ModelChoice): boolean {
  return stagesOf(model).some(({ kind }) => balancesItself[kind])
}

/** The stages of a model: itself where it has but one. */
export function stagesOf(model: ModelChoice): readonly SingleModelChoice[] {
  return model.kind === 'two_stage' ? [model.gate, model.filter] : [model]
}

/** Models whose probabilities are means of votes: see `correctsPriorOdds`. */
const votes = {
  ...balancesItself,
  random_forest: true,
} as const satisfies Record<SingleModelChoice['kind'], boolean>

/**
 * Whether the known shift of prior odds is undone by its formula. That is no help for a mean of
 * votes, whose odds don't move with the prior odds of its training sets: recalibration is.
 */
export function correctsPriorOdds({
  model,
  calibration,
}: Pick<Configuration, 'model' | 'calibration'>): boolean {
  // What decides last says what the probabilities are.
  return calibration.correction && !votes[stagesOf(model).at(-1)!.kind]
}

/**
 * True for a configuration that changes how much the classes count in training, by samples,
 * weights, loss or balanced draws. Calibration and rules don't.
 */
export function treatsImbalance(configuration: Configuration): boolean {
  const calibration: CalibrationChoice = { correction: false, calibrator: 'none' }
  return !isUntreated({ ...configuration, calibration, rules: [] })
}

/** True for a configuration that leaves samples, weights, loss and probabilities as they are. */
export function isUntreated(configuration: Configuration): boolean {
  const { model, sampling, weighting, calibration } = configuration
  return (
    !isBalancedModel(model) &&
    stagesOf(model).every((stage) => lossOfModel(stage).kind === 'log_loss') &&
    sampling.kind === 'none' &&
    weighting.kind === 'none' &&
    !calibration.correction &&
    calibration.calibrator === 'none' &&
    (configuration.rules ?? []).length === 0
  )
}
