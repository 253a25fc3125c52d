/** Logistic regression on a few features, unpenalised, to machine precision. */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts'
import { exp, log1p } from '../math/elementary.ts'

/** z = Σ coefficients · columns; a column of ones gives an intercept. */
export interface LogisticPlane {
  readonly coefficients: readonly number[]
  /** Weighted sum of log losses, nats. */
  readonly objective: number
  /** False when 100 Newton steps did not suffice; the numbers are then the best found. */
  readonly converged: boolean
}

const maxSteps = 100
const maxHalvings = 60
const lastStep = 1e-9 // Newton's steps square the error: after one this small the rest is rounding
const blockSize = 1024 // sums of sums keep rounding small, as in `blockSum`

/**
 * Minimises the convex sum of wᵢ · (softplus(zᵢ) − tᵢ zᵢ) by Newton's method with step halving.
 *
 * The caller sees to it that a finite optimum exists and that columns are independent and of
 * about one size. `fitLogisticLine` is the same for a line.
 *
 * @param columns One to three of length n each.
 * @param targets In [0, 1], length n.
 * @param weights ≥ 0, length n, or null for 1 each.
 *
 * O(n) a step, at most 100 steps. Deterministic.
 */
export function fitLogisticPlane(
  columns: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array | null,
): LogisticPlane {
  const k = columns.length
  let coefficients = new Array<number>(k).fill(0)
  let here = evaluate(columns, targets, weights, coefficients)
  let converged = false
  for (let step = 0; step < maxSteps && !converged; step++) {
    const direction = Float64Array.from(here.gradient)
    const factor = Float64Array.from(here.hessian.flat())
    if (!factorCholesky(factor, k)) break // so flat that no direction is left
    solveCholesky(factor, k, direction)
    const moved = (length: number): number[] =>
      coefficients.map((value, j) => value - length * direction[j]!)
    const acceptable = here.objective * (1 + 1e-13)
    let length = 1
    let next = evaluate(columns, targets, weights, moved(1))
    for (let halving = 0; halving < maxHalvings && !(next.objective <= acceptable); halving++) {
      length /= 2
      next = evaluate(columns, targets, weights, moved(length))
    }
    coefficients = moved(length)
    here = next
    const size = 1 + coefficients.reduce((sum, value) => sum + Math.abs(value), 0)
    const change = direction.reduce((sum, value) => sum + Math.abs(value), 0)
    converged = length === 1 && change <= lastStep * size
  }
  return { coefficients, objective: here.objective, converged }
}

/** First and second derivative of the sum of log losses of z = slope · x in the slope. */
export function evaluateSlope(
  x: Float64Array,
  targets: Float64Array,
  weights: Float64Array | null,
  slope: number,
): { readonly gradient: number; readonly curvature: number } {
  const { gradient, hessian } = evaluate([x], targets, weights, [slope])
  return { gradient: gradient[0]!, curvature: hessian[0]![0]! }
}

interface Evaluation {
  readonly objective: number
  readonly gradient: readonly number[]
  readonly hessian: readonly (readonly number[])[]
}

function evaluate(
  columns: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array | null,
  coefficients: readonly number[],
): Evaluation {
  const k = columns.length
  let objective = 0
  const gradient = new Array<number>(k).fill(0)
  const hessian = coefficients.map(() => new Array<number>(k).fill(0))
  for (let start = 0; start < targets.length; start += blockSize) {
    const end = Math.min(start + blockSize, targets.length)
    let blockObjective = 0
    const blockGradient = new Array<number>(k).fill(0)
    const blockHessian = coefficients.map(() => new Array<number>(k).fill(0))
    for (let i = start; i < end; i++) {
      let z = 0
      for (let j = 0; j < k; j++) z += coefficients[j]! * columns[j]![i]!
      const e = exp(-Math.abs(z))
      const larger = 1 / (1 + e)
      const smaller = e * larger
      const weight = weights === null ? 1 : weights[i]!
      const residual = weight * ((z >= 0 ? larger : smaller) - targets[i]!)
      const curvature = weight * larger * smaller
      blockObjective += weight * (Math.max(z, 0) + log1p(e) - targets[i]! * z)
      for (let j = 0; j < k; j++) {
        const x = columns[j]![i]!
        blockGradient[j]! += residual * x
        for (let l = 0; l <= j; l++) blockHessian[j]![l]! += curvature * x * columns[l]![i]!
      }
    }
    objective += blockObjective
    for (let j = 0; j < k; j++) {
      gradient[j]! += blockGradient[j]!
      for (let l = 0; l <= j; l++) hessian[j]![l]! += blockHessian[j]![l]!
    }
  }
  return { objective, gradient, hessian }
}
