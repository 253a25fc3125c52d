/**
 * Descent on a smooth, strictly convex function: a direction from a strategy, a step length by
 * backtracking, until the gradient is small.
 *
 * Near the minimum the decrease drowns in the rounding of the function's value long before the
 * gradient loses its digits. There a step also counts as good when the value stays where it is to
 * rounding and the slope along the direction has shrunk.
 *
 * Source: Hager and Zhang (2005), "A New Conjugate Gradient Method with Guaranteed Descent and an
 * Efficient Line Search", SIAM J. Optim. 16(1), section 3.1 (approximate Wolfe conditions); the
 * backtracking is ours.
 */
export interface DifferentiableFunction {
  /** Value at `point`; leaves the gradient in `gradient`. */
  evaluate(point: Float64Array, gradient: Float64Array): number
}

export interface DirectionStrategy {
  /** Leaves a descent direction for the point evaluated last in `direction`. */
  next(gradient: Float64Array, direction: Float64Array): void
  /** Told of each step taken and of how the gradient changed over it. */
  learn(step: Float64Array, gradientChange: Float64Array): void
}

export interface DescentBounds {
  /** Stops when the Euclidean length of the gradient is at most this. */
  readonly gradientGoal: number
  readonly maxIterations: number
}

export interface DescentResult {
  readonly point: Float64Array
  readonly gradientLength: number
  readonly iterations: number
}

const SUFFICIENT_DECREASE = 1e-4
const SLOPE_LEFT = 0.9 // share of the slope that may be left after a step judged by its slope
const VALUE_ROUNDING = 1e-13 // relative error of a function value summed over many samples
const MAX_HALVINGS = 50
const STALL_LIMIT = 3 // iterations in a row that may fail to shorten the gradient at the end

/**
 * @param start Left as it is.
 * @returns The last point accepted. When no step is found, or when rounding keeps the gradient
 *   from shrinking any more, the search ends before its bound; whether `gradientLength` is good
 *   enough is for the caller to say.
 */
export function descend(
  { evaluate }: DifferentiableFunction,
  strategy: DirectionStrategy,
  start: Float64Array,
  { gradientGoal, maxIterations }: DescentBounds,
): DescentResult {
  const size = start.length
  let point = start.slice()
  let gradient = new Float64Array(size)
  let value = evaluate(point, gradient)
  let candidate = new Float64Array(size)
  let candidateGradient = new Float64Array(size)
  const direction = new Float64Array(size)
  const step = new Float64Array(size)
  const gradientChange = new Float64Array(size)
  let shortest = lengthOf(gradient)
  let stalled = 0
  let iterations = 0

  while (iterations < maxIterations && lengthOf(gradient) > gradientGoal) {
    strategy.next(gradient, direction)
    const slope = dot(gradient, direction)
    if (!(slope < 0)) break
    let length = 1
    let accepted = false
    let atRounding = false
    let candidateValue = value
    for (let halvings = 0; halvings <= MAX_HALVINGS && !accepted; halvings++, length /= 2) {
      for (let j = 0; j < size; j++) candidate[j] = point[j]! + length * direction[j]!
      candidateValue = evaluate(candidate, candidateGradient)
      accepted = candidateValue <= value + SUFFICIENT_DECREASE * length * slope
      if (accepted || candidateValue > value + VALUE_ROUNDING * Math.abs(value)) continue
      accepted = Math.abs(dot(candidateGradient, direction)) <= -SLOPE_LEFT * slope
      atRounding = accepted
    }
    if (!accepted) break
    iterations++
    for (let j = 0; j < size; j++) {
      step[j] = candidate[j]! - point[j]!
      gradientChange[j] = candidateGradient[j]! - gradient[j]!
    }
    strategy.learn(step, gradientChange)
    const before = { point, gradient }
    point = candidate
    gradient = candidateGradient
    value = candidateValue
    candidate = before.point
    candidateGradient = before.gradient
    const gradientLength = lengthOf(gradient)
    stalled = atRounding && gradientLength > shortest / 2 ? stalled + 1 : 0
    shortest = Math.min(shortest, gradientLength)
    if (stalled >= STALL_LIMIT) break
  }
  return { point, gradientLength: lengthOf(gradient), iterations }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

function lengthOf(a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}
