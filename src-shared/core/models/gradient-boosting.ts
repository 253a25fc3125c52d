/**
 * Gradient-boosted decision trees on log loss or focal loss.
 *
 * The logit of a sample is a constant (the log-odds of the weighted prevalence; 0 for focal loss)
 * plus one leaf of every tree. Tree after tree is fitted to the loss of the trees before it: with gᵢ and hᵢ the
 * first and second derivative of the weighted loss of sample i in its logit, and G and H their sums
 * over a node,
 *
 *     leaf value  =  −learningRate · G / (H + lambda)
 *     split gain  =  G_left² / (H_left + lambda) + G_right² / (H_right + lambda) − G² / (H + lambda)
 *
 * A node is split where the gain is largest, if one is above rounding and both children keep a sum
 * of hᵢ of at least minChildWeight, down to maxDepth. Candidates are the bins of core/models/binning;
 * samples with a missing value go where the gain is larger, or, where a node has none, to the
 * heavier child. How a tree grows is told in grow-tree.ts.
 *
 * Features of categories are split as category-split.ts says.
 *
 * Exact sums. Derivatives are rounded to multiples of a power of two that is so small (2⁻⁵¹ of the
 * total weight, at most) that it is no loss, and so large that all sums of them are exact. So
 * subtraction loses nothing, sums do not depend on the order of samples, and, for weights that are
 * whole numbers, weighing a sample twice gives the bits that repeating it gives.
 *
 * Samples that a tree does not draw, and those held out for early stopping, weigh nothing while it
 * grows and are in no histogram: they still fall into its leaves, so that their logits stay up to
 * date. Columns that it does not draw get no histogram.
 *
 * Source: Chen and Guestrin (2016), "XGBoost: A Scalable Tree Boosting System", KDD, eq. 5 and 6
 * and section 3.4; what differs: exact sums, and cuts in the middle of gaps.
 */
import { CODES_PER_COLUMN } from '../kernels/boosting.ts'
import type {
  BoostingKernels,
  BoostingLoss,
  BoostingMemory,
  FeatureSlots,
  GradientGrid,
} from '../kernels/boosting.ts'
import type { TrainingWatch, WatchedLoss } from '../kernels.ts'
import { watchedMargins } from '../kernels/network.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import type { GradientBoostingChoice, LossChoice } from '../plan/plan.ts'
import { binFeatures } from './binning.ts'
import type { BinnedFeatures } from './binning.ts'
import type { CategorySlots } from './category-split.ts'
import { createEarlyStopping, holdOutSamples } from './early-stopping.ts'
import { growTree, histogramsFor, samplesPerStep } from './grow-tree.ts'
import type { TreeLimits } from './grow-tree.ts'
import { adjustmentOf, courseOf, marginsOf, requireLoss } from './loss-course.ts'
import type { LossCourse } from './loss-course.ts'
import { priorOf } from './prior-logit.ts'
import type { Prior } from './prior-logit.ts'
import type { FitReport, TrainingSet } from './training-set.ts'
import { createTreeBuilder } from './tree-ensemble.ts'

export interface GradientBoostingModel {
  readonly kind: 'gradient_boosting'
  readonly nFeatures: number
  /** Logit before any tree. */
  readonly baseLogit: number
  readonly trees: TreeEnsemble
}

type Hyperparameters = Omit<GradientBoostingChoice, 'kind' | 'categoricals'>

const DEFAULT_MAX_LEAVES = 31
const LOG_LOSS: LossChoice = { kind: 'log_loss' }

/**
 * Fits gradient-boosted trees.
 *
 * @param stream What rows, columns and the held-out share are drawn from.
 * @returns `iterations` counts the trees kept. `converged` is false only when early stopping was
 *   asked for and did not come. With one class only, or when every feature is constant: no trees,
 *   so the prior for everyone. `trainingLogits` are those after the last tree grown.
 * @throws RangeError when a hyperparameter is out of its range, a monotone column is not among the
 *   numeric features, or a category's code is not a whole number in [0, 254].
 *
 * O(iterations · maxDepth · nSamples · columns) time at most, deterministic.
 */
export function fitGradientBoosting(
  choice: Hyperparameters,
  train: TrainingSet,
  kernels: BoostingKernels,
  checkpoint: Checkpoint,
  stream: RandomStream,
  watch?: TrainingWatch,
): { model: GradientBoostingModel; report: FitReport; trainingLogits: Float64Array } {
  requireHyperparameters(choice)
  const { X, yTrue } = train
  const { nSamples, nFeatures } = X
  const directions = directionsOf(choice, train)
  const stopping = choice.earlyStopping ?? null
  const held = stopping === null ? null : holdOutSamples(train, stopping.validationShare, stream)
  const weights = held === null || held.length === 0 ? train.weights : withoutWeight(train, held)
  const prior = priorOf(yTrue, weights)
  // At the log-odds of rare positives focal loss is nearly flat for all the others.
  const loss = choice.loss ?? LOG_LOSS
  const baseLogit = loss.kind === 'focal' && prior.hasBothClasses ? 0 : prior.logit
  const adjustment = adjustmentOf(loss, prior)
  const builder = createTreeBuilder()
  let trainingLogits: Float64Array = new Float64Array(nSamples).fill(baseLogit)
  let iterations = 0
  let converged = true
  if (prior.hasBothClasses) {
    const { grid, exactWeights } = exactSumsOf(nSamples, weights)
    const samples = kernels.open(nSamples)
    try {
      if (exactWeights === null) samples.weights.fill(1)
      else samples.weights.set(exactWeights)
      const limits = limitsOf(choice)
      const binned = binFeatures(
        X,
        choice.bins,
        samples,
        kernels,
        partOf(checkpoint, 0, 0.1),
        train.isCategorical,
      )
      if (binned.nCodes.length > 0) {
        const memory = kernels.layOut(
          samples,
          binned.nCodes,
          slotsOf(binned, directions),
          histogramsFor(limits),
        )
        memory.yTrue.set(yTrue)
        memory.logits.fill(baseLogit)
        const categories = categorySlotsOf(binned)
        const course = courseOf(loss, yTrue, memory.weights.slice(), prior)
        const draw = drawing(choice, memory, binned, categories, { course, grid, stream })
        const lossHere = lossInKernel(loss, prior)
        const early =
          stopping === null || held === null || held.length === 0
            ? null
            : createEarlyStopping(stopping, train, held)
        const grower = { kernels, memory, binned, categories, limits, builder }
        const progress = partOf(checkpoint, 0.1, 1)
        watch?.begin(watchedLoss(lossHere))
        converged = early === null
        while (iterations < choice.iterations) {
          const part = partOf(
            progress,
            iterations / choice.iterations,
            (iterations + 1) / choice.iterations,
          )
          draw(iterations / choice.iterations)
          watch?.see(null, nSamples, memory.logits, memory.weights, 0)
          watch?.endPass()
          updateGradients(kernels, memory, grid, lossHere, part)
          growTree(grower, part)
          iterations++
          const isSettled = iterations > course.settledFrom * choice.iterations
          if (isSettled && early?.isOver(memory.logits, iterations) === true) {
            converged = true
            break
          }
        }
        trainingLogits = memory.logits.slice()
        iterations = early?.bestIteration() ?? iterations
      }
    } finally {
      kernels.close(samples)
    }
  }
  checkpoint(1)
  return {
    model: {
      kind: 'gradient_boosting',
      nFeatures,
      baseLogit: baseLogit - adjustment,
      trees: builder.finish(iterations),
    },
    report: { iterations, converged },
    trainingLogits: trainingLogits.map((logit) => logit - adjustment),
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

function limitsOf(choice: Hyperparameters): TreeLimits {
  const { learningRate, lambda, maxDepth } = choice
  return {
    learningRate,
    lambda,
    maxDepth,
    minChildWeight: Math.max(choice.minChildWeight, Number.MIN_VALUE), // 0 would allow empty children
    maxLeaves: choice.growth === 'leaf' ? (choice.maxLeaves ?? DEFAULT_MAX_LEAVES) : null,
  }
}

/** Features of categories have no bins here, so they are passed over. */
function slotsOf(
  { nBins, hasMissing, columnOf, firstCode, isCategorical }: BinnedFeatures,
  direction: Int8Array,
): FeatureSlots {
  const isIn = (feature: number): boolean => columnOf[feature]! >= 0 && isCategorical[feature] === 0
  return {
    nBins: nBins.map((bins, feature) => (isIn(feature) ? bins : 0)),
    hasMissing: hasMissing.map((flag, feature) => (isIn(feature) ? flag : 0)),
    firstSlot: firstCode.map((code, feature) => CODES_PER_COLUMN * columnOf[feature]! + code),
    direction,
  }
}

function categorySlotsOf({
  nBins,
  hasMissing,
  columnOf,
  isCategorical,
}: BinnedFeatures): CategorySlots {
  const feature = Int32Array.from(isCategorical.keys()).filter(
    (k) => isCategorical[k] === 1 && columnOf[k]! >= 0,
  )
  return {
    feature,
    firstSlot: feature.map((k) => CODES_PER_COLUMN * columnOf[k]!),
    nCategories: feature.map((k) => nBins[k]!),
    hasMissing: Uint8Array.from(feature, (k) => hasMissing[k]!),
    isDrawn: new Uint8Array(feature.length).fill(1),
  }
}

/** @returns 1, −1 or 0 per feature. */
function directionsOf({ monotone }: Hyperparameters, train: TrainingSet): Int8Array {
  const directions = new Int8Array(train.X.nFeatures)
  for (const { column, direction } of monotone ?? []) {
    const feature = train.featureNames?.indexOf(column) ?? -1
    if (feature < 0 || train.isCategorical?.[feature] === true) {
      throw new RangeError(`monotone must name numeric columns of the data, got "${column}"`)
    }
    directions[feature] = direction === 'increasing' ? 1 : -1
  }
  return directions
}

function watchedLoss(loss: BoostingLoss): WatchedLoss {
  const { gamma, alpha } = loss.kind === 'focal' ? loss : { gamma: 0, alpha: null }
  const shift = loss.kind === 'margin' ? loss : { positive: 0, negative: 0, scale: 1 }
  return watchedMargins({
    gamma,
    positiveFactor: alpha ?? 1,
    negativeFactor: 1 - (alpha ?? 0),
    positiveShift: shift.positive,
    negativeShift: shift.negative,
    scale: shift.scale,
  })
}

function withoutWeight({ X, weights }: TrainingSet, held: Int32Array): Float64Array {
  const left = weights === null ? new Float64Array(X.nSamples).fill(1) : weights.slice()
  for (const sample of held) left[sample] = 0
  return left
}

function updateGradients(
  kernels: BoostingKernels,
  memory: BoostingMemory,
  grid: GradientGrid,
  loss: BoostingLoss,
  checkpoint: Checkpoint,
): void {
  const { nSamples } = memory
  const step = samplesPerStep(memory.nColumns)
  memory.totals.fill(0)
  for (let start = 0; start < nSamples; start += step) {
    checkpoint(0)
    kernels.updateGradients(memory, start, Math.min(start + step, nSamples), grid, loss)
  }
}

function lossInKernel(loss: LossChoice, prior: Prior): BoostingLoss {
  switch (loss.kind) {
    case 'focal':
      return loss
    case 'ldam':
      return { kind: 'margin', ...marginsOf(loss, prior) }
    case 'log_loss':
    case 'logit_adjusted':
    case 'hard_mining':
    case 'self_paced':
      return { kind: 'log_loss' }
  }
}

/** @returns What draws rows and columns for the next tree, given the share of trees behind it. */
function drawing(
  { rowShare = 1, columnShare = 1 }: Hyperparameters,
  { weights, logits, features, nCodes }: BoostingMemory,
  { columnOf }: BinnedFeatures,
  categories: CategorySlots,
  {
    course,
    grid,
    stream,
  }: {
    readonly course: LossCourse
    readonly grid: GradientGrid
    readonly stream: RandomStream
  },
): (progress: number) => void {
  const allWeights = weights.slice()
  let areAll = true
  const allBins = features.nBins.slice()
  const allCodes = nCodes.slice()
  const usable = Int32Array.from(allBins.keys()).filter(
    (feature) =>
      allBins[feature]! + features.hasMissing[feature]! >= 2 ||
      categories.feature.includes(feature),
  )
  const nDrawn = Math.max(1, Math.round(columnShare * usable.length))
  return (progress) => {
    const factors = course.factorsAt(progress, () => logits)
    if (!areAll) weights.set(allWeights)
    areAll = factors === null && rowShare === 1
    if (factors !== null) {
      const { sum } = grid
      for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! * factors[i]! + sum - sum
    }
    if (rowShare < 1) {
      for (let i = 0; i < weights.length; i++) if (stream.uniform() >= rowShare) weights[i] = 0
    }
    if (columnShare < 1) {
      features.nBins.fill(0)
      nCodes.fill(0)
      categories.isDrawn.fill(0)
      for (const feature of sampleWithoutReplacement(usable, nDrawn, stream)) {
        const column = columnOf[feature]!
        features.nBins[feature] = allBins[feature]!
        nCodes[column] = allCodes[column]!
        const position = categories.feature.indexOf(feature)
        if (position >= 0) categories.isDrawn[position] = 1
      }
    }
  }
}

function requireHyperparameters(choice: Hyperparameters): void {
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
  const { maxLeaves = DEFAULT_MAX_LEAVES, rowShare = 1, columnShare = 1 } = choice
  requireLoss(choice.loss)
  require(isWhole(maxLeaves, 2, 1024), 'maxLeaves', 'a whole number from 2 to 1,024', maxLeaves)
  require(rowShare > 0 && rowShare <= 1, 'rowShare', 'in (0, 1]', rowShare)
  require(columnShare > 0 && columnShare <= 1, 'columnShare', 'in (0, 1]', columnShare)
}
