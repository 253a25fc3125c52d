/**
 * Features cut into bins for classification trees, and trees grown on them as thresholds again.
 *
 * Cuts lie at quantiles of the samples with both classes weighing the same: with a rare class half
 * of the bins are spent where its samples are, and a few hundred bins decide as finely as values.
 */
import type { Engine } from '../kernels.ts'
import type { SampleMemory } from '../kernels/boosting.ts'
import { MISSING_LEFT, codesGoingRight } from '../kernels/forest.ts'
import type { ForestMemory, TreeFeatures, TreeRules, TreeWork } from '../kernels/forest.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { blockSum } from '../math/sum.ts'
import { binFeatures } from './binning.ts'
import type { TrainingSet } from './training-set.ts'

/** Open memory of binned samples; close it. */
export interface BinnedTrees {
  /** Null where every feature is constant: there is nothing to split on. */
  readonly features: TreeFeatures | null
  /** Weight per sample: multiples of a power of two, so that sums of them are exact. */
  readonly weights: Float64Array
  readonly yTrue: Uint8Array
  openForest(rules: TreeRules, mostDrawn: number): ForestMemory
  /** A grown tree with its leaves as `valueOf` says, from the weights of all and of positives. */
  treeOf(
    work: TreeWork,
    nNodes: number,
    valueOf: (positive: number, total: number) => number,
  ): TreeEnsemble
  /** Adds to `sums` the leaf of each sample, whether it was drawn or not. */
  addLeaves(work: TreeWork, leaf: (node: number) => number, sums: Float64Array): void
  close(): void
}

export function openBinnedTrees(
  { X, yTrue, weights }: TrainingSet,
  bins: number,
  { boosting, forest }: Engine,
  checkpoint: Checkpoint,
): BinnedTrees {
  const memory = boosting.open(X.nSamples)
  let openedForest: ForestMemory | null = null
  const close = (): void => {
    if (openedForest !== null) forest.closeForest(openedForest)
    boosting.close(memory)
  }
  try {
    memory.weights.set(weightsOfCuts(yTrue, weights))
    const binned = binFeatures(X, bins, memory, boosting, checkpoint)
    const used = Int32Array.from(binned.columnOf.keys()).filter((k) => binned.columnOf[k]! >= 0)
    const features: TreeFeatures = {
      column: used.map((k) => binned.columnOf[k]!),
      firstCode: used.map((k) => binned.firstCode[k]!),
      nBins: used.map((k) => binned.nBins[k]!),
      hasMissing: Uint8Array.from(used, (k) => binned.hasMissing[k]!),
    }
    return {
      features: used.length === 0 ? null : features,
      weights: exactWeights(weights, X.nSamples),
      yTrue,
      openForest(rules, mostDrawn) {
        openedForest = forest.openForest(memory, features, rules, mostDrawn)
        return openedForest
      },
      treeOf({ nodes }, nNodes, valueOf) {
        const left = nodes.left.slice(0, nNodes)
        const isLeaf = (node: number): boolean => left[node] === 0
        const feature = left.map((_, node) => (isLeaf(node) ? -1 : used[nodes.feature[node]!]!))
        return {
          roots: Int32Array.of(0),
          feature,
          threshold: Float32Array.from(feature, (k, node) =>
            k < 0 ? 0 : (binned.cuts[k]![nodes.split[node]! & 255] ?? Infinity),
          ),
          missingLeft: Uint8Array.from(feature, (k, node) =>
            k >= 0 && nodes.split[node]! >= MISSING_LEFT ? 1 : 0,
          ),
          left: left.map((child, node) => (isLeaf(node) ? -1 : child)),
          right: left.map((child, node) => (isLeaf(node) ? -1 : child + 1)),
          value: Float32Array.from(feature, (k, node) =>
            k < 0 ? valueOf(nodes.positive[node]!, nodes.total[node]!) : 0,
          ),
          gain: Float32Array.from(feature, (k, node) =>
            k < 0 ? 0 : Math.max(0, nodes.gain[node]!),
          ),
          categorySet: new Int32Array(nNodes).fill(-1),
          categorySets: new Uint32Array(0),
        }
      },
      addLeaves: (work, leaf, sums) => {
        addLeaves(memory, features, work, leaf, sums)
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** One tree after the other. */
export function joinTrees(trees: readonly TreeEnsemble[]): TreeEnsemble {
  const starts: number[] = []
  let nNodes = 0
  for (const { feature } of trees) {
    starts.push(nNodes)
    nNodes += feature.length
  }
  const join = <Values extends Int32Array | Float32Array | Uint8Array>(
    joined: Values,
    of: (tree: TreeEnsemble) => Values,
    areNodes = false,
  ): Values => {
    trees.forEach((tree, k) => {
      const start = starts[k]!
      const values = of(tree)
      if (areNodes)
        values.forEach((node, at) => (joined[start + at] = node < 0 ? -1 : node + start))
      else joined.set(values, start)
    })
    return joined
  }
  return {
    roots: Int32Array.from(starts),
    feature: join(new Int32Array(nNodes), ({ feature }) => feature),
    threshold: join(new Float32Array(nNodes), ({ threshold }) => threshold),
    missingLeft: join(new Uint8Array(nNodes), ({ missingLeft }) => missingLeft),
    left: join(new Int32Array(nNodes), ({ left }) => left, true),
    right: join(new Int32Array(nNodes), ({ right }) => right, true),
    value: join(new Float32Array(nNodes), ({ value }) => value),
    gain: join(new Float32Array(nNodes), ({ gain }) => gain),
    categorySet: new Int32Array(nNodes).fill(-1),
    categorySets: new Uint32Array(0),
  }
}

/** Drawn more often than this in total, weights would no longer sum exactly; nobody is so lucky. */
const MOST_REPEATS = 64

/**
 * Weights on a grid on which sums of them are exact (see `exactSumsOf` in gradient-boosting.ts),
 * with room for drawing samples repeatedly.
 *
 * @param weights Length nSamples; null = all one.
 */
export function exactWeights(weights: Float64Array | null, nSamples: number): Float64Array {
  if (weights === null) return new Float64Array(nSamples).fill(1)
  const total = MOST_REPEATS * blockSum(weights)
  let power = 1
  while (power < 2 * total) power *= 2
  while (power > 4 * total) power /= 2
  const grid = 1.5 * power
  return weights.map((weight) => weight + grid - grid)
}

/** Both classes weigh the same; rounded, so that whole weights keep sums exact. */
function weightsOfCuts(yTrue: Uint8Array, weights: Float64Array | null): Float64Array {
  const given = exactWeights(weights, yTrue.length)
  const total = blockSum(given)
  const ofPositives = blockSum(given.map((weight, i) => (yTrue[i] === 1 ? weight : 0)))
  const positive = Math.fround(total / (2 * ofPositives))
  const negative = Math.fround(total / (2 * (total - ofPositives)))
  return given.map((weight, i) => weight * (yTrue[i] === 1 ? positive : negative))
}

function addLeaves(
  { columns, nSamples }: SampleMemory,
  features: TreeFeatures,
  { nodes }: TreeWork,
  leaf: (node: number) => number,
  sums: Float64Array,
): void {
  const { left } = nodes
  // Samples of a node lie side by side; partitioned in place, since this runs for every stump.
  const order = new Int32Array(nSamples)
  for (let i = 0; i < nSamples; i++) order[i] = i
  const walk = (start: number, end: number, node: number): void => {
    if (left[node] === 0) {
      const value = leaf(node)
      for (let at = start; at < end; at++) sums[order[at]!]! += value
      return
    }
    const feature = nodes.feature[node]!
    const codes = columns[features.column[feature]!]!
    const { low, high } = codesGoingRight(features, feature, nodes.split[node]!)
    let middle = start
    for (let last = end; middle < last;) {
      const sample = order[middle]!
      const code = codes[sample]!
      if (code < low || code > high) {
        middle++
        continue
      }
      last--
      order[middle] = order[last]!
      order[last] = sample
    }
    walk(start, middle, left[node]!)
    walk(middle, end, left[node]! + 1)
  }
  walk(0, nSamples, 0)
}
