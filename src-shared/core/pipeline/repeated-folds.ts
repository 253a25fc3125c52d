/** The difference of two runs over several divisions into folds, each drawn anew. */
import { duplicateSets } from '../dataset/duplicate-samples.ts'
import { decide, judgeDecisions, per1000 } from '../decision/operating-point.ts'
import { joinGroups } from '../folds/join-groups.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import { createStream } from '../math/random.ts'
import type { RepeatedDifference } from '../report/analysis.ts'
import { correctedTTest } from '../statistics/corrected-t.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldResult } from './fold-result.ts'
import { costsOf, pick, pickOrNull } from './run-fold.ts'

/** The experiment on folds of its own, of the same kind; repeat 0 has the folds of the experiment. */
export function redrawn(data: ExperimentData, repeat: number): ExperimentData {
  if (repeat === 0) return data
  const twins =
    data.plan.validation?.keepDuplicatesTogether === true
      ? duplicateSets(data.features, data.yTrue.length).sets
      : null
  const groups =
    data.groups === null || twins === null ? (data.groups ?? twins) : joinGroups(data.groups, twins)
  const stream = createStream(data.seed, 'folds', repeat)
  return { ...data, folds: stratifiedKFold(data.yTrue, data.plan.folds, stream, groups) }
}

/** What a fold comes to, at the threshold fitted inside its training set. */
export interface FoldCost {
  /** Judged in it. */
  readonly samples: number
  /** Of a case. */
  readonly meanCost: number
}

/**
 * How much dearer the first run is than the second per 1,000 cases: the mean over all folds of all
 * repeats, with the interval of Nadeau and Bengio, since training sets overlap.
 *
 * @param nSamples      Judged in a repeat.
 * @param first, second Folds of one run each, all repeats, in the same order.
 */
export function repeatedDifference(
  nSamples: number,
  first: readonly FoldCost[],
  second: readonly FoldCost[],
): Pick<RepeatedDifference, 'costPer1000' | 'interval' | 'folds'> {
  const differences = Float64Array.from(first, ({ meanCost }, i) =>
    per1000(meanCost - second[i]!.meanCost),
  )
  const nTest = first.reduce((sum, { samples }) => sum + samples, 0) / first.length
  const { mean, interval } = correctedTTest(differences, nSamples - nTest, nTest)
  return { costPer1000: mean, interval, folds: differences.length }
}

export function foldCost(
  data: ExperimentData,
  { samples, probabilities, tunedThreshold }: FoldResult,
): FoldCost {
  const { meanCost } = judgeDecisions({
    yTrue: pick(data.yTrue, samples),
    decisions: decide(probabilities, tunedThreshold.value),
    weights: pickOrNull(data.decisionWeights, samples),
    costs: costsOf(data.costs, samples),
  })
  return { samples: samples.length, meanCost }
}
