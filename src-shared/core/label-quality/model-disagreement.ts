import type { ModelScores } from './suspicion.ts'
import { boundedLogit } from './suspicion.ts'

export interface ModelDisagreement {
  /**
   * Standard deviation over models of the mean logit of their repeats, per sample, ≥ 0. High where
   * models read a sample differently: it lies where they extrapolate in different ways.
   */
  readonly betweenModels: Float64Array
  /** The same over the repeats of one model, averaged over models: what the luck of folds changes. */
  readonly betweenRepeats: Float64Array
}

/**
 * How far models, and repeats of one model, disagree on each sample.
 *
 * @param models At least one, each with at least one repeat, all of one length.
 * @returns Both all 0 where there is nothing to compare.
 */
export function modelDisagreement(models: readonly ModelScores[]): ModelDisagreement {
  const nSamples = models[0]?.repeats[0]?.length ?? 0
  const betweenModels = new Float64Array(nSamples)
  const betweenRepeats = new Float64Array(nSamples)
  for (let i = 0; i < nSamples; i++) {
    const means: number[] = []
    for (const { repeats } of models) {
      const { mean, deviation } = spreadOf(repeats.map((scores) => boundedLogit(scores[i]!)))
      means.push(mean)
      betweenRepeats[i]! += deviation / models.length
    }
    betweenModels[i] = spreadOf(means).deviation
  }
  return { betweenModels, betweenRepeats }
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return { mean, deviation: Math.sqrt(square / values.length) }
}
