import type { FitMeans } from '../kernels.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { DecisionTreeChoice } from '../plan/plan.ts'
import { drawEverySample } from './draw-samples.ts'
import { fitTreeVotes } from './tree-votes.ts'
import type { TreeVotes } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface DecisionTreeModel extends TreeVotes {
  readonly kind: 'decision_tree'
}

/**
 * Fits one classification tree: the probability of a sample is the share of the positive class in
 * its leaf. See kernels/forest.ts for how it grows.
 *
 * @returns `iterations` is 1, or 0 where there is nothing to split on.
 * @throws RangeError when a hyperparameter is out of its range.
 */
export function fitDecisionTree(
  choice: DecisionTreeChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  means: FitMeans,
): { readonly model: DecisionTreeModel; readonly report: FitReport } {
  const { votes, report } = fitTreeVotes(
    1,
    choice,
    drawEverySample,
    false,
    train,
    checkpoint,
    means,
  )
  return { model: { kind: choice.kind, ...votes }, report }
}
