/** What a plan may ask of a fold beyond its results: a learning curve, and contributions. */
import { encode } from '../encoding/encoder.ts'
import type { Encoder } from '../encoding/encoder.ts'
import { linearTerms, nodeCover, treeShap } from '../insight/tree-shap.ts'
import type { Contributions } from '../insight/tree-shap.ts'
import type { Engine } from '../kernels.ts'
import { partOf } from '../math/checkpoint.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import { chosenMetric } from '../metrics/chosen-metric.ts'
import type { Model } from '../models/model.ts'
import type { InsightChoice } from '../plan/plan.ts'
import type { ExperimentData } from './experiment-data.ts'
import { fitAndScore } from './fit-and-score.ts'
import type { Fitting, Scored } from './fit-and-score.ts'
import type { FoldInsight } from './fold-result.ts'
import { shareOfSamples } from './share-of-samples.ts'

/** Training samples that trees are covered with and linear terms are held against, at most. */
const MOST_BACKGROUND = 20_000

/** Samples of each class that a point of a learning curve is fitted to, at least. */
const LEAST_PER_CLASS = 10

export interface FoldAtWork {
  readonly data: ExperimentData
  readonly fold: number
  readonly train: Int32Array
  readonly judged: Int32Array
  readonly fitting: Fitting
  /** Prior-odds correction, where there is one. */
  readonly correct: (scored: Scored) => Float64Array
  readonly engine: Engine
}

/** @param outer Fitted on all training samples of the fold. */
export function foldInsight(
  work: FoldAtWork,
  outer: Scored,
  { learningCurve, contributions }: InsightChoice,
  checkpoint: Checkpoint,
): FoldInsight {
  return {
    ...(learningCurve === undefined
      ? {}
      : { learningCurve: learningPoints(work, outer, learningCurve, partOf(checkpoint, 0, 0.8)) }),
    ...(contributions === undefined
      ? {}
      : {
          contributions: meanContributions(
            work,
            outer,
            contributions.samples,
            partOf(checkpoint, 0.8, 1),
          ),
        }),
  }
}

/**
 * How the metric on the judged samples grows with the samples fitted on. Shares are drawn from the
 * training samples, each class by itself, and smaller ones are part of larger ones; the last point
 * is the model of the fold.
 */
function learningPoints(
  { data, fold, train, judged, fitting, correct, engine }: FoldAtWork,
  outer: Scored,
  { shares, metric }: NonNullable<InsightChoice['learningCurve']>,
  checkpoint: Checkpoint,
): NonNullable<FoldInsight['learningCurve']> {
  const yJudged = Uint8Array.from(judged, (sample) => data.yTrue[sample]!)
  const given = data.sampleWeights
  const weights = given && Float64Array.from(judged, (sample) => given[sample]!)
  const ascending = [...new Set(shares)].filter((share) => share < 1).sort((a, b) => a - b)
  const neighbors = 'neighbors' in fitting.sampling ? fitting.sampling.neighbors : 0
  const pointOf = (share: number, samples: Int32Array, scored: Scored) => ({
    share,
    samples: samples.length,
    positives: samples.reduce((sum, sample) => sum + data.yTrue[sample]!, 0),
    value: chosenMetric(metric, yJudged, correct(scored), weights),
  })
  const points = ascending.map((share, k) => {
    const samples = shareOfSamples(
      data.yTrue,
      train,
      share,
      Math.max(LEAST_PER_CLASS, neighbors + 1),
      createStream(data.seed, 'learning curve', fold),
    )
    const scored = fitAndScore(
      data,
      samples,
      judged,
      fitting,
      createStream(data.seed, 'sampling', fitting.sampling.kind, fold, 'learning curve', k),
      partOf(checkpoint, k / ascending.length, (k + 1) / ascending.length),
      {
        engine,
        stream: createStream(data.seed, 'model', fitting.model.kind, fold, 'learning curve', k),
      },
    )
    return pointOf(share, samples, scored)
  })
  return [...points, pointOf(1, train, outer)]
}

/** Mean size of what each column contributes to the logits of judged samples. */
function meanContributions(
  { data, fold, train, judged }: FoldAtWork,
  outer: Scored,
  most: number,
  checkpoint: Checkpoint,
): NonNullable<FoldInsight['contributions']> | null {
  const share = Math.min(1, most / judged.length)
  const stream = createStream(data.seed, 'contributions', fold)
  const samples = shareOfSamples(data.yTrue, judged, share, 1, stream)
  const found = contributionsOf(data, outer, train, samples, checkpoint)
  if (found === null) return null
  const { perColumn } = found
  const nColumns = data.features.length
  const sums = new Array<number>(nColumns).fill(0)
  perColumn.forEach((value, at) => {
    sums[at % nColumns]! += Math.abs(value)
  })
  return { samples: samples.length, meanAbsolute: sums.map((sum) => sum / samples.length) }
}

/**
 * What each column of the table contributes to the logit of some samples.
 *
 * @param train The samples that the model was fitted on, before sampling.
 * @returns `perColumn`: nSamples × columns, row-major; with `expected` they add up to the logit.
 *   Null for models without exact contributions.
 */
export function contributionsOf(
  data: Pick<ExperimentData, 'features'>,
  { encoder, model }: { readonly encoder: Encoder; readonly model: Model },
  train: Int32Array,
  samples: Int32Array,
  checkpoint: Checkpoint,
): { readonly perColumn: Float64Array; readonly expected: number } | null {
  const every = Math.ceil(train.length / MOST_BACKGROUND)
  const background = encode(
    encoder,
    data.features,
    train.filter((_, i) => i % every === 0),
  )
  const X = encode(encoder, data.features, samples)
  let found: Contributions
  if (model.kind === 'gradient_boosting') {
    const { trees, baseLogit } = model
    const cover = nodeCover(trees, background, null, partOf(checkpoint, 0, 0.2))
    found = treeShap(trees, baseLogit, cover, X, partOf(checkpoint, 0.2, 1))
  } else if (model.kind === 'logistic_regression') found = linearTerms(model, background, X)
  else return null
  const positions = new Map(data.features.map(({ name }, position) => [name, position]))
  const columnOf = encoder.features.map(({ column }) => positions.get(column)!)
  const nColumns = data.features.length
  const perColumn = new Float64Array(samples.length * nColumns)
  found.values.forEach((value, at) => {
    const sample = Math.floor(at / X.nFeatures)
    perColumn[sample * nColumns + columnOf[at % X.nFeatures]!]! += value
  })
  return { perColumn, expected: found.expected }
}
