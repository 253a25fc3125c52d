import { isUntreated } from './plan.ts'
import type {
  CalibrationChoice,
  Configuration,
  ModelChoice,
  Plan,
  SamplingChoice,
  SingleModelChoice,
  WeightingChoice,
} from './plan.ts'

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

const shortNames: Readonly<Record<ModelChoice['kind'], string>> = {
  logistic_regression: 'lr',
  gradient_boosting: 'gbdt',
  multilayer_perceptron: 'mlp',
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
  for (const { model } of plan.configurations) {
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
