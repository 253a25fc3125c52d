/**
 * Stumps (trees of one split) that are boosted on balanced draws: EasyEnsemble and RUSBoost.
 *
 * Real AdaBoost. Stump t gives every sample the logit of the share of the positive class in its
 * leaf, z = ln((p + ε) / (n + ε)), where p and n are the weights of both classes there and ε half of
 * the mean weight of a sample; then every weight is multiplied by
 *
 *     exp(−learningRate · s · z / 2),   s = +1 for a positive sample, −1 for a negative one
 *
 * and all are scaled to sum to 1. A member's probability is the logistic function of the sum of its
 * stumps' logits.
 *
 * EasyEnsemble boosts each member on a balanced draw of its own, and its probability is the mean of
 * the members'. RUSBoost is one member that draws anew for every stump, while all samples keep their
 * weights.
 *
 * Source: Friedman, Hastie and Tibshirani (2000), "Additive Logistic Regression", algorithm 2, with
 * the smoothing of Schapire and Singer (1999), section 4.2; Liu, Wu and Zhou (2009), "Exploratory
 * Undersampling for Class-Imbalance Learning"; Seiffert, Khoshgoftaar, Van Hulse and Napolitano
 * (2010), "RUSBoost". What differs: imbalanced-learn takes the mean in place of the sum, which draws
 * all probabilities to ½ and ranks worse where members are averaged.
 */
import type { Engine, FitMeans } from '../kernels.ts'
import type { ForestMemory, TreeRules } from '../kernels/forest.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import { noCheckpoint, partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { exp, ln, sigmoid } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { blockSum } from '../math/sum.ts'
import type { EasyEnsembleChoice, RusBoostChoice } from '../plan/plan.ts'
import { joinTrees, openBinnedTrees, exactWeights } from './binned-trees.ts'
import type { BinnedTrees } from './binned-trees.ts'
import { drawBalanced, drawableSamples } from './draw-samples.ts'
import { priorOf } from './prior-logit.ts'
import { leastProbabilityOf, logitOfMean, samplesOf, streamOf, takeDrawn } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'

/** What members of boosted stumps have in common. */
interface BoostedMembers {
  readonly nFeatures: number
  /** Logit of everyone where there are no stumps. */
  readonly baseLogit: number
  /** Leaves are logits; a member's is the sum of its stumps'. */
  readonly members: readonly TreeEnsemble[]
  readonly leastProbability: number
}

export interface EasyEnsembleModel extends BoostedMembers {
  readonly kind: 'easy_ensemble'
}

export interface RusBoostModel extends BoostedMembers {
  readonly kind: 'rus_boost'
}

const STUMP: TreeRules = {
  criterion: 'gini',
  maxDepth: 1,
  featuresPerSplit: Infinity,
  minLeafWeight: Number.MIN_VALUE,
}

/**
 * Fits an EasyEnsemble.
 *
 * @returns `iterations` counts the stumps of all members.
 * @throws RangeError when a hyperparameter is out of its range.
 */
export function fitEasyEnsemble(
  { members: nMembers, rounds, bins }: EasyEnsembleChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
): { readonly model: EasyEnsembleModel; readonly report: FitReport } {
  requireWhole('members', nMembers)
  requireWhole('rounds', rounds)
  const seed = stream.uint32()
  const { fitted, report } = fitMembers(train, checkpoint, () => {
    const whole = train.weights ?? new Float64Array(train.X.nSamples).fill(1)
    const draw = drawBalanced(drawableSamples(train.yTrue, whole))
    const counts = new Int32Array(train.X.nSamples)
    const draws = Array.from({ length: nMembers }, (_, member) => {
      checkpoint((0.05 * member) / nMembers)
      counts.fill(0)
      draw(streamOf(seed, member), counts)
      return Uint8Array.from(counts)
    })
    const union = Int32Array.from(counts.keys()).filter((i) =>
      draws.some((drawn) => drawn[i] === 1),
    )
    return withStumps(samplesOf(train, union), bins, engine, checkpoint, (booster) =>
      draws.map((drawn, member) => {
        const isIn = Uint8Array.from(union, (sample) => drawn[sample]!)
        const weights = booster.start(isIn)
        const stumps: TreeEnsemble[] = []
        for (let round = 0; round < rounds; round++) {
          checkpoint(0.2 + (0.79 * (member + round / rounds)) / nMembers)
          const stump = booster.grow(weights, isIn)
          stumps.push(stump.tree)
          booster.reweigh(weights, stump.logits, 1)
        }
        return joinTrees(stumps)
      }),
    )
  })
  return { model: { kind: 'easy_ensemble', ...fitted }, report }
}

/**
 * Fits RUSBoost.
 *
 * @returns `iterations` counts the stumps.
 * @throws RangeError when a hyperparameter is out of its range.
 */
export function fitRusBoost(
  { rounds, learningRate, bins }: RusBoostChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
): { readonly model: RusBoostModel; readonly report: FitReport } {
  requireWhole('rounds', rounds)
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(`learningRate must be a finite number above 0, got ${learningRate}`)
  }
  const seed = stream.uint32()
  const { fitted, report } = fitMembers(train, checkpoint, () =>
    withStumps(train, bins, engine, checkpoint, (booster) => {
      const whole = train.weights ?? new Float64Array(train.X.nSamples).fill(1)
      const draw = drawBalanced(drawableSamples(train.yTrue, whole))
      const weights = booster.start(new Uint8Array(whole.length).fill(1))
      const counts = new Int32Array(whole.length)
      const stumps: TreeEnsemble[] = []
      for (let round = 0; round < rounds; round++) {
        checkpoint(0.2 + (0.79 * round) / rounds)
        counts.fill(0)
        draw(streamOf(seed, round), counts)
        const stump = booster.grow(weights, counts)
        stumps.push(stump.tree)
        booster.reweigh(weights, stump.logits, learningRate)
      }
      return [joinTrees(stumps)]
    }),
  )
  return { model: { kind: 'rus_boost', ...fitted }, report }
}

/** Logit of the mean probability of the members per sample, length nSamples. */
export function boostedMembersLogits(
  { members, baseLogit, leastProbability }: BoostedMembers,
  X: Matrix,
  checkpoint: Checkpoint,
  engine: Engine,
): Float64Array {
  if (members.length === 0) return new Float64Array(X.nSamples).fill(baseLogit)
  const sums = new Float64Array(X.nSamples)
  members.forEach((stumps, member) => {
    const part = partOf(checkpoint, member / members.length, (member + 1) / members.length)
    const logits = engine.boosting.sumOfTrees(stumps, 0, X, part)
    for (let i = 0; i < sums.length; i++) sums[i]! += sigmoid(logits[i]!)
  })
  return sums.map((sum) => logitOfMean(sum / members.length, leastProbability))
}

function fitMembers(
  { X, yTrue, weights }: TrainingSet,
  checkpoint: Checkpoint,
  boost: () => readonly TreeEnsemble[],
): { readonly fitted: BoostedMembers; readonly report: FitReport } {
  const prior = priorOf(yTrue, weights)
  checkpoint(0)
  const members = prior.hasBothClasses ? boost() : []
  checkpoint(1)
  return {
    fitted: {
      nFeatures: X.nFeatures,
      baseLogit: prior.logit,
      members,
      leastProbability: leastProbabilityOf(X.nSamples, weights),
    },
    report: {
      iterations: members.reduce((sum, { roots }) => sum + roots.length, 0),
      converged: true,
    },
  }
}

/** What boosts stumps on an open memory. */
interface Booster {
  /** Weights of the samples that are in, summing to 1; 0 for the others. */
  start(isIn: Uint8Array): Float64Array
  /** A stump on the samples that are drawn; the logit that it gives to every sample. */
  grow(
    weights: Float64Array,
    drawn: Uint8Array | Int32Array,
  ): { readonly tree: TreeEnsemble; readonly logits: Float64Array }
  reweigh(weights: Float64Array, logits: Float64Array, learningRate: number): void
}

function withStumps(
  train: TrainingSet,
  bins: number,
  engine: Engine,
  checkpoint: Checkpoint,
  boost: (booster: Booster) => readonly TreeEnsemble[],
): readonly TreeEnsemble[] {
  const binned = openBinnedTrees(train, bins, engine, partOf(checkpoint, 0.05, 0.2))
  try {
    if (binned.features === null) return []
    return boost(boosterOf(binned, binned.openForest(STUMP, binned.weights.length), engine))
  } finally {
    binned.close()
  }
}

function boosterOf(binned: BinnedTrees, forest: ForestMemory, engine: Engine): Booster {
  const { yTrue, weights: given } = binned
  const counts = new Int32Array(yTrue.length)
  const logits = new Float64Array(yTrue.length)
  const normalize = (weights: Float64Array): void => {
    const total = blockSum(weights)
    for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! / total
  }
  return {
    start(isIn) {
      const weights = given.map((weight, i) => weight * isIn[i]!)
      normalize(weights)
      return weights
    },
    grow(weights, drawn) {
      counts.set(drawn)
      const own = weights.map((weight, i) => weight * counts[i]!)
      const nDrawn = own.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0)
      const smoothing = (0.5 * blockSum(own)) / Math.max(1, nDrawn)
      const logitOf = (positive: number, total: number): number =>
        ln((positive + smoothing) / (total - positive + smoothing))
      const exact = exactWeights(own, own.length)
      let tree: TreeEnsemble | null = null
      logits.fill(0)
      engine.forest.growTrees(
        forest,
        {
          nTrees: 1,
          prepare(_, work) {
            work.random.fill(1) // nothing is drawn: stumps try all features
            return takeDrawn(work, counts, exact, yTrue)
          },
          collect(_, work, nNodes) {
            tree = binned.treeOf(work, nNodes, logitOf)
            const { positive, total } = work.nodes
            binned.addLeaves(work, (node) => logitOf(positive[node]!, total[node]!), logits)
          },
        },
        noCheckpoint,
      )
      return { tree: tree!, logits }
    },
    reweigh(weights, ofStump, learningRate) {
      for (let i = 0; i < weights.length; i++) {
        if (weights[i] === 0) continue
        const margin = yTrue[i] === 1 ? ofStump[i]! : -ofStump[i]!
        weights[i]! *= exp((-learningRate * margin) / 2)
      }
      normalize(weights)
    },
  }
}

function requireWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return
  throw new RangeError(`${name} must be a whole number from 1 to 10,000, got ${value}`)
}
