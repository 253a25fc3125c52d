/**
 * Ensembles whose trees vote: the probability of a sample is the mean, over the trees, of the share
 * of the positive class in the leaf that it falls into.
 *
 * Every tree draws from a stream of its own, named by its number, so that neither the number of
 * threads nor the order in which trees are grown changes a bit.
 *
 * A mean of votes is no probability of a well-specified model: what sampling does to it can't be
 * undone by a formula for prior odds, so such ensembles are recalibrated instead.
 *
 * No sample is called certain: probabilities keep from 0 and 1 the distance that half a sample of
 * the training set would give (see `priorOf`).
 */
import type { Engine, FitMeans } from '../kernels.ts'
import type { TreeRules, TreeWork } from '../kernels/forest.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { logit } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { createStream } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import type { TreeGrowth } from '../plan/plan.ts'
import { joinTrees, openBinnedTrees } from './binned-trees.ts'
import type { BinnedTrees } from './binned-trees.ts'
import { drawableSamples } from './draw-samples.ts'
import type { Draw, DrawableSamples } from './draw-samples.ts'
import { priorOf } from './prior-logit.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

/** What voting trees have in common, whatever they are called. */
export interface TreeVotes {
  readonly nFeatures: number
  /** Logit of everyone where there are no trees. */
  readonly baseLogit: number
  /** Leaves are shares of the positive class. */
  readonly trees: TreeEnsemble
  /** Probabilities lie in [leastProbability, 1 − leastProbability]. */
  readonly leastProbability: number
}

const LEAST_PROBABILITY = 1e-12 // so that 1 less it is still below 1 after some arithmetic

export interface VotesFit {
  readonly votes: TreeVotes
  readonly report: FitReport
}

/**
 * Fits trees, each to the samples that it draws.
 *
 * @param drawOf  How members draw, given the samples that weigh anything.
 * @param isSparse True where members draw so few that only what some member draws is binned.
 */
export function fitTreeVotes(
  nTrees: number,
  growth: TreeGrowth,
  drawOf: (samples: DrawableSamples) => Draw,
  isSparse: boolean,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
): VotesFit {
  requireGrowth(growth, nTrees)
  const seed = stream.uint32()
  const grow = (set: TrainingSet, draw: Draw): TreeEnsemble[] => {
    const binned = openBinnedTrees(set, growth.bins, engine, partOf(checkpoint, 0.05, 0.2))
    try {
      return growDrawn(binned, nTrees, growth, draw, seed, engine, partOf(checkpoint, 0.2, 0.99))
    } finally {
      binned.close()
    }
  }
  return votesOf(train, checkpoint, (whole) => {
    checkpoint(0)
    const drawable = drawableSamples(train.yTrue, whole)
    const draw = drawOf(drawable)
    if (!isSparse) return grow(train, draw)
    const counts = new Int32Array(train.X.nSamples)
    for (let tree = 0; tree < nTrees; tree++) {
      draw(streamOf(seed, tree), counts)
      checkpoint((0.05 * tree) / nTrees)
    }
    const drawn = Int32Array.from(counts.keys()).filter((i) => counts[i]! > 0)
    const set = samplesOf(train, drawn)
    return grow(set, (drawing, within) => {
      counts.fill(0)
      draw(drawing, counts)
      drawn.forEach((sample, i) => (within[i] = counts[sample]!))
    })
  })
}

/** What is the same for all that vote: one class only, and how sure they may be. */
export function votesOf(
  { X, yTrue, weights }: TrainingSet,
  checkpoint: Checkpoint,
  growTrees: (weights: Float64Array) => readonly TreeEnsemble[],
): VotesFit {
  const prior = priorOf(yTrue, weights)
  const whole = weights ?? new Float64Array(X.nSamples).fill(1)
  const trees = prior.hasBothClasses ? growTrees(whole) : []
  checkpoint(1)
  return {
    votes: {
      nFeatures: X.nFeatures,
      baseLogit: prior.logit,
      trees: joinTrees(trees),
      leastProbability: leastProbabilityOf(X.nSamples, weights),
    },
    report: { iterations: trees.length, converged: true },
  }
}

function growDrawn(
  binned: BinnedTrees,
  nTrees: number,
  growth: TreeGrowth,
  draw: Draw,
  seed: number,
  engine: Engine,
  checkpoint: Checkpoint,
): TreeEnsemble[] {
  const { features, weights, yTrue } = binned
  if (features === null) return []
  const nSamples = weights.length
  const forest = binned.openForest(rulesOf(growth, features.column.length), nSamples)
  const counts = new Int32Array(nSamples)
  const trees = new Array<TreeEnsemble>(nTrees)
  engine.forest.growTrees(
    forest,
    {
      nTrees,
      prepare(tree, work) {
        const drawing = streamOf(seed, tree)
        counts.fill(0)
        draw(drawing, counts)
        fillRandom(work, drawing)
        return takeDrawn(work, counts, weights, yTrue)
      },
      collect(tree, work, nNodes) {
        trees[tree] = binned.treeOf(work, nNodes, shareOf)
      },
    },
    checkpoint,
  )
  return trees
}

/** The share of the positive class. */
export function shareOf(positive: number, total: number): number {
  return positive / total
}

/** What member `tree` of an ensemble draws from. */
export function streamOf(seed: number, tree: number): RandomStream {
  return createStream(seed, 'tree', tree)
}

/** Starts the generator that draws features. */
export function fillRandom({ random }: TreeWork, stream: RandomStream): void {
  for (let k = 0; k < 4; k++) random[k] = stream.uint32()
  if (random.every((word) => word === 0)) random[0] = 1 // from which xoshiro never gets away
}

/** @returns How many samples there are to grow a tree from. */
export function takeDrawn(
  { samples, pairs }: TreeWork,
  counts: Int32Array,
  weights: Float64Array,
  yTrue: Uint8Array,
): number {
  let nDrawn = 0
  for (let i = 0; i < counts.length; i++) {
    const weight = counts[i]! * weights[i]!
    if (weight === 0) continue
    samples[nDrawn++] = i
    pairs[2 * i] = weight
    pairs[2 * i + 1] = yTrue[i] === 1 ? weight : 0
  }
  return nDrawn
}

export function rulesOf(growth: TreeGrowth, nFeatures: number): TreeRules {
  const { criterion, maxDepth, minLeafWeight, features } = growth
  const perSplit = {
    sqrt: Math.floor(Math.sqrt(nFeatures)),
    log2: 31 - Math.clz32(Math.max(1, nFeatures)),
    all: nFeatures,
  }[features]
  return {
    criterion,
    maxDepth: maxDepth ?? Infinity,
    featuresPerSplit: Math.max(1, perSplit),
    minLeafWeight: Math.max(minLeafWeight, Number.MIN_VALUE), // 0 would allow empty leaves
  }
}

/** Some of the samples of a training set. */
export function samplesOf({ X, yTrue, weights }: TrainingSet, samples: Int32Array): TrainingSet {
  const { nFeatures } = X
  const values = new Float64Array(samples.length * nFeatures)
  samples.forEach((sample, i) => {
    values.set(X.values.subarray(sample * nFeatures, (sample + 1) * nFeatures), i * nFeatures)
  })
  return {
    X: { values, nSamples: samples.length, nFeatures },
    yTrue: Uint8Array.from(samples, (sample) => yTrue[sample]!),
    weights: weights === null ? null : Float64Array.from(samples, (sample) => weights[sample]!),
  }
}

/** Logit of the mean vote per sample, length nSamples. */
export function votesLogits(
  { trees, baseLogit, leastProbability }: TreeVotes,
  X: Matrix,
  checkpoint: Checkpoint,
  engine: Engine,
): Float64Array {
  const nTrees = trees.roots.length
  if (nTrees === 0) return new Float64Array(X.nSamples).fill(baseLogit)
  const sums = engine.boosting.sumOfTrees(trees, 0, X, checkpoint)
  return sums.map((sum) => logitOfMean(sum / nTrees, leastProbability))
}

/** What half a sample weighs beside all others, as where there is one class only. */
export function leastProbabilityOf(nSamples: number, weights: Float64Array | null): number {
  return Math.max(0.5 / ((weights === null ? nSamples : blockSum(weights)) + 1), LEAST_PROBABILITY)
}

/** The logit of a mean of probabilities, which keeps its distance from certainty. */
export function logitOfMean(mean: number, least: number): number {
  return logit(Math.min(Math.max(mean, least), 1 - least))
}

export function requireGrowth({ maxDepth, minLeafWeight, bins }: TreeGrowth, nTrees: number): void {
  const require = (ok: boolean, name: string, wanted: string, got: number): void => {
    if (!ok) throw new RangeError(`${name} must be ${wanted}, got ${got}`)
  }
  const isWhole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high
  require(isWhole(nTrees, 1, 10_000), 'trees', 'a whole number from 1 to 10,000', nTrees)
  require(maxDepth === null ||
    isWhole(maxDepth, 1, 10_000), 'maxDepth', 'null or a whole number from 1', maxDepth ?? 0)
  require(minLeafWeight >= 0 &&
    minLeafWeight < Infinity, 'minLeafWeight', 'a finite number from 0', minLeafWeight)
  require(isWhole(bins, 2, 256), 'bins', 'a whole number from 2 to 256', bins)
}
