import { plainEngine } from '../kernels.ts'
import type { Engine, FitMeans } from '../kernels.ts'
import { noCheckpoint } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { sigmoid } from '../math/elementary.ts'
import { createStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import type { ModelChoice, SingleModelChoice } from '../plan/plan.ts'
import { boostedMembersLogits, fitEasyEnsemble, fitRusBoost } from './boosted-stumps.ts'
import type { EasyEnsembleModel, RusBoostModel } from './boosted-stumps.ts'
import { fitDecisionTree } from './decision-tree.ts'
import type { DecisionTreeModel } from './decision-tree.ts'
import { fitGaussianNaiveBayes, gaussianNaiveBayesLogits } from './gaussian-naive-bayes.ts'
import type { GaussianNaiveBayesModel } from './gaussian-naive-bayes.ts'
import { fitGradientBoosting } from './gradient-boosting.ts'
import type { GradientBoostingModel } from './gradient-boosting.ts'
import { fitIsolationForest, isolationForestLogits } from './isolation-forest.ts'
import type { IsolationForestModel } from './isolation-forest.ts'
import { fitLogisticRegression, logisticRegressionLogits } from './logistic-regression.ts'
import type { LogisticRegressionModel } from './logistic-regression.ts'
import type { Matrix } from '../math/matrix.ts'
import { fitMultilayerPerceptron, multilayerPerceptronLogits } from './multilayer-perceptron.ts'
import type { MultilayerPerceptronModel } from './multilayer-perceptron.ts'
import { fitForest } from './random-forest.ts'
import type { ForestModel } from './random-forest.ts'
import { fitSelfPacedEnsemble } from './self-paced-ensemble.ts'
import type { SelfPacedEnsembleModel } from './self-paced-ensemble.ts'
import { votesLogits } from './tree-votes.ts'
import type { FitReport, TrainingSet } from './training-set.ts'
import { fitTwoStage, twoStageLogits } from './two-stage.ts'
import type { StageKind, TwoStageModel } from './two-stage.ts'

export type { Matrix } from '../math/matrix.ts'
export type { TrainingSet } from './training-set.ts'

/** A fitted model: a plain record that can be cloned, sent to another thread and stored. */
export type Model = SingleModel | TwoStageModel<SingleModel>

type SingleModel =
  | LogisticRegressionModel
  | GradientBoostingModel
  | MultilayerPerceptronModel
  | DecisionTreeModel
  | ForestModel<'random_forest'>
  | ForestModel<'balanced_random_forest'>
  | ForestModel<'balanced_bagging'>
  | SelfPacedEnsembleModel
  | EasyEnsembleModel
  | RusBoostModel
  | GaussianNaiveBayesModel
  | IsolationForestModel

interface Fitted<M> {
  readonly model: M
  readonly report: FitReport
}

/** How one kind of model is fitted and asked. */
interface ModelKind<Choice, M> {
  fit(choice: Choice, train: TrainingSet, checkpoint: Checkpoint, means: FitMeans): Fitted<M>
  /** Logit per sample, length nSamples. */
  logits(model: M, X: Matrix, checkpoint: Checkpoint, engine: Engine): Float64Array
  nFeatures(model: M): number
}

type ModelKinds<Kinds extends ModelChoice['kind']> = {
  readonly [Kind in Kinds]: ModelKind<
    ModelChoice & { readonly kind: Kind },
    Extract<Model, { kind: Kind }>
  >
}

/** Every kind of model that is not made of others. */
const singleKinds: ModelKinds<SingleModelChoice['kind']> = {
  logistic_regression: {
    fit: (choice, train, checkpoint, { engine }) =>
      fitLogisticRegression(choice, train, checkpoint, engine.logistic),
    logits: logisticRegressionLogits,
    nFeatures: ({ coefficients }) => coefficients.length,
  },
  gradient_boosting: {
    fit: (choice, train, checkpoint, { engine, stream, watch }) =>
      fitGradientBoosting(choice, train, engine.boosting, checkpoint, stream, watch),
    logits: ({ trees, baseLogit }, X, checkpoint, engine) =>
      engine.boosting.sumOfTrees(trees, baseLogit, X, checkpoint),
    nFeatures,
  },
  multilayer_perceptron: {
    fit: (choice, train, checkpoint, { engine, stream, watch }) =>
      fitMultilayerPerceptron(choice, train, checkpoint, engine.network, stream, watch),
    logits: (model, X, checkpoint, engine) =>
      multilayerPerceptronLogits(model, X, checkpoint, engine.network),
    nFeatures: ({ units }) => units[0]!,
  },
  decision_tree: { fit: fitDecisionTree, logits: votesLogits, nFeatures },
  random_forest: { fit: fitForest, logits: votesLogits, nFeatures },
  balanced_random_forest: { fit: fitForest, logits: votesLogits, nFeatures },
  balanced_bagging: { fit: fitForest, logits: votesLogits, nFeatures },
  self_paced_ensemble: { fit: fitSelfPacedEnsemble, logits: votesLogits, nFeatures },
  easy_ensemble: { fit: fitEasyEnsemble, logits: boostedMembersLogits, nFeatures },
  rus_boost: { fit: fitRusBoost, logits: boostedMembersLogits, nFeatures },
  gaussian_naive_bayes: {
    fit: fitGaussianNaiveBayes,
    logits: gaussianNaiveBayesLogits,
    nFeatures,
  },
  isolation_forest: { fit: fitIsolationForest, logits: isolationForestLogits, nFeatures },
}

function nFeatures(model: { readonly nFeatures: number }): number {
  return model.nFeatures
}

const stageKind: StageKind<SingleModel> = {
  fit: (choice, train, checkpoint, means) =>
    singleKindOf(choice).fit(choice, train, checkpoint, means),
  logits: (model, X, checkpoint, engine) =>
    singleKindOf(model).logits(model, X, checkpoint, engine),
}

/** Every kind of model there is. */
const modelKinds: ModelKinds<ModelChoice['kind']> = {
  ...singleKinds,
  two_stage: {
    fit: (choice, train, checkpoint, means) =>
      fitTwoStage(choice, train, checkpoint, means, stageKind),
    logits: (model, X, checkpoint, engine) =>
      twoStageLogits(model, X, checkpoint, engine, stageKind),
    nFeatures: ({ gate }) => singleKindOf(gate).nFeatures(gate),
  },
}

/**
 * Fits a model of any kind.
 *
 * @param means By default the plain engine, and the stream of seed 0.
 * @returns The same bits for the same input, every time.
 * @throws RangeError when the training set is empty, its arrays do not fit together, a label is
 *   neither 0 nor 1, a weight is negative or not finite, or no sample weighs anything.
 *
 * Degenerate: with one class only, a model that gives everyone the prior (see `priorOf`).
 */
export function fitModel(
  choice: ModelChoice,
  train: TrainingSet,
  checkpoint: Checkpoint,
  means: FitMeans = { engine: plainEngine, stream: createStream(0, 'model') },
): Fitted<Model> {
  requireTrainingSet(train)
  return kindOf(choice).fit(choice, train, checkpoint, means)
}

/** @returns Probability of the positive class per sample, in [0, 1], length nSamples. */
export function predictProbabilities(
  model: Model,
  X: Matrix,
  checkpoint: Checkpoint = noCheckpoint,
  engine: Engine = plainEngine,
): Float64Array {
  const logits = predictLogits(model, X, checkpoint, engine)
  for (let i = 0; i < logits.length; i++) logits[i] = sigmoid(logits[i]!)
  return logits
}

/**
 * @returns Logit of the positive class per sample, length nSamples.
 * @throws RangeError when X does not have the features that the model was fitted on, or when a
 *   model that needs all features finite is given others.
 */
export function predictLogits(
  model: Model,
  X: Matrix,
  checkpoint: Checkpoint = noCheckpoint,
  engine: Engine = plainEngine,
): Float64Array {
  requireMatrix(X)
  const kind = kindOf(model)
  if (X.nFeatures !== kind.nFeatures(model)) {
    throw new RangeError(`X must have ${kind.nFeatures(model)} features, got ${X.nFeatures}`)
  }
  const logits = kind.logits(model, X, checkpoint, engine)
  const undefinedAt = logits.findIndex(Number.isNaN)
  if (undefinedAt >= 0) {
    throw new RangeError(`X must have finite features, got others at sample ${undefinedAt}`)
  }
  return logits
}

/** The entry that belongs to a choice or a model: its `kind` says which, so the types agree. */
function kindOf({ kind }: ModelChoice | Model): ModelKind<ModelChoice, Model> {
  return modelKinds[kind]
}

function singleKindOf({
  kind,
}: SingleModelChoice | SingleModel): ModelKind<SingleModelChoice, SingleModel> {
  return singleKinds[kind]
}

function requireMatrix({ values, nSamples, nFeatures }: Matrix): void {
  if (values.length === nSamples * nFeatures) return
  throw new RangeError(`X must hold ${nSamples} × ${nFeatures} values, got ${values.length}`)
}

function requireTrainingSet({ X, yTrue, weights }: TrainingSet): void {
  requireMatrix(X)
  if (X.nSamples === 0) throw new RangeError('the training set must have samples, got none')
  if (yTrue.length !== X.nSamples) {
    throw new RangeError(`yTrue must have ${X.nSamples} entries, got ${yTrue.length}`)
  }
  const strange = yTrue.find((label) => label > 1)
  if (strange !== undefined) throw new RangeError(`yTrue must be 0 or 1, got ${strange}`)
  if (weights === null) return
  if (weights.length !== X.nSamples) {
    throw new RangeError(`weights must have ${X.nSamples} entries, got ${weights.length}`)
  }
  const wrong = weights.find((weight) => !(weight >= 0 && weight < Infinity))
  if (wrong !== undefined) throw new RangeError(`weights must be finite and ≥ 0, got ${wrong}`)
  const total = blockSum(weights)
  if (!(total > 0 && total < Infinity)) {
    throw new RangeError(`the sum of weights must be finite and above 0, got ${total}`)
  }
}
