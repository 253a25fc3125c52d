import { takeValues } from '../dataset/take-rows.ts'
import { prevalenceWeights } from '../frame/sample-costs.ts'
import type { ExperimentData } from './experiment-data.ts'

/**
 * An experiment on some of the samples of another, in the order given; a sample may come more than
 * once. Weighted to the prevalence in use by the classes that are taken, where the other is.
 */
export function takeSamples(data: ExperimentData, samples: Int32Array): ExperimentData {
  const numbers = (values: Float64Array): Float64Array =>
    Float64Array.from(samples, (i) => values[i]!)
  const integers = (values: Int32Array): Int32Array => samples.map((i) => values[i]!)
  const cost = (source: number | Float64Array): number | Float64Array =>
    typeof source === 'number' ? source : numbers(source)
  const yTrue = Uint8Array.from(samples, (i) => data.yTrue[i]!)
  const sampleWeights = data.sampleWeights === null ? null : numbers(data.sampleWeights)
  const isShifted = data.decisionWeights !== data.sampleWeights && data.decisionWeights !== null
  const { truePositive, falsePositive, trueNegative, falseNegative, constant } = data.costs
  const { order, ...rest } = data
  return {
    ...rest,
    features: data.features.map((column) => takeValues(column, samples)),
    yTrue,
    sampleWeights,
    decisionWeights: isShifted
      ? prevalenceWeights(yTrue, sampleWeights, data.prevalence.inUse)
      : sampleWeights,
    weightColumns: {},
    groups: data.groups === null ? null : integers(data.groups),
    times: data.times === null ? null : numbers(data.times),
    costs: {
      truePositive: cost(truePositive),
      falsePositive: cost(falsePositive),
      trueNegative: cost(trueNegative),
      falseNegative: cost(falseNegative),
      constant,
    },
    folds: integers(data.folds),
    ...(order === undefined ? {} : { order: { ...order, days: numbers(order.days) } }),
  }
}
