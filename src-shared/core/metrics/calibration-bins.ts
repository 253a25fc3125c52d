import { argsortAscending } from '../math/order.ts'
import { quantileSorted } from '../math/quantile.ts'
import { checkProbabilities } from './check-samples.ts'
import { type Measured, measured, NO_SAMPLES, undefinedBecause } from './measured.ts'

/**
 * How probabilities are put into bins.
 *
 * `width`: equal parts of [0, 1], each closed on the right. `quantile`: parts of [0, 1] cut at
 * the (unweighted) quantiles of the probabilities, closed on the right; equal probabilities stay
 * together, so that bins may be empty. `equal-count`: the samples in order of probability, cut
 * into parts whose sizes differ by at most one, larger parts first; ties go in sample order.
 */
export type BinStrategy = 'width' | 'quantile' | 'equal-count'

export interface CalibrationBin {
  /** Samples in the bin. */
  readonly count: number
  /** Their weight. */
  readonly weight: number
  /** Weighted mean of the probabilities; null when the bin has no weight. */
  readonly meanProbability: number | null
  /** Weighted share of positives; null when the bin has no weight. */
  readonly observed: number | null
}

/**
 * The reliability diagram as numbers: what was promised and what came, by bin.
 *
 * @param yTrue         0 or 1 per sample, length nSamples.
 * @param probabilities In [0, 1], length nSamples.
 * @param weights       ≥ 0 per sample; null means 1 each.
 * @param nBins         At least 1.
 * @returns Length nBins, lowest probabilities first.
 * @throws RangeError when lengths differ or a value lies outside its range.
 */
export function calibrationBins(
  yTrue: Uint8Array,
  probabilities: Float64Array,
  weights: Float64Array | null,
  strategy: BinStrategy,
  nBins: number,
): CalibrationBin[] {
  checkProbabilities(yTrue, probabilities, weights)
  if (!Number.isInteger(nBins) || nBins < 1) {
    throw new RangeError(`nBins must be an integer of at least 1, got ${nBins}`)
  }
  const binOf = binOfSamples(probabilities, strategy, nBins)
  const count = new Float64Array(nBins)
  const weight = new Float64Array(nBins)
  const promised = new Float64Array(nBins)
  const came = new Float64Array(nBins)
  for (let i = 0; i < yTrue.length; i++) {
    const bin = binOf[i]!
    const w = weights === null ? 1 : weights[i]!
    count[bin]! += 1
    weight[bin]! += w
    promised[bin]! += w * probabilities[i]!
    if (yTrue[i] === 1) came[bin]! += w
  }
  return Array.from(weight, (total, bin) => ({
    count: count[bin]!,
    weight: total,
    meanProbability: total > 0 ? promised[bin]! / total : null,
    observed: total > 0 ? came[bin]! / total : null,
  }))
}

/** The bin of each sample, from 0. */
export function binOfSamples(
  probabilities: Float64Array,
  strategy: BinStrategy,
  nBins: number,
): Int32Array {
  return strategy === 'equal-count'
    ? equalCountBins(probabilities, nBins)
    : binsBetween(probabilities, binEdges(probabilities, strategy, nBins))
}

/**
 * The limits between bins, the outer ones included: length nBins + 1, non-decreasing.
 *
 * Without samples the quantiles fall back to equal widths.
 */
export function binEdges(
  probabilities: Float64Array,
  strategy: 'width' | 'quantile',
  nBins: number,
): Float64Array {
  const step = 1 / nBins
  const sorted = strategy === 'quantile' ? probabilities.toSorted() : null
  return Float64Array.from({ length: nBins + 1 }, (_, i) => {
    if (sorted !== null && sorted.length > 0) return quantileSorted(sorted, i / nBins)
    return i === nBins ? 1 : i * step
  })
}

/** The bin of each probability: the number of inner edges strictly below it. */
function binsBetween(probabilities: Float64Array, edges: Float64Array): Int32Array {
  const inner = edges.subarray(1, -1)
  return Int32Array.from(probabilities, (p) => {
    let low = 0
    let high = inner.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (inner[middle]! < p) low = middle + 1
      else high = middle
    }
    return low
  })
}

function equalCountBins(probabilities: Float64Array, nBins: number): Int32Array {
  const order = argsortAscending(probabilities)
  const bins = new Int32Array(order.length)
  for (let bin = 0, rank = 0; bin < nBins; bin++) {
    const end = rank + equalCountSize(order.length, nBins, bin)
    for (; rank < end; rank++) bins[order[rank]!] = bin
  }
  return bins
}

/** Size of part `bin` when `total` samples are cut into `nBins` parts of equal count. */
function equalCountSize(total: number, nBins: number, bin: number): number {
  return Math.floor(total / nBins) + (bin < total % nBins ? 1 : 0)
}

/**
 * Expected calibration error: mean over the bins, by their weight, of |observed − promised|.
 * In [0, 1], lower is better; depends on the bins, and grows by chance alone when they are small.
 *
 * Source: Naeini, Cooper and Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using
 * Bayesian Binning".
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): Measured {
  let sum = 0
  let total = 0
  for (const { weight, meanProbability, observed } of bins) {
    if (meanProbability === null || observed === null) continue
    sum += weight * Math.abs(observed - meanProbability)
    total += weight
  }
  return total > 0 ? measured(sum / total) : undefinedBecause(NO_SAMPLES)
}

/** Largest |observed − promised| over the bins that have weight. In [0, 1], lower is better. */
export function maximumCalibrationError(bins: readonly CalibrationBin[]): Measured {
  let largest = -1
  for (const { meanProbability, observed } of bins) {
    if (meanProbability === null || observed === null) continue
    largest = Math.max(largest, Math.abs(observed - meanProbability))
  }
  return largest >= 0 ? measured(largest) : undefinedBecause(NO_SAMPLES)
}

export interface BrierDecomposition {
  /** Mean squared gap between promised and observed: 0 when calibrated. */
  readonly reliability: number
  /** Mean squared gap between observed and prevalence: larger when bins differ more. */
  readonly resolution: number
  /** π (1 − π): what no forecast can help. */
  readonly uncertainty: number
}

/**
 * The parts of the Brier score over bins: reliability − resolution + uncertainty.
 *
 * Equal to the Brier score when all probabilities of a bin are equal; otherwise it is the Brier
 * score of the bins' mean probabilities. Null when the bins have no weight.
 *
 * Source: Murphy (1973), "A New Vector Partition of the Probability Score".
 */
export function brierDecomposition(bins: readonly CalibrationBin[]): BrierDecomposition | null {
  let total = 0
  let positives = 0
  for (const { weight, observed } of bins) {
    total += weight
    positives += weight * (observed ?? 0)
  }
  if (total === 0) return null
  const share = positives / total
  let reliability = 0
  let resolution = 0
  for (const { weight, meanProbability, observed } of bins) {
    if (meanProbability === null || observed === null) continue
    const gap = meanProbability - observed
    const distance = observed - share
    reliability += weight * gap * gap
    resolution += weight * distance * distance
  }
  return {
    reliability: reliability / total,
    resolution: resolution / total,
    uncertainty: share * (1 - share),
  }
}
