import { prevalenceWeights, type SampleCosts } from '../frame/sample-costs.ts'
import { ln, logit, sigmoid } from '../math/elementary.ts'
import { prevalence as prevalenceOf } from '../metrics/probability.ts'
import { costCurve } from './threshold-curves.ts'
import {
  solveOperatingPoint,
  type Requirement,
  type SolvedPoint,
  type Workload,
} from './solve-operating-point.ts'

export interface Transferred {
  /** Probabilities at the new prevalence, length nSamples. */
  readonly posterior: Float64Array
  /** Weights under which the samples have the new prevalence. */
  readonly weights: Float64Array | null
  readonly solved: SolvedPoint
}

/**
 * Posterior, threshold, workload and cost at another prevalence, solved together.
 *
 * Probabilities are moved by the change of the prior odds, and samples weighed so that they have the
 * new prevalence. Right when positives and negatives look as before and only their shares change;
 * `estimatePrior` and `blackBoxShift` of core/drift estimate the new one from unlabelled cases.
 *
 * @param probabilities Calibrated at the (weighted) prevalence of the samples, in [0, 1].
 * @param newPrevalence In (0, 1).
 * @throws RangeError when a class is missing or a value lies outside its range.
 */
export function transferPrevalence({
  yTrue,
  probabilities,
  weights,
  costs,
  newPrevalence,
  goal,
  requirements,
  workload,
}: {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
  readonly costs: SampleCosts
  readonly newPrevalence: number
  readonly goal: 'cost' | 'recall'
  readonly requirements: readonly Requirement[]
  readonly workload: Workload
}): Transferred {
  const moved = prevalenceWeights(yTrue, weights, newPrevalence)
  const oldPrevalence = prevalenceOf(yTrue, weights).value!
  const shift = logit(newPrevalence) - logit(oldPrevalence)
  const posterior = probabilities.map((p) => {
    if (p === 0 || p === 1) return p
    return sigmoid(ln(p / (1 - p)) + shift)
  })
  const curve = costCurve({ yTrue, probabilities: posterior, weights: moved, costs })
  return {
    posterior,
    weights: moved,
    solved: solveOperatingPoint({ curve, goal, requirements, workload }),
  }
}
