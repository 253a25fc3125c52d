import type { Column } from '../dataset/dataset.ts'
import { encode, fitEncoder } from '../encoding/encoder.ts'
import type { Encoder, EncoderOptions } from '../encoding/encoder.ts'
import { recordTraining } from '../insight/training-record.ts'
import type { TrainingRecord } from '../insight/training-record.ts'
import { plainEngine } from '../kernels.ts'
import type { FitMeans } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { blockSum } from '../math/sum.ts'
import { fitModel, predictProbabilities } from '../models/model.ts'
import type { Model } from '../models/model.ts'
import { categoricalsInUse } from '../plan/plan.ts'
import type { ModelChoice, SamplingChoice } from '../plan/plan.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'
import { samplingKinds } from '../plan/sampling-kinds.ts'
import type { Resampled } from '../resampling/sampler.ts'
import { weightByClass } from '../weighting/class-weights.ts'
import type { ClassWeights } from '../weighting/class-weights.ts'
import { effectiveSamples } from '../weighting/effective-size.ts'
import type { FoldTraining } from './fold-result.ts'
import { sampleTrainingSet } from './sample-training-set.ts'
import type { Training } from './sample-training-set.ts'
import { makePassport } from './synthetic-passport.ts'
import type { SyntheticPassport } from './synthetic-passport.ts'

/** What is fitted on one training set. */
export interface Fitting {
  readonly encoder: EncoderOptions
  readonly sampling: SamplingChoice
  /** Weight per class, given the counts after sampling; null for none. */
  readonly classWeights: ((counts: ClassCounts) => ClassWeights) | null
  /** Weight per sample of the experiment, of which only ratios matter; null or left out for none. */
  readonly rowWeights?: Float64Array | null
  readonly model: ModelChoice
  /** Whether synthetic samples are looked at; not when left out. */
  readonly passport?: boolean
  /** Whether to record what training attends to. */
  readonly recorded?: boolean
}

const featuresPerBlock = 1 << 21 // 16 MiB of doubles

export interface Scored {
  /** The model's probability of the positive class per judged sample. */
  readonly scores: Float64Array
  /**
   * Prevalence that the model was shown: share of the positive class in the training set after
   * sampling and weighting; and what it was before both.
   */
  readonly trainPrevalence: { readonly shown: number; readonly natural: number }
  readonly training: FoldTraining
  readonly encoder: Encoder
  readonly model: Model
  /**
   * What was recorded of training; margins stand in the order of the training samples, NaN for
   * those that a sampler left out.
   */
  readonly record: TrainingRecord | null
}

/**
 * Fits encoder, sampler and model on the training samples and scores the others.
 *
 * This is the only place where samples are resampled, and the resampled set does not leave it:
 * what is judged are original samples, encoded with the statistics of the training samples alone.
 *
 * @param trainSamples Positions fitted on; disjoint from `judgedSamples`.
 * @param stream       What the sampler draws from.
 * @param means        What the model is fitted with.
 */
export function fitAndScore(
  data: {
    readonly features: readonly Column[]
    readonly yTrue: Uint8Array
    readonly sampleWeights: Float64Array | null
    /** Which passports name; none when left out. */
    readonly folds?: Int32Array
  },
  trainSamples: Int32Array,
  judgedSamples: Int32Array,
  fitting: Fitting,
  stream: RandomStream,
  checkpoint: Checkpoint,
  means: FitMeans = { engine: plainEngine, stream: createStream(0, 'model') },
): Scored {
  const encoder = fitEncoder(data.features, trainSamples, {
    ...fitting.encoder,
    categoricals: categoricalsInUse(fitting) === 'native' ? 'codes' : 'one_hot',
  })
  checkpoint(0.02)
  const yTrain = Uint8Array.from(trainSamples, (sample) => data.yTrue[sample]!)
  const given = data.sampleWeights
  const trainWeights =
    given === null ? null : Float64Array.from(trainSamples, (sample) => given[sample]!)
  const treatedWeights = weightByRow(fitting.rowWeights ?? null, trainSamples, trainWeights)
  const { resampled, passport } = sampleAndLook(
    fitting,
    {
      encoder,
      features: data.features,
      samples: trainSamples,
      yTrue: yTrain,
      weights: treatedWeights,
    },
    data.folds ?? new Int32Array(0),
    stream,
    partOf(checkpoint, 0.05, 0.2),
    means,
  )
  const positives = resampled.yTrue.reduce((sum, y) => sum + y, 0)
  const negatives = resampled.yTrue.length - positives
  const weights =
    fitting.classWeights === null
      ? resampled.weights
      : weightByClass(
          resampled.yTrue,
          fitting.classWeights({ negatives, positives }),
          resampled.weights,
        )
  const recorder = fitting.recorded === true ? recordTraining(resampled.yTrue) : null
  const { model, report } = fitModel(
    fitting.model,
    {
      X: resampled.X,
      yTrue: resampled.yTrue,
      weights,
      featureNames: encoder.featureNames,
      isCategorical: encoder.features.map(({ kind }) => kind === 'code'),
    },
    partOf(checkpoint, 0.2, 0.9),
    recorder === null ? means : { ...means, watch: recorder.watch },
  )
  const scores = scoreSamples(
    (samples, part) =>
      predictProbabilities(model, encode(encoder, data.features, samples), part, means.engine),
    judgedSamples,
    encoder.features.length,
    partOf(checkpoint, 0.9, 1),
  )
  checkpoint(1)

  return {
    scores,
    trainPrevalence: {
      shown: weightedPrevalence(resampled.yTrue, weights),
      natural: weightedPrevalence(yTrain, trainWeights),
    },
    training: {
      negatives,
      positives,
      synthetic: resampled.synthetic.parent.length,
      iterations: report.iterations,
      converged: report.converged,
      ...(passport === null ? {} : { passport }),
      ...weightFacts(fitting, resampled, weights),
    },
    encoder,
    model,
    record: recorder && ofOriginals(recorder.finish(), resampled.origin, trainSamples.length),
  }
}

const none = { does: 'cleans', makes: 'nothing' } as const

/** The training set after sampling; what the sampler saw is let go of before a model is fitted. */
function sampleAndLook(
  { sampling, passport: isWanted }: Fitting,
  training: Training,
  folds: Int32Array,
  stream: RandomStream,
  checkpoint: Checkpoint,
  means: FitMeans,
): { readonly resampled: Resampled; readonly passport: SyntheticPassport | null } {
  const whileSampling = partOf(checkpoint, 0, 0.8)
  const { resampled, space } = sampleTrainingSet(sampling, training, stream, whileSampling, means)
  // Copies are real, and centres of the majority stand for it.
  const { does, makes } = sampling.kind === 'none' ? none : samplingKinds[sampling.kind]
  const makesMinority = does.startsWith('grows') && makes !== 'copies'
  if (isWanted !== true || !makesMinority) return { resampled, passport: null }
  const whileLooking = partOf(checkpoint, 0.8, 1)
  const { neighbors } = means.engine
  const { samples } = training
  const passport = makePassport(space, training, samples, folds, stream, whileLooking, neighbors)
  return { resampled, passport }
}

/** Margins of the samples before sampling. */
function ofOriginals(
  { flow, margins }: TrainingRecord,
  origin: Int32Array,
  nOriginals: number,
): TrainingRecord {
  if (margins === null) return { flow, margins }
  const ofOriginal = new Float32Array(nOriginals).fill(NaN)
  origin.forEach((original, i) => {
    if (original >= 0) ofOriginal[original] = margins[i]!
  })
  return { flow, margins: ofOriginal }
}

/** Scores block by block, since the features of all judged samples at once may be gigabytes. */
function scoreSamples(
  score: (samples: Int32Array, checkpoint: Checkpoint) => Float64Array,
  samples: Int32Array,
  nFeatures: number,
  checkpoint: Checkpoint,
): Float64Array {
  const nSamples = samples.length
  const blockSize = Math.max(1024, Math.floor(featuresPerBlock / Math.max(1, nFeatures)))
  const scores = new Float64Array(nSamples)
  for (let start = 0; start < nSamples; start += blockSize) {
    const end = Math.min(start + blockSize, nSamples)
    const part = partOf(checkpoint, start / nSamples, end / nSamples)
    part(0)
    scores.set(score(samples.subarray(start, end), part), start)
  }
  return scores
}

/** The weights of training samples by row, scaled so that their sum stays as it was. */
function weightByRow(
  rowWeights: Float64Array | null,
  samples: Int32Array,
  given: Float64Array | null,
): Float64Array | null {
  if (rowWeights === null) return given
  const weights = Float64Array.from(
    samples,
    (sample, i) => rowWeights[sample]! * (given === null ? 1 : given[i]!),
  )
  const factor = (given === null ? samples.length : blockSum(given)) / blockSum(weights)
  return weights.map((weight) => weight * factor)
}

/** What weights of the plan leave of the samples; and the notes on sampling and weights. */
function weightFacts(
  { classWeights, rowWeights }: Fitting,
  { yTrue, notes }: { readonly yTrue: Uint8Array; readonly notes: readonly string[] },
  weights: Float64Array | null,
): Pick<FoldTraining, 'notes' | 'effectiveSamples'> {
  if (weights === null || (classWeights === null && (rowWeights ?? null) === null)) return { notes }
  const { extreme, ...effective } = effectiveSamples(yTrue, weights)
  return {
    effectiveSamples: effective,
    notes: extreme
      ? [
          ...notes,
          'the weights are extreme: the samples together say no more than a tenth as many of equal weight would',
        ]
      : notes,
  }
}

/** Weighted share of positive samples. */
export function weightedPrevalence(yTrue: Uint8Array, weights: Float64Array | null): number {
  let positive = 0
  let total = 0
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!
    total += weight
    if (yTrue[i] === 1) positive += weight
  }
  return positive / total
}
