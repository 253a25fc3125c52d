import { exp, log1p, logit } from '../math/elementary.ts'
import { blockSum } from '../math/sum.ts'

/** p = sigmoid(intercept + slope · x). */
export interface LogisticLine {
  readonly intercept: number
  readonly slope: number
  /** Weighted sum of log losses, nats. */
  readonly objective: number
  /** False when 100 Newton steps did not suffice; the numbers are then the best found. */
  readonly converged: boolean
}

const maxSteps = 100
const maxHalvings = 60

/** Newton's steps square the error: after one this small (relative), the rest is rounding. */
const lastStep = 1e-9

/**
 * Logistic regression on one feature, unpenalised, to machine precision.
 *
 * Minimises the convex sum of wᵢ · (softplus(zᵢ) − tᵢ · zᵢ), zᵢ = intercept + slope · xᵢ, by
 * Newton's method with step halving. Internally x is standardised, so that both parameters are of
 * one size and nearly independent. With a constant x the slope is 0.
 *
 * The caller sees to it that a finite optimum exists: targets strictly between 0 and 1 ensure it,
 * labels only where the classes overlap in x.
 *
 * @param x       Finite, length n ≥ 1.
 * @param targets In [0, 1], length n; their mean lies in (0, 1).
 * @param weights ≥ 0, length n, or null for 1 each; the sum is above 0.
 *
 * O(n) a step, at most 100 steps. Deterministic.
 */
export function fitLogisticLine(
  x: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
): LogisticLine {
  const weight = weights ?? new Float64Array(x.length).fill(1)
  const weightSum = blockSum(weight)
  const meanOf = (values: Float64Array): number =>
    blockSum(values.map((value, i) => weight[i]! * value)) / weightSum
  const center = meanOf(x)
  const spread = Math.sqrt(meanOf(x.map((value) => (value - center) * (value - center))))
  // The mean of equal numbers may miss them by its rounding: such a spread stands for 0.
  const isConstant = !(spread > 1e-14 * Math.abs(center))
  const scaled = x.map((value) => (isConstant ? 0 : (value - center) / spread))

  let level = logit(meanOf(targets)) // the optimum for slope 0
  let tilt = 0
  let here = evaluate(scaled, targets, weight, level, tilt)
  let converged = isConstant
  for (let step = 0; step < maxSteps && !converged; step++) {
    const determinant = here.hLevel * here.hTilt - here.hMixed * here.hMixed
    if (!(determinant > 0)) break // so flat that no direction is left
    const stepLevel = (here.hMixed * here.gTilt - here.hTilt * here.gLevel) / determinant
    const stepTilt = (here.hMixed * here.gLevel - here.hLevel * here.gTilt) / determinant

    // Differences within the rounding of the objective say nothing: then the full step is taken.
    const acceptable = here.objective * (1 + 1e-13)
    let length = 1
    let next = evaluate(scaled, targets, weight, level + stepLevel, tilt + stepTilt)
    for (let halving = 0; halving < maxHalvings && !(next.objective <= acceptable); halving++) {
      length /= 2
      next = evaluate(scaled, targets, weight, level + length * stepLevel, tilt + length * stepTilt)
    }
    level += length * stepLevel
    tilt += length * stepTilt
    here = next
    const size = 1 + Math.abs(level) + Math.abs(tilt)
    converged = length === 1 && Math.abs(stepLevel) + Math.abs(stepTilt) <= lastStep * size
  }
  const slope = isConstant ? 0 : tilt / spread
  return { intercept: level - slope * center, slope, objective: here.objective, converged }
}

/** Objective, gradient and second derivatives in level and tilt. */
interface Evaluation {
  readonly objective: number
  readonly gLevel: number
  readonly gTilt: number
  readonly hLevel: number
  readonly hMixed: number
  readonly hTilt: number
}

const blockSize = 1024 // sums of sums keep rounding small, as in `blockSum`

function evaluate(
  x: Float64Array,
  targets: Float64Array,
  weight: Float64Array,
  level: number,
  tilt: number,
): Evaluation {
  const total = { objective: 0, gLevel: 0, gTilt: 0, hLevel: 0, hMixed: 0, hTilt: 0 }
  for (let start = 0; start < x.length; start += blockSize) {
    const end = Math.min(start + blockSize, x.length)
    let objective = 0
    let gLevel = 0
    let gTilt = 0
    let hLevel = 0
    let hMixed = 0
    let hTilt = 0
    for (let i = start; i < end; i++) {
      const at = x[i]!
      const z = level + tilt * at
      // One exponential, of a number ≤ 0, gives sigmoid, its complement and softplus.
      const e = exp(-Math.abs(z))
      const larger = 1 / (1 + e)
      const smaller = e / (1 + e)
      const residual = weight[i]! * ((z >= 0 ? larger : smaller) - targets[i]!)
      const curvature = weight[i]! * larger * smaller
      objective += weight[i]! * (Math.max(z, 0) + log1p(e) - targets[i]! * z)
      gLevel += residual
      gTilt += residual * at
      hLevel += curvature
      hMixed += curvature * at
      hTilt += curvature * at * at
    }
    total.objective += objective
    total.gLevel += gLevel
    total.gTilt += gTilt
    total.hLevel += hLevel
    total.hMixed += hMixed
    total.hTilt += hTilt
  }
  return total
}
