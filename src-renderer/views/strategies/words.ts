/** Configurations in words. */
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { CalibrationChoice, Configuration, SamplingChoice } from '#shared/core/plan/plan.ts'
import { count, plain } from '../../format/numbers.ts'
import { hasFocalLoss } from './ladder.ts'
import type { ModelKind, RungId } from './ladder.ts'

export const modelNames: Readonly<Record<ModelKind, string>> = {
  logistic_regression: 'Logistic regression',
  gradient_boosting: 'Boosted trees',
  multilayer_perceptron: 'Neural network',
  decision_tree: 'Decision tree',
  random_forest: 'Random forest',
  balanced_random_forest: 'Balanced random forest',
  balanced_bagging: 'Balanced bagging',
  self_paced_ensemble: 'Self-paced ensemble',
  easy_ensemble: 'EasyEnsemble',
  rus_boost: 'RUSBoost',
  gaussian_naive_bayes: 'Naive Bayes',
  isolation_forest: 'Isolation forest',
}

/** What a class is called, where it has been given a name. */
export function nameOr(name: string | undefined, otherwise: string): string {
  return name === undefined || name.trim() === '' ? otherwise : name
}

/** For heads of narrow columns. */
export const shortModelNames: Readonly<Record<ModelKind, string>> = {
  logistic_regression: 'Logistic',
  gradient_boosting: 'Trees',
  multilayer_perceptron: 'Network',
  decision_tree: 'Tree',
  random_forest: 'Forest',
  balanced_random_forest: 'Bal. forest',
  balanced_bagging: 'Bagging',
  self_paced_ensemble: 'Self-paced',
  easy_ensemble: 'EasyEns.',
  rus_boost: 'RUSBoost',
  gaussian_naive_bayes: 'Bayes',
  isolation_forest: 'Isolation',
}

/** `SMOTE to 1 : 3, class weights`; `untreated` where nothing is done. */
export function treatmentText({ model, sampling, weighting, calibration }: Configuration): string {
  const parts = [
    ...(sampling.kind === 'none' ? [] : [samplingText(sampling)]),
    ...(hasFocalLoss(model) ? ['focal loss'] : []),
    ...(weighting.kind === 'balanced' ? ['class weights'] : []),
  ]
  if (parts.length > 0) return parts.join(', ')
  return calibration.calibrator === 'none' ? 'untreated' : 'recalibrated'
}

function samplingText(sampling: Exclude<SamplingChoice, { kind: 'none' }>): string {
  const ratio = `1\u00a0:\u00a0${plain(sampling.targetImbalanceRatio)}`
  return sampling.kind === 'smote' ? `SMOTE to ${ratio}` : `under-sampled to ${ratio}`
}

/** The hyperparameters that are looked at first. */
export function modelText({ model }: Configuration): string {
  switch (model.kind) {
    case 'logistic_regression': {
      const share = model.l1Ratio ?? 0
      return `C ${plain(model.c)}${share > 0 ? `, L1 share ${plain(share)}` : ''}`
    }
    case 'gradient_boosting':
      return [
        `${count(model.iterations)} iterations`,
        `depth ${count(model.maxDepth)}`,
        `rate ${plain(model.learningRate)}`,
        ...(model.loss?.kind === 'focal' ? [`γ ${plain(model.loss.gamma)}`] : []),
      ].join(', ')
    case 'multilayer_perceptron':
      return [
        `${model.hidden.map(count).join(' and ')} units`,
        `${count(model.epochs)} epochs at most`,
        ...(model.focalGamma > 0 ? [`γ ${plain(model.focalGamma)}`] : []),
      ].join(', ')
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
    case 'isolation_forest':
      return `${count(model.trees)} trees`
    case 'easy_ensemble':
      return `${count(model.members)} members of ${count(model.rounds)} stumps`
    case 'rus_boost':
      return `${count(model.rounds)} stumps`
    case 'decision_tree':
      return model.maxDepth === null ? 'any depth' : `depth ${count(model.maxDepth)} at most`
    case 'gaussian_naive_bayes':
      return ''
  }
}

export function calibrationText({ correction, calibrator }: CalibrationChoice): string {
  const fitted = {
    none: '',
    sigmoid: 'sigmoid calibrator',
    isotonic: 'isotonic calibrator',
    auto: 'calibrator by size',
  }[calibrator]
  return [correction ? 'odds shift' : '', fitted].filter(Boolean).join(', ') || 'as trained'
}

/** Cases of both classes; null while not known. */
export interface ClassSizes {
  readonly positives: number
  readonly negatives: number
}

export interface RungWords {
  readonly title: string
  readonly sub: string
  readonly fits: string
  readonly risk: string
}

/**
 * What a rung does, when it fits and what it risks, with the counts of these data.
 *
 * @param sizes Of a training set.
 */
export function rungWords(
  rung: RungId,
  sizes: ClassSizes | null,
  positive: string,
  negative: string,
): RungWords {
  const [rarer, commoner] =
    sizes === null || sizes.positives <= sizes.negatives
      ? [positive, negative]
      : [negative, positive]
  switch (rung) {
    case 'threshold':
      return {
        title: 'Threshold',
        sub: 'No change to data or model',
        fits: 'Always first. Needs only scores that rank.',
        risk: 'None: probabilities stay what they are.',
      }
    case 'weights':
      return {
        title: 'Class weights',
        sub: `Training counts each ${rarer} case ${sizes === null ? 'more' : `${timesText(sizes)} times`}`,
        fits: 'Any model. Nothing is made up or thrown away.',
        risk: 'Moves probabilities; corrected by a shift, then checked.',
      }
    case 'focal':
      return {
        title: 'Focal loss',
        sub: 'Easy cases count less',
        fits: 'Trees and networks, where most cases are easy.',
        risk: 'Feeds on wrong labels. Probabilities need recalibration.',
      }
    case 'under':
      return {
        title: 'Under-sampling',
        sub: `Fewer ${commoner} cases in training`,
        fits: 'Large data, where speed matters.',
        risk: `Throws away ${amountOf('under', sizes)} ${commoner} cases a fold.`,
      }
    case 'smote':
      return {
        title: 'SMOTE',
        sub: `Synthetic ${rarer} cases between neighbours`,
        fits: 'Few columns, mostly numbers.',
        risk: `Makes up ${amountOf('smote', sizes)} ${rarer} cases a fold, some where ${commoner} cases are.`,
      }
  }
}

function timesText({ positives, negatives }: ClassSizes): string {
  const ratio = Math.max(positives, negatives) / Math.max(1, Math.min(positives, negatives))
  return plain(ratio, ratio < 10 ? 2 : 3)
}

/** Cases that sampling to 1 : 3 takes away or adds. */
function amountOf(rung: 'under' | 'smote', sizes: ClassSizes | null): string {
  if (sizes === null) return rung === 'under' ? 'most' : 'many'
  const { positives, negatives } = sizes
  const after = resampledCounts(
    rung === 'under'
      ? { kind: 'random_under', targetImbalanceRatio: 3 }
      : { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
    negatives,
    positives,
  )
  const change = after.positives + after.negatives - positives - negatives
  return change === 0 ? 'no' : count(Math.abs(change))
}
