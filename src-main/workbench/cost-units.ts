/** A run as units of work in the order in which they are taken up, and what each costs. */
import { lossOfModel } from '#shared/core/plan/plan.ts'
import type { Configuration, ModelChoice, Plan } from '#shared/core/plan/plan.ts'
import { searchSteps } from '#shared/core/search/search-steps.ts'
import { resampledCounts } from '#shared/core/plan/resampled-counts.ts'
import type { CostedUnit } from './time-left.ts'

export type PlannedUnit = CostedUnit & {
  readonly work:
    | { readonly kind: 'fold'; readonly configuration: Configuration; readonly fold: number }
    | { readonly kind: 'evaluate'; readonly configuration: Configuration }
    | { readonly kind: 'compare' }
    | { readonly kind: 'diagnose' }
}

export interface CostFacts {
  readonly positives: number
  readonly negatives: number
  /** Columns that models see. */
  readonly nColumns: number
}

/**
 * Milliseconds per row and feature (and iteration, epoch or tree) of a fit, per row and draw of a
 * bootstrap, and per row and feature of a diagnosis, on an ordinary machine. They only tell how kinds
 * of work compare before each has been measured; see time-left.ts.
 */
const guesses = {
  model: {
    logistic_regression: 4e-4,
    gradient_boosting: 8e-6,
    multilayer_perceptron: 2e-5,
    decision_tree: 2e-6,
    random_forest: 1e-5,
    balanced_random_forest: 3e-7,
    balanced_bagging: 3e-6,
    self_paced_ensemble: 1e-5,
    easy_ensemble: 1e-4,
    rus_boost: 5e-4,
    gaussian_naive_bayes: 1e-4,
    isolation_forest: 1e-6,
    two_stage: 2e-5,
  } as Readonly<Record<string, number>>,
  otherModel: 1e-3,
  bootstrap: 3.5e-5,
  diagnosis: 2e-3,
} as const

/** From so many samples on its fits don't grow. */
const DIAGNOSED_SAMPLES = 40_000

/**
 * The units that a run still has to do.
 *
 * One fold of each kind of model comes first, so that the time left is soon known from
 * measurement. Then configuration by configuration, each evaluated as soon as its folds are there:
 * so their scores are held for a short while only.
 *
 * @param have Whether a fold result is there already.
 */
export function planUnits(
  plan: Plan,
  facts: CostFacts,
  have: (configuration: string, fold: number) => boolean,
): PlannedUnit[] {
  const { configurations } = plan
  const folds = configurations.map((configuration) =>
    Array.from({ length: plan.folds }, (_, fold) => fold)
      .filter((fold) => !have(configuration.name, fold))
      .map((fold) => foldUnit(plan, facts, configuration, fold)),
  )
  const kinds = [...new Set(configurations.map(({ model }) => model.kind))]
  const first = kinds.flatMap((kind) => {
    const position = configurations.findIndex(
      ({ model }, i) => model.kind === kind && folds[i]!.length > 0,
    )
    return position < 0 ? [] : folds[position]!.splice(0, 1)
  })
  const units: PlannedUnit[] = [...first]
  const evaluations: number[] = []
  const rowDraws = (facts.positives + facts.negatives) * plan.bootstrapDraws
  configurations.forEach((configuration, i) => {
    units.push(...folds[i]!)
    const after = units.flatMap(({ work }, position) =>
      work.kind === 'fold' && work.configuration === configuration ? [position] : [],
    )
    evaluations.push(units.length)
    units.push({
      work: { kind: 'evaluate', configuration },
      kind: 'evaluate',
      family: 'bootstrap',
      size: rowDraws,
      guess: guesses.bootstrap,
      after,
    })
  })
  units.push({
    work: { kind: 'compare' },
    kind: 'compare',
    family: 'bootstrap',
    size: rowDraws,
    guess: guesses.bootstrap,
    after: evaluations,
  })
  units.push({
    work: { kind: 'diagnose' },
    kind: 'diagnose',
    family: 'diagnosis',
    size: Math.min(facts.positives + facts.negatives, DIAGNOSED_SAMPLES) * facts.nColumns,
    guess: guesses.diagnosis,
    after: [units.length - 1],
  })
  return units
}

/** One configuration on one fold: fits on all inner training sets and on the outer one. */
export function foldUnit(
  { folds, innerFolds }: Pick<Plan, 'folds' | 'innerFolds'>,
  { positives, negatives, nColumns }: CostFacts,
  configuration: Configuration,
  fold: number,
): PlannedUnit {
  const { model, sampling, weighting, search, insight } = configuration
  const counts = resampledCounts(sampling, negatives, positives)
  const rowsFitted = (counts.negatives + counts.positives) * (1 - 1 / folds) * innerFolds
  const rowsScored = positives + negatives
  const passes = passesOf(model)
  return {
    work: { kind: 'fold', configuration, fold },
    kind: [model.kind, lossOfModel(model).kind, sampling.kind, weighting.kind].join(' '),
    family: model.kind,
    // Encoding and scoring go over all rows, whatever the fit is left with.
    size:
      (rowsFitted + 0.05 * rowsScored) *
      nColumns *
      passes *
      (1 + trialsOf(search) + curveOf(insight) / innerFolds),
    guess: guesses.model[model.kind] ?? guesses.otherModel,
    after: [],
  }
}

/** How many outer fits a learning curve is. */
function curveOf(insight: Configuration['insight']): number {
  return insight?.learningCurve?.shares.reduce((sum, share) => sum + share, 0) ?? 0
}

/** How many times the work of a fold its search is. */
function trialsOf(search: Configuration['search']): number {
  if (search === undefined) return 0
  return searchSteps(search).reduce((sum, { trials, share }) => sum + trials * share, 0)
}

/** Passes over the samples; a gate is fitted in each of its folds and once more. */
function passesOf(model: ModelChoice): number {
  if (model.kind === 'two_stage')
    return model.gateFolds * passesOf(model.gate) + passesOf(model.filter)
  return 'iterations' in model ? model.iterations : 'epochs' in model ? model.epochs : 1
}
