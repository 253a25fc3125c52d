/** How the page speaks of models and remedies; what they are is in the ladder of the core. */
import { headed, modelPhrases } from '#shared/core/plan/configuration-text.ts'
import type { Remedy } from '#shared/core/plan/ladder.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'
import { classWeightsOf } from '#shared/core/weighting/weighting.ts'
import { count, plain } from '../../format/numbers.ts'

export type ModelKind = ModelChoice['kind']

/** On the buttons of a card. */
const shortModels: Readonly<Partial<Record<ModelKind, string>>> = {
  logistic_regression: 'Logistic',
  gradient_boosting: 'Trees',
  multilayer_perceptron: 'Network',
  decision_tree: 'One tree',
  random_forest: 'Forest',
  gaussian_naive_bayes: 'Bayes',
}

export function shortModel(kind: ModelKind): string {
  return shortModels[kind] ?? 'Use it'
}

/** `SMOTE for boosted trees`; models that are a treatment of their own need no model named. */
export function actionText(remedy: Remedy, kind: ModelKind): string {
  if (remedy.models.length === 1) return remedy.card.title
  const model = modelPhrases[kind]
  return remedy.family === 'threshold'
    ? `${headed(model)}, untreated`
    : `${remedy.card.title} for ${model}`
}

/** The classes as the cards speak of them. */
export interface Classes {
  readonly positive: string
  readonly negative: string
  /** Cases of a training set; null while not known. */
  readonly sizes: { readonly positives: number; readonly negatives: number } | null
}

/** What a treatment does to the counts or weights of a training set; null where that isn't known. */
export function effectText(
  classes: Classes,
  { sampling, weighting }: Pick<Configuration, 'sampling' | 'weighting'>,
): string | null {
  const { sizes, positive, negative } = classes
  if (sizes === null) return null
  const { positives, negatives } = sizes
  const rarer = positives <= negatives ? positive : negative
  const commoner = positives <= negatives ? negative : positive
  const after = resampledCounts(sampling, negatives, positives)
  const change = after.positives + after.negatives - positives - negatives
  if (change > 0) return `Makes up ${count(change)} ${rarer} cases a fold`
  if (change < 0) return `Throws away ${count(-change)} ${commoner} cases a fold`
  const weights = classWeightsOf(weighting)?.(sizes)
  if (weights === undefined) return null
  const times = weights.positive / weights.negative
  return times >= 1
    ? `Each ${positive} case counts ${timesText(times)}`
    : `Each ${negative} case counts ${timesText(1 / times)}`
}

function timesText(times: number): string {
  return `${plain(times, times < 10 ? 2 : 3)} times`
}
