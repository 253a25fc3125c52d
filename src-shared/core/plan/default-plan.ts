import { isBalancedModel, isUntreated, withLogLoss } from './plan.ts'
import type {
  CalibrationChoice,
  Configuration,
  LossChoice,
  ModelChoice,
  Plan,
  SamplingChoice,
  SingleModelChoice,
  TreeGrowth,
  WeightingChoice,
} from './plan.ts'

const treeGrowth = {
  criterion: 'gini',
  maxDepth: null,
  minLeafWeight: 0,
  features: 'sqrt',
  bins: 256,
} as const satisfies TreeGrowth

const singleModels = {
  logistic_regression: { kind: 'logistic_regression', c: 1 },
  gradient_boosting: {
    kind: 'gradient_boosting',
    iterations: 200,
    maxDepth: 6,
    learningRate: 0.1,
    lambda: 1,
    minChildWeight: 1,
    bins: 256,
  },
  multilayer_perceptron: {
    kind: 'multilayer_perceptron',
    hidden: [64, 32],
    dropout: 0,
    l2: 1e-4,
    learningRate: 1e-3,
    batchSize: 200,
    batches: 'stratified',
    epochs: 100,
    patience: 10,
    validationShare: 0.1,
    focalGamma: 0,
    focalAlpha: null,
  },
  decision_tree: {
    kind: 'decision_tree',
    ...treeGrowth,
    maxDepth: 8,
    minLeafWeight: 5,
    features: 'all',
  },
  random_forest: { kind: 'random_forest', trees: 100, ...treeGrowth },
  balanced_random_forest: { kind: 'balanced_random_forest', trees: 100, ...treeGrowth },
  balanced_bagging: { kind: 'balanced_bagging', trees: 10, ...treeGrowth, features: 'all' },
  self_paced_ensemble: {
    kind: 'self_paced_ensemble',
    trees: 10,
    hardnessBins: 20,
    ...treeGrowth,
    features: 'all',
  },
  easy_ensemble: { kind: 'easy_ensemble', members: 10, rounds: 50, bins: 256 },
  rus_boost: { kind: 'rus_boost', rounds: 50, learningRate: 1, bins: 256 },
  gaussian_naive_bayes: { kind: 'gaussian_naive_bayes', varianceShare: 1e-9 },
  isolation_forest: {
    kind: 'isolation_forest',
    trees: 100,
    samplesPerTree: 256,
    reference: 'all',
  },
} as const satisfies Record<SingleModelChoice['kind'], SingleModelChoice>

/** Hyperparameters of a model by its kind, as the default plan uses them. */
export const defaultModels = {
  ...singleModels,
  two_stage: {
    kind: 'two_stage',
    gate: singleModels.logistic_regression,
    filter: singleModels.gradient_boosting,
    gateRecall: 0.98,
    gateFolds: 4,
  },
} as const satisfies Record<ModelChoice['kind'], ModelChoice>

/** Hyperparameters of a loss by its kind. */
export const defaultLosses = {
  log_loss: { kind: 'log_loss' },
  focal: { kind: 'focal', gamma: 2, alpha: 0.25 },
  logit_adjusted: { kind: 'logit_adjusted', tau: 1 },
  ldam: { kind: 'ldam', maxMargin: 0.5, scale: 1, deferral: 0.8, beta: 0.9999 },
  hard_mining: { kind: 'hard_mining', share: 0.5 },
  self_paced: { kind: 'self_paced', startShare: 0.5, pace: 0.5 },
} as const satisfies Record<LossChoice['kind'], LossChoice>

/** Hyperparameters of a weighting by its kind; that of a column names the column. */
export const defaultWeightings = {
  none: { kind: 'none' },
  balanced: { kind: 'balanced' },
  inverse_sqrt: { kind: 'inverse_sqrt' },
  effective_number: { kind: 'effective_number', beta: 0.999 },
  custom: { kind: 'custom', negative: 1, positive: 10 },
  costs: { kind: 'costs' },
} as const satisfies Record<Exclude<WeightingChoice['kind'], 'column'>, WeightingChoice>

/** Begin the names of configurations. */
export const shortNames: Readonly<Record<ModelChoice['kind'], string>> = {
  logistic_regression: 'lr',
  gradient_boosting: 'gbdt',
  multilayer_perceptron: 'mlp',
  decision_tree: 'tree',
  random_forest: 'rf',
  balanced_random_forest: 'brf',
  balanced_bagging: 'bagging',
  self_paced_ensemble: 'spe',
  easy_ensemble: 'easy_ensemble',
  rus_boost: 'rus_boost',
  gaussian_naive_bayes: 'nb',
  isolation_forest: 'isolation',
  two_stage: 'two_stage',
}

/** What a plan does to a model; the suffix completes the configuration's name. */
interface Treatment {
  readonly suffix: string
  readonly sampling: SamplingChoice
  readonly weighting: WeightingChoice
  readonly calibration: CalibrationChoice
}

const noSampling: SamplingChoice = { kind: 'none' }
const noWeighting: WeightingChoice = { kind: 'none' }
const repaired: CalibrationChoice = { correction: true, calibrator: 'auto' }

const untreated: Treatment = {
  suffix: '',
  sampling: noSampling,
  weighting: noWeighting,
  calibration: { correction: false, calibrator: 'none' },
}

const treatments: readonly Treatment[] = [
  untreated,
  {
    suffix: '_balanced',
    sampling: noSampling,
    weighting: { kind: 'balanced' },
    calibration: repaired,
  },
  {
    suffix: '_random_under',
    sampling: { kind: 'random_under', targetImbalanceRatio: 3 },
    weighting: noWeighting,
    calibration: repaired,
  },
  {
    suffix: '_smote',
    sampling: { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
    weighting: noWeighting,
    calibration: repaired,
  },
]

/**
 * The plan for a first look: a linear and a tree model untreated, then each simple treatment, repaired.
 *
 * Treated configurations sample to 1:3 rather than 1:1, since balance is no aim in itself, and
 * have their prior odds corrected and their probabilities recalibrated.
 */
export function defaultPlan(): Plan {
  const models = [defaultModels.logistic_regression, defaultModels.gradient_boosting]
  return {
    version: 1,
    folds: 5,
    innerFolds: 4,
    bootstrapDraws: 1000,
    leaveOutInfeasible: true,
    configurations: treatments.flatMap((treatment) =>
      models.map((model) => configurationOf(model, treatment)),
    ),
  }
}

/**
 * The plan with an untreated configuration of every model it uses, put first where it was missing.
 *
 * Without the do-nothing rows nobody can tell whether a treatment bought anything; so they are
 * part of every plan and can't be left out.
 *
 * @returns The completed plan and the names of what was added.
 */
export function withUntreated(plan: Plan): { readonly plan: Plan; readonly added: string[] } {
  const missing: Configuration[] = []
  const has = (model: ModelChoice): boolean =>
    [...plan.configurations, ...missing].some(
      (other) => isUntreated(other) && sameModel(other.model, model),
    )
  for (const { model: asked } of plan.configurations) {
    // What balances itself has no untreated run of its own: it is held against a random forest.
    const model = isBalancedModel(asked) ? defaultModels.random_forest : withLogLoss(asked)
    if (has(model)) continue
    const base = configurationOf(model, untreated)
    missing.push({ ...base, name: unusedName(base.name, [...plan.configurations, ...missing]) })
  }
  return {
    plan: { ...plan, configurations: [...missing, ...plan.configurations] },
    added: missing.map((configuration) => configuration.name),
  }
}

function configurationOf(model: ModelChoice, { suffix, ...treatment }: Treatment): Configuration {
  return { name: shortNames[model.kind] + suffix, model, ...treatment }
}

function sameModel(a: ModelChoice, b: ModelChoice): boolean {
  const entriesOf = (model: ModelChoice): string => {
    const entries = Object.entries(model).filter(
      ([name, value]) => name !== 'l1Ratio' || value !== 0,
    )
    return JSON.stringify(entries.sort())
  }
  return entriesOf(a) === entriesOf(b)
}

function unusedName(name: string, taken: readonly Configuration[]): string {
  const names = new Set(taken.map((configuration) => configuration.name))
  let candidate = name
  for (let i = 2; names.has(candidate); i++) candidate = `${name}_untreated${i === 2 ? '' : i}`
  return candidate
}
