/**
 * One configuration on one outer fold, nested.
 *
 *   training samples of the fold
 *     └─ inner folds: fit on the rest, score → one score per training sample
 *          └─ what is known of the training undone → calibrator → threshold, all fitted on these scores
 *   refit on all training samples → score the fold → the same correction, calibrator, threshold
 *                                 → exchange the fold's values column by column, score again
 *
 * Where there are rules before the model, the calibrator is fitted on the samples that they hand on,
 * and the threshold on all of them, with the rules' decisions in place.
 *
 * So neither model, calibrator nor threshold has seen a sample it is judged on. Inner folds and
 * sampling streams are named by fold and method, not by configuration: configurations that share
 * a method see the same draws, which makes their differences sharper.
 */
import { applyCalibrator, fitCalibrator } from '../calibration/calibrator.ts'
import type { Calibrator } from '../calibration/calibrator.ts'
import { correctPriorOdds } from '../calibration/prior-odds.ts'
import { constraintsOf, judgeDecisions } from '../decision/operating-point.ts'
import { tuneThreshold } from '../decision/tune-threshold.ts'
import type { EncoderOptions } from '../encoding/encoder.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import { plainEngine } from '../kernels.ts'
import type { Engine } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import { chosenMetric } from '../metrics/chosen-metric.ts'
import type { Model } from '../models/model.ts'
import { passesGate } from '../models/two-stage.ts'
import { correctsPriorOdds } from '../plan/plan.ts'
import type { Configuration } from '../plan/plan.ts'
import { askRules, thresholdUnderRules, underRules } from '../rules/rule-layer.ts'
import type { RuleOutcome } from '../rules/rule-layer.ts'
import type { TrialResult } from '../search/search-steps.ts'
import { classWeightsOf, rowWeightsOf } from '../weighting/weighting.ts'
import { samplesOfFold, trainingSamples } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import { searchFold, trialOf } from './search-fold.ts'
import { fitAndScore } from './fit-and-score.ts'
import { foldInsight } from './fold-insight.ts'
import { foldImportance } from './fold-importance.ts'
import type { Fitting, Scored } from './fit-and-score.ts'
import type { FoldResult, GateSums } from './fold-result.ts'
import { undoTraining } from './undo-training.ts'

/** How every configuration encodes the table. */
export const encoderOptions: EncoderOptions = {
  missingIndicator: true,
  maxLevels: 1000,
  missingLevel: true,
}

/** @param trials Of a search what is known already; the others are made up for. */
export function runFold(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  checkpoint: Checkpoint,
  engine: Engine = plainEngine,
  trials: readonly TrialResult[] = [],
): FoldResult {
  const { search } = configuration
  if (search === undefined) return runFoldOf(data, configuration, fold, checkpoint, engine)
  const found = searchFold(
    data,
    { ...configuration, search },
    trials,
    (next, part) => runTrial(data, configuration, fold, next, part, engine),
    partOf(checkpoint, 0, SEARCH_SHARE),
  )
  const part = partOf(checkpoint, SEARCH_SHARE, 1)
  const result = runFoldOf(data, { ...configuration, model: found.model }, fold, part, engine)
  return { ...result, search: found.search }
}

/** What of the progress of a fold its search is taken to be. */
const SEARCH_SHARE = 0.8

/**
 * One trial of a search at one of its steps: scores from inner folds of (a share of) the training
 * samples of the fold, judged by the metric of the search. Calibrator and threshold are later fitted
 * on scores of other inner folds than these.
 *
 * @throws RangeError when the configuration has no such trial.
 */
export function runTrial(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  { step, trial }: Pick<TrialResult, 'step' | 'trial'>,
  checkpoint: Checkpoint,
  engine: Engine = plainEngine,
): TrialResult {
  const { model, metric, samples } = trialOf(data, configuration, fold, { step, trial })
  const { scores } = innerScores(
    data,
    fittingOf(data, { ...configuration, model }),
    samples,
    ['search', fold, step],
    correctionOf(configuration),
    engine,
    checkpoint,
  )
  const weights = pickOrNull(data.sampleWeights, samples)
  const value = chosenMetric(metric, pick(data.yTrue, samples), scores, weights)
  return { step, trial, value }
}

function fittingOf(data: ExperimentData, { sampling, weighting, model }: Configuration): Fitting {
  return {
    encoder: encoderOptions,
    sampling,
    classWeights: classWeightsOf(weighting),
    rowWeights: rowWeightsOf(weighting, data),
    model,
  }
}

/** Undoes what is known of the training, where the configuration asks for it. */
function correctionOf(configuration: Configuration): (scored: Scored) => Float64Array {
  const corrects = correctsPriorOdds(configuration)
  return ({ scores, trainPrevalence }) =>
    corrects ? undoTraining(configuration.model, scores, trainPrevalence) : scores
}

/**
 * The model of a fold: fitted on all its training samples, asked about some of the others.
 */
export function outerFit(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  judged: Int32Array,
  checkpoint: Checkpoint,
  engine: Engine,
): Scored {
  const { sampling, model } = configuration
  return fitAndScore(
    data,
    trainingSamples(data, fold),
    judged,
    { ...fittingOf(data, configuration), recorded: true, passport: true },
    createStream(data.seed, 'sampling', sampling.kind, fold),
    checkpoint,
    { engine, stream: createStream(data.seed, 'model', model.kind, fold) },
  )
}

function runFoldOf(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  whole: Checkpoint,
  engine: Engine,
): FoldResult {
  const { insight } = configuration
  const checkpoint = insight === undefined ? whole : partOf(whole, 0, 0.6)
  const train = trainingSamples(data, fold)
  const judged = samplesOfFold(data.folds, fold, 'inside')
  const fitting = fittingOf(data, configuration)
  const corrects = correctsPriorOdds(configuration)
  const correct = correctionOf(configuration)
  const { rules = [] } = configuration
  const ofRules = (samples: Int32Array): RuleOutcome | null =>
    rules.length === 0 ? null : askRules(rules, data.features, samples)
  const toUse = (probabilities: Float64Array, outcome: RuleOutcome | null): Float64Array => {
    const inUse = atPrevalenceInUse(data, probabilities)
    return outcome === null ? inUse : underRules(outcome, inUse)
  }

  const { scores: inner, models } = innerScores(
    data,
    fitting,
    train,
    [fold],
    correct,
    engine,
    partOf(checkpoint, 0, 0.76),
  )
  const yTrain = pick(data.yTrue, train)
  const rulesOnTrain = ofRules(train)
  const handedOn = samplesForModel(rulesOnTrain, yTrain)
  const calibrator = fitCalibrator(
    configuration.calibration.calibrator,
    Float64Array.from(handedOn, (at) => inner[at]!),
    pick(yTrain, handedOn),
    pickOrNull(
      data.sampleWeights,
      handedOn.map((at) => train[at]!),
    ),
    Int32Array.from(handedOn, (at) => models[at]!),
  )
  const threshold = tuneThreshold({
    yTrue: yTrain,
    probabilities: toUse(applyCalibrator(calibrator, inner), rulesOnTrain),
    weights: pickOrNull(data.decisionWeights, train),
    costs: costsOf(data.costs, train),
    constraints: constraintsOf(data),
  })

  const outer = outerFit(data, configuration, fold, judged, partOf(checkpoint, 0.76, 0.94), engine)
  const corrected = correct(outer)
  const { flow, margins } = outer.record ?? { flow: null, margins: null }
  return {
    configuration: configuration.name,
    fold,
    samples: judged,
    scores: outer.scores,
    corrected: corrects ? corrected : null,
    probabilities: toUse(applyCalibrator(calibrator, corrected), ofRules(judged)),
    tunedThreshold: {
      value: rules.length === 0 ? threshold.value : thresholdUnderRules(threshold.value),
      feasible: threshold.feasible,
      shortfall: threshold.shortfall,
    },
    training: outer.training,
    calibrator: describeCalibrator(calibrator),
    importance: foldImportance(data, outer, judged, fold, engine, partOf(checkpoint, 0.94, 1)),
    ...(flow === null ? {} : { flow }),
    ...(margins === null ? {} : { margins }),
    ...(outer.model.kind === 'two_stage'
      ? { gate: gateSums(data, outer.model, judged, outer.scores) }
      : {}),
    ...(insight === undefined
      ? {}
      : {
          insight: foldInsight(
            { data, fold, train, judged, fitting, correct, engine },
            outer,
            insight,
            partOf(whole, 0.6, 1),
          ),
        }),
  }
}

/** Positions of the samples that the model decides; all of them where those lack a class. */
function samplesForModel(outcome: RuleOutcome | null, yTrue: Uint8Array): Int32Array {
  const all = Int32Array.from(yTrue, (_, at) => at)
  if (outcome === null) return all
  const handedOn = all.filter((at) => outcome.decision[at] === -1)
  const positives = handedOn.reduce((sum, at) => sum + yTrue[at]!, 0)
  return positives === 0 || positives === handedOn.length ? all : handedOn
}

/** What the gate does by itself on the judged samples. */
function gateSums(
  data: ExperimentData,
  model: Extract<Model, { kind: 'two_stage' }>,
  judged: Int32Array,
  scores: Float64Array,
): GateSums {
  const yTrue = pick(data.yTrue, judged)
  const weights = pickOrNull(data.decisionWeights, judged)
  const decisions = Uint8Array.from(scores, (p) => (passesGate(model, p) ? 1 : 0))
  const { costPerSample } = judgeDecisions({
    yTrue,
    decisions,
    weights,
    costs: costsOf(data.costs, judged),
  })
  const sums = { weight: 0, positive: 0, passed: 0, passedPositive: 0, cost: 0 }
  decisions.forEach((passes, i) => {
    const weight = weights?.[i] ?? 1
    const y = yTrue[i]!
    sums.weight += weight
    sums.positive += weight * y
    sums.passed += weight * passes
    sums.passedPositive += weight * passes * y
    sums.cost += weight * costPerSample[i]!
  })
  return sums
}

/** Moves probabilities from the prevalence of the data to the one that decisions will meet. */
export function atPrevalenceInUse(
  data: Pick<ExperimentData, 'prevalence'>,
  probabilities: Float64Array,
): Float64Array {
  const { inData, inUse } = data.prevalence
  return inData === inUse
    ? probabilities
    : correctPriorOdds(probabilities, { trainPrevalence: inData, targetPrevalence: inUse })
}

/**
 * Corrected scores of the training samples, each from a model that did not see it; and which of the
 * models it was.
 *
 * @param names What all streams are named after.
 */
function innerScores(
  data: ExperimentData,
  fitting: Fitting,
  train: Int32Array,
  names: readonly (string | number)[],
  correct: (scored: Scored) => Float64Array,
  engine: Engine,
  checkpoint: Checkpoint,
): { readonly scores: Float64Array; readonly models: Int32Array } {
  const { innerFolds } = data.plan
  const groups = data.groups
  const assignment = stratifiedKFold(
    pick(data.yTrue, train),
    innerFolds,
    createStream(data.seed, 'inner folds', ...names),
    groups === null ? null : Int32Array.from(train, (sample) => groups[sample]!),
  )
  const scores = new Float64Array(train.length)
  for (let k = 0; k < innerFolds; k++) {
    const held = samplesOfFold(assignment, k, 'inside')
    const rest = samplesOfFold(assignment, k, 'outside')
    const scored = fitAndScore(
      data,
      rest.map((position) => train[position]!),
      held.map((position) => train[position]!),
      fitting,
      createStream(data.seed, 'sampling', fitting.sampling.kind, ...names, k),
      partOf(checkpoint, k / innerFolds, (k + 1) / innerFolds),
      { engine, stream: createStream(data.seed, 'model', fitting.model.kind, ...names, k) },
    )
    const corrected = correct(scored)
    held.forEach((position, i) => {
      scores[position] = corrected[i]!
    })
  }
  return { scores, models: assignment }
}

export function pick(values: Uint8Array, samples: Int32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => values[sample]!)
}

export function pickOrNull(values: Float64Array | null, samples: Int32Array): Float64Array | null {
  return values === null ? null : Float64Array.from(samples, (sample) => values[sample]!)
}

/** The costs of some of the samples. */
export function costsOf(costs: SampleCosts, samples: Int32Array): SampleCosts {
  const of = (cost: number | Float64Array): number | Float64Array =>
    typeof cost === 'number' ? cost : Float64Array.from(samples, (sample) => cost[sample]!)
  return {
    truePositive: of(costs.truePositive),
    falsePositive: of(costs.falsePositive),
    trueNegative: of(costs.trueNegative),
    falseNegative: of(costs.falseNegative),
    constant: costs.constant,
  }
}

/** The calibrator as plain JSON; of one with a step per score how many scores it knows. */
function describeCalibrator(calibrator: Calibrator): FoldResult['calibrator'] {
  switch (calibrator.kind) {
    case 'identity':
      return null
    case 'sigmoid':
    case 'beta':
    case 'temperature':
    case 'constant':
      return { ...calibrator }
    case 'venn_abers':
    case 'cross_venn_abers':
      return { kind: calibrator.kind, scores: calibrator.fits.map(({ x }) => x.length) }
    case 'isotonic':
      return { ...calibrator, x: Array.from(calibrator.x), y: Array.from(calibrator.y) }
  }
}
