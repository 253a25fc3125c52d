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

/**
 * How much dearer the first run is than the second per 1,000 cases: the mean over all folds of all
 * repeats, with the interval of Nadeau and Bengio, since training sets overlap.
 *
 * @param first, second Fold results of one run each, all repeats, in the same order.
 */
export function repeatedDifference(
  data: ExperimentData,
  first: readonly FoldResult[],
  second: readonly FoldResult[],
): Pick<RepeatedDifference, 'costPer1000' | 'interval' | 'folds'> {
  const differences = Float64Array.from(first, (fold, i) => {
    return per1000(meanCost(data, fold) - meanCost(data, second[i]!))
  })
  const nTest = first.reduce((sum, { samples }) => sum + samples.length, 0) / first.length
  const { mean, interval } = correctedTTest(differences, data.yTrue.length - nTest, nTest)
  return { costPer1000: mean, interval, folds: differences.length }
}

/** Mean cost of a case of a fold at the threshold of that fold. */
function meanCost(
  data: ExperimentData,
  { samples, probabilities, tunedThreshold }: FoldResult,
): number {
  return judgeDecisions({
    yTrue: pick(data.yTrue, samples),
    decisions: decide(probabilities, tunedThreshold.value),
    weights: pickOrNull(data.decisionWeights, samples),
    costs: costsOf(data.costs, samples),
  }).meanCost
}
