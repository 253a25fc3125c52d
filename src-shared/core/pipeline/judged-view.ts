/** Where some samples are judged by no fold, what is judged is looked at without them. */
import { ONLY_TRAINS } from '../folds/time-ordered.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'
import { takeSamples } from './take-samples.ts'

export interface JudgedView {
  readonly data: ExperimentData
  /** Position in the experiment of each sample of the view; null where all are judged. */
  readonly samples: Int32Array | null
}

/** The samples of an experiment that folds judge, as an experiment of its own. */
export function judgedView(data: ExperimentData): JudgedView {
  if (!data.folds.includes(ONLY_TRAINS)) return { data, samples: null }
  const samples = data.folds.map((_, i) => i).filter((i) => data.folds[i] !== ONLY_TRAINS)
  return { data: takeSamples(data, samples), samples }
}

/** Predictions of the samples of a view. */
export function inView(predictions: OutOfFold, { samples }: JudgedView): OutOfFold {
  if (samples === null) return predictions
  const pick = (values: Float64Array): Float64Array => Float64Array.from(samples, (i) => values[i]!)
  const { scores, corrected, probabilities } = predictions
  return {
    ...predictions,
    scores: pick(scores),
    corrected: corrected === null ? null : pick(corrected),
    probabilities: pick(probabilities),
  }
}
