import type { Column } from '../dataset/dataset.ts'
import { encode } from '../encoding/encoder.ts'
import type { Encoder } from '../encoding/encoder.ts'
import { completeEncoding, encodeForSampling, lacksValues } from '../encoding/sampling-space.ts'
import { stratifiedKFold } from '../folds/stratified-k-fold.ts'
import type { FitMeans } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import type { Matrix } from '../math/matrix.ts'
import type { RandomStream } from '../math/random.ts'
import { fitModel, predictProbabilities } from '../models/model.ts'
import type { SamplingChoice } from '../plan/sampling-choice.ts'
import { resampledCounts } from '../plan/resampled-counts.ts'
import { samplingKinds } from '../plan/sampling-kinds.ts'
import { resample } from '../resampling/resample.ts'
import type { OutOfFoldScores, Resampled } from '../resampling/sampler.ts'
import type { SampledSpace } from './synthetic-passport.ts'

/** A training set as it comes into sampling. */
export interface Training {
  readonly encoder: Encoder
  readonly features: readonly Column[]
  /** Positions in the table. */
  readonly samples: Int32Array
  readonly yTrue: Uint8Array
  readonly weights: Float64Array | null
}

/** A training set after sampling, as models see it, and as the sampler saw it. */
export interface SampledTraining {
  readonly resampled: Resampled
  readonly space: SampledSpace
}

/**
 * Encodes and samples a training set. Samplers that look at features see the sampling space where it
 * differs from what models see: where values are missing, or categories are codes for one of them.
 */
export function sampleTrainingSet(
  choice: SamplingChoice,
  { encoder, features, samples, yTrue, weights }: Training,
  stream: RandomStream,
  checkpoint: Checkpoint,
  means: FitMeans,
): SampledTraining {
  const { neighbors } = means.engine
  const scoreOutOfFold = scorer(means)
  const reads = choice.kind === 'none' ? 'labels' : samplingKinds[choice.kind].reads
  const hasCodes = encoder.features.some(({ kind }) => kind === 'code')
  if (
    reads === 'labels' ||
    (reads === 'features' && !hasCodes && !lacksValues(features, samples))
  ) {
    const positives = yTrue.reduce((sum, y) => sum + y, 0)
    const after = resampledCounts(choice, yTrue.length - positives, positives)
    const X = encode(encoder, features, samples, after.negatives + after.positives)
    const resampled = resample(choice, X, yTrue, weights, stream, checkpoint, neighbors, {
      scoreOutOfFold,
    })
    return { resampled, space: { resampled, X: resampled.X, categories: 'one_hot' } }
  }
  const categories = reads === 'codes' ? 'codes' : 'one_hot'
  const { X, isCategorical } = encodeForSampling(encoder, features, samples, categories)
  const resampled = resample(choice, X, yTrue, weights, stream, checkpoint, neighbors, {
    isCategorical,
    scoreOutOfFold,
  })
  const complete =
    resampled.synthetic.parent.length === 0
      ? encode(
          encoder,
          features,
          resampled.origin.map((position) => samples[position]!),
        )
      : completeEncoding(encoder, resampled.X, categories)
  return {
    resampled: { ...resampled, X: complete },
    space: { resampled, X: resampled.X, categories },
  }
}

/**
 * Out-of-fold probabilities by logistic regression, which is quick and knows no sample by heart;
 * missing values count as the mean.
 */
function scorer(means: FitMeans): OutOfFoldScores {
  return ({ X, yTrue, weights }, nFolds, stream, checkpoint) => {
    const folds = stratifiedKFold(yTrue, nFolds, stream)
    const scores = new Float64Array(yTrue.length)
    for (let fold = 0; fold < nFolds; fold++) {
      const rows = (inside: boolean): Int32Array =>
        Int32Array.from(yTrue, (_, i) => i).filter((i) => (folds[i] === fold) === inside)
      const [train, held] = [rows(false), rows(true)]
      const part = partOf(checkpoint, fold / nFolds, (fold + 1) / nFolds)
      const { model } = fitModel(
        { kind: 'logistic_regression', c: 1 },
        {
          X: rowsOf(X, train),
          yTrue: Uint8Array.from(train, (i) => yTrue[i]!),
          weights: weights === null ? null : Float64Array.from(train, (i) => weights[i]!),
        },
        part,
        means,
      )
      const found = predictProbabilities(model, rowsOf(X, held), part, means.engine)
      held.forEach((i, at) => {
        scores[i] = found[at]!
      })
    }
    return scores
  }
}

/** Some rows, zero where a value is missing. */
function rowsOf({ values, nFeatures }: Matrix, rows: Int32Array): Matrix {
  const out = new Float64Array(rows.length * nFeatures)
  rows.forEach((row, i) => {
    for (let f = 0; f < nFeatures; f++) {
      const value = values[row * nFeatures + f]!
      out[i * nFeatures + f] = Number.isNaN(value) ? 0 : value
    }
  })
  return { values: out, nSamples: rows.length, nFeatures }
}
