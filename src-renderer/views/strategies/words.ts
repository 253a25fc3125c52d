/** Configurations in words. */
import { calibratorPhrases, monotoneText } from '#shared/core/plan/configuration-text.ts'
import type { CalibrationChoice, Configuration } from '#shared/core/plan/plan.ts'
import { count, plain } from '../../format/numbers.ts'

/** What a class is called, where it has been given a name. */
export function nameOr(name: string | undefined, otherwise: string): string {
  return name === undefined || name.trim() === '' ? otherwise : name
}

/** The hyperparameters that are looked at first. */
export function hyperparameterText({ model }: Configuration): string {
  switch (model.kind) {
    case 'logistic_regression': {
      const share = model.l1Ratio ?? 0
      return `C ${plain(model.c)}${share > 0 ? `, L1 share ${plain(share)}` : ''}`
    }
    case 'gradient_boosting':
      return [
        `${count(model.iterations)} trees`,
        `depth ${count(model.maxDepth)}`,
        `rate ${plain(model.learningRate)}`,
        ...(model.loss?.kind === 'focal' ? [`γ ${plain(model.loss.gamma)}`] : []),
        ...[monotoneText(model) ?? []].flat(),
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
    case 'two_stage':
      return `gate of recall ${plain(model.gateRecall)}, then a filter`
  }
}

export function calibrationText({ correction, calibrator }: CalibrationChoice): string {
  const fitted = { none: '', auto: 'calibrator' }
  const parts = [
    correction ? 'odds shift' : '',
    calibrator in fitted
      ? fitted[calibrator as keyof typeof fitted]
      : calibratorPhrases[calibrator],
  ]
  return parts.filter(Boolean).join(' + ') || 'as trained'
}
