/** How much a model owes to each feature. */
import { noCheckpoint, partOf } from '../math/checkpoint.ts'
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

/** Values of changed samples that are scored at once: asking a model has a price of its own. */
const VALUES_AT_ONCE = 1 << 18

/**
 * How much worse a measure gets when the values of some features are exchanged among the samples.
 *
 * @param X       Samples that the model was not fitted on.
 * @param groups  Features that are exchanged together, as those of one column of a table.
 * @param score   The model's answers to samples, each by itself.
 * @param measure Of the answers to all samples in order; higher is better.
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
  score: (X: Matrix, checkpoint: Checkpoint) => Float64Array,
  measure: (scores: Float64Array) => number,
  repeats: number,
  stream: RandomStream,
  checkpoint: Checkpoint = noCheckpoint,
): PermutationImportance {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`repeats must be a whole number from 1, got ${repeats}`)
  }
  const { values, nSamples, nFeatures } = X
  const exchanges = groups.flatMap((features) => new Array<typeof features>(repeats).fill(features))
  const drops = new Float64Array(exchanges.length)
  const before = measure(score(X, partOf(checkpoint, 0, 0)))
  const atOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / Math.max(1, values.length)))
  for (let first = 0; first < exchanges.length; first += atOnce) {
    const some = exchanges.slice(first, first + atOnce)
    const part = partOf(
      checkpoint,
      first / exchanges.length,
      (first + some.length) / exchanges.length,
    )
    part(0)
    const changed = new Float64Array(some.length * values.length)
    some.forEach((features, k) => {
      const start = k * values.length
      changed.set(values, start)
      const order = Int32Array.from({ length: nSamples }, (_, i) => i)
      shuffle(order, stream)
      for (const feature of features) {
        order.forEach((from, to) => {
          changed[start + to * nFeatures + feature] = values[from * nFeatures + feature]!
        })
      }
    })
    const scores = score({ values: changed, nSamples: some.length * nSamples, nFeatures }, part)
    some.forEach((_, k) => {
      drops[first + k] = before - measure(scores.subarray(k * nSamples, (k + 1) * nSamples))
    })
  }
  const mean = new Float64Array(groups.length)
  const standardDeviation = new Float64Array(groups.length)
  groups.forEach((_, group) => {
    const own = drops.subarray(group * repeats, (group + 1) * repeats)
    const average = own.reduce((sum, drop) => sum + drop, 0) / repeats
    const squares = own.reduce((sum, drop) => sum + (drop - average) ** 2, 0)
    mean[group] = average
    standardDeviation[group] = Math.sqrt(squares / Math.max(1, repeats - 1))
  })
  checkpoint(1)
  return { mean, standardDeviation }
}
