/** What can be set of a configuration, with the ranges that a plan is checked against. */
import { defaultModels } from '#shared/core/plan/default-plan.ts'
import type { Configuration, ModelChoice } from '#shared/core/plan/plan.ts'
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

/** The settings of the model of a configuration, those that matter most first. */
export function modelSettings(configuration: Configuration): readonly Setting[] {
  const { model } = configuration
  const put = (next: ModelChoice): Configuration => ({ ...configuration, model: next })
  switch (model.kind) {
    case 'logistic_regression': {
      const usual = defaultModels.logistic_regression
      return [
        numberSetting(
          'C',
          model.c,
          usual.c,
          { min: justAbove, max: large, hint: 'Larger: the model follows the data more closely.' },
          (c) => put({ ...model, c }),
        ),
        numberSetting(
          'L1 share of the penalty',
          model.l1Ratio ?? 0,
          0,
          { max: 1, step: 0.1, hint: 'Above 0, columns can drop out.' },
          (l1Ratio) => put(without(model, 'l1Ratio', l1Ratio === 0, { l1Ratio })),
        ),
      ]
    }
    case 'gradient_boosting': {
      const usual = defaultModels.gradient_boosting
      const set = (part: Partial<typeof model>): Configuration => put({ ...model, ...part })
      const { loss } = model
      return [
        numberSetting(
          'Iterations',
          model.iterations,
          usual.iterations,
          { min: 1, max: 10_000, step: 50, whole: true },
          (iterations) => set({ iterations }),
        ),
        numberSetting(
          'Depth',
          model.maxDepth,
          usual.maxDepth,
          { min: 1, max: 16, whole: true },
          (maxDepth) => set({ maxDepth }),
        ),
        numberSetting(
          'Learning rate',
          model.learningRate,
          usual.learningRate,
          { min: justAbove, max: 1, step: 0.01 },
          (learningRate) => set({ learningRate }),
        ),
        numberSetting('L2 penalty on leaves', model.lambda, usual.lambda, {}, (lambda) =>
          set({ lambda }),
        ),
        numberSetting(
          'Least weight in a leaf',
          model.minChildWeight,
          usual.minChildWeight,
          { hint: 'Sum of second derivatives.' },
          (minChildWeight) => set({ minChildWeight }),
        ),
        numberSetting(
          'Bins a column',
          model.bins,
          usual.bins,
          { min: 4, max: 256, whole: true },
          (bins) => set({ bins }),
        ),
        ...(loss?.kind === 'focal'
          ? [
              numberSetting(
                'Focal γ',
                loss.gamma,
                2,
                { max: 20, step: 0.5, hint: 'Larger: easy cases count less.' },
                (gamma) => set({ loss: { ...loss, gamma } }),
              ),
              numberSetting(
                'Focal α',
                loss.alpha,
                0.25,
                { min: 0.001, max: 0.999, step: 0.05, hint: 'Weight of the positive class.' },
                (alpha) => set({ loss: { ...loss, alpha } }),
              ),
            ]
          : []),
        numberSetting(
          'Share of cases a tree',
          model.rowShare ?? 1,
          1,
          { min: 0.01, max: 1, step: 0.1 },
          (rowShare) => put(without(model, 'rowShare', rowShare === 1, { rowShare })),
        ),
        numberSetting(
          'Share of columns a tree',
          model.columnShare ?? 1,
          1,
          { min: 0.01, max: 1, step: 0.1 },
          (columnShare) => put(without(model, 'columnShare', columnShare === 1, { columnShare })),
        ),
        {
          label: 'Stop early',
          value: model.earlyStopping?.metric.kind ?? 'never',
          hint: 'On a tenth of the training cases, held out.',
          options: [
            { value: 'never', label: 'Never' },
            { value: 'log_loss', label: 'By log loss' },
            { value: 'average_precision', label: 'By average precision' },
          ],
          change: (metric: string) =>
            put(
              without(model, 'earlyStopping', metric === 'never', {
                earlyStopping: {
                  validationShare: 0.1,
                  patience: 20,
                  metric: {
                    kind: metric === 'average_precision' ? 'average_precision' : 'log_loss',
                  },
                },
              }),
            ),
        },
      ]
    }
    case 'multilayer_perceptron': {
      const usual = defaultModels.multilayer_perceptron
      const set = (part: Partial<typeof model>): Configuration => put({ ...model, ...part })
      const [first = 1, second = 0] = model.hidden
      const layers = (a: number, b: number): readonly number[] => [
        a,
        ...(b > 0 ? [b] : []),
        ...model.hidden.slice(2),
      ]
      return [
        numberSetting(
          'Units, first layer',
          first,
          usual.hidden[0],
          { min: 1, max: 1024, step: 8, whole: true },
          (units) => set({ hidden: layers(units, second) }),
        ),
        numberSetting(
          'Units, second layer',
          second,
          usual.hidden[1],
          { min: 0, max: 1024, step: 8, whole: true, hint: '0: no second layer.' },
          (units) => set({ hidden: layers(first, units) }),
        ),
        numberSetting(
          'Learning rate',
          model.learningRate,
          usual.learningRate,
          { min: justAbove, max: 1, step: 0.001 },
          (learningRate) => set({ learningRate }),
        ),
        numberSetting('L2 penalty', model.l2, usual.l2, { step: 0.0001 }, (l2) => set({ l2 })),
        numberSetting('Dropout', model.dropout, usual.dropout, { max: 0.9, step: 0.1 }, (dropout) =>
          set({ dropout }),
        ),
        numberSetting(
          'Cases a step',
          model.batchSize,
          usual.batchSize,
          { min: 2, max: 65_536, step: 50, whole: true },
          (batchSize) => set({ batchSize }),
        ),
        numberSetting(
          'Epochs at most',
          model.epochs,
          usual.epochs,
          { min: 1, max: 10_000, step: 10, whole: true },
          (epochs) => set({ epochs }),
        ),
        numberSetting(
          'Patience',
          model.patience,
          usual.patience,
          { min: 1, max: 10_000, whole: true, hint: 'Epochs without a lower loss.' },
          (patience) => set({ patience }),
        ),
        ...(model.focalGamma > 0
          ? [
              numberSetting(
                'Focal γ',
                model.focalGamma,
                2,
                {
                  min: 0.01,
                  max: 10,
                  step: 0.5,
                  hint: 'Larger: easy cases count less.',
                },
                (focalGamma) => set({ focalGamma }),
              ),
              numberSetting(
                'Focal α',
                model.focalAlpha ?? 0.5,
                0.25,
                { min: 0.001, max: 0.999, step: 0.05, hint: 'Weight of the positive class.' },
                (focalAlpha) => set({ focalAlpha }),
              ),
            ]
          : []),
        {
          label: 'Batches',
          value: model.batches,
          options: [
            { value: 'stratified', label: 'Classes as in the data' },
            { value: 'balanced', label: 'As many of each class' },
          ],
          change: (batches: string) =>
            set({ batches: batches === 'balanced' ? 'balanced' : 'stratified' }),
        },
      ]
    }
    case 'decision_tree':
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
    case 'easy_ensemble':
    case 'rus_boost':
    case 'gaussian_naive_bayes':
    case 'isolation_forest':
    case 'two_stage':
      return []
  }
}

/** The settings of the treatment of a configuration. */
export function treatmentSettings(configuration: Configuration): readonly NumberSetting[] {
  const { sampling } = configuration
  if (!('targetImbalanceRatio' in sampling)) return []
  return [
    numberSetting(
      'Ratio after sampling, 1 :',
      sampling.targetImbalanceRatio,
      3,
      { min: 1, max: large, hint: 'Balance is no aim in itself.' },
      (targetImbalanceRatio) => ({
        ...configuration,
        sampling: { ...sampling, targetImbalanceRatio },
      }),
    ),
    ...(sampling.kind === 'smote'
      ? [
          numberSetting(
            'Neighbours',
            sampling.neighbors,
            5,
            { min: 1, max: 100, whole: true },
            (neighbors) => ({ ...configuration, sampling: { ...sampling, neighbors } }),
          ),
        ]
      : []),
  ]
}

function numberSetting(
  label: string,
  value: number,
  usual: number,
  limits: Limits,
  change: (value: number) => Configuration,
): NumberSetting {
  return { label, value, usual, min: 0, max: large, step: 1, whole: false, ...limits, change }
}

/** The record with a part set, or without it where it is what it would be anyway. */
function without<T extends object, K extends keyof T>(
  record: T,
  key: K,
  isUsual: boolean,
  part: Pick<Required<T>, K>,
): T {
  return (isUsual ? omit(record, key) : { ...record, ...part }) as T
}
