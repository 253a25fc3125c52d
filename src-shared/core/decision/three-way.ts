/**
 * Two cuts instead of one: block from the upper one on, let pass below the lower one, and have
 * people look at what lies between, as many cases as there are people for.
 *
 * With cases in order of falling scores, let B(i), R(i) and P(i) be the costs of blocking, reviewing
 * and passing the first i of them. Blocking i, reviewing up to j and passing the rest costs
 *
 *     B(i) + R(j) − R(i) + P(n) − P(j)  =  [B(i) − R(i)] + [R(j) − P(j)] + P(n)
 *
 * so that for every j the best i is a minimum over a window that the headcount bounds, and all
 * pairs of cuts are searched in one pass.
 */
import type { CostMatrix } from '../frame/sample-costs.ts'
import { countsAtThresholds, type ThresholdCounts } from '../metrics/ranking.ts'

export interface ReviewTerms {
  /** What one review costs, whatever its result. */
  readonly costPerReview: number
  /** Share of reviewed positives that are recognised, in [0, 1]. */
  readonly recall: number
  /** Share of reviewed negatives that are let pass, in [0, 1]. */
  readonly specificity: number
  /** Largest share of cases that can be reviewed, in [0, 1]: headcount × reviews a day ÷ cases. */
  readonly maxShare: number
}

export interface ThreeWayPoint {
  /** Blocked from here on; Infinity for nothing. */
  readonly blockFrom: number
  /** Reviewed from here on, below `blockFrom`; equal to it for no review. */
  readonly reviewFrom: number
  readonly meanCost: number
  readonly blockShare: number
  readonly reviewShare: number
  /** Share of positives blocked or recognised in review; null without positives. */
  readonly recall: number | null
  /** Share of positives among the blocked; null when nothing is. */
  readonly blockPrecision: number | null
  /** The best without a review band: one cut only. */
  readonly withoutReview: { readonly threshold: number; readonly meanCost: number }
  /** True when more people would lower the cost. */
  readonly headcountBinds: boolean
}

/**
 * The cheapest pair of cuts that the headcount can work.
 *
 * @param yTrue             0 or 1 per sample, length nSamples.
 * @param probabilities     Any score that ranks, length nSamples, no NaN.
 * @param weights           ≥ 0 per sample; null means 1 each.
 * @param costs             Of blocking (truePositive, falsePositive) and passing (falseNegative,
 *   trueNegative); a review that recognises a positive costs as blocking it does, and so on.
 * @param minBlockPrecision Least precision among the blocked, null for none.
 * @throws RangeError when a value lies outside its range or no sample has weight.
 *
 * Of equally cheap pairs, the one that reviews least wins, then the one that blocks least.
 * O(nSamples log nSamples). Deterministic.
 */
export function solveThreeWay({
  yTrue,
  probabilities,
  weights,
  ...terms
}: {
  readonly yTrue: Uint8Array
  readonly probabilities: Float64Array
  readonly weights: Float64Array | null
} & ThreeWayTerms): ThreeWayPoint {
  return solveThreeWayOf(countsAtThresholds(yTrue, probabilities, weights), terms)
}

interface ThreeWayTerms {
  readonly costs: CostMatrix
  readonly review: ReviewTerms
  readonly minBlockPrecision?: number | null
}

/** The same from counts at the distinct scores, which may be fewer than the samples had. */
export function solveThreeWayOf(
  counts: ThresholdCounts,
  { costs, review, minBlockPrecision = null }: ThreeWayTerms,
): ThreeWayPoint {
  checkReview(review)
  const total = counts.positives + counts.negatives
  if (!(total > 0)) throw new RangeError('two cuts need samples of positive weight, got none')
  const { positive, negative } = outcomeCosts(costs, review)
  const n = counts.thresholds.length + 1
  const tpAt = (i: number): number => (i === 0 ? 0 : counts.truePositives[i - 1]!)
  const fpAt = (i: number): number => (i === 0 ? 0 : counts.falsePositives[i - 1]!)
  const thresholdAt = (i: number): number => (i === 0 ? Infinity : counts.thresholds[i - 1]!)
  const weightAt = (i: number): number => tpAt(i) + fpAt(i)
  const blockOverReview = Float64Array.from({ length: n }, (_, i) => {
    const isAllowed =
      minBlockPrecision === null || i === 0 || tpAt(i) / weightAt(i) >= minBlockPrecision
    if (!isAllowed) return Infinity
    return (
      tpAt(i) * (positive.block - positive.review) + fpAt(i) * (negative.block - negative.review)
    )
  })
  const reviewOverPass = (j: number): number =>
    tpAt(j) * (positive.review - positive.pass) + fpAt(j) * (negative.review - negative.pass)
  const passAll = counts.positives * positive.pass + counts.negatives * negative.pass

  const room = review.maxShare * total * (1 + 1e-12)
  const largest = Math.max(...[positive, negative].flatMap(Object.values).map(Math.abs))
  const scale = 1e-12 * total * largest // closer costs differ by rounding only
  const bestPair = (most: number): { i: number; j: number; cost: number } => {
    // Positions with growing values: the front is the least one within the window.
    const window = new Int32Array(n)
    let front = 0
    let back = 0
    let found = { i: 0, j: 0, cost: Infinity }
    for (let j = 0; j < n; j++) {
      while (back > front && blockOverReview[window[back - 1]!]! >= blockOverReview[j]!) back--
      window[back++] = j
      while (back > front && weightAt(j) - weightAt(window[front]!) > most) front++
      if (back === front) continue
      const i = window[front]!
      const cost = blockOverReview[i]! + reviewOverPass(j) + passAll
      const isCheaper = cost < found.cost - scale
      const ties = !isCheaper && cost <= found.cost + scale
      const reviewed = weightAt(j) - weightAt(i)
      if (isCheaper || (ties && reviewed < weightAt(found.j) - weightAt(found.i))) {
        found = { i, j, cost }
      }
    }
    return found
  }
  const { i, j, cost } = bestPair(room)
  const single = bestPair(0)
  const caught = tpAt(i) + (tpAt(j) - tpAt(i)) * review.recall
  return {
    blockFrom: thresholdAt(i),
    reviewFrom: thresholdAt(j),
    meanCost: cost / total,
    blockShare: weightAt(i) / total,
    reviewShare: (weightAt(j) - weightAt(i)) / total,
    recall: counts.positives > 0 ? caught / counts.positives : null,
    blockPrecision: i > 0 ? tpAt(i) / weightAt(i) : null,
    withoutReview: { threshold: thresholdAt(single.i), meanCost: single.cost / total },
    headcountBinds: bestPair(Infinity).cost < cost - scale,
  }
}

export const PASS = 0
export const REVIEW = 1
export const BLOCK = 2

/**
 * The cheapest of pass, review and block for every sample from its probability, whatever the
 * headcount; ties go to the lighter measure.
 *
 * @param probabilities Calibrated, in [0, 1], length nSamples.
 * @returns PASS, REVIEW or BLOCK per sample.
 */
export function bayesThreeWay(
  probabilities: Float64Array,
  costs: CostMatrix,
  review: ReviewTerms,
): Uint8Array {
  checkReview(review)
  const { positive, negative } = outcomeCosts(costs, review)
  return Uint8Array.from(probabilities, (p) => {
    const pass = p * positive.pass + (1 - p) * negative.pass
    const look = p * positive.review + (1 - p) * negative.review
    const block = p * positive.block + (1 - p) * negative.block
    if (pass <= look && pass <= block) return PASS
    return look <= block ? REVIEW : BLOCK
  })
}

interface ActionCosts {
  readonly block: number
  readonly review: number
  readonly pass: number
}

function outcomeCosts(
  { truePositive, falsePositive, trueNegative, falseNegative }: CostMatrix,
  { costPerReview, recall, specificity }: ReviewTerms,
): { positive: ActionCosts; negative: ActionCosts } {
  for (const cost of [truePositive, falsePositive, trueNegative, falseNegative, costPerReview]) {
    if (!Number.isFinite(cost)) throw new RangeError(`costs must be finite, got ${cost}`)
  }
  return {
    positive: {
      block: truePositive,
      review: costPerReview + recall * truePositive + (1 - recall) * falseNegative,
      pass: falseNegative,
    },
    negative: {
      block: falsePositive,
      review: costPerReview + specificity * trueNegative + (1 - specificity) * falsePositive,
      pass: trueNegative,
    },
  }
}

function checkReview({ recall, specificity, maxShare }: ReviewTerms): void {
  for (const [name, share] of Object.entries({ recall, specificity, maxShare })) {
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(`review.${name} must lie in [0, 1], got ${share}`)
    }
  }
}
