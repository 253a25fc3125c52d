import type { Column } from '../dataset/dataset.ts'
import { encode, fitEncoder } from '../encoding/encoder.ts'
import type { EncoderOptions } from '../encoding/encoder.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { RandomStream } from '../math/random.ts'
import { fitModel, predictProbabilities } from '../models/model.ts'
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
}

export interface Scored {
  /** The model's probability of the positive class per judged sample. */
  readonly scores: Float64Array
  /**
   * Prevalence that the model was shown: share of the positive class in the training set after
   * sampling and weighting; and what it was before both.
   */
  readonly trainPrevalence: { readonly shown: number; readonly natural: number }
  readonly training: FoldTraining
}

/**
 * Fits encoder, sampler and model on the training samples and scores the others.
 *
 * This is the only place where samples are resampled, and the resampled set does not leave it:
 * what is judged are original samples, encoded with the statistics of the training samples alone.
 *
 * @param trainSamples Positions fitted on; disjoint from `judgedSamples`.
 * @param stream       What the sampler draws from.
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
): Scored {
  const encoder = fitEncoder(data.features, trainSamples, fitting.encoder)
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
  const { model, report } = fitModel(
    fitting.model,
    { X: resampled.X, yTrue: resampled.yTrue, weights },
    partOf(checkpoint, 0.2, 0.95),
  )
  const scores = predictProbabilities(model, encode(encoder, data.features, judgedSamples))
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
