/** What members of the registries are called, and configurations in words: one source for all. */
import { isBalancedModel, lossOfModel, stagesOf } from './plan.ts'
import type {
  CalibrationChoice,
  Configuration,
  LossChoice,
  ModelChoice,
  MonotoneChoice,
  WeightingChoice,
} from './plan.ts'
import { samplingKinds, samplingText } from './sampling-kinds.ts'
import type { SamplerKind } from './sampling-kinds.ts'

/** As they stand in the middle of a sentence. */
export const modelPhrases: Readonly<Record<ModelChoice['kind'], string>> = {
  logistic_regression: 'logistic regression',
  gradient_boosting: 'boosted trees',
  multilayer_perceptron: 'neural network',
  decision_tree: 'decision tree',
  random_forest: 'random forest',
  balanced_random_forest: 'balanced random forest',
  balanced_bagging: 'balanced bagging',
  self_paced_ensemble: 'self-paced ensemble',
  easy_ensemble: 'EasyEnsemble',
  rus_boost: 'RUSBoost',
  gaussian_naive_bayes: 'naive Bayes',
  isolation_forest: 'isolation forest',
  two_stage: 'gate and filter',
}

export const lossPhrases: Readonly<Record<LossChoice['kind'], string>> = {
  log_loss: 'log loss',
  focal: 'focal loss',
  logit_adjusted: 'logit adjustment',
  ldam: 'LDAM loss',
  hard_mining: 'hard example mining',
  self_paced: 'self-paced training',
}

export const weightingPhrases: Readonly<Record<WeightingChoice['kind'], string>> = {
  none: 'no weights',
  balanced: 'class weights',
  inverse_sqrt: 'class weights by inverse square root',
  effective_number: 'class weights by effective number',
  custom: 'class weights of your own',
  column: 'weights from a column',
  costs: 'weights by cost',
}

export const calibratorPhrases: Readonly<Record<CalibrationChoice['calibrator'], string>> = {
  none: 'no calibrator',
  auto: 'calibrator by the number of positives',
  temperature: 'temperature',
  sigmoid: 'sigmoid',
  beta: 'beta',
  isotonic: 'isotonic',
  venn_abers: 'Venn-Abers',
  cross_venn_abers: 'cross Venn-Abers',
}

/** A phrase as a heading, a button or the first word of a sentence. */
export function headed(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}

/** `Boosted trees` */
export function modelName({ kind }: Pick<ModelChoice, 'kind'>): string {
  return headed(modelPhrases[kind])
}

/** `SMOTE` */
export function samplerName(kind: SamplerKind): string {
  return headed(samplingKinds[kind].title)
}

/** `SMOTE to 1 : 3, class weights, 2 rules`; `untreated` where nothing is done. */
export function treatmentText(configuration: Omit<Configuration, 'name'>): string {
  const { model, sampling, weighting, calibration, rules = [] } = configuration
  const parts = [
    ...(sampling.kind === 'none' ? [] : [samplingText(sampling)]),
    ...lossesOf(model).map((kind) => lossPhrases[kind]),
    ...(weighting.kind === 'none' ? [] : [weightingText(weighting)]),
    ...(isBalancedModel(model) ? ['balanced draws'] : []),
    ...(rules.length === 0 ? [] : [rules.length === 1 ? '1 rule' : `${rules.length} rules`]),
  ]
  if (parts.length > 0) return parts.join(', ')
  return calibration.correction || calibration.calibrator !== 'none' ? 'recalibrated' : 'untreated'
}

/** `Boosted trees, SMOTE to 1 : 3`, and how many columns are held to a direction. */
export function runTitle(configuration: Omit<Configuration, 'name'>): string {
  const { length } = monotoneColumns(configuration.model)
  const held = length === 0 ? '' : `, ${length} monotone column${length === 1 ? '' : 's'}`
  return `${modelName(configuration.model)}, ${treatmentText(configuration)}${held}`
}

const mostNamed = 6

/** `rises with amount, hour; falls with age`; null where no column is held to a direction. */
export function monotoneText(model: ModelChoice): string | null {
  const held = monotoneColumns(model)
  if (held.length === 0) return null
  const said = (direction: MonotoneChoice['direction'], verb: string): string[] => {
    const names = held.flatMap((one) => (one.direction === direction ? [one.column] : []))
    const named = names.slice(0, mostNamed).join(', ')
    const others = names.length - mostNamed
    return names.length === 0
      ? []
      : [`${verb} with ${named}${others > 0 ? ` and ${others} other columns` : ''}`]
  }
  return [...said('increasing', 'rises'), ...said('decreasing', 'falls')].join('; ')
}

/** Of the stages of a model. */
function monotoneColumns(model: ModelChoice): readonly MonotoneChoice[] {
  return stagesOf(model).flatMap((stage) =>
    stage.kind === 'gradient_boosting' ? (stage.monotone ?? []) : [],
  )
}

/** `class weights 1 : 10` */
export function weightingText(weighting: WeightingChoice): string {
  if (weighting.kind === 'custom') {
    return `class weights ${weighting.negative}\u00a0:\u00a0${weighting.positive}`
  }
  return weighting.kind === 'column'
    ? `weights from ${weighting.column}`
    : weightingPhrases[weighting.kind]
}

/** Of a model, or of its stages, those that aren't log loss. */
function lossesOf(model: ModelChoice): readonly LossChoice['kind'][] {
  const parts = model.kind === 'two_stage' ? [model.gate, model.filter] : [model]
  return [...new Set(parts.map((part) => lossOfModel(part).kind))].filter(
    (kind) => kind !== 'log_loss',
  )
}
