import type { FitMeans } from '../kernels.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { ForestChoice } from '../plan/plan.ts'
import { drawBalancedBootstrap, drawBootstrap } from './draw-samples.ts'
import { fitTreeVotes } from './tree-votes.ts'
import type { TreeVotes } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

export interface ForestModel<
  Kind extends ForestChoice['kind'] = ForestChoice['kind'],
> extends TreeVotes {
  readonly kind: Kind
}

/**
 * Fits a forest: trees on bootstrap samples that try some of the features at each split, and vote.
 *
 * Balanced, each tree draws as many samples from each class as the rarer one has; bagging is the
 * same with trees that try all features.
 *
 * Weights are carried by the samples that are drawn, they don't change what is drawn: so a weight of
 * 2 is not the bits of a sample that is there twice, as it is for one tree.
 *
 * @returns `iterations` counts the trees.
 * @throws RangeError when a hyperparameter is out of its range.
 *
 * Source: Breiman (2001), "Random Forests"; balanced: Chen, Liaw and Breiman (2004), "Using Random
 * Forest to Learn Imbalanced Data".
 */
export function fitForest<Kind extends ForestChoice['kind']>(
  choice: ForestChoice & { readonly kind: Kind },
  train: TrainingSet,
  checkpoint: Checkpoint,
  means: FitMeans,
): { readonly model: ForestModel<Kind>; readonly report: FitReport } {
  const isBalanced = choice.kind !== 'random_forest'
  const { votes, report } = fitTreeVotes(
    choice.trees,
    choice,
    isBalanced ? drawBalancedBootstrap : drawBootstrap,
    isBalanced,
    train,
    checkpoint,
    means,
  )
  return { model: { kind: choice.kind, ...votes }, report }
}
