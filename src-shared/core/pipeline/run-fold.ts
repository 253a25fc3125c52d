/**
 * One configuration on one outer fold, nested.
 *
 *   training samples of the fold
 *     └─ inner folds: fit on the rest, score → one score per training sample
 *          └─ prior-odds correction → calibrator → threshold, all fitted on these scores
 *   refit on all training samples → score the fold → the same correction, calibrator, threshold
 *                                 → exchange the fold's values column by column, score again
 *
 * So neither model, calibrator nor threshold has seen a sample it is judged on. Inner folds and
 * sampling streams are named by fold and method, not by configuration: configurations that share
 * a method see the same draws, which makes their differences sharper.
 */
import { applyCalibrator, fitCalibrator } from '../calibration/calibrator.ts'
import type { Calibrator } from '../calibration/calibrator.ts'
import { correctPriorOdds } from '../calibration/prior-odds.ts'
import { tuneThreshold } from '../decision/tune-threshold.ts'
import type { EncoderOptions } from '../encoding/encoder.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import { plainEngine } from '../kernels.ts'
import type { Engine } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import type { Configuration } from '../plan/plan.ts'
import { balancedClassWeights } from '../weighting/class-weights.ts'
import { samplesOfFold } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import { fitAndScore } from './fit-and-score.ts'
import { foldImportance } from './fold-importance.ts'
import type { Fitting, Scored } from './fit-and-score.ts'
import type { FoldResult } from './fold-result.ts'

/** How every configuration encodes the table. */
export const encoderOptions: EncoderOptions = {
  missingIndicator: true,
  maxLevels: 1000,
  missingLevel: true,
}

export function runFold(
  data: ExperimentData,
  configuration: Configuration,
  fold: number,
  checkpoint: Checkpoint,
  engine: Engine = plainEngine,
): FoldResult {
  const train = samplesOfFold(data.folds, fold, 'outside')
  const judged = samplesOfFold(data.folds, fold, 'inside')
  const fitting: Fitting = {
    encoder: encoderOptions,
    sampling: configuration.sampling,
    classWeights: configuration.weighting.kind === 'balanced' ? balancedClassWeights : null,
    model: configuration.model,
  }
  const corrects = configuration.calibration.correction
  const correct = ({ scores, trainPrevalence: { shown, natural } }: Scored): Float64Array =>
    corrects
      ? correctPriorOdds(scores, { trainPrevalence: shown, targetPrevalence: natural })
      : scores
  const toUse = (probabilities: Float64Array): Float64Array =>
    atPrevalenceInUse(data, probabilities)

  const inner = innerScores(
    data,
    fitting,
    train,
    fold,
    correct,
    engine,
    partOf(checkpoint, 0, 0.76),
  )
  const yTrain = pick(data.yTrue, train)
  const calibrator = fitCalibrator(
    configuration.calibration.calibrator,
    inner,
    yTrain,
    pickOrNull(data.sampleWeights, train),
  )
  const threshold = tuneThreshold({
    yTrue: yTrain,
    probabilities: toUse(applyCalibrator(calibrator, inner)),
    weights: pickOrNull(data.decisionWeights, train),
    costs: costsOf(data.costs, train),
    constraints: { commitment: data.commitment, maxAlertShare: data.maxAlertShare },
  })

  const outer = fitAndScore(
    data,
    train,
    judged,
    { ...fitting, recorded: true },
    createStream(data.seed, 'sampling', fitting.sampling.kind, fold),
    partOf(checkpoint, 0.76, 0.94),
    { engine, stream: createStream(data.seed, 'model', fitting.model.kind, fold) },
  )
  const corrected = correct(outer)
  const { flow, margins } = outer.record ?? { flow: null, margins: null }
  return {
    configuration: configuration.name,
    fold,
    samples: judged,
    scores: outer.scores,
    corrected: corrects ? corrected : null,
    probabilities: toUse(applyCalibrator(calibrator, corrected)),
    tunedThreshold: {
      value: threshold.value,
      feasible: threshold.feasible,
      shortfall: threshold.shortfall,
    },
    training: outer.training,
    calibrator: describeCalibrator(calibrator),
    importance: foldImportance(data, outer, judged, fold, engine, partOf(checkpoint, 0.94, 1)),
    ...(flow === null ? {} : { flow }),
    ...(margins === null ? {} : { margins }),
  }
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

/** Corrected scores of the training samples, each from a model that did not see it. */
function innerScores(
  data: ExperimentData,
  fitting: Fitting,
  train: Int32Array,
  fold: number,
  correct: (scored: Scored) => Float64Array,
  engine: Engine,
  checkpoint: Checkpoint,
): Float64Array {
  const { innerFolds } = data.plan
  const groups = data.groups
  const assignment = stratifiedKFold(
    pick(data.yTrue, train),
    innerFolds,
    createStream(data.seed, 'inner folds', fold),
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
      createStream(data.seed, 'sampling', fitting.sampling.kind, fold, k),
      partOf(checkpoint, k / innerFolds, (k + 1) / innerFolds),
      { engine, stream: createStream(data.seed, 'model', fitting.model.kind, fold, k) },
    )
    const corrected = correct(scored)
    held.forEach((position, i) => {
      scores[position] = corrected[i]!
    })
  }
  return scores
}

function pick(values: Uint8Array, samples: Int32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => values[sample]!)
}

function pickOrNull(values: Float64Array | null, samples: Int32Array): Float64Array | null {
  return values === null ? null : Float64Array.from(samples, (sample) => values[sample]!)
}

/** The costs of some of the samples. */
function costsOf(costs: SampleCosts, samples: Int32Array): SampleCosts {
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

/** The calibrator as plain JSON. */
function describeCalibrator(calibrator: Calibrator): FoldResult['calibrator'] {
  switch (calibrator.kind) {
    case 'identity':
      return null
    case 'sigmoid':
      return { ...calibrator }
    case 'isotonic':
      return { ...calibrator, x: Array.from(calibrator.x), y: Array.from(calibrator.y) }
  }
}
