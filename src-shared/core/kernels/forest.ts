/**
 * Growing classification trees on binned features, and the plain TypeScript that says what is right.
 *
 * A tree is a list of nodes in the order in which they were made: node 0 is its root, and the two
 * children of a split stand side by side, so the list is also the queue of what is to be split. The
 * samples of a node are consecutive in `samples`. With w the weight of the samples of a node, of
 * which p is positive and n = w − p negative, a split is worth the sum over its children of
 *
 *     Gini       (p² + n²) / w
 *     entropy    p ln p + n ln n − w ln w
 *
 * and the best one is taken, even where it is worth no more than its parent (as where only two
 * features together tell the classes apart). A node with samples of one class alone is a leaf. At
 * each node so many features are tried as the rules say, drawn without replacement; one that is
 * constant in the node doesn't count, as long as there are others.
 *
 * All weights are multiples of a power of two (see models/exact-sums.ts), so sums are exact, and the
 * order of the samples plays no part.
 *
 * Trees share no state but the columns, so any number of them may grow at the same time.
 *
 * Source: Breiman, Friedman, Olshen and Stone (1984), "Classification and Regression Trees";
 * Breiman (2001), "Random Forests", Machine Learning 45. What differs: bins instead of values.
 */
import { CODES_PER_COLUMN } from './boosting.ts'
import type { SampleMemory } from './boosting.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { ln } from '../math/elementary.ts'

/** Features that trees may split on, none of them constant; arrays of length nFeatures. */
export interface TreeFeatures {
  /** Position of the column that holds the feature. */
  readonly column: Int32Array
  /** Code of bin 1 there; bin k has the code k − 1 further, missing the one after the last bin. */
  readonly firstCode: Int32Array
  /** Bins of values, missing not counted. */
  readonly nBins: Int32Array
  readonly hasMissing: Uint8Array
}

export interface TreeRules {
  readonly criterion: 'gini' | 'entropy'
  /** ≥ 1; Infinity for no bound. */
  readonly maxDepth: number
  /** Features tried at each node, ≥ 1. */
  readonly featuresPerSplit: number
  /** Least weight of a leaf, > 0. */
  readonly minLeafWeight: number
}

/** What a tree is grown from, and the tree: one thread's memory, used again for the next tree. */
export interface TreeWork {
  /** Samples drawn, then in the order of the leaves. */
  readonly samples: Int32Array
  /** Per sample of the memory: its weight, and its weight if it is positive. Length 2 · nSamples. */
  readonly pairs: Float64Array
  /** State of the generator that features are drawn from, length 4, not all zero. */
  readonly random: Uint32Array
  readonly nodes: TreeNodes
}

/** Nodes of a tree, one entry each. */
export interface TreeNodes {
  readonly start: Int32Array
  readonly end: Int32Array
  readonly depth: Int32Array
  /** The left child, which the right one follows; 0 in a leaf. */
  readonly left: Int32Array
  /** Position of the feature in `TreeFeatures`. */
  readonly feature: Int32Array
  /** Bins up to this one go left; 256 on top where missing values do. */
  readonly split: Int32Array
  readonly total: Float64Array
  readonly positive: Float64Array
  /** How much more the split is worth than its node. */
  readonly gain: Float64Array
}

export interface ForestMemory {
  readonly samples: SampleMemory
  readonly features: TreeFeatures
  readonly rules: TreeRules
}

/** What trees are made of and what becomes of them. */
export interface TreeTasks {
  readonly nTrees: number
  /**
   * Fills samples, pairs and random; called for each tree once, in order.
   *
   * @returns How many samples are drawn, at most as many as the memory was laid out for.
   */
  readonly prepare: (tree: number, work: TreeWork) => number
  /** Takes the tree out of `work`; called for each tree once, in any order. */
  readonly collect: (tree: number, work: TreeWork, nNodes: number) => void
}

export interface ForestKernels {
  /**
   * Memory for growing trees on columns; close it before that of the columns.
   *
   * @param mostDrawn Samples that a tree may be grown from, at most.
   */
  openForest(
    samples: SampleMemory,
    features: TreeFeatures,
    rules: TreeRules,
    mostDrawn: number,
  ): ForestMemory
  growTrees(memory: ForestMemory, tasks: TreeTasks, checkpoint: Checkpoint): void
  closeForest(memory: ForestMemory): void
}

/** Added on top of a bin where missing values go left. */
export const MISSING_LEFT = 256

/** Nodes that a tree of so many samples has at most. */
export function mostNodes(nDrawn: number, { maxDepth }: TreeRules): number {
  const ofSamples = Math.max(1, 2 * nDrawn - 1)
  return maxDepth < 29 ? Math.min(ofSamples, (2 << maxDepth) - 1) : ofSamples
}

const STEPS_PER_CHECKPOINT = 4e6 // samples added to histograms: 10 to 40 ms

interface PlainMemory extends ForestMemory {
  readonly work: TreeWork
  readonly scratch: Int32Array
  readonly histogram: Float64Array
  readonly order: Int32Array
}

/** The plain TypeScript engine. */
export const plainForestKernels: ForestKernels = {
  openForest(samples, features, rules, mostDrawn) {
    const nNodes = mostNodes(mostDrawn, rules)
    const integers = (): Int32Array => new Int32Array(nNodes)
    const doubles = (): Float64Array => new Float64Array(nNodes)
    const memory: PlainMemory = {
      samples,
      features,
      rules,
      scratch: new Int32Array(mostDrawn),
      histogram: new Float64Array(2 * CODES_PER_COLUMN),
      order: new Int32Array(features.column.length),
      work: {
        samples: new Int32Array(mostDrawn),
        pairs: new Float64Array(2 * samples.nSamples),
        random: new Uint32Array(4),
        nodes: {
          start: integers(),
          end: integers(),
          depth: integers(),
          left: integers(),
          feature: integers(),
          split: integers(),
          total: doubles(),
          positive: doubles(),
          gain: doubles(),
        },
      },
    }
    return memory
  },

  growTrees(memory, { nTrees, prepare, collect }, checkpoint) {
    const own = memory as PlainMemory
    for (let tree = 0; tree < nTrees; tree++) {
      const nDrawn = prepare(tree, own.work)
      collect(
        tree,
        own.work,
        growTree(own, nDrawn, () => {
          checkpoint(tree / nTrees)
        }),
      )
      checkpoint((tree + 1) / nTrees)
    }
  },

  closeForest: () => undefined,
}

interface Best {
  score: number
  feature: number
  split: number
  total: number
  positive: number
}

/** @returns Number of nodes. */
function growTree(memory: PlainMemory, nDrawn: number, checkpoint: () => void): number {
  const { rules, work, order } = memory
  const { start, end, depth, left, feature, split, total, positive, gain } = work.nodes
  const worth = rules.criterion === 'gini' ? giniWorth : entropyWorth
  const tried = Math.min(rules.featuresPerSplit, order.length)
  for (let k = 0; k < order.length; k++) order[k] = k
  plantRoot(work, nDrawn)
  let nNodes = 1
  let steps = 0
  for (let node = 0; node < nNodes; node++) {
    left[node] = 0
    const negative = total[node]! - positive[node]!
    const mayBeSplit =
      end[node]! - start[node]! > 1 &&
      depth[node]! < rules.maxDepth &&
      positive[node]! > 0 &&
      negative > 0 &&
      total[node]! >= 2 * rules.minLeafWeight
    if (!mayBeSplit) continue
    const best: Best = { score: -Infinity, feature: -1, split: 0, total: 0, positive: 0 }
    for (let k = 0, counted = 0; k < order.length && counted < tried; k++) {
      if (tried < order.length) {
        const other = k + drawBelow(work.random, order.length - k)
        const held = order[k]!
        order[k] = order[other]!
        order[other] = held
      }
      if (tryFeature(memory, node, order[k]!, worth, best)) counted++
      steps += end[node]! - start[node]!
    }
    if (steps > STEPS_PER_CHECKPOINT) {
      steps = 0
      checkpoint()
    }
    if (best.feature < 0) continue
    const middle = partition(memory, start[node]!, end[node]!, best)
    left[node] = nNodes
    feature[node] = best.feature
    split[node] = best.split
    gain[node] = best.score - worth(positive[node]!, total[node]!)
    const addNode = (from: number, to: number, weight: number, ofPositives: number): void => {
      start[nNodes] = from
      end[nNodes] = to
      depth[nNodes] = depth[node]! + 1
      total[nNodes] = weight
      positive[nNodes] = ofPositives
      nNodes++
    }
    addNode(start[node]!, middle, best.total, best.positive)
    addNode(middle, end[node]!, total[node]! - best.total, positive[node]! - best.positive)
  }
  return nNodes
}

function plantRoot({ samples, pairs, nodes }: TreeWork, nDrawn: number): void {
  let total = 0
  let positive = 0
  for (let at = 0; at < nDrawn; at++) {
    total += pairs[2 * samples[at]!]!
    positive += pairs[2 * samples[at]! + 1]!
  }
  nodes.start[0] = 0
  nodes.end[0] = nDrawn
  nodes.depth[0] = 0
  nodes.total[0] = total
  nodes.positive[0] = positive
}

/** @returns Whether the feature has two values in the node. */
function tryFeature(
  { samples: { columns }, features, rules, work, histogram }: PlainMemory,
  node: number,
  feature: number,
  worth: (positive: number, total: number) => number,
  best: Best,
): boolean {
  const codes = columns[features.column[feature]!]!
  const first = features.firstCode[feature]!
  const nBins = features.nBins[feature]!
  const hasMissing = features.hasMissing[feature]!
  const { samples, pairs, nodes } = work
  histogram.fill(0)
  for (let at = nodes.start[node]!; at < nodes.end[node]!; at++) {
    const sample = samples[at]!
    const bin = codes[sample]! - first + 1
    if (bin < 1 || bin > nBins - 1 + hasMissing) continue
    histogram[2 * bin]! += pairs[2 * sample]!
    histogram[2 * bin + 1]! += pairs[2 * sample + 1]!
  }
  const total = nodes.total[node]!
  const positive = nodes.positive[node]!
  let restTotal = total
  const used: number[] = [] // bins with samples, the highest first
  for (let bin = nBins - 1; bin >= 1; bin--) {
    if (histogram[2 * bin] === 0) continue
    used.push(bin)
    restTotal -= histogram[2 * bin]!
  }
  const missingTotal = hasMissing === 1 ? histogram[2 * nBins]! : 0
  const missingPositive = hasMissing === 1 ? histogram[2 * nBins + 1]! : 0
  const someMissing = missingTotal > 0
  if (restTotal - missingTotal > 0) used.push(0)
  if (used.length + (someMissing ? 1 : 0) < 2) return false

  for (let pass = 0; pass < (someMissing ? 2 : 1); pass++) {
    let rightTotal = pass === 1 ? missingTotal : 0
    let rightPositive = pass === 1 ? missingPositive : 0
    // Missing values alone first, then bin by bin from the highest one.
    for (let k = pass === 1 ? -1 : 0; k + 1 < used.length; k++) {
      const high = k < 0 ? nBins - 1 : used[k]! - 1
      if (k >= 0) {
        rightTotal += histogram[2 * used[k]!]!
        rightPositive += histogram[2 * used[k]! + 1]!
      }
      const leftTotal = total - rightTotal
      if (rightTotal < rules.minLeafWeight) continue
      if (leftTotal < rules.minLeafWeight) break
      const leftPositive = positive - rightPositive
      const score = worth(leftPositive, leftTotal) + worth(rightPositive, rightTotal)
      if (!(score > best.score)) continue
      // No sample of the node lies between the bins: the cut goes into the middle of the gap.
      const bin = (high + used[k + 1]!) >> 1
      const missingLeft = pass === 0 && (someMissing || leftTotal >= rightTotal)
      best.score = score
      best.feature = feature
      best.split = bin + (missingLeft ? MISSING_LEFT : 0)
      best.total = leftTotal
      best.positive = leftPositive
    }
  }
  return true
}

/** @returns Where the samples that go right begin; both sides keep their order. */
function partition(
  { samples: { columns }, features, work: { samples }, scratch }: PlainMemory,
  start: number,
  end: number,
  { feature, split }: Best,
): number {
  const codes = columns[features.column[feature]!]!
  const { low, high } = codesGoingRight(features, feature, split)
  let kept = start
  let moved = 0
  for (let at = start; at < end; at++) {
    const sample = samples[at]!
    const code = codes[sample]!
    if (code >= low && code <= high) scratch[moved++] = sample
    else samples[kept++] = sample
  }
  samples.set(scratch.subarray(0, moved), kept)
  return kept
}

/** The codes of a column whose samples go right at a split. */
export function codesGoingRight(
  { firstCode, nBins, hasMissing }: TreeFeatures,
  feature: number,
  split: number,
): { readonly low: number; readonly high: number } {
  const missingGoesRight = hasMissing[feature] === 1 && split < MISSING_LEFT
  return {
    low: firstCode[feature]! + (split & 255),
    high: firstCode[feature]! + nBins[feature]! - 2 + (missingGoesRight ? 1 : 0),
  }
}

function giniWorth(positive: number, total: number): number {
  const negative = total - positive
  return (positive * positive + negative * negative) / total
}

function entropyWorth(positive: number, total: number): number {
  return timesLn(positive) + timesLn(total - positive) - timesLn(total)
}

function timesLn(x: number): number {
  return x > 0 ? x * ln(x) : 0
}

/**
 * A number in [0, bound), by xoshiro128** (see math/random.ts): the high half of a product, whose
 * bias of bound / 2³² at most is no matter for drawing features.
 */
function drawBelow(state: Uint32Array, bound: number): number {
  const [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!]
  const product = Math.imul(b, 5)
  const drawn = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
  state[0] = a ^ d ^ b
  state[1] = b ^ c ^ a
  state[2] = c ^ a ^ (b << 9)
  const mixed = d ^ b
  state[3] = (mixed << 11) | (mixed >>> 21)
  const low = (drawn & 0xffff) * bound
  return Math.floor(((drawn >>> 16) * bound + Math.floor(low / 65536)) / 65536)
}
