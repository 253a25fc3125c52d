/**
 * Gradient-boosted decision trees on log loss.
 *
 * The logit of a sample is a constant (the log-odds of the weighted prevalence) plus one leaf of
 * every tree. Tree after tree is fitted to the loss of the trees before it: with gᵢ and hᵢ the
 * first and second derivative of the weighted loss of sample i in its logit, and G and H their sums
 * over a node,
 *
 *     leaf value  =  −learningRate · G / (H + lambda)
 *     split gain  =  G_left² / (H_left + lambda) + G_right² / (H_right + lambda) − G² / (H + lambda)
 *
 * A node is split where the gain is largest, if one is above rounding and both children keep a sum
 * of hᵢ of at least minChildWeight, down to maxDepth. Candidates are the bins of core/models/binning;
 * samples with a missing value go where the gain is larger, or, where a node has none, to the
 * heavier child.
 *
 * Histograms. The sums of all candidates of a node come from one histogram per feature. Of two
 * children only the smaller one's is built from samples; the other's is the parent's less that.
 * Nodes are visited depth first, so at most maxDepth + 1 histograms are alive.
 *
 * Exact sums. Derivatives are rounded to multiples of a power of two that is so small (2⁻⁵¹ of the
 * total weight, at most) that it is no loss, and so large that all sums of them are exact. So
 * subtraction loses nothing, sums do not depend on the order of samples, and, for weights that are
 * whole numbers, weighing a sample twice gives the bits that repeating it gives.
 *
 * Source: Chen and Guestrin (2016), "XGBoost: A Scalable Tree Boosting System", KDD, eq. 5 and 6
 * and section 3.4; what differs: exact sums, and cuts in the middle of gaps.
 */
import type {
  BoostingKernels,
  BoostingMemory,
  FeatureSlots,
  GradientGrid,
  Split,
} from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { blockSum } from '../math/sum.ts'
import type { GradientBoostingChoice } from '../plan/plan.ts'
import { binFeatures } from './binning.ts'
import type { BinnedFeatures } from './binning.ts'
import { priorOf } from './prior-logit.ts'
import type { FitReport, TrainingSet } from './training-set.ts'
import { createTreeBuilder } from './tree-ensemble.ts'
import type { TreeBuilder, TreeEnsemble } from './tree-ensemble.ts'

export interface GradientBoostingModel {
  readonly kind: 'gradient_boosting'
  readonly nFeatures: number
  /** Logit before any tree. */
  readonly baseLogit: number
  readonly trees: TreeEnsemble
}

const LEAST_GAIN = 1e-6 // in units of the loss: anything below is rounding
const CODES_PER_CHECKPOINT = 4e6 // 10 to 30 ms of histogram building

/**
 * Fits gradient-boosted trees.
 *
 * @returns `converged` is true: all iterations asked for were done. With one class only, or when
 *   every feature is constant: no trees, so the prior for everyone.
 * @throws RangeError when a hyperparameter is out of its range.
 *
 * O(iterations · maxDepth · nSamples · columns) time at most, deterministic.
 */
export function fitGradientBoosting(
  choice: Omit<GradientBoostingChoice, 'kind'>,
  { X, yTrue, weights }: TrainingSet,
  kernels: BoostingKernels,
  checkpoint: Checkpoint,
): { model: GradientBoostingModel; report: FitReport; trainingLogits: Float64Array } {
  requireHyperparameters(choice)
  const { nSamples, nFeatures } = X
  const prior = priorOf(yTrue, weights)
  const builder = createTreeBuilder()
  const { grid, exactWeights } = exactSumsOf(nSamples, weights)
  const binned = prior.hasBothClasses
    ? binFeatures(X, exactWeights, choice.bins, partOf(checkpoint, 0, 0.05))
    : null
  let trainingLogits: Float64Array = new Float64Array(nSamples).fill(prior.logit)
  let iterations = 0
  if (binned !== null && binned.columns.length > 0) {
    const memory = layOut(binned, choice.maxDepth, kernels, partOf(checkpoint, 0.05, 0.1))
    memory.yTrue.set(yTrue)
    if (exactWeights === null) memory.weights.fill(1)
    else memory.weights.set(exactWeights)
    memory.logits.fill(prior.logit)
    const grower = {
      kernels,
      memory,
      binned,
      slots: slotsOf(binned, memory),
      choice,
      grid,
      builder,
    }
    const progress = partOf(checkpoint, 0.1, 1)
    for (; iterations < choice.iterations; iterations++) {
      growTree(
        grower,
        partOf(progress, iterations / choice.iterations, (iterations + 1) / choice.iterations),
      )
    }
    trainingLogits = memory.logits
  }
  checkpoint(1)
  return {
    model: {
      kind: 'gradient_boosting',
      nFeatures,
      baseLogit: prior.logit,
      trees: builder.finish(),
    },
    report: { iterations, converged: true },
    trainingLogits,
  }
}

/**
 * The grid on which sums over all samples are exact, and the weights on it.
 *
 * With P a power of two that is at least twice the total weight, sums of multiples of 2⁻⁵² P stay
 * within 2⁵³ multiples. Adding 1.5 P to a number below P / 2 in size and taking it away again
 * rounds it to such a multiple. Before its weight comes in, a derivative is rounded to a
 * multiple that is no finer, so that its product with a whole number needs no rounding.
 */
function exactSumsOf(
  nSamples: number,
  weights: Float64Array | null,
): { grid: GradientGrid; exactWeights: Float64Array | null } {
  const total = weights === null ? nSamples : blockSum(weights)
  let power = 1
  while (power < 2 * total) power *= 2
  while (power > 4 * total) power /= 2
  const sum = 1.5 * power
  const unit = 1.5 * Math.min(Math.max(power, 2), 268435456) // at least 24 bits of each derivative
  const exactWeights = weights === null ? null : weights.map((weight) => weight + sum - sum)
  return { grid: { unit, sum }, exactWeights }
}

function layOut(
  binned: BinnedFeatures,
  maxDepth: number,
  kernels: BoostingKernels,
  checkpoint: Checkpoint,
): BoostingMemory {
  const { nSamples, columns, nCodes } = binned
  const nColumns = Math.ceil(columns.length / 4) * 4
  const columnStarts = new Int32Array(nColumns)
  let nSlots = 0
  for (let column = 0; column < columns.length; column++) {
    columnStarts[column] = nSlots
    nSlots += nCodes[column]!
  }
  columnStarts.fill(nSlots, columns.length) // all padding goes into one slot that nobody reads
  nSlots++
  const memory = kernels.allocate({
    nSamples,
    nColumns,
    columnStarts,
    nSlots,
    nHistograms: maxDepth + 1,
  })
  columns.forEach((codes, column) => {
    checkpoint(column / columns.length)
    memory.columnCodes.set(codes, column * nSamples)
    const shift = 8 * (column % 4)
    let at = column >>> 2
    for (let i = 0; i < nSamples; i++, at += nColumns / 4)
      memory.rowCodes[at]! |= codes[i]! << shift
  })
  return memory
}

function slotsOf(
  { nBins, hasMissing, columnOf, firstCode }: BinnedFeatures,
  memory: BoostingMemory,
): FeatureSlots {
  const { columnStarts } = memory.shape
  return {
    nBins: nBins.map((bins, feature) => (columnOf[feature]! < 0 ? 0 : bins)),
    hasMissing: hasMissing.map((flag, feature) => (columnOf[feature]! < 0 ? 0 : flag)),
    firstSlot: firstCode.map((code, feature) => (columnStarts[columnOf[feature]!] ?? 0) + code),
  }
}

interface Grower {
  readonly kernels: BoostingKernels
  readonly memory: BoostingMemory
  readonly binned: BinnedFeatures
  readonly slots: FeatureSlots
  readonly choice: Omit<GradientBoostingChoice, 'kind'>
  readonly grid: GradientGrid
  readonly builder: TreeBuilder
}

/** A node whose samples are `samples[start, end)`. */
interface OpenNode {
  readonly start: number
  readonly end: number
  readonly depth: number
  readonly gradient: number
  readonly hessian: number
}

/** Grows one tree at the current logits and adds its leaves to them. */
function growTree(
  { kernels, memory, binned, slots, choice, grid, builder }: Grower,
  checkpoint: Checkpoint,
): void {
  const { nSamples, nColumns } = memory.shape
  const { lambda, learningRate, maxDepth } = choice
  const minChildWeight = Math.max(choice.minChildWeight, Number.MIN_VALUE) // 0 would allow empty children
  const samplesPerStep = Math.max(1024, Math.ceil(CODES_PER_CHECKPOINT / nColumns))
  const freeHistograms = Array.from({ length: memory.shape.nHistograms }, (_, k) => k)

  const build = ({ start, end }: OpenNode): number => {
    const histogram = freeHistograms.pop()!
    kernels.clearHistogram(memory, histogram)
    for (let at = start; at < end; at += samplesPerStep) {
      checkpoint(0)
      kernels.addToHistogram(memory, at, Math.min(at + samplesPerStep, end), histogram)
    }
    return histogram
  }
  const mayBeSplit = ({ start, end, depth, hessian }: OpenNode): boolean =>
    depth < maxDepth && end - start > 1 && hessian >= 2 * minChildWeight

  const addLeaf = ({ start, end, gradient, hessian }: OpenNode): number => {
    const curvature = hessian + lambda
    const value = Math.fround(curvature > 0 ? (-learningRate * gradient) / curvature : 0)
    kernels.addLeafValue(memory, start, end, value)
    return builder.addLeaf(value)
  }

  /** Adds a node and all below it; takes the node's histogram over. */
  const grow = (node: OpenNode, histogram: number): number => {
    const { start, end, depth, gradient, hessian } = node
    const best: Split = {
      feature: -1,
      bin: 0,
      missingGoesLeft: false,
      score: 0,
      leftGradient: 0,
      leftHessian: 0,
    }
    const leastScore = (gradient * gradient) / (hessian + lambda) + LEAST_GAIN
    const sums = { gradient, hessian, lambda, minChildWeight }
    if (!kernels.findSplit(memory, histogram, slots, sums, leastScore, best)) {
      freeHistograms.push(histogram)
      return addLeaf(node)
    }
    const { feature, bin, missingGoesLeft, leftGradient, leftHessian } = best
    const bins = binned.nBins[feature]!
    const firstCode = binned.firstCode[feature]!
    const missingGoesRight = binned.hasMissing[feature] === 1 && !missingGoesLeft
    const middle = kernels.partition(
      memory,
      start,
      end,
      binned.columnOf[feature]!,
      firstCode + bin,
      firstCode + bins - 2 + (missingGoesRight ? 1 : 0),
    )
    const threshold = binned.cuts[feature]![bin] ?? Infinity
    const split = builder.addSplit(feature, threshold, missingGoesLeft)
    const left: OpenNode = {
      start,
      end: middle,
      depth: depth + 1,
      gradient: leftGradient,
      hessian: leftHessian,
    }
    const right: OpenNode = {
      start: middle,
      end,
      depth: depth + 1,
      gradient: gradient - leftGradient,
      hessian: hessian - leftHessian,
    }
    const leftGrows = mayBeSplit(left)
    const rightGrows = mayBeSplit(right)
    const leftIsSmaller = middle - start <= end - middle
    const largerGrows = leftIsSmaller ? rightGrows : leftGrows
    const smallerGrows = leftIsSmaller ? leftGrows : rightGrows
    let smallerHistogram = -1
    if (leftGrows || rightGrows) smallerHistogram = build(leftIsSmaller ? left : right)
    if (largerGrows) kernels.subtractHistogram(memory, histogram, smallerHistogram)
    else freeHistograms.push(histogram)
    if (!smallerGrows && smallerHistogram >= 0) freeHistograms.push(smallerHistogram)
    const leftNode = leftGrows
      ? grow(left, leftIsSmaller ? smallerHistogram : histogram)
      : addLeaf(left)
    const rightNode = rightGrows
      ? grow(right, leftIsSmaller ? histogram : smallerHistogram)
      : addLeaf(right)
    builder.link(split, leftNode, rightNode)
    return split
  }

  for (let start = 0; start < nSamples; start += samplesPerStep) {
    checkpoint(0)
    kernels.updateGradients(memory, start, Math.min(start + samplesPerStep, nSamples), grid)
  }
  for (let i = 0; i < nSamples; i++) memory.samples[i] = i
  let gradient = 0
  let hessian = 0
  for (let i = 0; i < nSamples; i++) {
    gradient += memory.gradients[2 * i]!
    hessian += memory.gradients[2 * i + 1]!
  }
  const root: OpenNode = { start: 0, end: nSamples, depth: 0, gradient, hessian }
  builder.startTree()
  if (mayBeSplit(root)) grow(root, build(root))
  else addLeaf(root)
}

function requireHyperparameters(choice: Omit<GradientBoostingChoice, 'kind'>): void {
  const { iterations, maxDepth, learningRate, lambda, minChildWeight, bins } = choice
  const require = (ok: boolean, name: string, wanted: string, got: number): void => {
    if (!ok) throw new RangeError(`${name} must be ${wanted}, got ${got}`)
  }
  const isWhole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high
  require(isWhole(iterations, 0, 1e6), 'iterations', 'a whole number from 0', iterations)
  require(isWhole(maxDepth, 1, 64), 'maxDepth', 'a whole number from 1 to 64', maxDepth)
  require(learningRate > 0 &&
    learningRate < Infinity, 'learningRate', 'a finite number above 0', learningRate)
  require(lambda >= 0 && lambda < Infinity, 'lambda', 'a finite number from 0', lambda)
  require(minChildWeight >= 0 &&
    minChildWeight < Infinity, 'minChildWeight', 'a finite number from 0', minChildWeight)
  require(isWhole(bins, 2, 256), 'bins', 'a whole number from 2 to 256', bins)
}
