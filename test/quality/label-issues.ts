/**
 * How well injected label errors are found, with the keys of peer_quality.json: its flips, its
 * folds as repeat 0, its scores; and `combined` for the ranking of the product.
 */
import type { Column } from '#shared/core/dataset/dataset.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { adjustedProbabilities } from '#shared/core/label-quality/label-quality-scores.ts'
import { rankSuspicion } from '#shared/core/label-quality/suspicion.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { argsortDescending } from '#shared/core/math/order.ts'
import { averagePrecision, countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import {
  finishLabelScan,
  labelScanSteps,
  planLabelScan,
  runLabelScanStep,
} from '#shared/core/pipeline/label-scan.ts'

type Measures = Readonly<Record<string, number | null>>

const REPEATS = 3

/**
 * @param flips Per experiment, the rows whose label is inverted.
 * @returns Measures by `<flips>/<model>`.
 */
export function labelIssueQuality({
  features,
  yTrue,
  folds,
  flips,
  engine,
}: {
  readonly features: readonly Column[]
  readonly yTrue: Uint8Array
  readonly folds: Int32Array
  readonly flips: Readonly<Record<string, readonly number[]>>
  readonly engine: Engine
}): Readonly<Record<string, Measures>> {
  const measured: Record<string, Measures> = {}
  for (const [kind, rows] of Object.entries(flips)) {
    const flipped = new Uint8Array(yTrue.length)
    for (const row of rows) flipped[row] = 1
    const given = yTrue.map((label, i) => (flipped[i] === 1 ? 1 - label : label))
    const data = { features, given, sampleWeights: null, groups: null }
    const plan = planLabelScan(data, { seed: 0, repeats: REPEATS, firstFolds: folds })
    const scores = finishLabelScan(
      plan,
      labelScanSteps(plan).map((step) => runLabelScanStep(data, plan, step, noCheckpoint, engine)),
    )
    for (const { name, repeats } of scores) {
      const [probabilities] = repeats
      measured[`${kind}/${name}`] = {
        ...measure(flipped, given, doubtOf(given, probabilities!), doubtOf(given, probabilities!)),
        ...adjusted(flipped, doubtOf(given, adjustedProbabilities(given, probabilities!))),
      }
    }
    const { order, logits, probabilities } = rankSuspicion(given, scores)
    const byOrder = new Float64Array(given.length)
    order.forEach((sample, rank) => {
      byOrder[sample] = -rank
    })
    measured[`${kind}/combined`] = {
      ...measure(flipped, given, byOrder, logits),
      ...adjusted(flipped, doubtOf(given, adjustedProbabilities(given, probabilities))),
    }
  }
  return measured
}

/** 1 − self-confidence. */
function doubtOf(given: Uint8Array, probabilities: Float64Array): Float64Array {
  return probabilities.map((p, i) => (given[i] === 1 ? 1 - p : p))
}

/** @param amongNegatives What ranks the samples that are given negative. */
function measure(
  flipped: Uint8Array,
  given: Uint8Array,
  doubt: Float64Array,
  amongNegatives: Float64Array,
): Measures {
  const all = ranking(flipped, doubt)
  const isNegative = given.map((label) => 1 - label)
  const ofNegatives = flipped.filter((_, i) => isNegative[i] === 1)
  const negatives = ranking(
    ofNegatives,
    amongNegatives.filter((_, i) => isNegative[i] === 1),
    all.n,
  )
  return {
    n_flips: all.n,
    roc_auc: all.auc,
    average_precision: all.ap,
    hits_at_n: all.hits,
    roc_auc_given_negative: negatives.auc,
    average_precision_given_negative: negatives.ap,
    hits_at_n_given_negative: negatives.hits,
    prevalence_given_negative: sumOf(ofNegatives) / ofNegatives.length,
  }
}

function adjusted(flipped: Uint8Array, doubt: Float64Array): Measures {
  const { auc, ap, hits } = ranking(flipped, doubt)
  return { roc_auc_adjusted: auc, average_precision_adjusted: ap, hits_at_n_adjusted: hits }
}

function ranking(
  flipped: Uint8Array,
  doubt: Float64Array,
  n = sumOf(flipped),
): { readonly n: number; auc: number | null; ap: number | null; hits: number } {
  const counts = countsAtThresholds(flipped, doubt, null)
  const top = argsortDescending(doubt).subarray(0, n)
  const hits = top.reduce((sum, sample) => sum + flipped[sample]!, 0)
  return { n, auc: rocAuc(counts).value, ap: averagePrecision(counts).value, hits: hits / n }
}

function sumOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0)
}
