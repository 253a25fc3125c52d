/**
 * Growing one tree of a boosting run.
 *
 * Nodes wait on a list with their best split and the histogram it was found in. Depth-wise growth
 * splits the node added last, so that few histograms are alive; leaf-wise growth splits the one of
 * highest gain until there are enough leaves. Of two children only the histogram of the smaller one
 * is built from samples; the other's is the parent's less that.
 *
 * Directions. Where some feature may only raise (or lower) the logit, every node carries bounds on
 * the values of the leaves below it. A split on such a feature sets the bound between its sides to
 * the middle of their values, so that no leaf on the lower side ends above one on the higher side.
 *
 * Source of the bounds: LightGBM's "basic" method, docs/Parameters, monotone_constraints_method.
 */
import { boundedValue, CODES_PER_COLUMN, valueScore } from '../kernels/boosting.ts'
import type { BoostingKernels, BoostingMemory, ValueBounds } from '../kernels/boosting.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { BinnedFeatures } from './binning.ts'
import { findCategorySplit } from './category-split.ts'
import type { CategorySlots, NodeSplit } from './category-split.ts'
import type { TreeBuilder } from './tree-ensemble.ts'

export interface TreeLimits {
  readonly learningRate: number
  readonly lambda: number
  /** > 0. */
  readonly minChildWeight: number
  readonly maxDepth: number
  /** Leaf-wise growth up to so many leaves; null for depth-wise growth. */
  readonly maxLeaves: number | null
}

interface Grower {
  readonly kernels: BoostingKernels
  readonly memory: BoostingMemory
  readonly binned: BinnedFeatures
  readonly categories: CategorySlots
  readonly limits: TreeLimits
  readonly builder: TreeBuilder
}

/** Consecutive samples of `memory.samples`. */
interface Range {
  readonly start: number
  readonly end: number
}

/** A node whose samples are `samples[start, end)`, and `rest` those of them that weigh nothing. */
interface TreeNode extends Range {
  readonly rest: Range
  readonly depth: number
  readonly gradient: number
  readonly hessian: number
  /** Penalty on the value of the node as a leaf. */
  readonly lambda: number
  readonly bounds: ValueBounds | null
  /** Once it is split. */
  children: {
    readonly split: NodeSplit
    readonly gain: number
    readonly left: TreeNode
    readonly right: TreeNode
  } | null
  /** Once its leaf value is in the logits. */
  value: number | null
}

/** A node that can be split. */
interface Candidate {
  readonly node: TreeNode
  readonly split: NodeSplit
  readonly gain: number
  readonly histogram: number
}

const LEAST_GAIN = 1e-6 // in units of the loss: anything below is rounding
const CODES_PER_CHECKPOINT = 4e6 // 5 to 30 ms of histogram building
const UNBOUNDED: ValueBounds = { lower: -Infinity, upper: Infinity }

/** Samples that one call of a kernel may take, so that checkpoints are reached often. */
export function samplesPerStep(nColumns: number): number {
  return Math.max(1024, Math.ceil(CODES_PER_CHECKPOINT / nColumns))
}

/** Histograms that may be alive at once. */
export function histogramsFor({ maxDepth, maxLeaves }: TreeLimits): number {
  return maxLeaves === null ? maxDepth + 1 : Math.max(2, maxLeaves)
}

/**
 * Grows one tree on the derivatives in `memory`, adds its leaves to the logits and hands its nodes
 * to the builder, parents before children and left before right.
 */
export function growTree(
  { kernels, memory, binned, categories, limits, builder }: Grower,
  checkpoint: Checkpoint,
): void {
  const { learningRate, lambda, minChildWeight, maxDepth, maxLeaves } = limits
  const step = samplesPerStep(memory.nColumns)
  const freeHistograms = Array.from({ length: histogramsFor(limits) }, (_, k) => k)
  const candidates: Candidate[] = []
  const isBounded = memory.features.direction.some((direction) => direction !== 0)

  const build = ({ start, end }: TreeNode): number => {
    const histogram = freeHistograms.pop()!
    kernels.clearHistogram(memory, histogram)
    for (let at = start; at < end; at += step) {
      checkpoint(0)
      kernels.addToHistogram(memory, at, Math.min(at + step, end), histogram)
    }
    return histogram
  }

  const mayBeSplit = ({ start, end, depth, hessian }: TreeNode): boolean =>
    depth < maxDepth && end - start > 1 && hessian >= 2 * minChildWeight

  const valueOf = ({ gradient, hessian, bounds, lambda: penalty }: TreeNode): number => {
    const curvature = hessian + penalty
    if (!(curvature > 0)) return 0
    return bounds === null ? -gradient / curvature : boundedValue(gradient, curvature, bounds)
  }

  /** What a leaf adds to logits. */
  const leafValueOf = (node: TreeNode): number => {
    if (node.bounds !== null) return Math.fround(learningRate * valueOf(node))
    const curvature = node.hessian + node.lambda
    return Math.fround(curvature > 0 ? (-learningRate * node.gradient) / curvature : 0)
  }

  /** Takes the histogram over: it is kept with a split, or is free again. */
  const addCandidate = (node: TreeNode, histogram: number): void => {
    const { gradient, hessian, bounds } = node
    const split: NodeSplit = {
      feature: -1,
      bin: 0,
      missingGoesLeft: false,
      score: 0,
      leftGradient: 0,
      leftHessian: 0,
      leftCategories: null,
      lambda,
    }
    const curvature = hessian + lambda
    const ownScore =
      bounds === null
        ? (gradient * gradient) / curvature
        : valueScore(gradient, curvature, boundedValue(gradient, curvature, bounds))
    const sums = { gradient, hessian, lambda, minChildWeight, bounds }
    let found = kernels.findSplit(memory, histogram, sums, ownScore + LEAST_GAIN, split)
    if (categories.feature.length > 0) {
      const least = found ? split.score : ownScore + LEAST_GAIN
      found = findCategorySplit(memory, categories, histogram, sums, least, split) || found
    }
    if (found) {
      candidates.push({ node, split, gain: split.score - ownScore, histogram })
    } else freeHistograms.push(histogram)
  }

  const splitNode = ({ node, split, gain, histogram }: Candidate, mayGrow: boolean): void => {
    const { start, end, rest, depth, gradient, hessian } = node
    const { feature, bin, missingGoesLeft, leftGradient, leftHessian } = split
    const column = binned.columnOf[feature]!
    const goes = split.leftCategories === null ? null : codesGoingRight(split, binned)
    const missingGoesRight = binned.hasMissing[feature] === 1 && !missingGoesLeft
    const low = binned.firstCode[feature]! + bin
    const high =
      binned.firstCode[feature]! + binned.nBins[feature]! - 2 + (missingGoesRight ? 1 : 0)
    const makeChild = (
      from: number,
      to: number,
      childRest: Range,
      childGradient: number,
      childHessian: number,
    ): TreeNode => ({
      start: from,
      end: to,
      rest: childRest,
      depth: depth + 1,
      gradient: childGradient,
      hessian: childHessian,
      lambda: split.lambda,
      bounds: node.bounds,
      children: null,
      value: null,
    })
    const rightGradient = gradient - leftGradient
    const rightHessian = hessian - leftHessian
    const canGrow =
      mayGrow && depth + 1 < maxDepth && Math.max(leftHessian, rightHessian) >= 2 * minChildWeight
    if (!canGrow) {
      // Both are leaves: their samples need not be moved.
      let left = makeChild(start, end, rest, leftGradient, leftHessian)
      let right = makeChild(start, end, rest, rightGradient, rightHessian)
      ;[left, right] = boundChildren(left, right, memory.features.direction[feature]!)
      left.value = leafValueOf(left)
      right.value = leafValueOf(right)
      for (const range of rangesOf(node)) {
        if (goes === null) {
          kernels.addLeafValues(
            memory,
            range.start,
            range.end,
            column,
            low,
            high,
            left.value,
            right.value,
          )
        } else {
          kernels.addLeafValuesByCode(
            memory,
            range.start,
            range.end,
            column,
            goes,
            left.value,
            right.value,
          )
        }
      }
      node.children = { split, gain, left, right }
      freeHistograms.push(histogram)
      return
    }
    const [middle, restMiddle] = [node, rest].map((range) => {
      if (range.start >= range.end) return range.start
      return goes === null
        ? kernels.partition(memory, range.start, range.end, column, low, high)
        : kernels.partitionByCode(memory, range.start, range.end, column, goes)
    }) as [number, number]
    const leftRest = { start: rest.start, end: restMiddle }
    const rightRest = { start: restMiddle, end: rest.end }
    const [left, right] = boundChildren(
      makeChild(start, middle, leftRest, leftGradient, leftHessian),
      makeChild(middle, end, rightRest, rightGradient, rightHessian),
      memory.features.direction[feature]!,
    )
    node.children = { split, gain, left, right }
    const leftIsSmaller = middle - start <= end - middle
    const smaller = leftIsSmaller ? left : right
    const larger = leftIsSmaller ? right : left
    const largerGrows = mayBeSplit(larger)
    const smallerGrows = mayBeSplit(smaller)
    const smallerHistogram = largerGrows || smallerGrows ? build(smaller) : -1
    if (largerGrows) kernels.subtractHistogram(memory, histogram, smallerHistogram)
    else freeHistograms.push(histogram)
    if (!smallerGrows && smallerHistogram >= 0) freeHistograms.push(smallerHistogram)
    if (mayBeSplit(right)) addCandidate(right, right === smaller ? smallerHistogram : histogram)
    if (mayBeSplit(left)) addCandidate(left, left === smaller ? smallerHistogram : histogram)
  }

  const boundChildren = (
    left: TreeNode,
    right: TreeNode,
    direction: number,
  ): [TreeNode, TreeNode] => {
    const { bounds } = left
    if (bounds === null || direction === 0) return [left, right]
    const middle = (valueOf(left) + valueOf(right)) / 2
    const below = { lower: bounds.lower, upper: middle }
    const above = { lower: middle, upper: bounds.upper }
    return direction > 0
      ? [
          { ...left, bounds: below },
          { ...right, bounds: above },
        ]
      : [
          { ...left, bounds: above },
          { ...right, bounds: below },
        ]
  }

  const nDrawn = kernels.takeSamples(memory)
  const root: TreeNode = {
    start: 0,
    end: nDrawn,
    rest: { start: nDrawn, end: memory.nSamples },
    depth: 0,
    gradient: memory.totals[0]!,
    hessian: memory.totals[1]!,
    lambda,
    bounds: isBounded ? UNBOUNDED : null,
    children: null,
    value: null,
  }
  if (mayBeSplit(root)) addCandidate(root, build(root))
  for (let nLeaves = 1; candidates.length > 0 && nLeaves < (maxLeaves ?? Infinity); nLeaves++) {
    const next = maxLeaves === null ? candidates.length - 1 : indexOfHighestGain(candidates)
    const [candidate] = candidates.splice(next, 1)
    splitNode(candidate!, nLeaves + 1 < (maxLeaves ?? Infinity))
  }

  const addNode = (node: TreeNode): number => {
    if (node.children === null) {
      const value = node.value ?? leafValueOf(node)
      if (node.value === null) {
        for (const { start, end } of rangesOf(node)) {
          kernels.addLeafValue(memory, start, end, value)
        }
      }
      return builder.addLeaf(value)
    }
    const { split, gain, left, right } = node.children
    const { feature, bin, missingGoesLeft, leftCategories } = split
    const at =
      leftCategories === null
        ? builder.addSplit(feature, binned.cuts[feature]![bin] ?? Infinity, missingGoesLeft, gain)
        : builder.addCategorySplit(feature, leftCategories, missingGoesLeft, gain)
    builder.link(at, addNode(left), addNode(right))
    return at
  }
  builder.startTree()
  addNode(root)
}

/** Where the samples of a node lie. */
function rangesOf(node: TreeNode): readonly Range[] {
  return node.rest.start < node.rest.end ? [node, node.rest] : [node]
}

/** 1 for each code of a feature of categories that goes right, missing included. */
function codesGoingRight(
  { feature, leftCategories, missingGoesLeft }: NodeSplit,
  { nBins }: BinnedFeatures,
): Uint8Array {
  const goes = new Uint8Array(CODES_PER_COLUMN)
  for (let code = 0; code < nBins[feature]!; code++) {
    goes[code] = 1 - ((leftCategories![code >> 5]! >>> (code & 31)) & 1)
  }
  goes[nBins[feature]!] = missingGoesLeft ? 0 : 1
  return goes
}

/** Ties go to the one that was added first. */
function indexOfHighestGain(candidates: readonly Candidate[]): number {
  let best = 0
  for (let i = 1; i < candidates.length; i++) {
    if (candidates[i]!.gain > candidates[best]!.gain) best = i
  }
  return best
}
