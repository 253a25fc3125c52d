/**
 * The best way to part the categories of a node.
 *
 * A feature of categories has a code per category, whose order means nothing. With G and H the sums
 * of first and second derivatives over the samples of a category, categories are ordered by
 *
 *     (G + smoothing · mean) / (H + smoothing)    with  mean = G / H of the node,
 *
 * so that a rare category comes to lie in the middle. Of all ways to part categories in two, the
 * best one cuts this order at one place (exactly so without smoothing), so that it is enough to look
 * at its beginnings and its ends. Each category against the rest is tried besides, as it would be
 * with one 0/1 feature per category.
 *
 * Many categories fit noise: where they say nothing, parting k of them at the best place gains about
 * 2/π · (k − 1) in sum, since each adds 1 on average to G² / H between them. So, with more than 4 in
 * a node, a group has to gain k − 1 more than one against the rest would have to; it has at most 64
 * members, each of which has a sum of second derivatives of at least 1, other categories going with
 * the rest; and the penalty on the values of both sides is higher by 10.
 *
 * A category of which the node has no sample goes where missing values go; and these, where the node
 * has none, go where more weight is.
 *
 * Source: Fisher (1958), "On Grouping for Maximum Homogeneity", JASA 53; for most of the bounds Ke
 * et al. (2017), "LightGBM", NeurIPS, and its parameters max_cat_to_onehot, max_cat_threshold,
 * cat_smooth and cat_l2; what differs: smoothing is towards the node, second derivatives count
 * rather than samples, and groups pay for what noise would gain.
 */
import { boundedValue, CODES_PER_COLUMN, valueScore } from '../kernels/boosting.ts'
import type { BoostingMemory, NodeSums, Split } from '../kernels/boosting.ts'
import { WORDS_PER_SET } from '../kernels/trees.ts'

/** Features of categories and where their codes lie in a histogram. All arrays have one length. */
export interface CategorySlots {
  readonly feature: Int32Array
  /** Slot of code 0; code k has the slot k further, missing the one after the last code. */
  readonly firstSlot: Int32Array
  readonly nCategories: Int32Array
  readonly hasMissing: Uint8Array
  /** 1 where the tree that grows may split on the feature. */
  readonly isDrawn: Uint8Array
}

/** A split of numbers or of categories. */
export interface NodeSplit extends Split {
  /** The codes that go left, see `TreeEnsemble.categorySets`; null for a split of numbers. */
  leftCategories: Uint32Array | null
  /** The penalty on the values of both sides. */
  lambda: number
}

const MOST_ALONE = 4
const MOST_IN_GROUP = 64
const SMOOTHING = 10
const LEAST_HESSIAN = 1
const GROUP_LAMBDA = 10
const GAIN_PER_CATEGORY = 1

/**
 * The split of categories of highest score above `leastScore`; ties go to the lower feature, then
 * to the lower end of the order.
 *
 * @param node `lambda` is the penalty without what groups add to it.
 * @returns False when there is none; `best` is then as it was.
 */
export function findCategorySplit(
  { histograms, nColumns }: BoostingMemory,
  slots: CategorySlots,
  histogram: number,
  node: NodeSums,
  leastScore: number,
  best: NodeSplit,
): boolean {
  const search = createSearch(histograms, node, leastScore)
  const base = 2 * CODES_PER_COLUMN * nColumns * histogram
  let found = false
  slots.feature.forEach((feature, k) => {
    if (slots.isDrawn[k] === 0) return
    const first = base + 2 * slots.firstSlot[k]!
    if (!search.improves(first, slots.nCategories[k]!, slots.hasMissing[k] === 1)) return
    found = true
    search.write(best)
    best.feature = feature
  })
  return found
}

interface Search {
  /**
   * Whether a feature has a split better than the best so far, which is then the best.
   *
   * @param first Where the sums of code 0 are in the histograms.
   */
  improves(first: number, nCategories: number, hasMissing: boolean): boolean
  /** The best split so far, but for its feature; only right after it was found. */
  write(split: NodeSplit): void
}

function createSearch(histograms: Float64Array, node: NodeSums, leastScore: number): Search {
  const { gradient, hessian, minChildWeight, bounds } = node
  const mean = hessian > 0 ? gradient / hessian : 0
  /** The categories of the feature in order, and their ratios. */
  const order = new Uint8Array(CODES_PER_COLUMN)
  const ratios = new Float64Array(CODES_PER_COLUMN)
  let nPresent = 0
  let missingGradient = 0
  let missingHessian = 0
  let someMissing = false

  // The best so far: categories order[bestFrom, bestTo) go left.
  let bestScore = leastScore
  let bestFrom = 0
  let bestTo = 0
  let bestMissing = false
  let bestGradient = 0
  let bestHessian = 0
  let bestLambda = 0

  const readCategories = (first: number, nCategories: number): void => {
    nPresent = 0
    for (let code = 0; code < nCategories; code++) {
      const codeGradient = histograms[first + 2 * code]!
      const codeHessian = histograms[first + 2 * code + 1]!
      if (codeGradient === 0 && codeHessian === 0) continue
      const ratio = (codeGradient + SMOOTHING * mean) / (codeHessian + SMOOTHING)
      let at = nPresent++
      for (; at > 0; at--) {
        const before = ratios[at - 1]!
        // Where ratio and weight are equal, so are the sums: nothing but the code tells them apart.
        const isAfter =
          before < ratio ||
          (before === ratio && histograms[first + 2 * order[at - 1]! + 1]! <= codeHessian)
        if (isAfter) break
        ratios[at] = before
        order[at] = order[at - 1]!
      }
      ratios[at] = ratio
      order[at] = code
    }
  }

  /** Tries to send order[from, to) left, with those sums, and missing values as told. */
  const consider = (
    from: number,
    to: number,
    leftGradient: number,
    leftHessian: number,
    missingGoesLeft: boolean,
    lambda: number,
    handicap: number,
  ): boolean => {
    if (leftHessian < minChildWeight) return false
    const rightHessian = hessian - leftHessian
    if (rightHessian < minChildWeight) return false
    const rightGradient = gradient - leftGradient
    let score: number
    if (bounds === null) {
      score =
        (leftGradient * leftGradient) / (leftHessian + lambda) +
        (rightGradient * rightGradient) / (rightHessian + lambda)
    } else {
      const left = boundedValue(leftGradient, leftHessian + lambda, bounds)
      const right = boundedValue(rightGradient, rightHessian + lambda, bounds)
      score =
        valueScore(leftGradient, leftHessian + lambda, left) +
        valueScore(rightGradient, rightHessian + lambda, right)
    }
    score -= handicap
    if (!(score > bestScore)) return false
    bestScore = score
    bestFrom = from
    bestTo = to
    bestMissing = someMissing ? missingGoesLeft : leftHessian >= rightHessian
    bestGradient = leftGradient
    bestHessian = leftHessian
    bestLambda = lambda
    return true
  }

  /** As `consider`, with missing values on either side. */
  const considerBoth = (
    from: number,
    to: number,
    leftGradient: number,
    leftHessian: number,
    lambda: number,
    handicap: number,
  ): boolean => {
    const right = consider(from, to, leftGradient, leftHessian, false, lambda, handicap)
    if (!someMissing) return right
    const g = leftGradient + missingGradient
    const h = leftHessian + missingHessian
    return consider(from, to, g, h, true, lambda, handicap) || right
  }

  /** Leaves the categories that a group may have in `order`, before all others. */
  const putHeavyFirst = (first: number): number => {
    const light: number[] = []
    let nHeavy = 0
    for (let i = 0; i < nPresent; i++) {
      const code = order[i]!
      if (histograms[first + 2 * code + 1]! >= LEAST_HESSIAN) order[nHeavy++] = code
      else light.push(code)
    }
    order.set(light, nHeavy)
    return nHeavy
  }

  const considerGroups = (first: number, nHeavy: number): boolean => {
    const lambda = node.lambda + GROUP_LAMBDA
    const handicap = GAIN_PER_CATEGORY * (nHeavy - 1)
    const most = Math.min(MOST_IN_GROUP, nHeavy)
    let improved = false
    for (const fromEnd of [false, true]) {
      let leftGradient = 0
      let leftHessian = 0
      for (let n = 1; n <= most; n++) {
        const slot = first + 2 * order[fromEnd ? nHeavy - n : n - 1]!
        leftGradient += histograms[slot]!
        leftHessian += histograms[slot + 1]!
        const from = fromEnd ? nHeavy - n : 0
        const to = fromEnd ? nHeavy : n
        improved = considerBoth(from, to, leftGradient, leftHessian, lambda, handicap) || improved
      }
    }
    return improved
  }

  return {
    improves(first, nCategories, hasMissing) {
      const missingAt = first + 2 * nCategories
      missingGradient = hasMissing ? histograms[missingAt]! : 0
      missingHessian = hasMissing ? histograms[missingAt + 1]! : 0
      someMissing = missingGradient !== 0 || missingHessian !== 0
      readCategories(first, nCategories)
      if (nPresent + (someMissing ? 1 : 0) < 2) return false
      const nHeavy = nPresent > MOST_ALONE ? putHeavyFirst(first) : 0
      let improved = false
      for (let i = 0; i < nPresent; i++) {
        const slot = first + 2 * order[i]!
        const alone = considerBoth(
          i,
          i + 1,
          histograms[slot]!,
          histograms[slot + 1]!,
          node.lambda,
          0,
        )
        improved = alone || improved
      }
      if (nHeavy > 0) improved = considerGroups(first, nHeavy) || improved
      if (someMissing) {
        const g = gradient - missingGradient
        const h = hessian - missingHessian
        improved = consider(0, nPresent, g, h, false, node.lambda, 0) || improved
      }
      return improved
    },

    write(split) {
      const absentWord = bestMissing ? 0xffffffff : 0
      const left = new Uint32Array(WORDS_PER_SET).fill(absentWord)
      for (let i = 0; i < nPresent; i++) {
        const code = order[i]!
        const bit = 1 << (code & 31)
        if (i >= bestFrom && i < bestTo) left[code >> 5]! |= bit
        else left[code >> 5]! &= ~bit
      }
      split.bin = 0
      split.missingGoesLeft = bestMissing
      split.score = bestScore
      split.leftGradient = bestGradient
      split.leftHessian = bestHessian
      split.leftCategories = left
      split.lambda = bestLambda
    },
  }
}
