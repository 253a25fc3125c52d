/** What may come in from outside as JSON: plan files and role files. Anything else is refused. */
import * as v from 'valibot'
import type { Roles } from '../core/dataset/dataset.ts'
import { defaultLosses, defaultModels, defaultWeightings } from '../core/plan/default-plan.ts'
import type { CalibrationChoice, ForestChoice, Plan, TreeGrowth } from '../core/plan/plan.ts'
import { defaultSamplings } from '../core/plan/sampling-kinds.ts'
import { UserError } from './errors.ts'
import { fromJson, snakeCase } from './json.ts'

const number = v.pipe(v.number(), v.finite())
const logistic = defaultModels.logistic_regression
const boosting = defaultModels.gradient_boosting
const network = defaultModels.multilayer_perceptron

const { focal, logit_adjusted, ldam, hard_mining, self_paced } = defaultLosses
const logLoss = v.strictObject({ kind: v.literal('log_loss') })
const logitAdjusted = v.strictObject({
  kind: v.literal('logit_adjusted'),
  tau: v.optional(number, logit_adjusted.tau),
})
const loss = v.variant('kind', [
  logLoss,
  v.strictObject({
    kind: v.literal('focal'),
    gamma: v.optional(number, focal.gamma),
    alpha: v.optional(number, focal.alpha),
  }),
  logitAdjusted,
  v.strictObject({
    kind: v.literal('ldam'),
    maxMargin: v.optional(number, ldam.maxMargin),
    scale: v.optional(number, ldam.scale),
    deferral: v.optional(number, ldam.deferral),
    beta: v.optional(number, ldam.beta),
  }),
  v.strictObject({
    kind: v.literal('hard_mining'),
    share: v.optional(number, hard_mining.share),
  }),
  v.strictObject({
    kind: v.literal('self_paced'),
    startShare: v.optional(number, self_paced.startShare),
    pace: v.optional(number, self_paced.pace),
  }),
])

const treeGrowth = (of: TreeGrowth) => ({
  criterion: v.optional(v.picklist(['gini', 'entropy']), of.criterion),
  maxDepth: v.optional(v.nullable(number), of.maxDepth),
  minLeafWeight: v.optional(number, of.minLeafWeight),
  features: v.optional(v.picklist(['sqrt', 'log2', 'all']), of.features),
  bins: v.optional(number, of.bins),
})
const forest = <Kind extends ForestChoice['kind']>(kind: Kind) =>
  v.strictObject({
    kind: v.literal(kind),
    trees: v.optional(number, defaultModels[kind].trees),
    ...treeGrowth(defaultModels[kind]),
  })
const selfPaced = defaultModels.self_paced_ensemble
const easyEnsemble = defaultModels.easy_ensemble
const rusBoost = defaultModels.rus_boost
const isolation = defaultModels.isolation_forest

const singleModels = [
  v.strictObject({
    kind: v.literal('logistic_regression'),
    c: v.optional(number, logistic.c),
    l1Ratio: v.exactOptional(number),
    loss: v.exactOptional(v.variant('kind', [logLoss, logitAdjusted])),
  }),
  v.strictObject({
    kind: v.literal('gradient_boosting'),
    iterations: v.optional(number, boosting.iterations),
    maxDepth: v.optional(number, boosting.maxDepth),
    learningRate: v.optional(number, boosting.learningRate),
    lambda: v.optional(number, boosting.lambda),
    minChildWeight: v.optional(number, boosting.minChildWeight),
    bins: v.optional(number, boosting.bins),
    loss: v.exactOptional(loss),
    categoricals: v.exactOptional(v.picklist(['one_hot', 'native'])),
    growth: v.exactOptional(v.picklist(['depth', 'leaf'])),
    maxLeaves: v.exactOptional(number),
    rowShare: v.exactOptional(number),
    columnShare: v.exactOptional(number),
    monotone: v.exactOptional(
      v.array(
        v.strictObject({
          column: v.string(),
          direction: v.picklist(['increasing', 'decreasing']),
        }),
      ),
    ),
    earlyStopping: v.exactOptional(
      v.strictObject({
        validationShare: v.optional(number, 0.1),
        patience: v.optional(number, 20),
        metric: v.optional(
          v.variant('kind', [
            v.strictObject({ kind: v.literal('log_loss') }),
            v.strictObject({ kind: v.literal('average_precision') }),
            v.strictObject({
              kind: v.literal('cost'),
              falsePositive: number,
              falseNegative: number,
            }),
          ]),
          { kind: 'log_loss' },
        ),
      }),
    ),
  }),
  v.strictObject({
    kind: v.literal('multilayer_perceptron'),
    hidden: v.optional(v.array(number), () => [...network.hidden]),
    dropout: v.optional(number, network.dropout),
    l2: v.optional(number, network.l2),
    learningRate: v.optional(number, network.learningRate),
    batchSize: v.optional(number, network.batchSize),
    batches: v.optional(v.picklist(['stratified', 'balanced']), network.batches),
    epochs: v.optional(number, network.epochs),
    patience: v.optional(number, network.patience),
    validationShare: v.optional(number, network.validationShare),
    focalGamma: v.optional(number, network.focalGamma),
    focalAlpha: v.optional(v.nullable(number), network.focalAlpha),
    loss: v.exactOptional(loss),
  }),
  v.strictObject({
    kind: v.literal('decision_tree'),
    ...treeGrowth(defaultModels.decision_tree),
  }),
  forest('random_forest'),
  forest('balanced_random_forest'),
  forest('balanced_bagging'),
  v.strictObject({
    kind: v.literal('self_paced_ensemble'),
    trees: v.optional(number, selfPaced.trees),
    hardnessBins: v.optional(number, selfPaced.hardnessBins),
    ...treeGrowth(selfPaced),
  }),
  v.strictObject({
    kind: v.literal('easy_ensemble'),
    members: v.optional(number, easyEnsemble.members),
    rounds: v.optional(number, easyEnsemble.rounds),
    bins: v.optional(number, easyEnsemble.bins),
  }),
  v.strictObject({
    kind: v.literal('rus_boost'),
    rounds: v.optional(number, rusBoost.rounds),
    learningRate: v.optional(number, rusBoost.learningRate),
    bins: v.optional(number, rusBoost.bins),
  }),
  v.strictObject({
    kind: v.literal('gaussian_naive_bayes'),
    varianceShare: v.optional(number, defaultModels.gaussian_naive_bayes.varianceShare),
  }),
  v.strictObject({
    kind: v.literal('isolation_forest'),
    trees: v.optional(number, isolation.trees),
    samplesPerTree: v.optional(number, isolation.samplesPerTree),
    reference: v.optional(v.picklist(['all', 'negatives']), isolation.reference),
  }),
] as const

const singleModel = v.variant('kind', singleModels)
const twoStage = defaultModels.two_stage
const model = v.variant('kind', [
  ...singleModels,
  v.strictObject({
    kind: v.literal('two_stage'),
    gate: v.optional(singleModel, () => ({ ...twoStage.gate })),
    filter: v.optional(singleModel, () => ({ ...twoStage.filter })),
    gateRecall: v.optional(number, twoStage.gateRecall),
    gateFolds: v.optional(number, twoStage.gateFolds),
  }),
])

/** `auto` balances the classes. */
const target = {
  targetImbalanceRatio: v.optional(
    v.union([
      number,
      v.pipe(
        v.literal('auto'),
        v.transform(() => 1),
      ),
    ]),
    3,
  ),
  targetCounts: v.exactOptional(
    v.strictObject({ negatives: v.exactOptional(number), positives: v.exactOptional(number) }),
  ),
}
const borderline = defaultSamplings.borderline_smote
const svm = defaultSamplings.svm_smote
const kmeans = defaultSamplings.kmeans_smote
const editing = defaultSamplings.edited_nearest_neighbors
const removes = v.optional(v.picklist(['majority', 'minority', 'both']), editing.removes)
const vote = v.optional(v.picklist(['all', 'mode']), editing.vote)

const sampling = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.picklist(['random_over', 'random_under']), ...target }),
  v.strictObject({
    kind: v.picklist(['smote', 'smote_nc', 'smote_n', 'adasyn', 'smote_enn', 'smote_tomek']),
    ...target,
    neighbors: v.optional(number, defaultSamplings.smote.neighbors),
  }),
  v.strictObject({
    kind: v.literal('borderline_smote'),
    ...target,
    variant: v.optional(v.picklist([1, 2]), borderline.variant),
    neighbors: v.optional(number, borderline.neighbors),
    outerNeighbors: v.optional(number, borderline.outerNeighbors),
  }),
  v.strictObject({
    kind: v.literal('svm_smote'),
    ...target,
    neighbors: v.optional(number, svm.neighbors),
    outerNeighbors: v.optional(number, svm.outerNeighbors),
    step: v.optional(number, svm.step),
  }),
  v.strictObject({
    kind: v.literal('kmeans_smote'),
    ...target,
    neighbors: v.optional(number, kmeans.neighbors),
    clusters: v.optional(number, kmeans.clusters),
    leastMinorityShare: v.optional(number, kmeans.leastMinorityShare),
  }),
  v.strictObject({
    kind: v.literal('near_miss'),
    ...target,
    version: v.optional(v.picklist([1, 2, 3]), defaultSamplings.near_miss.version),
    neighbors: v.optional(number, defaultSamplings.near_miss.neighbors),
  }),
  v.strictObject({
    kind: v.literal('cluster_centroids'),
    ...target,
    voting: v.optional(v.picklist(['soft', 'hard']), defaultSamplings.cluster_centroids.voting),
  }),
  v.strictObject({
    kind: v.literal('instance_hardness'),
    ...target,
    folds: v.optional(number, defaultSamplings.instance_hardness.folds),
  }),
  v.strictObject({ kind: v.literal('tomek_links'), removes }),
  v.strictObject({
    kind: v.picklist(['edited_nearest_neighbors', 'repeated_edited_nearest_neighbors']),
    neighbors: v.optional(number, editing.neighbors),
    vote,
    removes,
  }),
  v.strictObject({
    kind: v.literal('all_k_nearest_neighbors'),
    neighbors: v.optional(number, editing.neighbors),
    vote,
    removes,
    allowMinority: v.optional(v.boolean(), false),
  }),
  v.strictObject({
    kind: v.literal('condensed_nearest_neighbors'),
    passes: v.optional(number, defaultSamplings.condensed_nearest_neighbors.passes),
  }),
  v.strictObject({ kind: v.literal('one_sided_selection') }),
  v.strictObject({
    kind: v.literal('neighborhood_cleaning'),
    neighbors: v.optional(number, editing.neighbors),
    vote,
  }),
])

const weighting = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('balanced') }),
  v.strictObject({ kind: v.literal('inverse_sqrt') }),
  v.strictObject({
    kind: v.literal('effective_number'),
    beta: v.optional(number, defaultWeightings.effective_number.beta),
  }),
  v.strictObject({ kind: v.literal('custom'), negative: v.optional(number, 1), positive: number }),
  v.strictObject({ kind: v.literal('column'), column: v.string() }),
  v.strictObject({ kind: v.literal('costs') }),
])

const calibratorNames = Object.keys({
  none: true,
  auto: true,
  sigmoid: true,
  isotonic: true,
  beta: true,
  temperature: true,
  venn_abers: true,
  cross_venn_abers: true,
} satisfies Record<CalibrationChoice['calibrator'], true>) as CalibrationChoice['calibrator'][]
const chosenMetric = v.optional(
  v.picklist(['average_precision', 'roc_auc', 'log_loss', 'brier']),
  'average_precision',
)

export const configurationSchema = v.strictObject({
  name: v.string(),
  model,
  sampling: v.optional(sampling, { kind: 'none' }),
  weighting: v.optional(weighting, { kind: 'none' }),
  calibration: v.optional(
    v.strictObject({
      correction: v.boolean(),
      calibrator: v.picklist(calibratorNames),
    }),
    { correction: false, calibrator: 'none' },
  ),
  search: v.exactOptional(
    v.strictObject({
      kind: v.optional(v.picklist(['random', 'successive_halving']), 'successive_halving'),
      trials: v.optional(number, 27),
      metric: chosenMetric,
      factor: v.optional(number, 3),
      ranges: v.record(
        v.string(),
        v.union([
          v.strictObject({ values: v.array(number) }),
          v.strictObject({
            low: number,
            high: number,
            scale: v.optional(v.picklist(['linear', 'log']), 'linear'),
            whole: v.optional(v.boolean(), false),
          }),
        ]),
      ),
    }),
  ),
  insight: v.exactOptional(
    v.strictObject({
      learningCurve: v.exactOptional(
        v.strictObject({
          shares: v.optional(v.array(number), () => [0.1, 0.2, 0.4, 0.7]),
          metric: chosenMetric,
        }),
      ),
      contributions: v.exactOptional(v.strictObject({ samples: v.optional(number, 500) })),
      gradientFlow: v.exactOptional(v.boolean()),
    }),
  ),
  rules: v.exactOptional(
    v.array(
      v.strictObject({
        when: v.string(),
        then: v.picklist(['alert', 'pass', 'hand_on']),
      }),
    ),
  ),
  because: v.exactOptional(v.pipe(v.string(), v.maxLength(2000))),
})

/** How cases are set apart for judging. */
export const validationSchema = v.strictObject({
  scheme: v.optional(v.picklist(['stratified', 'time']), 'stratified'),
  gapDays: v.exactOptional(number),
  labelsMatureAfterDays: v.exactOptional(number),
  timeUnit: v.exactOptional(v.picklist(['second', 'minute', 'hour', 'day'])),
  keepDuplicatesTogether: v.exactOptional(v.boolean()),
  repeats: v.exactOptional(number),
  finalTestShare: v.exactOptional(number),
  calibrationShare: v.exactOptional(number),
})

const plan = v.strictObject({
  version: v.literal(1),
  folds: v.optional(number, 5),
  innerFolds: v.optional(number, 4),
  bootstrapDraws: v.optional(number, 1000),
  leaveOutInfeasible: v.optional(v.boolean(), false),
  configurations: v.array(configurationSchema),
  validation: v.exactOptional(validationSchema),
})

const column = v.optional(v.nullable(v.string()), null)
export const rolesSchema = v.strictObject({
  target: v.string(),
  positive: v.pipe(
    v.union([v.string(), number, v.boolean()]),
    v.transform((value) => String(value)),
  ),
  id: column,
  time: column,
  group: column,
  amount: column,
  weight: column,
  ignore: v.optional(v.array(v.string()), []),
})

const cost = v.union([number, v.strictObject({ column: v.string() })])

/** A frame as a person states it; open costs assume FN:FP = (1 − prevalence):prevalence. */
export const frameSchema = v.strictObject({
  costs: v.nullable(
    v.strictObject({
      truePositive: cost,
      falsePositive: cost,
      trueNegative: cost,
      falseNegative: cost,
    }),
  ),
  casesPerDay: v.nullable(number),
  capacity: v.nullable(number),
  minutesPerAlert: v.optional(v.nullable(number), null),
  reviewHoursPerDay: v.optional(v.nullable(number), null),
  prevalence: v.nullable(number),
  commitments: v.pipe(
    v.array(v.strictObject({ measure: v.picklist(['recall', 'precision']), atLeast: number })),
    v.maxLength(2),
  ),
  currency: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(8))), null),
})

/**
 * Reads the text of a plan file.
 *
 * @param source What to call the file in errors.
 * @throws UserError `bad_input` when it is no JSON or not a plan; the message names the key.
 */
export function parsePlan(text: string, source: string): Plan {
  return parse(plan, text, source, 'plan')
}

/** Reads the text of a roles file; see `parsePlan`. */
export function parseRoles(text: string, source: string): Roles {
  return parse(rolesSchema, text, source, 'roles')
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  source: string,
  what: string,
): v.InferOutput<Schema> {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw new UserError(
      'bad_input',
      `${source} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
  const result = v.safeParse(schema, fromJson(data))
  if (result.success) return result.output
  const [issue] = result.issues
  const path = issue.path?.map((item) => snakeCase(String(item.key))).join('.') ?? ''
  throw new UserError('bad_input', `${source}: ${path === '' ? what : path}: ${issue.message}`)
}
