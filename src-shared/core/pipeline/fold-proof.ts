import { duplicateSets } from '../dataset/duplicate-samples.ts'
import type { FoldProof } from '../report/analysis.ts'
import { samplesOfFold, trainingSamples } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'

/**
 * What training and judgement of each fold have in common, counted from the samples themselves.
 *
 * @param scheme    In words.
 * @param notJudged Rows that are no samples, and why.
 */
export function foldProof(
  data: Pick<ExperimentData, 'features' | 'yTrue' | 'groups' | 'folds' | 'order' | 'plan'>,
  scheme: string,
  notJudged: FoldProof['notJudged'],
): FoldProof {
  const { yTrue, groups, folds, order } = data
  const nSamples = yTrue.length
  const { sets, nSets } = duplicateSets(data.features, nSamples)
  const trained = new Uint8Array(nSamples)
  const trainedSets = new Uint8Array(nSets)
  let duplicatesAcross = 0
  let positives = 0
  let judgedInAll = 0
  const proofs = Array.from({ length: data.plan.folds }, (_, fold) => {
    const training = trainingSamples(data, fold)
    const judged = samplesOfFold(folds, fold, 'inside')
    trained.fill(0)
    trainedSets.fill(0)
    const trainedGroups = new Set<number>()
    let last = -Infinity
    for (const i of training) {
      trained[i] = 1
      trainedSets[sets[i]!] = 1
      if (groups !== null && groups[i]! >= 0) trainedGroups.add(groups[i]!)
      if (order !== undefined) last = Math.max(last, order.days[i]!)
    }
    let shared = 0
    let judgedPositives = 0
    let first = Infinity
    const sharedGroups = new Set<number>()
    for (const i of judged) {
      shared += trained[i]!
      judgedPositives += yTrue[i]!
      duplicatesAcross += trainedSets[sets[i]!]!
      if (groups !== null && trainedGroups.has(groups[i]!)) sharedGroups.add(groups[i]!)
      if (order !== undefined) first = Math.min(first, order.days[i]!)
    }
    positives += judgedPositives
    judgedInAll += judged.length
    return {
      fold,
      training: training.length,
      judged: judged.length,
      judgedPositives,
      shared,
      sharedGroups: sharedGroups.size,
      latestOverlap: order !== undefined && last >= first,
      gapDays: order === undefined || training.length === 0 ? null : first - last,
    }
  })
  const onlyTrains = nSamples - judgedInAll
  return {
    scheme,
    judged: { positives, negatives: judgedInAll - positives },
    folds: proofs,
    duplicatesAcross,
    notJudged: [
      ...(onlyTrains > 0
        ? [
            {
              rows: onlyTrains,
              reason: 'the earliest: they train, and nothing is earlier to judge them by',
            },
          ]
        : []),
      ...notJudged,
    ],
  }
}
