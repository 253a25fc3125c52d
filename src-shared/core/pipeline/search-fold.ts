/** A search for hyperparameters inside the training set of one outer fold. */
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import type { Configuration, ModelChoice, SearchChoice } from '../plan/plan.ts'
import { drawTrials } from '../search/draw-trials.ts'
import { pendingTrials, searchSteps, winningTrial } from '../search/search-steps.ts'
import type { TrialResult } from '../search/search-steps.ts'
import { trainingSamples } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldSearch } from './fold-result.ts'
import { shareOfSamples } from './share-of-samples.ts'

/** Samples of each class below which trials aren't told apart; a sampler needs neighbours too. */
const LEAST_PER_CLASS = 40

/**
 * Does the trials that are missing and takes the best.
 *
 * @param judge One trial at one step; see `runTrial`.
 */
export function searchFold(
  { seed }: Pick<ExperimentData, 'seed'>,
  { search, model }: Pick<Configuration, 'model'> & { readonly search: SearchChoice },
  known: readonly TrialResult[],
  judge: (next: Pick<TrialResult, 'step' | 'trial'>, checkpoint: Checkpoint) => TrialResult,
  checkpoint: Checkpoint,
): { readonly model: ModelChoice; readonly search: FoldSearch } {
  const steps = searchSteps(search)
  const inAll = steps.reduce((sum, { trials }) => sum + trials, 0)
  const results = [...known]
  let [next] = pendingTrials(search, results)
  while (next !== undefined) {
    const done = results.length
    results.push(judge(next, partOf(checkpoint, done / inAll, (done + 1) / inAll)))
    next = pendingTrials(search, results)[0]
  }
  const drawn = drawTrials(search, model, seed)
  const chosen = winningTrial(search, results)
  return {
    model: drawn[chosen]!.model,
    search: {
      metric: search.metric,
      chosen,
      trials: results
        .toSorted((a, b) => a.step - b.step || a.trial - b.trial)
        .map(({ step, trial, value }) => ({
          step,
          trial,
          value,
          share: steps[step]!.share,
          hyperparameters: drawn[trial]!.hyperparameters,
        })),
    },
  }
}

/**
 * What a trial is and what it is judged on.
 *
 * The samples of a step are drawn for the fold, each class by itself, and are part of those of the
 * next step: all trials of a step are judged alike.
 *
 * @throws RangeError when the configuration has no such trial.
 */
export function trialOf(
  data: Pick<ExperimentData, 'folds' | 'groups' | 'order' | 'seed' | 'yTrue'>,
  { name, model, search, sampling }: Configuration,
  fold: number,
  { step, trial }: Pick<TrialResult, 'step' | 'trial'>,
): {
  readonly model: ModelChoice
  readonly metric: SearchChoice['metric']
  readonly samples: Int32Array
} {
  const drawn = search && drawTrials(search, model, data.seed)[trial]
  const share = search && searchSteps(search)[step]?.share
  if (search === undefined || drawn === undefined || share === undefined) {
    throw new RangeError(`${name} has no trial ${trial} at step ${step}`)
  }
  const outside = trainingSamples(data, fold)
  const neighbors = 'neighbors' in sampling ? sampling.neighbors : 0
  const samples = shareOfSamples(
    data.yTrue,
    outside,
    share,
    Math.max(LEAST_PER_CLASS, 4 * neighbors),
    createStream(data.seed, 'search samples', fold),
  )
  return { model: drawn.model, metric: search.metric, samples }
}
