/**
 * One score from several models, each weighed by what it says about the given labels.
 *
 * Models err in different ways: trees make much of single cells, a linear model misses what bends,
 * a network what is rare. What they agree on is found again by the next data set. But which of them
 * fits a table at all is for the table to say, so half of the weight is shared evenly and half goes
 * to the blend of logits that predicts the given labels best:
 *
 *     minimise  mean over samples of log loss(a + Σₘ bₘ · zₘ),  all bₘ ≥ 0
 *     weightₘ = ½ · 1/nModels + ½ · bₘ / Σ b
 *
 * The problem is convex with nModels + 1 unknowns, so that fitting it on the samples it is used for
 * tells nothing of a single label. The even half keeps a model from being left out for a little
 * worse log loss, which is measured on the very labels that are in doubt.
 *
 * Source: the fitted half is stacking with non-negative weights, Breiman (1996), "Stacked
 * Regressions", for log loss; shrinking it half-way to equal weights is ours.
 */
import { sigmoid, softplus } from '../math/elementary.ts'
import { blockSum } from '../math/sum.ts'

export interface Blend {
  /** Per model, ≥ 0, sum 1. */
  readonly weights: Float64Array
  /** Σ weightₘ · zₘ per sample, length nSamples: what ranks. */
  readonly logits: Float64Array
  /** From those to the logits of `probabilities`. */
  readonly line: { readonly intercept: number; readonly slope: number }
  /** Probability of the positive class as given, length nSamples: of the fitted blend. */
  readonly probabilities: Float64Array
}

const MAX_STEPS = 100
const MIN_GAIN = 1e-10 // of the mean log loss, in nats
const MAX_HALVINGS = 30

/**
 * Blends the logits of models.
 *
 * @param given  0 or 1 per sample, length nSamples.
 * @param logits Per model, out of fold, finite, length nSamples each.
 * @throws RangeError when there is no model, or lengths differ.
 *
 * Degenerate: where no model tells anything about the labels, all weigh the same; with one class
 * only, or no samples, likewise. At most 100 Newton steps, each over all samples; what they have
 * reached by then is returned. Deterministic.
 */
export function blendScores(given: Uint8Array, logits: readonly Float64Array[]): Blend {
  const nModels = logits.length
  if (nModels === 0) throw new RangeError('logits must hold at least one model, got none')
  for (const [m, of] of logits.entries()) {
    if (of.length !== given.length) {
      throw new RangeError(`logits[${m}] must have ${given.length} entries, got ${of.length}`)
    }
  }
  const stacked = stackLogits(given, logits)
  const total = stacked.slopes.reduce((sum, slope) => sum + slope, 0)
  const weights = stacked.slopes.map(
    (slope) => 0.5 / nModels + 0.5 * (total > 0 ? slope / total : 1 / nModels),
  )
  const blended = weightedSum(logits, weights, 0)
  // The level and steepness of the blend are fitted anew: its weights are no longer those above.
  const { intercept, slopes } = stackLogits(given, [blended])
  const line = { intercept, slope: slopes[0]! }
  return {
    weights,
    logits: blended,
    line,
    probabilities: blended.map((z) => sigmoid(line.intercept + line.slope * z)),
  }
}

interface Stacked {
  readonly intercept: number
  readonly slopes: Float64Array
}

/** Intercept and non-negative slopes of least mean log loss, by Newton steps on the free ones. */
function stackLogits(given: Uint8Array, logits: readonly Float64Array[]): Stacked {
  const nModels = logits.length
  const nSamples = given.length
  const positives = given.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === nSamples) {
    return { intercept: 0, slopes: new Float64Array(nModels).fill(1 / nModels) }
  }
  let point: Float64Array = new Float64Array(nModels + 1).fill(1 / nModels)
  point[nModels] = 0
  let loss = lossAt(point, given, logits)
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = newtonDirection(point, given, logits)
    let next: Float64Array | null = null
    let nextLoss = loss
    for (let halving = 0, scale = 1; halving < MAX_HALVINGS; halving++, scale /= 2) {
      const candidate = point.map((value, i) => {
        const moved = value + scale * direction[i]!
        return i === nModels ? moved : Math.max(0, moved)
      })
      const candidateLoss = lossAt(candidate, given, logits)
      if (candidateLoss < loss) {
        next = candidate
        nextLoss = candidateLoss
        break
      }
    }
    if (next === null) break
    const gain = loss - nextLoss
    point = next
    loss = nextLoss
    if (gain < MIN_GAIN) break
  }
  return { intercept: point[nModels]!, slopes: point.slice(0, nModels) }
}

function weightedSum(
  logits: readonly Float64Array[],
  slopes: Float64Array,
  intercept: number,
): Float64Array {
  const sum = new Float64Array(logits[0]!.length).fill(intercept)
  for (const [m, of] of logits.entries()) {
    const slope = slopes[m]!
    for (let i = 0; i < sum.length; i++) sum[i]! += slope * of[i]!
  }
  return sum
}

function lossAt(point: Float64Array, given: Uint8Array, logits: readonly Float64Array[]): number {
  const z = weightedSum(logits, point, point[logits.length]!)
  for (let i = 0; i < z.length; i++) z[i] = softplus(given[i] === 1 ? -z[i]! : z[i]!)
  return blockSum(z) / z.length
}

/** Newton's step over the intercept and the slopes that are not held at 0 by the bound. */
function newtonDirection(
  point: Float64Array,
  given: Uint8Array,
  logits: readonly Float64Array[],
): Float64Array {
  const nModels = logits.length
  const size = nModels + 1
  const z = weightedSum(logits, point, point[nModels]!)
  const gradient = new Float64Array(size)
  const hessian = new Float64Array(size * size)
  const at = new Float64Array(size).fill(1)
  for (let i = 0; i < z.length; i++) {
    const p = sigmoid(z[i]!)
    const error = p - given[i]!
    const curvature = p * (1 - p)
    for (let m = 0; m < nModels; m++) at[m] = logits[m]![i]!
    for (let a = 0; a < size; a++) {
      gradient[a]! += (error * at[a]!) / z.length
      for (let b = 0; b <= a; b++)
        hessian[a * size + b]! += (curvature * at[a]! * at[b]!) / z.length
    }
  }
  const free = Array.from({ length: size }, (_, a) => a).filter(
    (a) => a === nModels || point[a]! > 0 || gradient[a]! < 0,
  )
  const direction = new Float64Array(size)
  const solved = solveRidged(
    free.map((a) => free.map((b) => hessian[Math.max(a, b) * size + Math.min(a, b)]!)),
    free.map((a) => -gradient[a]!),
  )
  free.forEach((a, i) => {
    direction[a] = solved[i]!
  })
  return direction
}

/** Solves a small symmetric system; a ridge of 1e-9 of the largest entry keeps equal models apart. */
function solveRidged(matrix: number[][], right: number[]): number[] {
  const n = right.length
  const ridge = 1e-9 * Math.max(...matrix.map((row, i) => row[i]!)) + 1e-300
  for (let i = 0; i < n; i++) matrix[i]![i]! += ridge
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row
    }
    ;[matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!]
    ;[right[column], right[pivot]] = [right[pivot]!, right[column]!]
    for (let row = column + 1; row < n; row++) {
      const factor = matrix[row]![column]! / matrix[column]![column]!
      for (let k = column; k < n; k++) matrix[row]![k]! -= factor * matrix[column]![k]!
      right[row]! -= factor * right[column]!
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) right[row]! -= matrix[row]![k]! * right[k]!
    right[row]! /= matrix[row]![row]!
  }
  return right
}
