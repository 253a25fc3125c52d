/** What may come in from outside as JSON: plan files and role files. Anything else is refused. */
import * as v from 'valibot'
import type { Roles } from '../core/dataset/dataset.ts'
import { defaultModels } from '../core/plan/default-plan.ts'
import type { Plan } from '../core/plan/plan.ts'
import { UserError } from './errors.ts'
import { fromJson, snakeCase } from './json.ts'

const number = v.pipe(v.number(), v.finite())
const logistic = defaultModels.logistic_regression
const boosting = defaultModels.gradient_boosting
const network = defaultModels.multilayer_perceptron

const singleModels = [
  v.strictObject({
    kind: v.literal('logistic_regression'),
    c: v.optional(number, logistic.c),
    l1Ratio: v.exactOptional(number),
  }),
  v.strictObject({
    kind: v.literal('gradient_boosting'),
    iterations: v.optional(number, boosting.iterations),
    maxDepth: v.optional(number, boosting.maxDepth),
    learningRate: v.optional(number, boosting.learningRate),
    lambda: v.optional(number, boosting.lambda),
    minChildWeight: v.optional(number, boosting.minChildWeight),
    bins: v.optional(number, boosting.bins),
    loss: v.exactOptional(
      v.variant('kind', [
        v.strictObject({ kind: v.literal('log_loss') }),
        v.strictObject({
          kind: v.literal('focal'),
          gamma: v.optional(number, 2),
          alpha: v.optional(number, 0.25),
        }),
      ]),
    ),
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

const sampling = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({
    kind: v.literal('random_under'),
    targetImbalanceRatio: v.optional(number, 3),
  }),
  v.strictObject({
    kind: v.literal('smote'),
    targetImbalanceRatio: v.optional(number, 3),
    neighbors: v.optional(number, 5),
  }),
])

const chosenMetric = v.optional(
  v.picklist(['average_precision', 'roc_auc', 'log_loss', 'brier']),
  'average_precision',
)

export const configurationSchema = v.strictObject({
  name: v.string(),
  model,
  sampling: v.optional(sampling, { kind: 'none' }),
  weighting: v.optional(v.strictObject({ kind: v.picklist(['none', 'balanced']) }), {
    kind: 'none',
  }),
  calibration: v.optional(
    v.strictObject({
      correction: v.boolean(),
      calibrator: v.picklist(['none', 'sigmoid', 'isotonic', 'auto']),
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
})

const plan = v.strictObject({
  version: v.literal(1),
  folds: v.optional(number, 5),
  innerFolds: v.optional(number, 4),
  bootstrapDraws: v.optional(number, 1000),
  leaveOutInfeasible: v.optional(v.boolean(), false),
  configurations: v.array(configurationSchema),
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
  prevalence: v.nullable(number),
  commitment: v.nullable(
    v.strictObject({ measure: v.picklist(['recall', 'precision']), atLeast: number }),
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
