/** Where some samples are judged by no fold, what is judged is looked at without them. */
import { takeValues } from '../dataset/take-rows.ts'
import { ONLY_TRAINS } from '../folds/time-ordered.ts'
import { prevalenceWeights } from '../frame/sample-costs.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { OutOfFold } from './out-of-fold.ts'

export interface JudgedView {
  readonly data: ExperimentData
  /** Position in the experiment of each sample of the view; null where all are judged. */
  readonly samples: Int32Array | null
}

/** The samples of an experiment that folds judge, as an experiment of its own. */
export function judgedView(data: ExperimentData): JudgedView {
  if (!data.folds.includes(ONLY_TRAINS)) return { data, samples: null }
  const samples = data.folds.map((_, i) => i).filter((i) => data.folds[i] !== ONLY_TRAINS)
  const numbers = (values: Float64Array): Float64Array =>
    Float64Array.from(samples, (i) => values[i]!)
  const integers = (values: Int32Array): Int32Array => samples.map((i) => values[i]!)
  const cost = (source: number | Float64Array): number | Float64Array =>
    typeof source === 'number' ? source : numbers(source)
  const yTrue = Uint8Array.from(samples, (i) => data.yTrue[i]!)
  const sampleWeights = data.sampleWeights === null ? null : numbers(data.sampleWeights)
  // Weighted to the prevalence in use by the classes that are judged.
  const isShifted = data.decisionWeights !== data.sampleWeights && data.decisionWeights !== null
  const { truePositive, falsePositive, trueNegative, falseNegative, constant } = data.costs
  const costs: SampleCosts = {
    truePositive: cost(truePositive),
    falsePositive: cost(falsePositive),
    trueNegative: cost(trueNegative),
    falseNegative: cost(falseNegative),
    constant,
  }
  return {
    samples,
    data: {
      ...data,
      features: data.features.map((column) => takeValues(column, samples)),
      yTrue,
      sampleWeights,
      decisionWeights: isShifted
        ? prevalenceWeights(yTrue, sampleWeights, data.prevalence.inUse)
        : sampleWeights,
      weightColumns: {},
      groups: data.groups === null ? null : integers(data.groups),
      times: data.times === null ? null : numbers(data.times),
      costs,
      folds: integers(data.folds),
      ...(data.order === undefined
        ? {}
        : { order: { ...data.order, days: numbers(data.order.days) } }),
    },
  }
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
