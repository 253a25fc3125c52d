/**
 * What the outer model of a fold owes to each column of the table: measured on the samples that
 * the fold judges, which the model has not seen.
 *
 * The features of one column are exchanged together. Samples and exchanges are drawn from streams
 * that are named after the fold, not the configuration, so runs are asked the same question.
 */
import type { Encoder } from '../encoding/encoder.ts'
import { encode } from '../encoding/encoder.ts'
import type { Engine } from '../kernels.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream, sampleWithoutReplacement } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'
import { averagePrecision, countsAtThresholds } from '../metrics/ranking.ts'
import { gainImportance, permutationImportance } from '../models/importance.ts'
import { predictLogits } from '../models/model.ts'
import type { Matrix, Model } from '../models/model.ts'
import type { ExperimentData } from './experiment-data.ts'
import type { FoldImportance } from './fold-result.ts'

const REPEATS = 2
/** Values in the largest matrix that is exchanged, 16 MiB of doubles; bounds the samples too. */
const MOST_VALUES = 1 << 21
const MOST_SAMPLES = 20_000
const FEWEST_SAMPLES = 200

/**
 * @param judged Samples that the fold judges.
 * @returns Null where average precision is undefined on them.
 */
export function foldImportance(
  data: Pick<ExperimentData, 'features' | 'yTrue' | 'decisionWeights' | 'seed'>,
  { encoder, model }: { readonly encoder: Encoder; readonly model: Model },
  judged: Int32Array,
  fold: number,
  engine: Engine,
  checkpoint: Checkpoint,
): FoldImportance | null {
  const byValues = Math.floor(MOST_VALUES / Math.max(1, encoder.features.length))
  const most = Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, byValues))
  const samples = drawSamples(
    data.yTrue,
    judged,
    most,
    createStream(data.seed, 'importance samples', fold),
  )
  const yTrue = Uint8Array.from(samples, (sample) => data.yTrue[sample]!)
  const given = data.decisionWeights
  const weights = given === null ? null : Float64Array.from(samples, (sample) => given[sample]!)
  const measure = (X: Matrix): number | null =>
    averagePrecision(countsAtThresholds(yTrue, predictLogits(model, X, undefined, engine), weights))
      .value

  const X = encode(encoder, data.features, samples)
  if (measure(X) === null) return null
  const columns = data.features.map(({ name }) => name)
  const groups = columns.map((name) =>
    encoder.features.flatMap(({ column }, feature) => (column === name ? [feature] : [])),
  )
  const { mean } = permutationImportance(
    X,
    groups,
    (changed) => measure(changed)!,
    REPEATS,
    createStream(data.seed, 'importance', fold),
    checkpoint,
  )
  return {
    permutation: Array.from(mean),
    samples: samples.length,
    repeats: REPEATS,
    gain: model.kind === 'gradient_boosting' ? sumOver(groups, gainImportance(model)) : null,
    coefficients:
      model.kind === 'logistic_regression'
        ? columns.map((name) => {
            const feature = encoder.features.findIndex(
              ({ column, kind }) => column === name && kind === 'numeric',
            )
            return feature < 0 ? null : model.coefficients[feature]!
          })
        : null,
  }
}

function sumOver(groups: readonly (readonly number[])[], perFeature: Float64Array): number[] {
  return groups.map((features) => features.reduce((sum, feature) => sum + perFeature[feature]!, 0))
}

/** At most so many samples, the classes as they are; ascending. */
function drawSamples(
  yTrue: Uint8Array,
  samples: Int32Array,
  most: number,
  stream: RandomStream,
): Int32Array {
  if (samples.length <= most) return samples
  const drawn = [1, 0].flatMap((label) => {
    const ofClass = samples.filter((sample) => yTrue[sample] === label)
    const count = Math.min(
      ofClass.length,
      Math.max(1, Math.round((most * ofClass.length) / samples.length)),
    )
    return [...sampleWithoutReplacement(ofClass, count, stream)]
  })
  return Int32Array.from(drawn).sort()
}
