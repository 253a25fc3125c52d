/** How much a model owes to each feature. */
import { noCheckpoint } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { GradientBoostingModel } from './gradient-boosting.ts'

/**
 * Share of the gain of all splits that each feature's splits have.
 *
 * It favours features with many values and says what the trees used, not what they need: of two
 * features that say the same, one may have it all. See `permutationImportance`.
 *
 * @returns Length nFeatures, ≥ 0; the sum is 1, or 0 for a model without splits.
 */
export function gainImportance({ nFeatures, trees }: GradientBoostingModel): Float64Array {
  const gains = new Float64Array(nFeatures)
  let total = 0
  trees.feature.forEach((feature, node) => {
    if (feature < 0) return
    gains[feature]! += trees.gain[node]!
    total += trees.gain[node]!
  })
  return total > 0 ? gains.map((gain) => gain / total) : gains
}

/** Means and standard deviations over the repeats, one of each per group. */
export interface PermutationImportance {
  readonly mean: Float64Array
  readonly standardDeviation: Float64Array
}

/**
 * How much worse a measure gets when the values of some features are exchanged among the samples.
 *
 * @param X       Samples that the model was not fitted on; left as it is in the end.
 * @param groups  Features that are exchanged together, as those of one column of a table.
 * @param measure Of the model's answers to a matrix; higher is better.
 * @param repeats Exchanges per group, ≥ 1.
 * @returns Per group, measure before minus measure after: near 0 for one that is not needed, and
 *   below 0 where the model would do better without it.
 * @throws RangeError when repeats is not a whole number from 1.
 *
 * Source: Breiman (2001), "Random Forests", section 10.
 */
export function permutationImportance(
  X: Matrix,
  groups: readonly (readonly number[])[],
  measure: (X: Matrix) => number,
  repeats: number,
  stream: RandomStream,
  checkpoint: Checkpoint = noCheckpoint,
): PermutationImportance {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`repeats must be a whole number from 1, got ${repeats}`)
  }
  const { values, nSamples, nFeatures } = X
  const mean = new Float64Array(groups.length)
  const standardDeviation = new Float64Array(groups.length)
  const changed: Matrix = { ...X, values: values.slice() }
  const before = measure(X)
  groups.forEach((features, group) => {
    const drops = new Float64Array(repeats)
    for (let repeat = 0; repeat < repeats; repeat++) {
      checkpoint((group * repeats + repeat) / (groups.length * repeats))
      const order = Int32Array.from({ length: nSamples }, (_, i) => i)
      shuffle(order, stream)
      order.forEach((from, to) => {
        for (const feature of features) {
          changed.values[to * nFeatures + feature] = values[from * nFeatures + feature]!
        }
      })
      drops[repeat] = before - measure(changed)
    }
    for (let i = 0; i < nSamples; i++) {
      for (const feature of features) {
        changed.values[i * nFeatures + feature] = values[i * nFeatures + feature]!
      }
    }
    const average = drops.reduce((sum, drop) => sum + drop, 0) / repeats
    const squares = drops.reduce((sum, drop) => sum + (drop - average) ** 2, 0)
    mean[group] = average
    standardDeviation[group] = Math.sqrt(squares / Math.max(1, repeats - 1))
  })
  checkpoint(1)
  return { mean, standardDeviation }
}
