import { factorCholesky, solveCholesky } from '../math/cholesky.ts'
import type { DirectionStrategy } from './descent.ts'

const FIRST_JITTER = 1e-12 // share of the largest diagonal entry
const JITTER_GROWTH = 100
const MAX_JITTERS = 8 // the last is 100 times the diagonal: plain gradient descent

/**
 * Newton's directions: −H⁻¹ · gradient, by Cholesky factors.
 *
 * Where rounding has left the Hessian singular (an intercept on which no sample pulls any more), a
 * growing multiple of the identity is added until it can be factored; the direction stays one of
 * descent.
 *
 * @param hessian Leaves the lower triangle of the Hessian at the latest point, row-major.
 */
export function newtonDirections(
  size: number,
  hessian: (out: Float64Array) => void,
): DirectionStrategy {
  const matrix = new Float64Array(size * size)
  const factor = new Float64Array(size * size)

  const next = (gradient: Float64Array, direction: Float64Array): void => {
    hessian(matrix)
    let largest = 0
    for (let j = 0; j < size; j++) largest = Math.max(largest, matrix[j * size + j]!)
    factor.set(matrix)
    let jitter = FIRST_JITTER * largest
    for (let tries = 0; !factorCholesky(factor, size) && tries < MAX_JITTERS; tries++) {
      factor.set(matrix)
      for (let j = 0; j < size; j++) factor[j * size + j]! += jitter
      jitter *= JITTER_GROWTH
    }
    for (let j = 0; j < size; j++) direction[j] = -gradient[j]!
    solveCholesky(factor, size, direction)
  }

  return { next, learn: () => undefined }
}
