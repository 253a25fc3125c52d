import { ONLY_TRAINS } from '../folds/time-ordered.ts'
import type { GradientFlow } from '../insight/training-record.ts'
import type {
  FoldImportance,
  FoldInsight,
  FoldResult,
  FoldSearch,
  FoldTraining,
  GateSums,
} from './fold-result.ts'

/** The folds of one run laid together: one prediction per sample, each by a model that did not see it. */
export interface OutOfFold {
  readonly configuration: string
  /** Length nSamples each; element i belongs to sample i. */
  readonly scores: Float64Array
  readonly corrected: Float64Array | null
  readonly probabilities: Float64Array
  /** Per outer fold, in order. */
  readonly thresholds: readonly number[]
  readonly shortfalls: readonly (string | null)[]
  readonly trainings: readonly FoldTraining[]
  readonly calibratorKinds: readonly (string | null)[]
  readonly importances: readonly (FoldImportance | null)[]
  /** Where the model has two stages. */
  readonly gates: readonly GateSums[]
  /** Where hyperparameters were searched for. */
  readonly searches: readonly FoldSearch[]
  /** Where the configuration asked for some. */
  readonly insights: readonly FoldInsight[]
  /** Of models that learn pass by pass. */
  readonly flows: readonly GradientFlow[]
}

/**
 * Lays the results of all folds of one configuration together.
 *
 * @param results One per fold, in any order.
 * @param folds    Fold of each sample, where some only train: these have predictions of 0.
 * @throws RangeError when a fold is missing or double, or a sample is judged other than once.
 */
export function layOutOfFold(
  results: readonly FoldResult[],
  nSamples: number,
  folds: Int32Array | null = null,
): OutOfFold {
  const ordered = [...results].sort((a, b) => a.fold - b.fold)
  const first = ordered[0]
  if (first === undefined) throw new RangeError('layOutOfFold needs at least one fold result')
  const { configuration } = first
  const scores = new Float64Array(nSamples)
  const corrected = first.corrected === null ? null : new Float64Array(nSamples)
  const probabilities = new Float64Array(nSamples)
  const times = new Uint8Array(nSamples)
  ordered.forEach((result, k) => {
    if (result.fold !== k) throw new RangeError(`${configuration} has no result for fold ${k}`)
    result.samples.forEach((sample, i) => {
      times[sample]! += 1
      scores[sample] = result.scores[i]!
      probabilities[sample] = result.probabilities[i]!
      if (corrected !== null) corrected[sample] = result.corrected![i]!
    })
  })
  const wrong = times.findIndex((count, i) => count !== (folds?.[i] === ONLY_TRAINS ? 0 : 1))
  if (wrong >= 0) {
    throw new RangeError(`${configuration} judged sample ${wrong} ${times[wrong]!} times, not once`)
  }
  return {
    configuration,
    scores,
    corrected,
    probabilities,
    thresholds: ordered.map((result) => result.tunedThreshold.value),
    shortfalls: ordered.map((result) => result.tunedThreshold.shortfall),
    trainings: ordered.map((result) => result.training),
    calibratorKinds: ordered.map((result) => result.calibrator?.kind ?? null),
    importances: ordered.map((result) => result.importance),
    gates: ordered.flatMap(({ gate }) => gate ?? []),
    searches: ordered.flatMap(({ search }) => search ?? []),
    insights: ordered.flatMap(({ insight }) => insight ?? []),
    flows: ordered.flatMap(({ flow }) => flow ?? []),
  }
}
