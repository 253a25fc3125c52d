/** What can be set of a configuration, with the ranges that a plan is checked against. */
import {
  headed,
  lossPhrases,
  modelName,
  samplerName,
  weightingPhrases,
} from '#shared/core/plan/configuration-text.ts'
import { defaultLosses, defaultModels, defaultWeightings } from '#shared/core/plan/default-plan.ts'
import { defaultSearch } from '#shared/core/plan/default-ranges.ts'
import { lossOfModel } from '#shared/core/plan/plan.ts'
import type {
  Configuration,
  LossChoice,
  ModelChoice,
  SamplingChoice,
  SearchChoice,
  SingleModelChoice,
  WeightingChoice,
} from '#shared/core/plan/plan.ts'
import { defaultSamplings, samplingKinds } from '#shared/core/plan/sampling-kinds.ts'
import type { SamplerKind } from '#shared/core/plan/sampling-kinds.ts'
import { plain } from '../../format/numbers.ts'
import { omit } from './omit.ts'

export interface NumberSetting {
  readonly label: string
  readonly hint?: string
  readonly value: number
  /** What it is unless somebody changes it. */
  readonly usual: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly whole: boolean
  readonly change: (value: number) => Configuration
}

export interface ChoiceSetting {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly change: (value: string) => Configuration
}

export type Setting = NumberSetting | ChoiceSetting

type Limits = Partial<Pick<NumberSetting, 'min' | 'max' | 'step' | 'whole' | 'hint'>>

/** Greater than zero, as the page's number boxes need a least value. */
const justAbove = 1e-9
const large = 1e9

/** What a value must be, when it isn't; null when it can be used. */
export function settingProblem(
  { min, max, whole }: NumberSetting,
  value: number | null,
): string | null {
  if (value === null || Number.isNaN(value)) return 'Needs a number.'
  if (value < min || value > max) return rangeText(min, max)
  return whole && !Number.isInteger(value) ? 'A whole number.' : null
}

function rangeText(min: number, max: number): string {
  if (min === justAbove) return max === large ? 'Above 0.' : `Above 0, at most ${plain(max)}.`
  return max === large ? `At least ${plain(min)}.` : `From ${plain(min)} to ${plain(max)}.`
}

type NumberKey<T> = { [K in keyof T]-?: NonNullable<T[K]> extends number ? K : never }[keyof T]

interface NumberSpec<T> {
  readonly key: NumberKey<T>
  readonly label: string
  readonly limits: Limits
  /** What it is where the part leaves it out; it is left out again when it is this. */
  readonly otherwise?: number
}

const number = <T>(key: NumberKey<T>, label: string, limits: Limits = {}): NumberSpec<T> => ({
  key,
  label,
  limits,
})
const whole = (min: number, max: number, more: Limits = {}): Limits => ({
  min,
  max,
  whole: true,
  ...more,
})
const share: Limits = { min: 0.01, max: 1, step: 0.1 }
const rate: Limits = { min: justAbove, max: 1, step: 0.01 }
const bins: Limits = whole(4, 256)

/** The numbers of a part, in this order. */
function numbersOf<T extends object>(
  part: T,
  usual: T,
  put: (next: T) => Configuration,
  specs: readonly NumberSpec<T>[],
): NumberSetting[] {
  return specs.map(({ key, label, limits, otherwise }) => ({
    ...{ label, min: 0, max: large, step: 1, whole: false, ...limits },
    value: (part[key] ?? otherwise) as number,
    usual: (usual[key] ?? otherwise) as number,
    change: (value) =>
      put(
        (value === otherwise && !(key in usual) ? omit(part, key) : { ...part, [key]: value }) as T,
      ),
  }))
}

/** The settings of the model of a configuration, those that matter most first. */
export function modelSettings(configuration: Configuration): readonly Setting[] {
  const { model } = configuration
  const put = (next: ModelChoice): Configuration => ({ ...configuration, model: next })
  if (model.kind !== 'two_stage') return singleModelSettings(model, put)
  const stage = (part: 'gate' | 'filter', label: string): ChoiceSetting => ({
    label,
    value: model[part].kind,
    options: stageKinds.map((value) => ({ value, label: modelName({ kind: value }) })),
    change: (kind) => put({ ...model, [part]: defaultModels[kind as SingleModelChoice['kind']] }),
  })
  return [
    stage('gate', 'Gate'),
    ...numbersOf(model, defaultModels.two_stage as typeof model, put, [
      number('gateRecall', 'Recall of the gate', {
        min: 0.01,
        max: 1,
        step: 0.01,
        hint: 'Of the positives it lets through.',
      }),
      number('gateFolds', 'Folds of the gate', whole(2, 20)),
    ]),
    stage('filter', 'Filter'),
  ]
}

const stageKinds = Object.keys(defaultModels).filter(
  (kind): kind is SingleModelChoice['kind'] => kind !== 'two_stage',
)

function singleModelSettings(
  model: SingleModelChoice,
  put: (next: SingleModelChoice) => Configuration,
): readonly Setting[] {
  switch (model.kind) {
    case 'logistic_regression':
      return [
        ...numbersOf(model, defaultModels.logistic_regression, put, [
          number('c', 'C', {
            min: justAbove,
            hint: 'Larger: the model follows the data more closely.',
          }),
          {
            ...number<typeof model>('l1Ratio', 'L1 share of the penalty', {
              max: 1,
              step: 0.1,
              hint: 'Above 0, columns can drop out.',
            }),
            otherwise: 0,
          },
        ]),
        ...lossSettings(model, ['log_loss', 'logit_adjusted'], put),
      ]
    case 'gradient_boosting':
      return [...boostingSettings(model, put), ...lossSettings(model, allLosses, put)]
    case 'multilayer_perceptron':
      return [...networkSettings(model, put), ...lossSettings(model, allLosses, put)]
    case 'decision_tree':
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
      return treeSettings(model, put)
    case 'easy_ensemble':
      return numbersOf(model, defaultModels.easy_ensemble, put, [
        number('members', 'Members', whole(1, 1000, { hint: 'Each on a balanced draw.' })),
        number('rounds', 'Stumps a member', whole(1, 10_000, { step: 10 })),
        number('bins', 'Bins a column', bins),
      ])
    case 'rus_boost':
      return numbersOf(model, defaultModels.rus_boost, put, [
        number('rounds', 'Stumps', whole(1, 10_000, { step: 10 })),
        number('learningRate', 'Learning rate', rate),
        number('bins', 'Bins a column', bins),
      ])
    case 'gaussian_naive_bayes':
      return numbersOf(model, defaultModels.gaussian_naive_bayes, put, [
        number('varianceShare', 'Share added to variances', {
          max: 1,
          step: 1e-9,
          hint: 'Of the largest variance of a column.',
        }),
      ])
    case 'isolation_forest':
      return [
        ...numbersOf(model, defaultModels.isolation_forest as typeof model, put, [
          number('trees', 'Trees', whole(1, 10_000, { step: 10 })),
          number('samplesPerTree', 'Cases a tree', whole(2, 65_536, { step: 64 })),
        ]),
        choice(
          'What is ordinary',
          model.reference,
          [
            ['all', 'All cases, whatever their label'],
            ['negatives', 'Negatives only'],
          ],
          (reference) => put({ ...model, reference }),
        ),
      ]
  }
}

type Boosting = Extract<SingleModelChoice, { kind: 'gradient_boosting' }>

function boostingSettings(model: Boosting, put: (next: Boosting) => Configuration): Setting[] {
  const growth = model.growth ?? 'depth'
  const optional = (
    key: NumberKey<Boosting>,
    label: string,
    limits: Limits,
    otherwise: number,
  ): NumberSpec<Boosting> => ({ key, label, limits, otherwise })
  return [
    ...numbersOf<Boosting>(model, defaultModels.gradient_boosting, put, [
      number('iterations', 'Iterations', whole(1, 10_000, { step: 50 })),
      number('maxDepth', 'Depth', whole(1, 16)),
      number('learningRate', 'Learning rate', rate),
      number('lambda', 'L2 penalty on leaves'),
      number('minChildWeight', 'Least weight in a leaf', { hint: 'Sum of second derivatives.' }),
      number('bins', 'Bins a column', bins),
      optional('rowShare', 'Share of cases a tree', share, 1),
      optional('columnShare', 'Share of columns a tree', share, 1),
      ...(growth === 'leaf' ? [optional('maxLeaves', 'Leaves a tree', whole(2, 1024), 31)] : []),
    ]),
    choice(
      'Trees grow',
      growth,
      [
        ['depth', 'Level by level'],
        ['leaf', 'Best leaf first'],
      ],
      (next) =>
        put(
          next === 'depth'
            ? (omit(omit(model, 'growth'), 'maxLeaves') as Boosting)
            : { ...model, growth: next },
        ),
    ),
    choice(
      'Categories',
      model.categoricals ?? 'one_hot',
      [
        ['one_hot', 'One 0/1 feature each'],
        ['native', 'Split by sets'],
      ],
      (categoricals) =>
        put(
          categoricals === 'one_hot'
            ? (omit(model, 'categoricals') as Boosting)
            : { ...model, categoricals },
        ),
    ),
    choice(
      'Stop early',
      model.earlyStopping?.metric.kind ?? 'never',
      [
        ['never', 'Never'],
        ['log_loss', 'By log loss'],
        ['average_precision', 'By average precision'],
        ...(model.earlyStopping?.metric.kind === 'cost' ? [['cost', 'By cost'] as const] : []),
      ],
      (metric) =>
        put(
          metric === 'log_loss' || metric === 'average_precision'
            ? {
                ...model,
                earlyStopping: { validationShare: 0.1, patience: 20, metric: { kind: metric } },
              }
            : metric === 'never'
              ? (omit(model, 'earlyStopping') as Boosting)
              : model,
        ),
      'On a tenth of the training cases, held out.',
    ),
  ]
}

type Network = Extract<SingleModelChoice, { kind: 'multilayer_perceptron' }>

function networkSettings(model: Network, put: (next: Network) => Configuration): Setting[] {
  const usual: Network = defaultModels.multilayer_perceptron
  const layer = (at: 0 | 1, label: string, limits: Limits): NumberSetting => ({
    ...{ label, max: 1024, min: 1, step: 8, whole: true, ...limits },
    value: model.hidden[at] ?? 0,
    usual: usual.hidden[at] ?? 0,
    change: (units) => {
      const sizes = [model.hidden[0] ?? 1, model.hidden[1] ?? 0, ...model.hidden.slice(2)]
      sizes[at] = units
      return put({ ...model, hidden: sizes.filter((size) => size > 0) })
    },
  })
  return [
    layer(0, 'Units, first layer', {}),
    layer(1, 'Units, second layer', { min: 0, hint: '0: no second layer.' }),
    ...numbersOf(model, usual, put, [
      number('learningRate', 'Learning rate', { ...rate, step: 0.001 }),
      number('l2', 'L2 penalty', { step: 0.0001 }),
      number('dropout', 'Dropout', { max: 0.9, step: 0.1 }),
      number('batchSize', 'Cases a step', whole(2, 65_536, { step: 50 })),
      number('epochs', 'Epochs at most', whole(1, 10_000, { step: 10 })),
      number('patience', 'Patience', whole(1, 10_000, { hint: 'Epochs without a lower loss.' })),
      number('validationShare', 'Share held out', {
        max: 0.5,
        step: 0.05,
        hint: 'To judge epochs by.',
      }),
    ]),
    choice(
      'Batches',
      model.batches,
      [
        ['stratified', 'Classes as in the data'],
        ['balanced', 'As many of each class'],
      ],
      (batches) => put({ ...model, batches }),
    ),
  ]
}

type Trees = Extract<
  SingleModelChoice,
  {
    kind:
      | 'decision_tree'
      | 'random_forest'
      | 'balanced_random_forest'
      | 'balanced_bagging'
      | 'self_paced_ensemble'
  }
>

function treeSettings(model: Trees, put: (next: Trees) => Configuration): Setting[] {
  const usual: Trees = defaultModels[model.kind]
  const limited = model.maxDepth !== null
  const ofForest: Setting[] =
    model.kind === 'decision_tree'
      ? []
      : model.kind === 'self_paced_ensemble'
        ? numbersOf(model, defaultModels.self_paced_ensemble as typeof model, put, [
            number('trees', 'Trees', whole(1, 10_000, { step: 10 })),
            number('hardnessBins', 'Steps of hardness', whole(1, 1000)),
          ])
        : numbersOf(model, defaultModels[model.kind] as typeof model, put, [
            number('trees', 'Trees', whole(1, 10_000, { step: 10 })),
          ])
  return [
    ...ofForest,
    {
      ...{ label: 'Depth at most', min: 0, max: 10_000, step: 1, whole: true },
      hint: limited ? '0: no bound.' : '0: until leaves are of one class.',
      value: model.maxDepth ?? 0,
      usual: usual.maxDepth ?? 0,
      change: (depth: number) => put({ ...model, maxDepth: depth === 0 ? null : depth }),
    },
    ...numbersOf<Trees>(model, usual, put, [
      number('minLeafWeight', 'Least weight in a leaf', { hint: 'In cases.' }),
      number('bins', 'Bins a column', bins),
    ]),
    choice(
      'Columns tried at a split',
      model.features,
      [
        ['sqrt', 'Square root of them'],
        ['log2', 'Logarithm of them'],
        ['all', 'All'],
      ],
      (features) => put({ ...model, features }),
    ),
    choice(
      'What a split is worth',
      model.criterion,
      [
        ['gini', 'Gini'],
        ['entropy', 'Entropy'],
      ],
      (criterion) => put({ ...model, criterion }),
    ),
  ]
}

type WithLoss = Extract<SingleModelChoice, { loss?: unknown }>

const allLosses = Object.keys(defaultLosses) as LossChoice['kind'][]

/** The loss, and its hyperparameters. */
function lossSettings<Model extends WithLoss>(
  model: Model,
  kinds: readonly LossChoice['kind'][],
  put: (next: Model) => Configuration,
): Setting[] {
  const { kind, ...stated } = lossOfModel(model)
  const set = (loss: LossChoice): Configuration => {
    const rest = omit(model, 'loss')
    const plainModel = (
      'focalGamma' in rest ? { ...rest, focalGamma: 0, focalAlpha: null } : rest
    ) as Model
    return put(loss.kind === 'log_loss' ? plainModel : { ...plainModel, loss })
  }
  const loss = { kind, ...stated, ...('alpha' in stated ? { alpha: stated.alpha ?? 0.5 } : {}) }
  return [
    {
      label: 'Loss',
      value: kind,
      options: kinds.map((value) => ({ value, label: headed(lossPhrases[value]) })),
      change: (next: string) => set(defaultLosses[next as LossChoice['kind']]),
    },
    ...lossNumbers(loss as LossChoice, set),
  ]
}

function lossNumbers(
  loss: LossChoice,
  put: (next: LossChoice) => Configuration,
): readonly NumberSetting[] {
  switch (loss.kind) {
    case 'log_loss':
      return []
    case 'focal':
      return numbersOf(loss, defaultLosses.focal as typeof loss, put, [
        number('gamma', 'Focal γ', { max: 20, step: 0.5, hint: 'Larger: easy cases count less.' }),
        number('alpha', 'Focal α', {
          min: 0.001,
          max: 0.999,
          step: 0.05,
          hint: 'Weight of the positive class.',
        }),
      ])
    case 'logit_adjusted':
      return numbersOf(loss, defaultLosses.logit_adjusted as typeof loss, put, [
        number('tau', 'Tau', { max: 10, step: 0.1, hint: '1 is the theory; 0 changes nothing.' }),
      ])
    case 'ldam':
      return numbersOf(loss, defaultLosses.ldam as typeof loss, put, [
        number('maxMargin', 'Margin of the rarer class', {
          max: 100,
          step: 0.1,
          hint: 'In logits.',
        }),
        number('scale', 'Scale of the margins', { min: justAbove, max: 100 }),
        number('deferral', 'Weights set in after', {
          max: 1,
          step: 0.1,
          hint: 'Share of the training; 1: never.',
        }),
        number('beta', 'Beta of the weights', { max: 0.999_999_9, step: 0.001 }),
      ])
    case 'hard_mining':
      return numbersOf(loss, defaultLosses.hard_mining as typeof loss, put, [
        number('share', 'Share that counts', { ...share, hint: 'The hardest of each step.' }),
      ])
    case 'self_paced':
      return numbersOf(loss, defaultLosses.self_paced as typeof loss, put, [
        number('startShare', 'Share at first', { ...share, hint: 'The easiest of each class.' }),
        number('pace', 'All count after', { max: 1, step: 0.1, hint: 'Share of the training.' }),
      ])
  }
}

/** The settings of the treatment of a configuration: how it samples and weighs. */
export function treatmentSettings(
  configuration: Configuration,
  weightColumns: readonly string[],
): readonly Setting[] {
  return [...samplingSettings(configuration), ...weightingSettings(configuration, weightColumns)]
}

function samplingSettings(configuration: Configuration): Setting[] {
  const { sampling } = configuration
  const put = (next: SamplingChoice): Configuration => ({ ...configuration, sampling: next })
  const kind: ChoiceSetting = {
    label: 'Sampling',
    value: sampling.kind,
    options: [
      { value: 'none', label: 'None' },
      ...(Object.keys(samplingKinds) as SamplerKind[]).map((value) => ({
        value,
        label: samplerName(value),
      })),
    ],
    change: (next) =>
      put(next === 'none' ? { kind: 'none' } : defaultSamplings[next as SamplerKind]),
  }
  if (sampling.kind === 'none') return [kind]
  const usual = defaultSamplings[sampling.kind] as SamplingChoice
  type Numbers = Readonly<Record<string, number>>
  const specs: Readonly<Record<string, readonly [string, Limits]>> = {
    targetImbalanceRatio: [
      'Ratio after sampling, 1 :',
      { min: 1, hint: 'Balance is no aim in itself; 1 : 3 moves less.' },
    ],
    neighbors: ['Neighbours', whole(1, 100)],
    outerNeighbors: ['Neighbours of both classes', whole(1, 100)],
    step: ['Outward step', { max: 1, step: 0.1, hint: 'In distances to the neighbour.' }],
    clusters: ['Clusters', whole(1, 1000)],
    leastMinorityShare: ['Least share of the rarer class', { max: 1, step: 0.05 }],
    folds: ['Folds of its model', whole(2, 20)],
    passes: ['Passes', whole(1, 1000)],
  }
  const isUntargeted = 'targetCounts' in sampling
  const keys = Object.keys(specs).filter(
    (key) => key in sampling && !(isUntargeted && key === 'targetImbalanceRatio'),
  )
  return [
    kind,
    ...numbersOf(
      sampling as unknown as Numbers,
      usual as unknown as Numbers,
      (next) => put(next as unknown as SamplingChoice),
      keys.map((key) => number(key, specs[key]![0], specs[key]![1])),
    ),
    ...('variant' in sampling
      ? [
          choice(
            'Variant',
            String(sampling.variant),
            [
              ['1', '1: anywhere between'],
              ['2', '2: half of them nearer to the parent'],
            ],
            (variant) => put({ ...sampling, variant: variant === '1' ? 1 : 2 }),
          ),
        ]
      : []),
    ...('version' in sampling
      ? [
          choice(
            'Version',
            String(sampling.version),
            [
              ['1', '1: near the nearest'],
              ['2', '2: near the farthest'],
              ['3', '3: of each neighbourhood'],
            ],
            (version) =>
              put({ ...sampling, version: version === '1' ? 1 : version === '2' ? 2 : 3 }),
          ),
        ]
      : []),
    ...('voting' in sampling
      ? [
          choice(
            'In place of a cluster',
            sampling.voting,
            [
              ['soft', 'Its centre'],
              ['hard', 'The case nearest to it'],
            ],
            (voting) => put({ ...sampling, voting }),
          ),
        ]
      : []),
    ...('vote' in sampling
      ? [
          choice(
            'Neighbours that must agree',
            sampling.vote,
            [
              ['all', 'All'],
              ['mode', 'Most'],
            ],
            (vote) => put({ ...sampling, vote }),
          ),
        ]
      : []),
    ...('removes' in sampling
      ? [
          choice(
            'Takes out',
            sampling.removes,
            [
              ['majority', 'The commoner class'],
              ['minority', 'The rarer class'],
              ['both', 'Both classes'],
            ],
            (removes) => put({ ...sampling, removes }),
          ),
        ]
      : []),
  ]
}

function weightingSettings(
  configuration: Configuration,
  weightColumns: readonly string[],
): Setting[] {
  const { weighting } = configuration
  const put = (next: WeightingChoice): Configuration => ({ ...configuration, weighting: next })
  const [firstColumn] = weightColumns
  const kinds = (Object.keys(weightingPhrases) as WeightingChoice['kind'][]).filter(
    (kind) => kind !== 'column' || firstColumn !== undefined || weighting.kind === 'column',
  )
  return [
    {
      label: 'Weights',
      value: weighting.kind,
      options: kinds.map((value) => ({ value, label: headed(weightingPhrases[value]) })),
      change: (next: string) =>
        put(
          next === 'column'
            ? { kind: 'column', column: firstColumn ?? '' }
            : defaultWeightings[next as Exclude<WeightingChoice['kind'], 'column'>],
        ),
    },
    ...(weighting.kind === 'effective_number'
      ? numbersOf(weighting, defaultWeightings.effective_number as typeof weighting, put, [
          number('beta', 'Beta', {
            max: 0.999_999_9,
            step: 0.001,
            hint: 'Near 1 is balanced, 0 is none.',
          }),
        ])
      : []),
    ...(weighting.kind === 'custom'
      ? numbersOf(weighting, defaultWeightings.custom as typeof weighting, put, [
          number('positive', 'Weight of a positive', { min: justAbove }),
          number('negative', 'Weight of a negative', { min: justAbove }),
        ])
      : []),
    ...(weighting.kind === 'column'
      ? [
          choice(
            'Column of weights',
            weighting.column,
            [...new Set([weighting.column, ...weightColumns])].map((name) => [name, name] as const),
            (column) => put({ kind: 'column', column }),
          ),
        ]
      : []),
  ]
}

/** The settings of a search for hyperparameters. */
export function searchSettings(
  configuration: Configuration & { readonly search: SearchChoice },
): readonly Setting[] {
  const { search } = configuration
  const put = (next: SearchChoice): Configuration => ({ ...configuration, search: next })
  const usual = defaultSearch(configuration.model)
  return [
    choice(
      'Kind of search',
      search.kind,
      [
        ['successive_halving', 'Successive halving'],
        ['random', 'Random'],
      ],
      (kind) => put({ ...search, kind }),
    ),
    ...numbersOf(search, usual, put, [
      number('trials', 'Trials', whole(2, 500)),
      ...(search.kind === 'successive_halving'
        ? [number<SearchChoice>('factor', 'One goes on of', whole(2, 10))]
        : []),
    ]),
    choice(
      'Judged by',
      search.metric,
      [
        ['average_precision', 'Average precision'],
        ['roc_auc', 'ROC AUC'],
        ['log_loss', 'Log loss'],
        ['brier', 'Brier score'],
      ],
      (metric) => put({ ...search, metric }),
    ),
  ]
}

function choice<Value extends string>(
  label: string,
  value: Value,
  options: readonly (readonly [Value, string])[],
  change: (value: Value) => Configuration,
  hint?: string,
): ChoiceSetting {
  return {
    label,
    value,
    options: options.map(([key, text]) => ({ value: key, label: text })),
    change: (next) => change(next as Value),
    ...(hint === undefined ? {} : { hint }),
  }
}
