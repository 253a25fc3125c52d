import type { TrainingSet } from '#shared/core/models/training-set.ts'
import type { BenchContext } from './bench-item.ts'

/** The whole bench table, standardised, to fit a model on. */
export function trainingSetOf({ table }: BenchContext): TrainingSet {
  const { nSamples, nFeatures } = table
  return {
    X: { values: table.readStandardized(), nSamples, nFeatures },
    yTrue: table.readLabels(),
    weights: null,
  }
}
