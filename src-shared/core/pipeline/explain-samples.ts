import { plainEngine } from '../kernels.ts'
import type { Engine } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { logit } from '../math/elementary.ts'
import type { Configuration, ModelChoice } from '../plan/plan.ts'
import { trainingSamples } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import { contributionsOf } from './fold-insight.ts'
import { outerFit } from './run-fold.ts'

/** Why the model that has not seen some samples scores them as it does. */
export interface Explanation {
  /** In the order of the contributions of a sample. */
  readonly columns: readonly string[]
  readonly samples: Int32Array
  /** Logit of nobody in particular. */
  readonly expected: number
  /** Of the model's own score, before correction and calibration; length nSamples. */
  readonly logits: Float64Array
  /** nSamples × columns; those of a sample and `expected` add up to its logit. */
  readonly contributions: Float64Array
}

/**
 * Explains samples that a fold judges. Models aren't kept, so that of the fold is fitted again: to
 * the same bits, since all it draws is named by fold.
 *
 * @param samples Inside the fold.
 * @param found   What a search has found for the fold; null without a search.
 * @returns Null for models without exact contributions.
 * @throws RangeError when a sample is not judged by the fold.
 */
export function explainSamples(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  samples: Int32Array,
  found: ModelChoice | null,
  checkpoint: Checkpoint,
  engine: Engine = plainEngine,
): Explanation | null {
  const outside = samples.find((sample) => data.folds[sample] !== fold)
  if (outside !== undefined) {
    throw new RangeError(`sample ${outside} is judged by another fold than ${fold}`)
  }
  const train = trainingSamples(data, fold)
  const model = found ?? configuration.model
  if (model.kind !== 'gradient_boosting' && model.kind !== 'logistic_regression') return null
  const outer = outerFit(
    data,
    { ...configuration, model },
    fold,
    samples,
    partOf(checkpoint, 0, 0.8),
    engine,
  )
  const contributions = contributionsOf(data, outer, train, samples, partOf(checkpoint, 0.8, 1))
  return (
    contributions && {
      columns: data.features.map(({ name }) => name),
      samples,
      expected: contributions.expected,
      logits: outer.scores.map(logit),
      contributions: contributions.perColumn,
    }
  )
}
