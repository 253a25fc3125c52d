/**
 * Isolation forest: positives taken for what is rare and different, rather than learned.
 *
 * Each tree parts a small draw of samples at random: a feature, and a value anywhere between its
 * least and largest one. What is different ends up alone after few splits. With h the mean number of
 * splits that a sample meets, a leaf of m samples counting c(m) more, the mean number of splits of a
 * search among m,
 *
 *     score  =  2^(−h / c(draw)),     c(m) = 2 H(m − 1) − 2 (m − 1) / m,   H harmonic numbers
 *
 * Labels play no part in the trees. What turns a score into a probability is a line through the
 * logits with two numbers, fitted to the labels of the training set: so the ranking is that of the
 * score (or its opposite, where positives are the ordinary ones).
 *
 * A missing value goes to the side that more of the draw went to.
 *
 * Source: Liu, Ting and Zhou (2008), "Isolation Forest", ICDM, algorithms 1 to 3.
 */
import type { FitMeans, Engine } from '../kernels.ts'
import type { TreeEnsemble } from '../kernels/trees.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { pow } from '../math/elementary.ts'
import type { Matrix } from '../math/matrix.ts'
import { sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import type { IsolationForestChoice } from '../plan/plan.ts'
import { fitLogisticRegression } from './logistic-regression.ts'
import { priorOf } from './prior-logit.ts'
import { streamOf } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'
import { createTreeBuilder } from './tree-ensemble.ts'
import type { TreeBuilder } from './tree-ensemble.ts'

export interface IsolationForestModel {
  readonly kind: 'isolation_forest'
  readonly nFeatures: number
  /** Leaves are numbers of splits. */
  readonly trees: TreeEnsemble
  /** c(draw). */
  readonly ordinarySplits: number
  /** Logit of a score: intercept + slope · score. */
  readonly slope: number
  readonly intercept: number
}

/**
 * Fits an isolation forest.
 *
 * @returns `iterations` counts the trees. With one class only: no trees, the prior for everyone.
 * @throws RangeError when a hyperparameter is out of its range.
 */
export function fitIsolationForest(
  choice: IsolationForestChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  { engine, stream }: FitMeans,
): { readonly model: IsolationForestModel; readonly report: FitReport } {
  const { trees: nTrees, samplesPerTree, reference } = choice
  for (const [name, value] of Object.entries({ trees: nTrees, samplesPerTree })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1, got ${value}`)
    }
  }
  const { X, yTrue, weights } = train
  const prior = priorOf(yTrue, weights)
  const counts = (i: number): boolean =>
    (weights === null || weights[i]! > 0) && (reference === 'all' || yTrue[i] === 0)
  const drawable = Int32Array.from(yTrue.keys()).filter(counts)
  const nDrawn = Math.min(samplesPerTree, drawable.length)
  const maxDepth = Math.max(1, 32 - Math.clz32(nDrawn - 1)) // ⌈log2⌉
  const seed = stream.uint32()
  const builder = createTreeBuilder()
  const isUsed = prior.hasBothClasses && X.nFeatures > 0 && nDrawn > 1
  checkpoint(0)
  for (let tree = 0; isUsed && tree < nTrees; tree++) {
    const drawing = streamOf(seed, tree)
    builder.startTree()
    growTree(X, sampleWithoutReplacement(drawable, nDrawn, drawing), maxDepth, drawing, builder)
    checkpoint((0.4 * (tree + 1)) / nTrees)
  }
  const trees = builder.finish(isUsed ? nTrees : 0)
  const forest = { trees, ordinarySplits: splitsOf(nDrawn) }
  let line = { slope: 0, intercept: prior.logit }
  let converged = true
  if (isUsed) {
    const values = isolationScores(forest, X, partOf(checkpoint, 0.4, 0.8), engine)
    const fitted = fitLogisticRegression(
      { c: LINE_C },
      { X: { values, nSamples: X.nSamples, nFeatures: 1 }, yTrue, weights },
      partOf(checkpoint, 0.8, 0.99),
      engine.logistic,
    )
    line = { slope: fitted.model.coefficients[0]!, intercept: fitted.model.intercept }
    converged = fitted.report.converged
  }
  checkpoint(1)
  return {
    model: { kind: 'isolation_forest', nFeatures: X.nFeatures, ...forest, ...line },
    report: { iterations: trees.roots.length, converged },
  }
}

/** So weak a penalty on the slope only keeps it finite where the scores part the classes. */
const LINE_C = 100

/**
 * How much each sample is apart from others, in (0, 1]: near ½ is ordinary, 1 is alone at once.
 *
 * @returns Length nSamples.
 */
export function isolationScores(
  { trees, ordinarySplits }: Pick<IsolationForestModel, 'trees' | 'ordinarySplits'>,
  X: Matrix,
  checkpoint: Checkpoint,
  engine: Engine,
): Float64Array {
  const sums = engine.boosting.sumOfTrees(trees, 0, X, checkpoint)
  const most = trees.roots.length * ordinarySplits
  return sums.map((sum) => pow(2, -sum / most))
}

/** Logit per sample, length nSamples. */
export function isolationForestLogits(
  model: IsolationForestModel,
  X: Matrix,
  checkpoint: Checkpoint,
  engine: Engine,
): Float64Array {
  const { trees, slope, intercept } = model
  if (trees.roots.length === 0) return new Float64Array(X.nSamples).fill(intercept)
  return isolationScores(model, X, checkpoint, engine).map((score) => intercept + slope * score)
}

/** c(m): mean number of splits of an unsuccessful search in a random tree of m samples. */
export function splitsOf(nSamples: number): number {
  if (nSamples <= 1) return 0
  let harmonic = 0
  for (let k = 1; k < nSamples; k++) harmonic += 1 / k
  return 2 * harmonic - (2 * (nSamples - 1)) / nSamples
}

function growTree(
  { values, nFeatures }: Matrix,
  drawn: Int32Array,
  maxDepth: number,
  stream: RandomStream,
  builder: TreeBuilder,
): void {
  const grow = (samples: Int32Array, depth: number): number => {
    const varying = depth < maxDepth && samples.length > 1 ? varyingFeatures(samples) : []
    if (varying.length === 0) return builder.addLeaf(depth + splitsOf(samples.length))
    const { feature, least, largest } = varying[stream.below(varying.length)]!
    const threshold = cutWithin(least, largest, stream.uniform())
    const goesLeft = (x: number): boolean => Math.fround(x) <= threshold
    const present = samples.filter((i) => !Number.isNaN(values[i * nFeatures + feature]))
    const nLeft = present.filter((i) => goesLeft(values[i * nFeatures + feature]!)).length
    const missingLeft = 2 * nLeft >= present.length
    const isLeft = (i: number): boolean => {
      const x = values[i * nFeatures + feature]!
      return Number.isNaN(x) ? missingLeft : goesLeft(x)
    }
    const node = builder.addSplit(feature, threshold, missingLeft, 0)
    builder.link(
      node,
      grow(samples.filter(isLeft), depth + 1),
      grow(
        samples.filter((i) => !isLeft(i)),
        depth + 1,
      ),
    )
    return node
  }
  const varyingFeatures = (
    samples: Int32Array,
  ): { readonly feature: number; readonly least: number; readonly largest: number }[] => {
    const found = []
    for (let feature = 0; feature < nFeatures; feature++) {
      let least = Infinity
      let largest = -Infinity
      for (const sample of samples) {
        const x = Math.fround(values[sample * nFeatures + feature]!)
        if (x < least) least = x
        if (x > largest) largest = x
      }
      if (least < largest) found.push({ feature, least, largest })
    }
    return found
  }
  grow(drawn, 0)
}

/** A float32 cut with least ≤ cut < largest, at that share of the way. */
function cutWithin(least: number, largest: number, share: number): number {
  const cut = Math.fround(least + share * (largest - least))
  return cut >= least && cut < largest ? cut : least
}
