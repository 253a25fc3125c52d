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

const REPEATS = 1
/**
 * How many of the judged samples are asked about: so large a share, but at least and at most so
 * many, and at most as many as fit into a matrix of 32 MiB. It keeps the price of all this at a few
 * per cent of a fit.
 */
const SHARE = 0.25
const LEAST_SAMPLES = 300
const MOST_SAMPLES = 20_000
const MOST_VALUES = 1 << 22

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
  const fitting = Math.floor(MOST_VALUES / Math.max(1, encoder.features.length))
  const wanted = Math.min(MOST_SAMPLES, Math.max(LEAST_SAMPLES, SHARE * judged.length))
  const { samples, weights } = drawSamples(
    data,
    judged,
    Math.max(2, Math.min(Math.ceil(wanted), fitting)),
    createStream(data.seed, 'importance samples', fold),
  )
  const yTrue = Uint8Array.from(samples, (sample) => data.yTrue[sample]!)
  const score = (X: Matrix, part: Checkpoint): Float64Array => predictLogits(model, X, part, engine)
  const measure = (scores: Float64Array): number | null =>
    averagePrecision(countsAtThresholds(yTrue, scores, weights)).value

  if (measure(new Float64Array(samples.length)) === null) return null
  const columns = data.features.map(({ name }) => name)
  const groups = columns.map((name) =>
    encoder.features.flatMap(({ column }, feature) => (column === name ? [feature] : [])),
  )
  const { mean } = permutationImportance(
    encode(encoder, data.features, samples),
    groups,
    score,
    (scores) => measure(scores)!,
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

/**
 * At most so many samples, ascending, and weights that make up for those left out. Half of them are
 * of the rarer class, as far as it has so many: it is what average precision hangs on most.
 *
 * @param most ≥ 2.
 * @returns `weights` null for all one.
 */
function drawSamples(
  { yTrue, decisionWeights }: Pick<ExperimentData, 'yTrue' | 'decisionWeights'>,
  judged: Int32Array,
  most: number,
  stream: RandomStream,
): { readonly samples: Int32Array; readonly weights: Float64Array | null } {
  const classes = [0, 1].map((label) => judged.filter((sample) => yTrue[sample] === label))
  const fewest = Math.min(...classes.map(({ length }) => length), Math.floor(most / 2))
  const factors: number[] = []
  const drawn = classes.flatMap((ofClass) => {
    const count = Math.min(ofClass.length, most - fewest)
    factors.push(count === 0 ? 1 : ofClass.length / count)
    return [...sampleWithoutReplacement(ofClass, count, stream)]
  })
  const samples = Int32Array.from(drawn).sort()
  const areAllOne = decisionWeights === null && factors.every((factor) => factor === 1)
  const weightOf = (sample: number): number =>
    factors[yTrue[sample]!]! * (decisionWeights?.[sample] ?? 1)
  return { samples, weights: areAllOne ? null : Float64Array.from(samples, weightOf) }
}
