/**
 * The ladder: everything that can be done about imbalance, from the cheapest remedy to the dearest,
 * with what each makes of a model. Whoever offers treatments (a page, the terminal) offers these.
 */
import { lossCards } from './cards/loss-cards.ts'
import { fits } from './cards/method-card.ts'
import type { MethodCard } from './cards/method-card.ts'
import { modelCards } from './cards/model-cards.ts'
import { partCards } from './cards/part-cards.ts'
import { samplingCards } from './cards/sampling-cards.ts'
import { weightingCards } from './cards/weighting-cards.ts'
import { modelName } from './configuration-text.ts'
import { defaultLosses, defaultModels, defaultWeightings, shortNames } from './default-plan.ts'
import { isBalancedModel, lossOfModel } from './plan.ts'
import type {
  CalibrationChoice,
  Configuration,
  LossChoice,
  ModelChoice,
  SamplingChoice,
  WeightingChoice,
} from './plan.ts'
import { defaultSamplings, samplingKinds } from './sampling-kinds.ts'
import type { SamplerKind } from './sampling-kinds.ts'

/** What an expert may look for in vain, and why it is not there. */
export const notBuilt: readonly { readonly method: string; readonly because: string }[] = [
  {
    method: 'Augmentation by generative models (GAN, VAE)',
    because: 'on tables it is rarely worth its training beside a threshold and weights',
  },
  {
    method: 'Training of image or text networks from end to end',
    because: 'their embeddings are columns like others: import these and treat them here',
  },
]

type ModelKind = ModelChoice['kind']

export const familyTitles = {
  threshold: 'Threshold',
  weights: 'Weights',
  losses: 'Losses',
  under: 'Under-sampling and cleaning',
  ensembles: 'Balanced ensembles',
  over: 'Over-sampling, SMOTE family',
  stages: 'Two stages',
  anomaly: 'Anomaly framing',
  rules: 'Rules',
} as const

export type FamilyId = keyof typeof familyTitles

/** What is known of the columns of the data. */
export interface LadderGround {
  /** Numeric columns that are not the target: one of them may hold weights. */
  readonly weightColumns: readonly string[]
}

export type Treated = Omit<Configuration, 'name'>

export interface Remedy {
  /** Unique in the ladder. */
  readonly id: string
  readonly family: FamilyId
  readonly card: MethodCard
  /** The models that it can be tried with, the first ones first. */
  readonly models: readonly ModelKind[]
  /** Whether it makes up samples. */
  readonly synthesizes: boolean
  /** Ends the names of its configurations. */
  readonly suffix: string
  readonly isIn: (
    configuration: Pick<Treated, 'model' | 'sampling' | 'weighting' | 'rules'>,
  ) => boolean
  /** What it makes of a model, or why it does not apply to it: a sentence. */
  readonly treat: (kind: ModelKind, ground: LadderGround) => Treated | string
}

/** Models that treatments are tried with; all others bring a treatment of their own. */
export const baseModels = [
  'logistic_regression',
  'gradient_boosting',
  'multilayer_perceptron',
  'decision_tree',
  'random_forest',
  'gaussian_naive_bayes',
] as const satisfies readonly ModelKind[]

const asTrained: CalibrationChoice = { correction: false, calibrator: 'none' }
const recalibrated: CalibrationChoice = { correction: false, calibrator: 'auto' }
const repaired: CalibrationChoice = { correction: true, calibrator: 'auto' }

const underSamplers = [
  'random_under',
  'near_miss',
  'cluster_centroids',
  'instance_hardness',
  'tomek_links',
  'edited_nearest_neighbors',
  'repeated_edited_nearest_neighbors',
  'all_k_nearest_neighbors',
  'condensed_nearest_neighbors',
  'one_sided_selection',
  'neighborhood_cleaning',
] as const satisfies readonly SamplerKind[]

/** Those that take samples out are under-samplers, all others make some. */
const overSamplers = [
  'smote',
  'smote_nc',
  'smote_n',
  'borderline_smote',
  'svm_smote',
  'kmeans_smote',
  'adasyn',
  'smote_enn',
  'smote_tomek',
  'random_over',
] as const satisfies readonly Exclude<SamplerKind, (typeof underSamplers)[number]>[]

/** Losses that leave something known to undo. */
const undone: readonly LossChoice['kind'][] = ['focal', 'logit_adjusted']

export const remedies: readonly Remedy[] = [
  {
    id: 'threshold',
    family: 'threshold',
    card: {
      kind: 'threshold',
      title: 'Threshold',
      does: 'No change to data or model',
      when: 'Always first: the cut is moved to where it costs least.',
      whenNot: 'Never wrong to try.',
      needs: 'Only scores that rank.',
      risks: 'None: probabilities stay what they are.',
      judge: () => fits('every treatment has to beat it on the same folds'),
    },
    models: baseModels,
    synthesizes: false,
    suffix: '',
    // Whatever nothing else below is used for.
    isIn: () => true,
    treat: (kind) => configured(defaultModels[kind], { calibration: asTrained }),
  },
  ...(['balanced', 'inverse_sqrt', 'effective_number', 'custom', 'column', 'costs'] as const).map(
    (kind): Remedy => ({
      ...onAnyModel('weights', weightingCards[kind], `_${kind}`),
      isIn: ({ weighting }) => weighting.kind === kind,
      treat: (model, ground) => {
        const weighting = weightingOf(kind, ground)
        return weighting === null
          ? 'No column of numbers is there to take weights from.'
          : configured(defaultModels[model], { weighting })
      },
    }),
  ),
  ...(['focal', 'logit_adjusted', 'ldam', 'hard_mining', 'self_paced'] as const).map(
    (kind): Remedy => ({
      ...onAnyModel('losses', lossCards[kind], `_${kind}`),
      isIn: ({ model }) => lossOfModel(model).kind === kind,
      treat: (model) => {
        const withLoss = modelWithLoss(model, kind)
        return withLoss === null
          ? kind === 'logit_adjusted'
            ? `${modelName({ kind: model })} is not fitted to a loss.`
            : `${modelName({ kind: model })} can't be fitted to this loss.`
          : configured(withLoss, {
              calibration: undone.includes(kind) ? repaired : recalibrated,
              // What it is chosen for has to be seen.
              ...(kind === 'focal' ? { insight: { gradientFlow: true } } : {}),
            })
      },
    }),
  ),
  ...underSamplers.map((kind) => samplerRemedy('under', kind)),
  ...(
    [
      'balanced_random_forest',
      'balanced_bagging',
      'easy_ensemble',
      'rus_boost',
      'self_paced_ensemble',
    ] as const
  ).map((kind) => ownModel('ensembles', kind, recalibrated)),
  ...overSamplers.map((kind) => samplerRemedy('over', kind)),
  ownModel('stages', 'two_stage', asTrained),
  ownModel('anomaly', 'isolation_forest', asTrained),
  {
    ...onAnyModel('rules', partCards.rules, '_rules'),
    isIn: ({ rules = [] }) => rules.length > 0,
    treat: (kind) => ({
      ...configured(defaultModels[kind], { calibration: asTrained }),
      // To be written: until then the plan is refused, which says so.
      rules: [{ when: '', then: 'alert' }],
    }),
  },
]

/** The remedy that does nothing but choose a threshold. */
export const untreatedRemedy: Remedy = remedies[0]!

/** The remedy that a configuration stands for: the dearest that it uses. */
export function remedyOf(configuration: Parameters<Remedy['isIn']>[0]): Remedy {
  return remedies.findLast((remedy) => remedy.isIn(configuration)) ?? untreatedRemedy
}

/** What a remedy makes of a model, with its usual name; null where it does not apply. */
export function offeredBy(
  remedy: Remedy,
  kind: ModelKind,
  ground: LadderGround,
): Configuration | null {
  const treated = remedy.treat(kind, ground)
  return typeof treated === 'string' ? null : { name: shortNames[kind] + remedy.suffix, ...treated }
}

/**
 * The kind of model whose untreated form a model is held against; null for one that is its own
 * reference.
 */
export function referenceKind(kind: ModelKind): ModelKind | null {
  if (baseModels.some((base) => base === kind)) return kind
  return isBalancedModel(defaultModels[kind]) ? 'random_forest' : null
}

function configured(model: ModelChoice, treatment: Partial<Treated>): Treated {
  return {
    model,
    sampling: { kind: 'none' },
    weighting: { kind: 'none' },
    calibration: repaired,
    ...treatment,
  }
}

function onAnyModel(
  family: FamilyId,
  card: MethodCard,
  suffix: string,
): Pick<Remedy, 'id' | 'family' | 'card' | 'models' | 'synthesizes' | 'suffix'> {
  // Kinds are unique in their registry only.
  const id = `${family}.${card.kind}`
  return { id, family, card, models: baseModels, synthesizes: false, suffix }
}

function samplerRemedy(family: 'under' | 'over', kind: SamplerKind): Remedy {
  const { does, makes } = samplingKinds[kind]
  const sampling: SamplingChoice = defaultSamplings[kind]
  return {
    ...onAnyModel(family, samplingCards[kind], `_${kind}`),
    synthesizes: does.startsWith('grows') && makes !== 'copies',
    isIn: ({ sampling: used }) => used.kind === kind,
    treat: (model) => configured(defaultModels[model], { sampling }),
  }
}

function ownModel(
  family: FamilyId,
  kind: Exclude<ModelKind, (typeof baseModels)[number]>,
  calibration: CalibrationChoice,
): Remedy {
  return {
    ...onAnyModel(family, modelCards[kind], ''),
    models: [kind],
    isIn: ({ model }) => model.kind === kind,
    treat: () => configured(defaultModels[kind], { calibration }),
  }
}

function weightingOf(
  kind: Exclude<WeightingChoice['kind'], 'none'>,
  { weightColumns }: LadderGround,
): WeightingChoice | null {
  if (kind !== 'column') return defaultWeightings[kind]
  const [column] = weightColumns
  return column === undefined ? null : { kind, column }
}

function modelWithLoss(
  kind: ModelKind,
  loss: Exclude<LossChoice['kind'], 'log_loss'>,
): ModelChoice | null {
  if (kind === 'gradient_boosting' || kind === 'multilayer_perceptron') {
    return { ...defaultModels[kind], loss: defaultLosses[loss] }
  }
  return kind === 'logistic_regression' && loss === 'logit_adjusted'
    ? { ...defaultModels[kind], loss: defaultLosses[loss] }
    : null
}
