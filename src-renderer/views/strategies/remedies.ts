/**
 * What the screen offers. A model is one entry, and so a button in every card; a remedy is one
 * entry, and so a card. Nothing else has to know of a new one, apart from its hyperparameters.
 */
import { modelName } from '#shared/core/plan/configuration-text.ts'
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type {
  CalibrationChoice,
  Configuration,
  ModelChoice,
  SamplingChoice,
  WeightingChoice,
} from '#shared/core/plan/plan.ts'
import { count, plain } from '../../format/numbers.ts'

export type ModelKind = ModelChoice['kind']

export interface ModelEntry {
  readonly kind: ModelKind
  readonly name: string
  /** On buttons. */
  readonly short: string
  /** Begins the names of its configurations. */
  readonly code: string
  readonly usual: ModelChoice
  /** The same with focal loss; null where the loss can't be chosen. */
  readonly focal: ModelChoice | null
}

export const models: readonly ModelEntry[] = [
  {
    kind: 'logistic_regression',
    name: modelName({ kind: 'logistic_regression' }),
    short: 'Logistic',
    code: 'lr',
    usual: defaultModels.logistic_regression,
    focal: null,
  },
  {
    kind: 'gradient_boosting',
    name: modelName({ kind: 'gradient_boosting' }),
    short: 'Trees',
    code: 'gbdt',
    usual: defaultModels.gradient_boosting,
    focal: { ...defaultModels.gradient_boosting, loss: { kind: 'focal', gamma: 2, alpha: 0.25 } },
  },
  {
    kind: 'multilayer_perceptron',
    name: modelName({ kind: 'multilayer_perceptron' }),
    short: 'Network',
    code: 'mlp',
    usual: defaultModels.multilayer_perceptron,
    focal: { ...defaultModels.multilayer_perceptron, focalGamma: 2, focalAlpha: 0.25 },
  },
]

/** Models of which a project that has chosen nothing runs the untreated form. */
export const firstModels: readonly ModelKind[] = ['logistic_regression', 'gradient_boosting']

export function modelOf(kind: ModelKind): ModelEntry {
  const entry = models.find((one) => one.kind === kind)
  if (entry === undefined) throw new RangeError(`no model '${kind}'`)
  return entry
}

/** The classes as the cards speak of them. */
export interface Classes {
  readonly positive: string
  readonly negative: string
  /** Cases of a training set; null while not known. */
  readonly sizes: { readonly positives: number; readonly negatives: number } | null
}

export interface Remedy {
  readonly id: string
  readonly title: string
  /** In the middle of a sentence. */
  readonly phrase: string
  /** Ends the names of its configurations. */
  readonly suffix: string
  /** What it does. */
  readonly does: (classes: Classes) => string
  readonly fits: string
  readonly risks: (classes: Classes) => string
  readonly isIn: (configuration: Configuration) => boolean
  /** What it makes of a model, or why it doesn't apply to it. */
  readonly treat: (model: ModelEntry) => Omit<Configuration, 'name'> | string
}

const noSampling: SamplingChoice = { kind: 'none' }
const noWeighting: WeightingChoice = { kind: 'none' }
const asTrained: CalibrationChoice = { correction: false, calibrator: 'none' }
const repaired: CalibrationChoice = { correction: true, calibrator: 'auto' }
const underSampling: SamplingChoice = { kind: 'random_under', targetImbalanceRatio: 3 }
const smote: SamplingChoice = { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 }

/** From the cheapest to the dearest. */
export const remedies: readonly Remedy[] = [
  {
    id: 'threshold',
    title: 'Threshold',
    phrase: 'no treatment',
    suffix: '',
    does: () => 'No change to data or model',
    fits: 'Always first. Needs only scores that rank.',
    risks: () => 'None: probabilities stay what they are.',
    // Whatever nothing else below is used for.
    isIn: () => true,
    treat: ({ usual }) => ({
      model: usual,
      sampling: noSampling,
      weighting: noWeighting,
      calibration: asTrained,
    }),
  },
  {
    id: 'weights',
    title: 'Class weights',
    phrase: 'class weights',
    suffix: '_balanced',
    does: (classes) => {
      const times = timesText(classes)
      return `Training counts each ${rarer(classes)} case ${times ?? 'more'}`
    },
    fits: 'Any model. Nothing is made up or thrown away.',
    risks: () => 'Moves probabilities; corrected by a shift, then checked.',
    isIn: ({ weighting }) => weighting.kind === 'balanced',
    treat: ({ usual }) => ({
      model: usual,
      sampling: noSampling,
      weighting: { kind: 'balanced' },
      calibration: repaired,
    }),
  },
  {
    id: 'focal',
    title: 'Focal loss',
    phrase: 'focal loss',
    suffix: '_focal',
    does: () => 'Easy cases count less',
    fits: 'Trees and networks, where most cases are easy.',
    risks: () => 'Feeds on wrong labels. Probabilities need recalibration.',
    isIn: ({ model }) => hasFocalLoss(model),
    treat: ({ focal, name }) =>
      focal === null
        ? `${name} is fitted to log loss.`
        : {
            model: focal,
            sampling: noSampling,
            weighting: noWeighting,
            calibration: { correction: false, calibrator: 'auto' },
          },
  },
  {
    id: 'under',
    title: 'Under-sampling',
    phrase: 'under-sampling',
    suffix: '_random_under',
    does: (classes) => `Fewer ${commoner(classes)} cases in training`,
    fits: 'Large data, where speed matters.',
    risks: (classes) =>
      `Throws away ${changedText(classes, underSampling) ?? 'most'} ${commoner(classes)} cases a fold.`,
    isIn: ({ sampling }) => sampling.kind === 'random_under',
    treat: ({ usual }) => ({
      model: usual,
      sampling: underSampling,
      weighting: noWeighting,
      calibration: repaired,
    }),
  },
  {
    id: 'smote',
    title: 'SMOTE',
    phrase: 'SMOTE',
    suffix: '_smote',
    does: (classes) => `Synthetic ${rarer(classes)} cases between neighbours`,
    fits: 'Few columns, mostly numbers.',
    risks: (classes) =>
      `Makes up ${changedText(classes, smote) ?? 'many'} ${rarer(classes)} cases a fold, some where ${commoner(classes)} cases are.`,
    isIn: ({ sampling }) => sampling.kind === 'smote',
    treat: ({ usual }) => ({
      model: usual,
      sampling: smote,
      weighting: noWeighting,
      calibration: repaired,
    }),
  },
]

/** The remedy that does nothing but choose a threshold. */
export const untreated: Remedy = remedies[0]!

export function hasFocalLoss(model: ModelChoice): boolean {
  return model.kind === 'gradient_boosting'
    ? model.loss?.kind === 'focal'
    : model.kind === 'multilayer_perceptron' && model.focalGamma > 0
}

function positivesAreRarer({ sizes }: Classes): boolean {
  return sizes === null || sizes.positives <= sizes.negatives
}

function rarer(classes: Classes): string {
  return positivesAreRarer(classes) ? classes.positive : classes.negative
}

function commoner(classes: Classes): string {
  return positivesAreRarer(classes) ? classes.negative : classes.positive
}

function timesText({ sizes }: Classes): string | null {
  if (sizes === null) return null
  const { positives, negatives } = sizes
  const ratio = Math.max(positives, negatives) / Math.max(1, Math.min(positives, negatives))
  return `${plain(ratio, ratio < 10 ? 2 : 3)} times`
}

/** Cases that sampling takes away or adds. */
function changedText({ sizes }: Classes, sampling: SamplingChoice): string | null {
  if (sizes === null) return null
  const { positives, negatives } = sizes
  const after = resampledCounts(sampling, negatives, positives)
  const change = after.positives + after.negatives - positives - negatives
  return change === 0 ? 'no' : count(Math.abs(change))
}
