/**
 * Descent on a smooth convex function plus an L1 penalty on all parameters but the last:
 *
 *     F(w) = f(w) + λ · Σ |wⱼ|
 *
 * F has no gradient where a parameter is 0. What takes its place is the subgradient of least
 * length: with g the gradient of f,
 *
 *     gⱼ + λ · sign(wⱼ)                          where wⱼ ≠ 0
 *     gⱼ shrunk towards 0 by λ, not beyond it    where wⱼ = 0
 *
 * It is 0 at the optimum and nowhere else, so its length is the measure of convergence.
 *
 * Two searches share it. Proximal Newton minimises F with f replaced by its second-order
 * approximation, by coordinate descent, and goes along the line to that minimum. The orthant-wise
 * method takes the directions of L-BFGS from the subgradient and never lets a parameter change
 * sign within a step: it stops at 0.
 *
 * Source: Lee, Sun, Saunders (2014), "Proximal Newton-type Methods for Minimizing Composite
 * Functions", SIAM J. Optim. 24(3), algorithm 1; Andrew and Gao (2007), "Scalable Training of
 * L1-Regularized Log-Linear Models", ICML, section 3.2.
 */
import type { DescentBounds, DescentResult, DirectionStrategy } from './descent.ts'
import type { LogisticObjective } from './logistic-objective.ts'

const SUFFICIENT_DECREASE = 1e-4
const VALUE_ROUNDING = 1e-13 // relative error of a function value summed over many samples
const MAX_HALVINGS = 50
const STALL_LIMIT = 3 // steps in a row within rounding that may fail to shorten the subgradient
const MAX_SWEEPS = 1000
const SWEEP_GOAL = 1e-3 // a subproblem is solved to this share of the subgradient it started with
const OPERATIONS_PER_TICK = 1e7

/** A point with what is known there. */
interface Place {
  readonly point: Float64Array
  /** Of the smooth part. */
  readonly gradient: Float64Array
  readonly subgradient: Float64Array
  /** Of F. */
  readonly value: number
  /** Of the subgradient. */
  readonly length: number
}

/** A step: from a place to a point, and the change of F that it is expected to bring, < 0. */
type Step = (
  place: Place,
  share: number,
) => { readonly point: Float64Array; readonly change: number }

/** @param tick Called every few ten milliseconds of a subproblem, so that it can throw `Cancelled`. */
export function descendByProximalNewton(
  { evaluate, hessian, nParameters }: LogisticObjective,
  lambda: number,
  start: Float64Array,
  bounds: DescentBounds,
  tick: () => void,
): DescentResult {
  const H = new Float64Array(nParameters * nParameters)
  return descendComposite({ evaluate }, lambda, start, bounds, (place) => {
    hessian(H)
    mirror(H, nParameters)
    const direction = proximalDirection(place, H, lambda, tick)
    let linear = 0
    for (let j = 0; j < nParameters; j++) linear += place.gradient[j]! * direction[j]!
    return ({ point }, share) => {
      const candidate = point.map((w, j) => w + share * direction[j]!)
      // The penalty is convex: along the line it changes by at most its share of the whole step's.
      const whole = point.map((w, j) => w + direction[j]!)
      const change = linear + penaltyOf(whole, lambda) - penaltyOf(point, lambda)
      return { point: candidate, change: share * change }
    }
  })
}

export function descendByOrthants(
  { evaluate, nParameters }: LogisticObjective,
  strategy: DirectionStrategy,
  lambda: number,
  start: Float64Array,
  bounds: DescentBounds,
): DescentResult {
  let before: Place | null = null
  const direction = new Float64Array(nParameters)
  return descendComposite({ evaluate }, lambda, start, bounds, (place) => {
    const { point, gradient, subgradient } = place
    if (before !== null) {
      const from = before
      strategy.learn(
        point.map((w, j) => w - from.point[j]!),
        gradient.map((g, j) => g - from.gradient[j]!),
      )
    }
    before = place
    strategy.next(subgradient, direction)
    for (let j = 0; j < nParameters; j++) {
      if (direction[j]! * subgradient[j]! >= 0) direction[j] = 0
    }
    return (_, share) => {
      let change = 0
      const candidate = point.map((w, j) => {
        const moved = w + share * direction[j]!
        const orthant = w !== 0 ? w : -subgradient[j]!
        const kept = j === nParameters - 1 || moved * orthant > 0 ? moved : 0
        change += subgradient[j]! * (kept - w)
        return kept
      })
      return { point: candidate, change }
    }
  })
}

/** @param stepsFrom Chooses a direction at a place, then gives the steps along it. */
function descendComposite(
  { evaluate }: Pick<LogisticObjective, 'evaluate'>,
  lambda: number,
  start: Float64Array,
  { gradientGoal, maxIterations }: DescentBounds,
  stepsFrom: (place: Place) => Step,
): DescentResult {
  const placeAt = (point: Float64Array): Place => {
    const gradient = new Float64Array(point.length)
    const value = evaluate(point, gradient) + penaltyOf(point, lambda)
    const subgradient = leastSubgradient(point, gradient, lambda)
    return { point, gradient, subgradient, value, length: lengthOf(subgradient) }
  }
  let place = placeAt(start)
  let shortest = place.length
  let best = place
  let stalled = 0
  let iterations = 0
  while (iterations < maxIterations && place.length > gradientGoal && stalled < STALL_LIMIT) {
    const step = stepsFrom(place)
    let next: Place | null = null
    for (let halvings = 0, share = 1; halvings <= MAX_HALVINGS; halvings++, share /= 2) {
      const { point, change } = step(place, share)
      if (!(change < 0)) break
      const candidate = placeAt(point)
      const rounding = VALUE_ROUNDING * Math.abs(place.value)
      if (candidate.value > place.value + SUFFICIENT_DECREASE * change + rounding) continue
      next = candidate
      break
    }
    if (next === null) break
    iterations++
    // Within rounding of the value only the subgradient tells whether a step led anywhere.
    const within = next.value >= place.value - VALUE_ROUNDING * Math.abs(place.value)
    stalled = within && next.length > shortest / 2 ? stalled + 1 : 0
    place = next
    if (place.length < best.length) best = place
    shortest = Math.min(shortest, place.length)
  }
  const last = place.value > best.value + VALUE_ROUNDING * Math.abs(best.value) ? place : best
  return { point: last.point, gradientLength: last.length, iterations }
}

/** The step to the minimum of gᵀd + ½ dᵀHd + λ · Σ |wⱼ + dⱼ|, by coordinate descent. */
function proximalDirection(
  { point, gradient, length }: Place,
  H: Float64Array,
  lambda: number,
  tick: () => void,
): Float64Array {
  const size = point.length
  const direction = new Float64Array(size)
  const slopes = gradient.slice() // g + H · d
  const sweepsPerTick = Math.ceil(OPERATIONS_PER_TICK / (size * size))
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    if (sweep % sweepsPerTick === 0) tick()
    let squares = 0
    for (let j = 0; j < size; j++) {
      const curvature = H[j * size + j]!
      if (!(curvature > 0)) continue
      const w = point[j]! + direction[j]!
      const moved = w - slopes[j]! / curvature
      const shrunk = j === size - 1 ? moved : shrink(moved, lambda / curvature)
      const change = shrunk - w
      if (change === 0) continue
      squares += change * curvature * (change * curvature)
      direction[j]! += change
      for (let k = 0; k < size; k++) slopes[k]! += change * H[j * size + k]!
    }
    if (Math.sqrt(squares) <= SWEEP_GOAL * length * Math.min(1, length)) break
    if (squares === 0) break
  }
  return direction
}

function leastSubgradient(
  point: Float64Array,
  gradient: Float64Array,
  lambda: number,
): Float64Array {
  return gradient.map((g, j) => {
    const w = point[j]!
    if (j === point.length - 1) return g
    if (w !== 0) return g + (w > 0 ? lambda : -lambda)
    return shrink(g, lambda)
  })
}

/** `x` moved towards 0 by `by`, not beyond it. */
function shrink(x: number, by: number): number {
  if (x > by) return x - by
  return x < -by ? x + by : 0
}

function penaltyOf(point: Float64Array, lambda: number): number {
  let sum = 0
  for (let j = 0; j < point.length - 1; j++) sum += Math.abs(point[j]!)
  return lambda * sum
}

/** Copies the lower triangle to above the diagonal. */
function mirror(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) matrix[k * size + j] = matrix[j * size + k]!
  }
}

function lengthOf(a: Float64Array): number {
  let squares = 0
  for (const x of a) squares += x * x
  return Math.sqrt(squares)
}
