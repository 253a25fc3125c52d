/** Everything that moves with the threshold of one run, from its out-of-fold probabilities. */
import { costReader } from '../decision/bayes-threshold.ts'
import { countedCurve } from '../decision/counted-curve.ts'
import type { CountedCurve } from '../decision/read-curve.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { logit, sigmoid } from '../math/elementary.ts'
import type { ConfigurationResult } from '../report/analysis.ts'
import type { ExperimentData } from './experiment-data.ts'
import { nestedEstimates, thresholdToUse } from './judge-run.ts'
import type { NestedEstimates, ThresholdToUse } from './judge-run.ts'
import type { OutOfFold } from './out-of-fold.ts'

export interface ThresholdAnalysis {
  readonly positives: number
  readonly negatives: number
  readonly curve: CountedCurve
  /** Cases by class in bins of equal width in log-odds; the edges are probabilities. */
  readonly histogram: {
    readonly edges: Float64Array
    readonly positives: Float64Array
    readonly negatives: Float64Array
  }
  /** Least and greatest cost per 1,000 cases over the outer folds, at thresholds that increase. */
  readonly foldSpread: {
    readonly thresholds: Float64Array
    readonly low: Float64Array
    readonly high: Float64Array
  }
  readonly threshold: ThresholdToUse
  readonly perFold: readonly number[]
  readonly nested: NestedEstimates
}

const MOST_CANDIDATES = 400_000
const N_BINS = 48
const N_SPREAD = 200

/** Share of the samples at either end that doesn't stretch the histogram. */
const TAIL_SHARE = 0.001

/** Ends of the histogram are a multiple of this in log-odds, and so far from 0 at most. */
const LOG_ODDS = { round: 0.5, most: 14 } as const

/**
 * @param bayes Threshold that follows from constant costs, or null.
 * @param known What the evaluation of the run said; null when it has none yet.
 */
export function analyseThreshold(
  data: ExperimentData,
  predictions: OutOfFold,
  { bayes, known }: { readonly bayes: number | null; readonly known: ConfigurationResult | null },
  checkpoint: Checkpoint,
): ThresholdAnalysis {
  const { yTrue, decisionWeights: weights, costs } = data
  const { probabilities, thresholds: perFold } = predictions
  const threshold = thresholdToUse(data, predictions, known)
  checkpoint(0.2)
  const curve = countedCurve(
    { yTrue, probabilities, weights, costs },
    {
      most: MOST_CANDIDATES,
      always: [0.5, threshold.value, ...perFold, ...(bayes === null ? [] : [bayes])],
    },
  )
  checkpoint(0.4)
  const positives = yTrue.reduce((sum, y) => sum + y, 0)
  const histogram = histogramOf(data, probabilities, curve)
  checkpoint(0.5)
  return {
    positives,
    negatives: yTrue.length - positives,
    curve,
    histogram,
    foldSpread: spreadOverFolds(data, probabilities, histogram.edges),
    threshold,
    perFold,
    nested: nestedEstimates(data, predictions),
  }
}

/** The outer bins take in what lies beyond the edges. */
function histogramOf(
  { yTrue }: ExperimentData,
  probabilities: Float64Array,
  { thresholds, caught, alarms }: CountedCurve,
): ThresholdAnalysis['histogram'] {
  const nSamples = yTrue.length
  /** The highest candidate that at least so many samples reach. */
  const reachedBy = (count: number): number => {
    const at = thresholds.findIndex((_, i) => caught[i]! + alarms[i]! >= count)
    return logOdds(thresholds[at < 0 ? thresholds.length - 1 : at]!)
  }
  const { round } = LOG_ODDS
  const low = Math.floor(reachedBy((1 - TAIL_SHARE) * nSamples) / round) * round
  const high = Math.max(
    low + 2 * round,
    Math.ceil(reachedBy(TAIL_SHARE * nSamples) / round) * round,
  )
  const width = (high - low) / N_BINS
  const positives = new Float64Array(N_BINS)
  const negatives = new Float64Array(N_BINS)
  for (let i = 0; i < nSamples; i++) {
    const bin = Math.floor((logOdds(probabilities[i]!) - low) / width)
    const counts = yTrue[i] === 1 ? positives : negatives
    counts[Math.max(0, Math.min(N_BINS - 1, bin))]! += 1
  }
  const edges = Float64Array.from({ length: N_BINS + 1 }, (_, i) => sigmoid(low + i * width))
  return { edges, positives, negatives }
}

/** A probability of 0 or 1 lies at the end of what is drawn. */
function logOdds(probability: number): number {
  const { most } = LOG_ODDS
  if (!(probability > 0)) return -most
  return probability < 1 ? Math.max(-most, Math.min(most, logit(probability))) : most
}

/**
 * In one pass: lowering the threshold below a score adds what an alert costs more than none. So
 * each sample adds that to the highest threshold it reaches, and sums from the top give the costs.
 */
function spreadOverFolds(
  { yTrue, decisionWeights: weights, costs, folds, plan }: ExperimentData,
  probabilities: Float64Array,
  edges: Float64Array,
): ThresholdAnalysis['foldSpread'] {
  const low = logOdds(edges[0]!)
  const step = (logOdds(edges[edges.length - 1]!) - low) / (N_SPREAD - 1)
  const thresholds = Float64Array.from({ length: N_SPREAD }, (_, i) => sigmoid(low + i * step))
  const withAlert = [costReader(costs.falsePositive), costReader(costs.truePositive)] as const
  const without = [costReader(costs.trueNegative), costReader(costs.falseNegative)] as const
  const nFolds = plan.folds
  const total = new Float64Array(nFolds)
  const silent = new Float64Array(nFolds)
  const added = new Float64Array(nFolds * N_SPREAD)
  for (let i = 0; i < yTrue.length; i++) {
    const fold = folds[i]!
    const y = yTrue[i] === 1 ? 1 : 0
    const weight = weights === null ? 1 : weights[i]!
    const costWithout = without[y](i)
    total[fold]! += weight
    silent[fold]! += weight * costWithout
    const reached = countReached(thresholds, probabilities[i]!)
    if (reached === 0) continue
    added[fold * N_SPREAD + reached - 1]! += weight * (withAlert[y](i) - costWithout)
  }
  const least = new Float64Array(N_SPREAD).fill(Infinity)
  const greatest = new Float64Array(N_SPREAD).fill(-Infinity)
  for (let fold = 0; fold < nFolds; fold++) {
    if (!(total[fold]! > 0)) continue
    let cost = silent[fold]!
    for (let i = N_SPREAD - 1; i >= 0; i--) {
      cost += added[fold * N_SPREAD + i]!
      const per1000 = (cost / total[fold]!) * 1000
      least[i] = Math.min(least[i]!, per1000)
      greatest[i] = Math.max(greatest[i]!, per1000)
    }
  }
  return { thresholds, low: least, high: greatest }
}

/** How many of the increasing thresholds a score reaches. */
function countReached(thresholds: Float64Array, score: number): number {
  let low = 0
  let high = thresholds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (thresholds[middle]! <= score) low = middle + 1
    else high = middle
  }
  return low
}
