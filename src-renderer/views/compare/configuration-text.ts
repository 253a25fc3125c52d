/** A configuration in words. */
import { samplingText as samplingTitle } from '#shared/core/plan/sampling-kinds.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'
import { plain } from '../../format/numbers.ts'

export interface Setting {
  readonly label: string
  readonly text: string
}

const modelNames: Readonly<Record<ModelChoice['kind'], string>> = {
  logistic_regression: 'Logistic regression',
  gradient_boosting: 'Boosted trees',
  multilayer_perceptron: 'Multilayer perceptron',
  decision_tree: 'Decision tree',
  random_forest: 'Random forest',
  balanced_random_forest: 'Balanced random forest',
  balanced_bagging: 'Balanced bagging',
  self_paced_ensemble: 'Self-paced ensemble',
  easy_ensemble: 'EasyEnsemble',
  rus_boost: 'RUSBoost',
  gaussian_naive_bayes: 'Naive Bayes',
  isolation_forest: 'Isolation forest',
  two_stage: 'Two stages',
}

const calibrators: Readonly<Record<Configuration['calibration']['calibrator'], string>> = {
  none: 'none',
  sigmoid: 'sigmoid',
  isotonic: 'isotonic',
  beta: 'beta',
  temperature: 'temperature',
  venn_abers: 'Venn-Abers',
  cross_venn_abers: 'cross Venn-Abers',
  auto: 'by number of positives',
}

/** `Boosted trees` */
export function modelText({ model }: Configuration): string {
  return modelNames[model.kind]
}

/** `SMOTE to 1 : 3`, `class weights`, `untreated` */
export function treatmentText({ model, sampling, weighting, calibration }: Configuration): string {
  const parts = [
    ...(sampling.kind === 'none' ? [] : [samplingTitle(sampling, ratio)]),
    ...(weighting.kind === 'balanced' ? ['class weights'] : []),
    ...(isFocal(model) ? ['focal loss'] : []),
  ]
  if (parts.length > 0) return parts.join(', ')
  return calibration.correction || calibration.calibrator !== 'none' ? 'recalibrated' : 'untreated'
}

/** Everything that is set, the treatment first. */
export function settingsOf(configuration: Configuration): Setting[] {
  const { model, sampling, weighting, calibration } = configuration
  return [
    { label: 'Model', text: modelText(configuration) },
    { label: 'Sampling', text: samplingText(sampling) },
    { label: 'Weights', text: weighting.kind === 'balanced' ? 'classes balanced' : 'none' },
    { label: 'Prior odds corrected', text: calibration.correction ? 'yes' : 'no' },
    { label: 'Recalibration', text: calibrators[calibration.calibrator] },
    ...Object.entries(model).flatMap(([key, value]) =>
      key === 'kind' ? [] : [{ label: labelOf(key), text: textOf(value) }],
    ),
  ]
}

function isFocal(model: ModelChoice): boolean {
  if (model.kind === 'gradient_boosting') return model.loss?.kind === 'focal'
  return model.kind === 'multilayer_perceptron' && model.focalGamma > 0
}

function samplingText(sampling: Configuration['sampling']): string {
  if (sampling.kind === 'none') return 'none'
  const title = samplingTitle(sampling, ratio)
  return 'neighbors' in sampling ? `${title}, ${sampling.neighbors} neighbours` : title
}

function ratio(imbalance: number): string {
  return `1 : ${plain(imbalance)}`
}

/** `maxDepth` as `Max depth`; a single letter stays a capital. */
function labelOf(key: string): string {
  const words = key.replace(/[A-Z0-9]+/g, (letters) => ` ${letters.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function textOf(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'number') return plain(value)
  if (typeof value === 'string') return value.replaceAll('_', ' ')
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, part]) =>
        key === 'kind' ? textOf(part) : `${labelOf(key).toLowerCase()} ${textOf(part)}`,
      )
      .join(', ')
  }
  return value === true ? 'yes' : 'no'
}
