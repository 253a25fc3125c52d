import { ln, sigmoid } from '../math/elementary.ts'
import { argsortAscending } from '../math/order.ts'

/** A non-decreasing step function of the score; see `fitVennAbers`. */
export interface VennAbersFit {
  /** Different scores it was fitted on, increasing; length m ≥ 1. */
  readonly x: Float64Array
  /**
   * For a new sample with a score equal to x[i] (element 2i + 1) or strictly between x[i − 1] and
   * x[i] (element 2i): the probability if its label is taken for 0, and for 1. Length 2m + 1 each.
   */
  readonly p0: Float64Array
  readonly p1: Float64Array
}

/**
 * Inductive Venn-Abers prediction: two isotonic calibrations, of the samples together with the
 * new one, once labelled 0 and once 1. The two answers p0 < p1 say how much there is to know; made
 * one they give a probability that is never 0 or 1 and follows chance less than isotonic
 * regression itself does.
 *
 * Isotonic regression at one point is the block that holds it in the end, so neither is fitted
 * again for each score. Pooling from the left and from the right is done once, and each step's
 * blocks stay linked to those before; the block of a new sample then grows from between the two.
 *
 * @param scores  Finite, length n ≥ 1.
 * @param yTrue   0 or 1, length n.
 * @param weights ≥ 0, length n, not all 0; null means 1 each. The new sample weighs 1.
 *
 * O(n log n). Deterministic.
 *
 * Source: Vovk, Petej, Fedorova (2015), "Large-Scale Probabilistic Predictors with and without
 * Guarantees of Validity", sections 2 to 4.
 */
export function fitVennAbers(
  scores: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): VennAbersFit {
  const { x, weight, positive } = distinctScores(scores, yTrue, weights)
  const m = x.length
  if (m === 0) throw new RangeError('some sample must have a weight above 0, got none')
  const left = pooledFrom(weight, positive, 1)
  const right = pooledFrom(weight, positive, -1)
  const p0 = new Float64Array(2 * m + 1)
  const p1 = new Float64Array(2 * m + 1)
  for (let place = 0; place <= 2 * m; place++) {
    const isTie = place % 2 === 1
    const at = place >> 1
    const before = at - 1
    const after = isTie ? at + 1 : at
    const ownWeight = isTie ? weight[at]! : 0
    const ownPositive = isTie ? positive[at]! : 0
    p0[place] = blockMean(left, before, right, after, ownWeight + 1, ownPositive)
    p1[place] = blockMean(left, before, right, after, ownWeight + 1, ownPositive + 1)
  }
  return { x, p0, p1 }
}

/** The two probabilities of each score. O(log m) a score. */
export function vennAbersPairs(
  { x, p0, p1 }: VennAbersFit,
  scores: Float64Array,
): { readonly p0: Float64Array; readonly p1: Float64Array } {
  const low = new Float64Array(scores.length)
  const high = new Float64Array(scores.length)
  scores.forEach((score, i) => {
    const place = placeOf(x, score)
    low[i] = p0[place]!
    high[i] = p1[place]!
  })
  return { p0: low, p1: high }
}

/**
 * One probability of the pairs of one or more Venn-Abers predictors:
 *
 *     p = G(p1) / (G(1 − p0) + G(p1)),   G the geometric mean over the predictors
 *
 * the choice whose log loss is least in the worst case. For one predictor p1 / (1 − p0 + p1).
 *
 * @param fits At least one; several come of as many folds (cross Venn-Abers).
 */
export function predictVennAbers(
  fits: readonly VennAbersFit[],
  scores: Float64Array,
): Float64Array {
  const logOdds = new Float64Array(scores.length)
  for (const fit of fits) {
    const { p0, p1 } = vennAbersPairs(fit, scores)
    for (let i = 0; i < scores.length; i++) logOdds[i]! += ln(p1[i]!) - ln(1 - p0[i]!)
  }
  return logOdds.map((sum) => sigmoid(sum / fits.length))
}

/** Blocks of pooled scores, each linked to the one that it was put next to. */
interface Pooled {
  /** Of the block that ends at score i. */
  readonly weight: Float64Array
  readonly positive: Float64Array
  /** The score at which the block beyond it ends; −1 or m: none. */
  readonly next: Int32Array
}

/** Pools scores from the first on (`step` 1) or from the last on (−1). */
function pooledFrom(weight: Float64Array, positive: Float64Array, step: 1 | -1): Pooled {
  const m = weight.length
  const pooled = {
    weight: weight.slice(),
    positive: positive.slice(),
    next: new Int32Array(m),
  }
  for (let i = step === 1 ? 0 : m - 1; i >= 0 && i < m; i += step) {
    let beyond = i - step
    while (beyond >= 0 && beyond < m) {
      // Beyond lie lower scores when coming from the left: their mean has to be the lower one.
      const mean = pooled.positive[i]! / pooled.weight[i]!
      const meanBeyond = pooled.positive[beyond]! / pooled.weight[beyond]!
      if (step === 1 ? meanBeyond < mean : meanBeyond > mean) break
      pooled.weight[i]! += pooled.weight[beyond]!
      pooled.positive[i]! += pooled.positive[beyond]!
      beyond = pooled.next[beyond]!
    }
    pooled.next[i] = beyond
  }
  return pooled
}

/** Mean of the block around a new sample, between the blocks at `before` and `after`. */
function blockMean(
  left: Pooled,
  before: number,
  right: Pooled,
  after: number,
  ownWeight: number,
  ownPositive: number,
): number {
  const m = left.weight.length
  let weight = ownWeight
  let positive = ownPositive
  let lower = before
  let upper = after
  for (;;) {
    if (lower >= 0 && left.positive[lower]! * weight >= positive * left.weight[lower]!) {
      weight += left.weight[lower]!
      positive += left.positive[lower]!
      lower = left.next[lower]!
    } else if (upper < m && right.positive[upper]! * weight <= positive * right.weight[upper]!) {
      weight += right.weight[upper]!
      positive += right.positive[upper]!
      upper = right.next[upper]!
    } else {
      return positive / weight
    }
  }
}

function distinctScores(
  scores: Float64Array,
  yTrue: Uint8Array,
  weights: Float64Array | null,
): {
  readonly x: Float64Array
  readonly weight: Float64Array
  readonly positive: Float64Array
} {
  const x = new Float64Array(scores.length)
  const weight = new Float64Array(scores.length)
  const positive = new Float64Array(scores.length)
  let m = 0
  for (const i of argsortAscending(scores)) {
    const own = weights === null ? 1 : weights[i]!
    if (own === 0) continue
    if (m === 0 || x[m - 1] !== scores[i]) x[m++] = scores[i]!
    weight[m - 1]! += own
    if (yTrue[i] === 1) positive[m - 1]! += own
  }
  return { x: x.slice(0, m), weight: weight.slice(0, m), positive: positive.slice(0, m) }
}

function placeOf(x: Float64Array, score: number): number {
  let low = 0
  let high = x.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (x[middle]! < score) low = middle + 1
    else high = middle
  }
  return x[low] === score ? 2 * low + 1 : 2 * low
}
