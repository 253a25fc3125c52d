import { studentQuantile, studentTails } from '../math/student-t.ts'
import { blockSum } from '../math/sum.ts'
import type { Interval } from '../metrics/interval.ts'

export interface CorrectedTTest {
  readonly mean: number
  /** Sample variance of the differences. */
  readonly variance: number
  readonly degrees: number
  /** Null, with the p-value, where all differences are equal. */
  readonly t: number | null
  readonly pValue: number | null
  /** The t of a naive test, which takes the folds for independent; to show how bold that is. */
  readonly uncorrectedT: number | null
  readonly interval: Interval
}

/**
 * Test of a mean difference over the folds of (repeated) cross-validation.
 *
 * Training sets of folds overlap, so that differences are correlated and the plain t-test finds too
 * much. Its variance factor 1 / k, with k differences, becomes 1 / k + nTest / nTrain.
 *
 * @param differences One per fold, finite; at least 2.
 * @param nTrain, nTest Samples that a fold trains on, and is judged on; > 0.
 * @throws RangeError when there are fewer than 2 differences or a count is not above 0.
 *
 * Source: Nadeau and Bengio (2003), "Inference for the Generalization Error".
 */
export function correctedTTest(
  differences: Float64Array,
  nTrain: number,
  nTest: number,
  level = 0.95,
): CorrectedTTest {
  const k = differences.length
  if (k < 2) throw new RangeError(`a t-test needs at least 2 differences, got ${k}`)
  if (!(nTrain > 0 && nTest > 0)) {
    throw new RangeError(`nTrain and nTest must be above 0, got ${nTrain} and ${nTest}`)
  }
  const mean = blockSum(differences) / k
  const variance = blockSum(differences.map((value) => (value - mean) * (value - mean))) / (k - 1)
  const degrees = k - 1
  const error = Math.sqrt((1 / k + nTest / nTrain) * variance)
  const t = error > 0 ? mean / error : null
  const reach = studentQuantile((1 + level) / 2, degrees) * error
  return {
    mean,
    variance,
    degrees,
    t,
    pValue: t === null ? null : 2 * studentTails(-Math.abs(t), degrees).lower,
    uncorrectedT: error > 0 ? mean / Math.sqrt(variance / k) : null,
    interval: { lower: mean - reach, upper: mean + reach, level, method: 'Nadeau-Bengio' },
  }
}
