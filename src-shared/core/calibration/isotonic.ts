import { argsortAscending } from '../math/order.ts'

/** A non-decreasing, piecewise linear function: constant left of the first and right of the last knot. */
export interface IsotonicFit {
  /** Strictly increasing, at least one knot. */
  readonly x: Float64Array
  /** Non-decreasing, value at each knot. */
  readonly y: Float64Array
}

/**
 * The non-decreasing function that fits points best in weighted least squares.
 *
 * Points of one x are merged to their weighted mean first. Then neighbours that stand in the wrong
 * order are pooled into blocks of their weighted mean until none do (pool adjacent violators). Of
 * each block only the two ends become knots, as what lies between them is constant.
 *
 * @param x       Finite, length n ≥ 1, any order.
 * @param y       Finite, length n; labels or any other numbers.
 * @param weights ≥ 0, length n; null means 1 each. Points of weight 0 are left out.
 * @throws RangeError when lengths differ, a number is not finite, a weight is negative, or no
 *   point has a weight.
 *
 * O(n log n) for the sort, O(n) after it. Deterministic.
 *
 * Source: Barlow, Bartholomew, Bremner, Brunk (1972), "Statistical Inference under Order
 * Restrictions"; for calibration Zadrozny and Elkan (2002), "Transforming Classifier Scores into
 * Accurate Multiclass Probability Estimates".
 */
export function fitIsotonic(
  x: Float64Array,
  y: ArrayLike<number>,
  weights: Float64Array | null,
): IsotonicFit {
  if (y.length !== x.length || (weights !== null && weights.length !== x.length)) {
    throw new RangeError(
      `x, y and weights must have one length, got ${x.length}, ${y.length} and ${weights?.length ?? 'none'}`,
    )
  }
  const n = x.length
  // Blocks in order of x: their first and last x, sum of weights, and sum of weight · y.
  const first = new Float64Array(n)
  const last = new Float64Array(n)
  const weightSum = new Float64Array(n)
  const weightedY = new Float64Array(n)
  const mean = new Float64Array(n)
  let top = -1 // index of the last block

  const poolIntoPrevious = (): void => {
    last[top - 1] = last[top]!
    weightSum[top - 1]! += weightSum[top]!
    weightedY[top - 1]! += weightedY[top]!
    top--
    mean[top] = weightedY[top]! / weightSum[top]!
  }

  const order = argsortAscending(x)
  for (let rank = 0; rank < n;) {
    const at = x[order[rank]!]!
    let weightHere = 0
    let weightedYHere = 0
    for (; rank < n && x[order[rank]!] === at; rank++) {
      const i = order[rank]!
      const weight = weights === null ? 1 : weights[i]!
      if (!(weight >= 0 && weight < Infinity)) {
        throw new RangeError(`weights must be finite numbers from 0, got ${weight} at ${i}`)
      }
      weightHere += weight
      weightedYHere += weight === 0 ? 0 : weight * y[i]!
    }
    if (!Number.isFinite(at) || !Number.isFinite(weightedYHere)) {
      throw new RangeError(`x and y must be finite, got NaN or an infinity at x = ${at}`)
    }
    if (weightHere === 0) continue
    top++
    first[top] = at
    last[top] = at
    weightSum[top] = weightHere
    weightedY[top] = weightedYHere
    mean[top] = weightedYHere / weightHere
    while (top > 0 && mean[top - 1]! >= mean[top]!) poolIntoPrevious()
  }
  if (top < 0) throw new RangeError('some point must have a weight above 0, got none')

  const knotsX: number[] = []
  const knotsY: number[] = []
  for (let block = 0; block <= top; block++) {
    knotsX.push(first[block]!)
    knotsY.push(mean[block]!)
    if (last[block] !== first[block]) {
      knotsX.push(last[block]!)
      knotsY.push(mean[block]!)
    }
  }
  return { x: Float64Array.from(knotsX), y: Float64Array.from(knotsY) }
}

/** The fitted function at each query, length of `queries`. O(log knots) a query. */
export function predictIsotonic({ x, y }: IsotonicFit, queries: Float64Array): Float64Array {
  const last = x.length - 1
  return queries.map((query) => {
    if (query <= x[0]!) return y[0]!
    if (query >= x[last]!) return y[last]!
    // Invariant: x[low] ≤ query < x[high].
    let low = 0
    let high = last
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (x[middle]! <= query) low = middle
      else high = middle
    }
    const share = (query - x[low]!) / (x[high]! - x[low]!)
    // Rounding must not lift a value above the next knot.
    return Math.min(y[high]!, y[low]! + share * (y[high]! - y[low]!))
  })
}
