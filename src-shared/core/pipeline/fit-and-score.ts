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
import { fitModel, predictProbabilities } from '../models/model.ts'
import type { Model } from '../models/model.ts'
import { categoricalsInUse } from '../plan/plan.ts'
import type { ModelChoice, SamplingChoice } from '../plan/plan.ts'
import type { ClassCounts } from '../plan/resampled-counts.ts'
import { resample } from '../resampling/resample.ts'
import { weightByClass } from '../weighting/class-weights.ts'
import type { ClassWeights } from '../weighting/class-weights.ts'
import type { FoldTraining } from './fold-result.ts'

/** What is fitted on one training set. */
export interface Fitting {
  readonly encoder: EncoderOptions
  readonly sampling: SamplingChoice
  /** Weight per class, given the counts after sampling; null for none. */
  readonly classWeights: ((counts: ClassCounts) => ClassWeights) | null
  readonly model: ModelChoice
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
  const resampled = resample(
    fitting.sampling,
    encode(encoder, data.features, trainSamples),
    yTrain,
    trainWeights,
    stream,
    partOf(checkpoint, 0.05, 0.2),
    means.engine.neighbors,
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
      notes: resampled.notes,
    },
    encoder,
    model,
    record: recorder && ofOriginals(recorder.finish(), resampled.origin, trainSamples.length),
  }
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
