/** What may come in from outside as JSON: plan files and role files. Anything else is refused. */
import * as v from 'valibot'
import type { Roles } from '../core/dataset/dataset.ts'
import { defaultLosses, defaultModels, defaultWeightings } from '../core/plan/default-plan.ts'
import type { CalibrationChoice, Plan } from '../core/plan/plan.ts'
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

const model = v.variant('kind', [
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
