import type { DirectionStrategy } from './descent.ts'

const MEMORY = 20 // steps remembered

/**
 * Directions of the limited-memory BFGS method: −B · gradient, where B approximates the inverse
 * Hessian by the latest 20 steps and what they did to the gradient.
 *
 * B starts from the inverse of the Hessian's diagonal at the first point, rescaled with each step,
 * so that features of different scale need no more iterations than scaled ones.
 *
 * O(40 · size) time and memory.
 *
 * Source: Nocedal and Wright (2006), "Numerical Optimization", 2nd ed., algorithm 7.4.
 *
 * @param diagonal Leaves the diagonal of the Hessian at the latest point; called once.
 */
export function lbfgsDirections(
  size: number,
  diagonal: (out: Float64Array) => void,
): DirectionStrategy {
  interface Pair {
    readonly step: Float64Array
    readonly change: Float64Array
    readonly product: number
  }
  const pairs: Pair[] = []
  const inverseDiagonal = new Float64Array(size)
  let scale = 0 // 0: the diagonal is still to be asked for
  const shares = new Float64Array(MEMORY)

  const next = (gradient: Float64Array, direction: Float64Array): void => {
    if (scale === 0) {
      diagonal(inverseDiagonal)
      for (let j = 0; j < size; j++) inverseDiagonal[j] = 1 / (inverseDiagonal[j]! || 1)
      scale = 1
    }
    for (let j = 0; j < size; j++) direction[j] = -gradient[j]!
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { step, change, product } = pairs[k]!
      const share = dot(step, direction) / product
      shares[k] = share
      for (let j = 0; j < size; j++) direction[j]! -= share * change[j]!
    }
    for (let j = 0; j < size; j++) direction[j]! *= scale * inverseDiagonal[j]!
    for (let k = 0; k < pairs.length; k++) {
      const { step, change, product } = pairs[k]!
      const share = shares[k]! - dot(change, direction) / product
      for (let j = 0; j < size; j++) direction[j]! += share * step[j]!
    }
  }

  const learn = (step: Float64Array, change: Float64Array): void => {
    const product = dot(step, change)
    let scaledChange = 0
    for (let j = 0; j < size; j++) scaledChange += change[j]! * change[j]! * inverseDiagonal[j]!
    // Positive for every step on a strictly convex function, but for rounding.
    if (!(product > 0 && scaledChange > 0)) return
    if (pairs.length === MEMORY) pairs.shift()
    pairs.push({ step: step.slice(), change: change.slice(), product })
    scale = product / scaledChange
  }

  return { next, learn }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}
