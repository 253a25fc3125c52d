/**
 * What sampling before splitting would claim on these very data, beside what is true.
 *
 * The positives are copied until there are as many as negatives, and only then are folds drawn: so
 * most copies of a judged positive are in its training set. The same model with the same sampling
 * inside the training sets, judged on cases as they come, is what the claim turns into on new ones.
 * What comes out is a demonstration and no result: no type of a result holds it, nothing stores it.
 */
import { noLimits } from '../frame/limits.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import { createStream } from '../math/random.ts'
import { measureRun } from '../metrics/run-metrics.ts'
import { defaultModels } from '../plan/default-plan.ts'
import type { Configuration, Plan } from '../plan/plan.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldResult } from './fold-result.ts'
import { inView, judgedView } from './judged-view.ts'
import { nestedJudgement } from './judge-run.ts'
import { layOutOfFold } from './out-of-fold.ts'
import { takeSamples } from './take-samples.ts'

export interface DemonstratedFigures {
  readonly averagePrecision: number | null
  readonly recall: number | null
  readonly precision: number | null
  /** Share of positives among the cases judged: by chance average precision reaches this. */
  readonly prevalence: number
}

export interface LeakageDemonstration {
  /** Sampled before splitting: invalid. */
  readonly claimed: DemonstratedFigures
  /** Sampled inside training sets. */
  readonly honest: DemonstratedFigures
  /** Judged positives of the claim that have a copy in their training set. */
  readonly copiesSeen: number
  readonly positivesJudged: number
}

const NAME = 'demonstration'
const FOLDS = 3

const model: Configuration = {
  name: NAME,
  model: { ...defaultModels.gradient_boosting, iterations: 60 },
  sampling: { kind: 'none' },
  weighting: { kind: 'none' },
  calibration: { correction: false, calibrator: 'none' },
}

/** The two experiments, to be run fold by fold. */
export function leakageExperiments(data: ExperimentData): {
  readonly claimed: ExperimentData
  /** Sample of the data that each sample of the claim is a copy of. */
  readonly copyOf: Int32Array
  readonly honest: ExperimentData
} {
  const { data: natural } = judgedView(data)
  const { yTrue } = natural
  const plan = (configuration: Configuration): Plan => ({
    ...data.plan,
    folds: FOLDS,
    innerFolds: FOLDS,
    configurations: [configuration],
  })
  const positives = [...yTrue.keys()].filter((i) => yTrue[i] === 1)
  const missing = Math.max(0, yTrue.length - 2 * positives.length)
  const stream = createStream(data.seed, 'leakage', 'copies')
  const copyOf = Int32Array.from({ length: yTrue.length + missing }, (_, i) =>
    i < yTrue.length ? i : positives[stream.below(positives.length)]!,
  )
  const withFolds = (
    experiment: ExperimentData,
    configuration: Configuration,
    groups: Int32Array | null,
  ): ExperimentData => {
    const draw = createStream(data.seed, 'leakage', 'folds')
    return {
      ...withoutOrder(experiment),
      // Limits on alerts are meant for cases as they come, which those of the claim are not.
      ...noLimits,
      casesPerDay: experiment.casesPerDay,
      plan: plan(configuration),
      folds: stratifiedKFold(experiment.yTrue, FOLDS, draw, groups),
    }
  }
  return {
    copyOf,
    claimed: withFolds(takeSamples(natural, copyOf), model, null),
    honest: withFolds(
      natural,
      { ...model, sampling: { kind: 'random_over', targetImbalanceRatio: 1 } },
      natural.groups,
    ),
  }
}

function withoutOrder({ order: _, ...data }: ExperimentData): ExperimentData {
  return data
}

/** What the folds of both come to. */
export function leakageDemonstration(
  { claimed, copyOf, honest }: ReturnType<typeof leakageExperiments>,
  results: { readonly claimed: readonly FoldResult[]; readonly honest: readonly FoldResult[] },
): LeakageDemonstration {
  const foldsOf = new Map<number, Set<number>>()
  copyOf.forEach((original, i) => {
    const folds = foldsOf.get(original) ?? new Set()
    folds.add(claimed.folds[i]!)
    foldsOf.set(original, folds)
  })
  let copiesSeen = 0
  let positivesJudged = 0
  copyOf.forEach((original, i) => {
    if (claimed.yTrue[i] !== 1) return
    positivesJudged++
    if (foldsOf.get(original)!.size > 1) copiesSeen++
  })
  return {
    claimed: figuresOf(claimed, results.claimed),
    honest: figuresOf(honest, results.honest),
    copiesSeen,
    positivesJudged,
  }
}

export const leakageFolds: readonly number[] = Array.from({ length: FOLDS }, (_, fold) => fold)
export const leakageConfiguration = NAME

function figuresOf(data: ExperimentData, folds: readonly FoldResult[]): DemonstratedFigures {
  const view = judgedView(data)
  const run = inView(layOutOfFold(folds, data.yTrue.length, data.folds), view)
  const { recall, precision } = nestedJudgement(view.data, run).judgement
  const { metrics } = measureRun(data.yTrue, run.probabilities, data.decisionWeights)
  return {
    averagePrecision: metrics.averagePrecision,
    recall,
    precision,
    prevalence: data.yTrue.reduce((sum, y) => sum + y, 0) / data.yTrue.length,
  }
}
