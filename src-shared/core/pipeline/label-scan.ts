/**
 * The models behind the suspicion signals, fitted so that no sample is judged by one that saw it.
 *
 * Work comes in steps, one per model, repeat and fold, so that they can be spread over workers,
 * counted and cancelled between any two; `finishLabelScan` lays them together.
 */
import type { Column } from '../dataset/dataset.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import type { Engine } from '../kernels.ts'
import type { ModelScores } from '../label-quality/suspicion.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import { defaultModels } from '../plan/default-plan.ts'
import type { ModelChoice } from '../plan/plan.ts'
import { samplesOfFold } from './experiment-data.ts'
import { fitAndScore } from './fit-and-score.ts'
import { encoderOptions } from './run-fold.ts'

/** What a scan works on. */
export interface LabelScanData {
  readonly features: readonly Column[]
  /** 0 or 1 per sample. */
  readonly given: Uint8Array
  readonly sampleWeights: Float64Array | null
  /** Samples of one group stay in one fold; null where there are none. */
  readonly groups: Int32Array | null
}

/** How the scan is done, which with the data determines its result. */
export interface LabelScanPlan {
  readonly seed: number
  readonly models: readonly LabelScanModel[]
  /** Fold of each sample, one assignment per repeat. */
  readonly folds: readonly Int32Array[]
}

export interface LabelScanModel {
  readonly name: string
  readonly choice: ModelChoice
}

/** One model of one repeat, judging one fold. */
export interface LabelScanStep {
  readonly model: string
  readonly repeat: number
  readonly fold: number
}

export interface LabelScanPart {
  readonly step: LabelScanStep
  readonly samples: Int32Array
  /** Of the positive class, one per sample of `samples`. */
  readonly probabilities: Float64Array
}

/**
 * Four models that err in different ways: a line, trees as a plan fits them, trees that see half of
 * the rows and columns each and so follow single labels less, and a network.
 */
export const labelScanModels: readonly LabelScanModel[] = [
  { name: 'lr', choice: defaultModels.logistic_regression },
  { name: 'gbdt', choice: defaultModels.gradient_boosting },
  {
    name: 'gbdt_subsampled',
    choice: {
      ...defaultModels.gradient_boosting,
      maxDepth: 5,
      learningRate: 0.05,
      lambda: 5,
      rowShare: 0.5,
      columnShare: 0.5,
    },
  },
  { name: 'mlp', choice: defaultModels.multilayer_perceptron },
]

/** The plan of a scan: `repeats` times `nFolds` stratified folds, the first of them as given. */
export function planLabelScan(
  { given, groups }: Pick<LabelScanData, 'given' | 'groups'>,
  {
    seed,
    repeats,
    nFolds = 5,
    firstFolds = null,
    models = labelScanModels,
  }: {
    readonly seed: number
    readonly repeats: number
    readonly nFolds?: number
    /** Folds of the first repeat; null draws them like the others. */
    readonly firstFolds?: Int32Array | null
    readonly models?: readonly LabelScanModel[]
  },
): LabelScanPlan {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`repeats must be an integer from 1, got ${repeats}`)
  }
  return {
    seed,
    models,
    folds: Array.from({ length: repeats }, (_, repeat) =>
      repeat === 0 && firstFolds !== null
        ? firstFolds
        : stratifiedKFold(given, nFolds, createStream(seed, 'label folds', repeat), groups),
    ),
  }
}

/** Every step of a plan. */
export function labelScanSteps({ models, folds }: LabelScanPlan): LabelScanStep[] {
  return folds.flatMap((assignment, repeat) => {
    const nFolds = assignment.reduce((most, fold) => Math.max(most, fold), 0) + 1
    return models.flatMap(({ name }) =>
      Array.from({ length: nFolds }, (_, fold) => ({ model: name, repeat, fold })),
    )
  })
}

/** Fits the model of one step on the other folds and scores its fold. */
export function runLabelScanStep(
  { features, given, sampleWeights }: LabelScanData,
  { seed, models, folds }: LabelScanPlan,
  step: LabelScanStep,
  checkpoint: Checkpoint,
  engine: Engine,
): LabelScanPart {
  const model = models.find(({ name }) => name === step.model)
  const assignment = folds[step.repeat]
  if (model === undefined || assignment === undefined) {
    throw new RangeError(`the plan has no model ${step.model} in repeat ${step.repeat}`)
  }
  const samples = samplesOfFold(assignment, step.fold, 'inside')
  const name = ['label scan', step.model, step.repeat, step.fold] as const
  const { scores } = fitAndScore(
    { features, yTrue: given, sampleWeights },
    samplesOfFold(assignment, step.fold, 'outside'),
    samples,
    {
      encoder: encoderOptions,
      sampling: { kind: 'none' },
      classWeights: null,
      model: model.choice,
    },
    createStream(seed, ...name, 'sampling'),
    checkpoint,
    { engine, stream: createStream(seed, ...name) },
  )
  return { step, samples, probabilities: scores }
}

/**
 * Lays the parts of a scan together, in any order.
 *
 * @returns Per model of the plan its out-of-fold probabilities, one set per repeat.
 * @throws RangeError when a sample is judged other than once by a model in a repeat.
 */
export function finishLabelScan(
  { models, folds }: LabelScanPlan,
  parts: readonly LabelScanPart[],
): ModelScores[] {
  return models.map(({ name }) => ({
    name,
    repeats: folds.map((assignment, repeat) => {
      const scores = new Float64Array(assignment.length).fill(NaN)
      let judged = 0
      for (const { step, samples, probabilities } of parts) {
        if (step.model !== name || step.repeat !== repeat) continue
        judged += samples.length
        samples.forEach((sample, i) => {
          scores[sample] = probabilities[i]!
        })
      }
      if (judged !== scores.length || scores.some(Number.isNaN)) {
        throw new RangeError(`${name} must judge every sample once in repeat ${repeat}`)
      }
      return scores
    }),
  }))
}
