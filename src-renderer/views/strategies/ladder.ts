/** The remedies in the order of the guides, and what they make of a model. */
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type {
  CalibrationChoice,
  Configuration,
  ModelChoice,
  SamplingChoice,
} from '#shared/core/plan/plan.ts'
import { omit } from './omit.ts'

export type ModelKind = ModelChoice['kind']
export type RungId = 'threshold' | 'weights' | 'focal' | 'under' | 'smote'

export const modelKinds = [
  'logistic_regression',
  'gradient_boosting',
  'multilayer_perceptron',
] as const satisfies readonly ModelKind[]

export const rungIds = [
  ...(['threshold', 'weights', 'focal', 'under', 'smote'] as const),
] as const satisfies readonly RungId[]

/** Models of which a first plan runs the untreated form. */
const firstModels: readonly ModelKind[] = ['logistic_regression', 'gradient_boosting']

const asTheyAre: CalibrationChoice = { correction: false, calibrator: 'none' }
const repaired: CalibrationChoice = { correction: true, calibrator: 'auto' }
const recalibrated: CalibrationChoice = { correction: false, calibrator: 'auto' }

const shortNames: Readonly<Record<ModelKind, string>> = {
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
}
const suffixes: Readonly<Record<RungId, string>> = {
  threshold: '',
  weights: '_balanced',
  focal: '_focal',
  under: '_random_under',
  smote: '_smote',
}

/** What a rung makes of a model, with the defaults of the plan; null where it doesn't apply. */
export function configurationOf(rung: RungId, kind: ModelKind): Configuration | null {
  const model = rung === 'focal' ? focalModel(kind) : defaultModels[kind]
  if (model === null) return null
  return {
    name: shortNames[kind] + suffixes[rung],
    model,
    sampling: samplingOf(rung),
    weighting: { kind: rung === 'weights' ? 'balanced' : 'none' },
    calibration: rung === 'threshold' ? asTheyAre : rung === 'focal' ? recalibrated : repaired,
  }
}

/** Why a rung doesn't apply to a model, whatever the data; null where it does. */
export function closedBecause(rung: RungId, kind: ModelKind): string | null {
  return rung === 'focal' && kind === 'logistic_regression'
    ? 'Logistic regression is fitted to log loss.'
    : null
}

/** The rung that a configuration stands on: the last one that it uses. */
export function rungOf({ model, sampling, weighting }: Configuration): RungId {
  if (sampling.kind === 'smote') return 'smote'
  if (sampling.kind === 'random_under') return 'under'
  if (hasFocalLoss(model)) return 'focal'
  return weighting.kind === 'balanced' ? 'weights' : 'threshold'
}

/** True where nothing is done against the imbalance but to choose the threshold. */
export function isPlain(configuration: Configuration): boolean {
  return (
    rungOf(configuration) === 'threshold' &&
    !configuration.calibration.correction &&
    configuration.calibration.calibrator === 'none'
  )
}

export function hasFocalLoss(model: ModelChoice): boolean {
  return model.kind === 'gradient_boosting'
    ? model.loss?.kind === 'focal'
    : model.kind === 'multilayer_perceptron' && model.focalGamma > 0
}

/** The plain models that a project starts with. */
export function firstConfigurations(): readonly Configuration[] {
  return firstModels.map((kind) => configurationOf('threshold', kind)!)
}

/**
 * The list with the plain form of every kind of model that is in it, each before its treatments:
 * what a treatment has to beat is part of every plan.
 */
export function withPlain(configurations: readonly Configuration[]): readonly Configuration[] {
  const missing = modelKinds.filter(
    (kind) =>
      configurations.some(({ model }) => model.kind === kind) &&
      !configurations.some((one) => one.model.kind === kind && isPlain(one)),
  )
  return [
    ...missing.map((kind) => named(configurationOf('threshold', kind)!, configurations)),
    ...configurations,
  ]
}

/** The list with a model on a rung taken in, or all that stand there taken out. */
export function toggled(
  configurations: readonly Configuration[],
  rung: RungId,
  kind: ModelKind,
): readonly Configuration[] {
  const there = (one: Configuration): boolean => one.model.kind === kind && rungOf(one) === rung
  if (rung === 'threshold') {
    // Without its plain form a model has no treatments either.
    return configurations.some(({ model }) => model.kind === kind)
      ? configurations.filter(({ model }) => model.kind !== kind)
      : inOrder([...configurations, named(configurationOf(rung, kind)!, configurations)])
  }
  if (configurations.some(there)) return configurations.filter((one) => !there(one))
  const added = configurationOf(rung, kind)
  if (added === null) return configurations
  return inOrder(withPlain([...configurations, named(added, configurations)]))
}

/** A copy beside the original, under a name of its own. */
export function duplicated(
  configurations: readonly Configuration[],
  original: Configuration,
): readonly Configuration[] {
  return configurations.flatMap((one) =>
    one === original ? [one, named(one, configurations)] : [one],
  )
}

/** What is wrong with a name; null when it can be used. */
export function nameProblem(name: string, others: readonly Configuration[]): string | null {
  if (!/^[\p{L}\p{N}_.-]{1,60}$/u.test(name)) return 'Use 1 to 60 letters, digits, _, - or .'
  return others.some((other) => other.name === name) ? 'Another configuration has this name.' : null
}

/** Equal for configurations that differ in their name alone. */
export function contentKey(configuration: Configuration): string {
  return JSON.stringify(omit(configuration, 'name'), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** Rung by rung, and in each model by model; what is alike stays in its order. */
function inOrder(configurations: readonly Configuration[]): readonly Configuration[] {
  const place = (one: Configuration): number =>
    rungIds.indexOf(rungOf(one)) * modelKinds.length +
    (modelKinds as readonly ModelKind[]).indexOf(one.model.kind)
  return configurations.toSorted((a, b) => place(a) - place(b))
}

function named(configuration: Configuration, others: readonly Configuration[]): Configuration {
  const taken = new Set(others.map(({ name }) => name))
  const base = configuration.name.replace(/_\d+$/, '').slice(0, 56)
  let name = configuration.name
  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`
  return { ...configuration, name }
}

function focalModel(kind: ModelKind): ModelChoice | null {
  switch (kind) {
    case 'logistic_regression':
      return null
    case 'gradient_boosting':
      return { ...defaultModels[kind], loss: { kind: 'focal', gamma: 2, alpha: 0.25 } }
    case 'multilayer_perceptron':
      return { ...defaultModels[kind], focalGamma: 2, focalAlpha: 0.25 }
    case 'decision_tree':
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
    case 'easy_ensemble':
    case 'rus_boost':
    case 'gaussian_naive_bayes':
    case 'isolation_forest':
      return null
  }
}

function samplingOf(rung: RungId): SamplingChoice {
  if (rung === 'under') return { kind: 'random_under', targetImbalanceRatio: 3 }
  if (rung === 'smote') return { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 }
  return { kind: 'none' }
}
