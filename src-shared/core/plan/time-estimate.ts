/**
 * How long a fold takes, from counts alone: the order of magnitude, said before anything has been
 * run on the data. What has been run tells better, and takes its place.
 *
 * The terms are what a fold spends time on: a fit for each inner fold and one more, as many times
 * sampling, and scoring, mostly for the importance of columns. The constants were fitted to
 * folds of two tables, of 10,000 and of 45,000 rows, on one core; single methods are off by several
 * times, so nothing but the magnitude is to be said of it.
 */
import { ln } from '../math/elementary.ts'
import { isBalancedModel } from './plan.ts'
import type { Configuration, ModelChoice, Plan, SearchChoice, SingleModelChoice } from './plan.ts'
import { resampledCounts } from './resampled-counts.ts'
import type { MemoryFacts } from './memory-estimate.ts'
import { samplingKinds } from './sampling-kinds.ts'
import type { SamplingChoice } from './sampling-choice.ts'

/** Seconds for each unit of work. */
const per = {
  sampleAndFeature: 1e-7,
  histogramEntry: 1.2e-8,
  weightOfNetwork: 1.5e-10,
  nodeOfTree: 5e-9,
  scoreOfTree: 1.5e-8,
  distance: 5e-11,
  fold: 0.03,
} as const

/** Judged samples that the importance of columns is measured on, at most. */
const mostForImportance = 20_000

/** About how long a configuration takes on one outer fold, in seconds. */
export function foldSeconds(
  { folds, innerFolds }: Pick<Plan, 'folds' | 'innerFolds'>,
  { model, sampling, search }: Pick<Configuration, 'model' | 'sampling' | 'search'>,
  facts: MemoryFacts,
): number {
  const share = 1 - 1 / folds
  const before = { positives: share * facts.positives, negatives: share * facts.negatives }
  const counts = resampledCounts(sampling, before.negatives, before.positives)
  const all = before.positives + before.negatives
  // Inner folds see (innerFolds − 1) / innerFolds of the training samples each.
  const fits = innerFolds
  const trials = search === undefined ? 0 : fullTrials(search)
  const judged = Math.min(mostForImportance, all / (folds - 1))
  const scored = fits * (all / innerFolds) + judged * (1 + facts.nFeaturesOfCodes)
  const once = fitSeconds(model, counts, facts) + samplerSeconds(sampling, before, facts.nFeatures)
  return per.fold + fits * (1 + trials) * once + scored * treesOf(model) * per.scoreOfTree
}

function fitSeconds(
  model: ModelChoice,
  counts: { readonly positives: number; readonly negatives: number },
  facts: MemoryFacts,
): number {
  const n = counts.positives + counts.negatives
  const { nFeatures, nByteColumns } = facts
  if (model.kind === 'two_stage') {
    // The gate is fitted once for each of its folds, and once more.
    const gate = fitSeconds(model.gate, counts, facts)
    return model.gateFolds * gate + fitSeconds(model.filter, counts, facts)
  }
  switch (model.kind) {
    case 'logistic_regression':
    case 'gaussian_naive_bayes':
      return n * (nFeatures + 1) * per.sampleAndFeature
    case 'gradient_boosting':
      return n * nByteColumns * model.iterations * per.histogramEntry
    case 'multilayer_perceptron': {
      const sizes = [nFeatures, ...model.hidden, 1]
      const weights = model.hidden.reduce((sum, _, i) => sum + sizes[i]! * sizes[i + 1]!, 0)
      return n * weights * model.epochs * per.weightOfNetwork
    }
    case 'isolation_forest':
      return model.trees * model.samplesPerTree * 16 * per.nodeOfTree
    case 'easy_ensemble':
      return (
        model.members * model.rounds * drawnBy(model, counts) * nByteColumns * per.histogramEntry
      )
    case 'rus_boost':
      return model.rounds * n * nByteColumns * per.histogramEntry
    case 'decision_tree':
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble': {
      const drawn = drawnBy(model, counts)
      const levels = Math.min(model.maxDepth ?? Infinity, ln(2 + drawn) / ln(2))
      const tried = model.features === 'all' ? nByteColumns : Math.sqrt(nByteColumns)
      return treesOf(model) * drawn * levels * tried * per.nodeOfTree
    }
  }
}

/** How many fits on all samples the trials of a search come to. */
function fullTrials({ kind, trials, factor }: SearchChoice): number {
  if (kind === 'random') return trials
  // Of `factor` trials one goes on, on `factor` times the samples: every round costs the same.
  let fitted = 0
  let left = trials
  let share = 1
  while (left > factor) {
    left /= factor
    share /= factor
  }
  for (let k = trials; share <= 1; share *= factor, k /= factor) fitted += k * share
  return fitted
}

/** Samples that a member is fitted to. */
function drawnBy(
  model: SingleModelChoice,
  { positives, negatives }: { readonly positives: number; readonly negatives: number },
): number {
  return isBalancedModel(model) ? 2 * Math.min(positives, negatives) : positives + negatives
}

/** Trees that a sample is scored by. */
function treesOf(model: ModelChoice): number {
  switch (model.kind) {
    case 'two_stage':
      return treesOf(model.gate) + treesOf(model.filter)
    case 'gradient_boosting':
      return model.iterations
    case 'easy_ensemble':
      return model.members * model.rounds
    case 'rus_boost':
      return model.rounds
    case 'decision_tree':
      return 1
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
    case 'isolation_forest':
      return model.trees
    case 'logistic_regression':
    case 'multilayer_perceptron':
    case 'gaussian_naive_bayes':
      return 1
  }
}

/** How many times over a method compares all samples with each other. */
const rounds: Readonly<Partial<Record<SamplingChoice['kind'], number>>> = {
  repeated_edited_nearest_neighbors: 6,
  all_k_nearest_neighbors: 4,
  neighborhood_cleaning: 2,
  condensed_nearest_neighbors: 2,
}

function samplerSeconds(
  sampling: SamplingChoice,
  { positives, negatives }: { readonly positives: number; readonly negatives: number },
  nFeatures: number,
): number {
  if (sampling.kind === 'none' || samplingKinds[sampling.kind].reads === 'labels') return 0
  const all = positives + negatives
  const rarer = Math.min(positives, negatives)
  const { does } = samplingKinds[sampling.kind]
  const distances =
    sampling.kind === 'cluster_centroids'
      ? 40 * all * rarer * sampling.targetImbalanceRatio
      : sampling.kind === 'svm_smote'
        ? 40 * all * Math.min(all, 3000)
        : does === 'grows' || does === 'shrinks'
          ? 4 * all * rarer
          : (rounds[sampling.kind] ?? 1) * all * all
  return distances * nFeatures * per.distance
}

/** `seconds`, `about a minute`: as much as an estimate from counts can say. */
export function magnitudeText(seconds: number): string {
  if (seconds < 2) return 'a second or two'
  if (seconds < 20) return 'some seconds'
  if (seconds < 100) return 'about a minute'
  if (seconds < 1200) return 'some minutes'
  return seconds < 7200 ? 'about an hour' : 'hours'
}
